-- Why: an organisation may set the limits of the bands in which it shows its children (F11). `limits` is a JSON list of hundredths.
-- While old code runs: safe, there is none.
create table stat_band (
  organisation text not null references organisation (id),
  indicator text not null,
  limits text not null,
  set_by text not null references account (id),
  set_at bigint not null,
  primary key (organisation, indicator)
);

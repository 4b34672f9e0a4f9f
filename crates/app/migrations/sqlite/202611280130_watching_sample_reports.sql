-- Why: of a crowd behind caches only some viewers report (decision 0019). The periods of each broadcast say how many, and variances of
-- what was counted from samples say how sure it is; there are none where everybody reported.
-- While old code runs: it counts each report once; whoever announces periods has the new code.
create table broadcast_sample (
  broadcast text not null references broadcast (id),
  number integer not null,
  one_in integer not null,
  began_at integer not null,
  primary key (broadcast, number)
);
create table lesson_spread (
  lesson text not null,
  day integer not null,
  organisation text not null,
  plays integer not null default 0,
  views integer not null default 0,
  watch integer not null default 0,
  primary key (lesson, day, organisation)
);
create index lesson_spread_by_day on lesson_spread (day, organisation);

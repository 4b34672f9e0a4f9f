-- Who gets which report by mail, which periods were begun, what was made and what was posted.
-- While old code runs: safe, it does not know them.
create table report_subscription (
  id text primary key,
  account text not null references account (id),
  organisation text not null references organisation (id),
  every text not null,
  formats text not null,
  language text not null,
  created_at bigint not null,
  unique (account, organisation, every)
);
create index report_subscription_by_interval on report_subscription (every, id);
create table report_run (
  every text not null,
  first_day bigint not null,
  begun_at bigint not null,
  primary key (every, first_day)
);
create table report_made (
  organisation text not null,
  every text not null,
  first_day bigint not null,
  language text not null,
  format text not null,
  whole bigint not null,
  file text not null,
  primary key (organisation, every, first_day, language, format, whole)
);
create table report_posted (
  subscription text not null,
  first_day bigint not null,
  outcome text not null,
  at bigint not null,
  primary key (subscription, first_day)
);

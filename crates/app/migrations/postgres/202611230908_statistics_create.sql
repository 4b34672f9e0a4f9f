-- Business transactions write deltas; one drainer folds them into an organisation's own figures and its ancestors' cells.
-- In stat_own and stat_cell `day` is yyyymmdd, or yyyymm for the sum of a whole month: the two never overlap as numbers.
-- stat_own: of the organisation itself. stat_cell: of everything strictly below it, as the tree was on that day.
-- While old code runs: safe, there is none.
create table stat_delta (
  id text primary key,
  organisation text not null,
  day bigint not null,
  metric text not null,
  dimension text not null,
  amount bigint not null
);
create table stat_own (
  organisation text not null,
  metric text not null,
  day bigint not null,
  dimension text not null,
  amount bigint not null,
  primary key (organisation, metric, day, dimension)
);
create table stat_cell (
  organisation text not null,
  metric text not null,
  day bigint not null,
  dimension text not null,
  amount bigint not null,
  primary key (organisation, metric, day, dimension)
);
-- One row: whoever holds it folds; which day's nightly comparison was queued last.
create table stat_state (
  id bigint primary key,
  compared_day bigint not null
);
insert into stat_state (id, compared_day) values (1, 0);

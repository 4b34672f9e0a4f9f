-- Business transactions write deltas; one drainer folds them into an organisation's own figures and its ancestors' cells.
-- In stat_own and stat_cell `day` is yyyymmdd, or yyyymm for the sum of a whole month: the two never overlap as numbers.
-- stat_own: of the organisation itself. stat_cell: of everything strictly below it, as the tree was on that day.
-- While old code runs: safe, there is none.
create table stat_delta (
  id text primary key,
  organisation text not null,
  day integer not null,
  metric text not null,
  dimension text not null,
  amount integer not null
);
create table stat_own (
  organisation text not null,
  metric text not null,
  day integer not null,
  dimension text not null,
  amount integer not null,
  primary key (organisation, metric, day, dimension)
) without rowid;
create table stat_cell (
  organisation text not null,
  metric text not null,
  day integer not null,
  dimension text not null,
  amount integer not null,
  primary key (organisation, metric, day, dimension)
) without rowid;
-- One row: whoever holds it folds; which day's nightly comparison was queued last.
create table stat_state (
  id integer primary key,
  compared_day integer not null
);
insert into stat_state (id, compared_day) values (1, 0);

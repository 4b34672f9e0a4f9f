-- Amounts of an organisation, a metric and a day stand in one row by dimension, as a JSON object: they are read and added together,
-- and a row for each dimension took twenty times the room.
-- While old code runs: not safe; it would neither find nor write the old tables. Stop it first, as for any release so far.
alter table stat_own rename to stat_own_before;
create table stat_own (
  organisation text not null,
  metric text not null,
  day bigint not null,
  amounts text not null,
  primary key (organisation, metric, day)
);
insert into stat_own (organisation, metric, day, amounts)
  select organisation, metric, day, json_object_agg(dimension, amount)::text from stat_own_before where amount <> 0 group by organisation, metric, day;
drop table stat_own_before;
alter table stat_cell rename to stat_cell_before;
create table stat_cell (
  organisation text not null,
  metric text not null,
  day bigint not null,
  amounts text not null,
  primary key (organisation, metric, day)
);
insert into stat_cell (organisation, metric, day, amounts)
  select organisation, metric, day, json_object_agg(dimension, amount)::text from stat_cell_before where amount <> 0 group by organisation, metric, day;
drop table stat_cell_before;

-- Which organisations held a session on a day (yyyymmdd) or in a month (yyyymm): one bit each, at the organisation's number. Distinct counts of
-- any period are made by laying these over each other; sums could not tell.
-- stat_state.refolded: the tree revision up to which cells fit the tree; readers finish a refold that waits.
-- While old code runs: safe, it posts no such deltas.
create table stat_number (
  organisation text primary key,
  number bigint not null unique
);
create table stat_active (
  day bigint primary key,
  bits bytea not null
);
alter table stat_state add column refolded bigint not null default 0;

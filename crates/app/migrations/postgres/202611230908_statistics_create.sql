-- Business transactions write deltas; one drainer folds them into an organisation's own figures and its ancestors' cells.
-- While old code runs: safe, there is none.
create table stat_delta (
  id text primary key,
  organisation text not null,
  day bigint not null,
  metric text not null,
  dimension text not null,
  amount bigint not null
);
create index stat_delta_by_organisation on stat_delta (organisation);
create table stat_own (
  organisation text not null,
  metric text not null,
  dimension text not null,
  day bigint not null,
  amount bigint not null,
  primary key (organisation, metric, dimension, day)
);
create table stat_cell (
  organisation text not null,
  metric text not null,
  dimension text not null,
  day bigint not null,
  amount bigint not null,
  primary key (organisation, metric, dimension, day)
);

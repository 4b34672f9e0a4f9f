-- The tree: organisations are never deleted, edges and names are dated.
-- While old code runs: safe, there is none.
create table organisation (
  id text primary key,
  code text not null unique,
  kind text not null,
  members bigint not null default 0,
  created_at bigint not null,
  closed_at bigint,
  merged_into text references organisation (id),
  version bigint not null default 1
);
create table organisation_name (
  id text primary key,
  organisation text not null references organisation (id),
  name text not null,
  from_at bigint not null,
  to_at bigint
);
create index organisation_name_by_organisation on organisation_name (organisation, from_at);
create table organisation_edge (
  id text primary key,
  child text not null references organisation (id),
  parent text references organisation (id),
  line text not null,
  from_at bigint not null,
  to_at bigint
);
create index organisation_edge_by_child on organisation_edge (child, from_at);
create index organisation_edge_by_parent on organisation_edge (parent);
create unique index organisation_edge_current on organisation_edge (child, line) where to_at is null;
create table tree_revision (
  id bigint primary key,
  revision bigint not null
);
insert into tree_revision (id, revision) values (1, 0);

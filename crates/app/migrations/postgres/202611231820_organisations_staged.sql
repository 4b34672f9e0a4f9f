-- Why: an import of a whole register is written here bit by bit, and then becomes the tree in one short transaction.
-- While old code runs: safe, the table is new.
create table organisation_staged (
  staging text not null,
  act text not null,
  organisation text not null,
  fact text not null,
  code text,
  name text,
  kind text,
  members bigint,
  parent text,
  primary key (staging, act, organisation)
);

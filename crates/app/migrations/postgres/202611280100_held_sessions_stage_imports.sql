-- Held sessions of a file on their way into the ledger: staged in short transactions, then written by a few statements or forgotten.
-- `act` is `add` or `correct`, `version` the one that it makes, `fact` the end of the ids of what is written beside it.
-- `was_…` is what it counted before, `moved` is 1 where that differs from what it counts now.
-- While old code runs: safe, it does not know the table.
create table held_session_staged (
  import text not null,
  row bigint not null,
  act text not null,
  fact text not null,
  id text not null,
  organisation text not null,
  campaign text,
  plan text,
  day bigint not null,
  held_at bigint not null,
  minutes bigint not null,
  title text not null,
  lecturer text not null,
  lecturer_id text,
  lecturer_kind text not null,
  form text not null,
  venue_kind text not null,
  topic text not null,
  people bigint not null,
  place text not null,
  note text not null,
  version bigint not null,
  fields text not null,
  dimension text not null,
  was_day bigint,
  was_dimension text,
  was_people bigint,
  moved bigint not null,
  primary key (import, row)
);

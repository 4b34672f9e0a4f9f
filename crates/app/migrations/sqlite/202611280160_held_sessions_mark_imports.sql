-- How far an import has staged its file, so that after a crash it goes on there: row `until` and what the rows up to it change.
-- `closed` and `revision` tell what it was planned against: months closed so far, and the state of the tree.
-- While old code runs: safe, it does not know the table, and forgets what it staged by itself.
create table held_session_staging (
  import text primary key,
  until integer not null,
  added integer not null,
  corrected integer not null,
  unchanged integer not null,
  closed integer not null,
  revision integer not null
);

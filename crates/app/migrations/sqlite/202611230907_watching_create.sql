-- Counters derived from the view ledger; how far each reader of the ledger has come.
-- While old code runs: safe, there is none.
create table lesson_count (
  lesson text primary key,
  plays integer not null default 0,
  views integer not null default 0,
  watch_s integer not null default 0
);
create table ledger_position (
  reader text primary key,
  position integer not null
);
create table resume_point (
  account text not null references account (id),
  lesson text not null references lesson (id),
  at_ms integer not null,
  updated_at integer not null,
  primary key (account, lesson)
);

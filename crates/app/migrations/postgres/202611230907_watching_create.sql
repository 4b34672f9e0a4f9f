-- Counters derived from the view ledger; how far each reader of the ledger has come.
-- While old code runs: safe, there is none.
create table lesson_count (
  lesson text primary key,
  plays bigint not null default 0,
  views bigint not null default 0,
  watch_s bigint not null default 0
);
create table ledger_position (
  reader text primary key,
  position bigint not null
);
create table resume_point (
  account text not null references account (id),
  lesson text not null references lesson (id),
  at_ms bigint not null,
  updated_at bigint not null,
  primary key (account, lesson)
);

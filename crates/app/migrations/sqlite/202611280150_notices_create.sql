-- Mail that features post with what it tells: what waits, what was given up, the files that several carry.
-- While old code runs: safe, it does not know them; nothing is sent until the new code runs.
create table notice (
  id text primary key,
  kind text not null,
  about text not null,
  account text not null,
  recipient text not null,
  name text not null,
  subject text not null,
  text text not null,
  files text not null,
  unsubscribe text not null,
  state text not null,
  attempts integer not null default 0,
  due_at integer not null,
  lease_until integer,
  reason text,
  created_at integer not null,
  sent_at integer
);
create index notice_due on notice (state, due_at);
create index notice_by_account on notice (account, kind, created_at);
create table notice_file (
  id text primary key,
  kind text not null,
  size integer not null,
  bytes blob not null,
  created_at integer not null
);
create index notice_file_by_age on notice_file (created_at);

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
  attempts bigint not null default 0,
  due_at bigint not null,
  lease_until bigint,
  reason text,
  created_at bigint not null,
  sent_at bigint
);
create index notice_due on notice (state, due_at);
create index notice_by_account on notice (account, kind, created_at);
create table notice_file (
  id text primary key,
  kind text not null,
  size bigint not null,
  bytes bytea not null,
  created_at bigint not null
);
create index notice_file_by_age on notice_file (created_at);

-- Rooms: what is said and asked while a broadcast runs, who may not speak, and words that are held or refused.
-- Questions belong to the lesson, so that they stay with its recording. What a room tells is numbered by `told`.
-- While old code runs: safe, there is none.
create table room_rules (
  broadcast text primary key references broadcast (id),
  chat text not null,
  slow_s integer not null,
  pre_moderated integer not null,
  danmaku integer not null,
  cleared integer not null default 0,
  mark integer not null default 0,
  version integer not null default 1
);
create table room_message (
  id text primary key,
  broadcast text not null references broadcast (id),
  account text not null references account (id),
  name text not null,
  text text not null,
  danmaku integer not null,
  client_id text not null,
  state text not null,
  at integer not null,
  seq integer,
  told integer not null,
  decided_by text references account (id),
  unique (broadcast, account, client_id)
);
create index room_message_shown on room_message (broadcast, seq) where state = 'shown';
create index room_message_waiting on room_message (broadcast, told) where state = 'waiting';
create index room_message_told on room_message (broadcast, told);
create index room_message_own on room_message (broadcast, account, at);
create table room_ban (
  broadcast text not null references broadcast (id),
  account text not null references account (id),
  until_at integer,
  banned_by text not null references account (id),
  at integer not null,
  primary key (broadcast, account)
);
create table question (
  id text primary key,
  lesson text not null references lesson (id),
  broadcast text references broadcast (id),
  account text not null references account (id),
  name text not null,
  text text not null,
  client_id text not null,
  state text not null,
  votes integer not null default 0,
  merged_into text references question (id),
  answer text,
  answered_by text references account (id),
  answered_at integer,
  answered_at_ms integer,
  asked_at integer not null,
  at_ms integer,
  told integer not null default 0,
  unique (lesson, account, client_id)
);
create index question_of_lesson on question (lesson, state, asked_at);
create index question_told on question (broadcast, told);
create table question_vote (
  question text not null references question (id),
  account text not null references account (id),
  primary key (question, account)
);
create table forbidden_word (
  word text primary key,
  action text not null
);

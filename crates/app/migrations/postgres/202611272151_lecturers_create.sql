-- Lecturers as people, and their bookings. A merged one points to whom it was merged into, and `root` of everybody to the one
-- that stands for all of them (itself, when it was not merged). What refers to a lecturer is never rewritten: readers ask for
-- everybody with the same root, so that a merge can be undone. `plain` is the name as duplicates are looked for.
-- While old code runs: safe, there is none; lessons written by it have no lecturer_id.
create table lecturer_photo (
  id text primary key,
  format text not null,
  bytes bytea not null,
  added_at bigint not null
);
create table lecturer (
  id text primary key,
  organisation text not null references organisation (id),
  name text not null,
  plain text not null,
  kind text not null,
  topics text not null,
  occupation text not null,
  about text not null,
  contact text not null,
  term_from text not null,
  term_to text not null,
  photo text references lecturer_photo (id),
  account text references account (id),
  consent_at bigint,
  consent_text text not null,
  state text not null,
  merged_into text references lecturer (id),
  root text not null references lecturer (id),
  search text not null,
  created_by text not null references account (id),
  created_at bigint not null,
  version bigint not null default 1
);
create index lecturer_by_organisation on lecturer (organisation, name);
create index lecturer_by_name on lecturer (name, id);
create index lecturer_by_plain on lecturer (plain) where merged_into is null;
create index lecturer_by_root on lecturer (root);
create index lecturer_by_account on lecturer (account) where account is not null;
create index lecturer_public on lecturer (name, id) where consent_at is not null and merged_into is null;
-- Where a lecturer belonged, and since when: a change of organisation forgets nothing.
create table lecturer_post (
  lecturer text not null references lecturer (id),
  organisation text not null references organisation (id),
  from_at bigint not null,
  to_at bigint,
  primary key (lecturer, from_at)
);
-- Every merge, with what the remaining one took over: field, its value before, its value after.
create table lecturer_merge (
  id text primary key,
  merged text not null references lecturer (id),
  remains text not null references lecturer (id),
  taken text not null,
  merged_by text not null references account (id),
  merged_at bigint not null,
  undone_by text references account (id),
  undone_at bigint
);
create unique index lecturer_merge_open on lecturer_merge (merged) where undone_at is null;
create index lecturer_merge_remains on lecturer_merge (remains);
-- Calendars that may be read without signing in, of a lecturer or of an organisation. The address follows from the number,
-- which grows when the address is renewed.
create table calendar_feed (
  subject text primary key,
  number bigint not null,
  made_by text not null references account (id),
  made_at bigint not null
);
create table booking (
  id text primary key,
  lecturer text not null references lecturer (id),
  organisation text not null references organisation (id),
  starts_at bigint not null,
  ends_at bigint not null,
  title text not null,
  place text not null,
  people bigint not null,
  note text not null,
  state text not null,
  answer text not null,
  answered_by text references account (id),
  answered_at bigint,
  stars bigint,
  comment text not null,
  rated_by text references account (id),
  rated_at bigint,
  created_by text not null references account (id),
  created_at bigint not null,
  version bigint not null default 1
);
create index booking_by_lecturer on booking (lecturer, starts_at);
create index booking_by_organisation on booking (organisation, starts_at);
alter table lesson add column lecturer_id text;
create index lesson_by_lecturer on lesson (lecturer_id) where lecturer_id is not null;

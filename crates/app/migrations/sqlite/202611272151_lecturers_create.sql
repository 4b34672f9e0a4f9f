-- Lecturers as people, and their bookings. A merged one points to whom it was merged into.
-- While old code runs: safe, there is none; lessons written by it have no lecturer_id.
create table lecturer (
  id text primary key,
  organisation text not null references organisation (id),
  name text not null,
  kind text not null,
  topics text not null,
  position text not null,
  about text not null,
  contact text not null,
  term_from text not null,
  term_to text not null,
  photo text,
  account text references account (id),
  consent_at integer,
  consent_text text not null,
  state text not null,
  merged_into text references lecturer (id),
  search text not null,
  created_by text not null references account (id),
  created_at integer not null,
  version integer not null default 1
);
create index lecturer_by_organisation on lecturer (organisation, name);
create index lecturer_by_name on lecturer (name, id);
-- Where a lecturer belonged, and since when: a change of organisation forgets nothing.
create table lecturer_post (
  lecturer text not null references lecturer (id),
  organisation text not null references organisation (id),
  from_at integer not null,
  to_at integer,
  primary key (lecturer, from_at)
);
create table booking (
  id text primary key,
  lecturer text not null references lecturer (id),
  organisation text not null references organisation (id),
  starts_at integer not null,
  ends_at integer not null,
  title text not null,
  place text not null,
  people integer not null,
  note text not null,
  state text not null,
  answer text not null,
  answered_by text references account (id),
  answered_at integer,
  stars integer,
  comment text not null,
  rated_by text references account (id),
  rated_at integer,
  created_by text not null references account (id),
  created_at integer not null,
  version integer not null default 1
);
create index booking_by_lecturer on booking (lecturer, starts_at);
create index booking_by_organisation on booking (organisation, starts_at);
alter table lesson add column lecturer_id text;
create index lesson_by_lecturer on lesson (lecturer_id) where lecturer_id is not null;

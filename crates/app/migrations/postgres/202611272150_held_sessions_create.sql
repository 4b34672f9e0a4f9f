-- Lectures held before people: plans, sessions with every revision, photos, closed months and what changed in them afterwards.
-- `day` is yyyymmdd in the zone of the installation. `counted` is 1 exactly in the states that statistics count.
-- While old code runs: safe, there is none.
create table session_plan (
  id text primary key,
  organisation text not null references organisation (id),
  campaign text,
  day bigint not null,
  title text not null,
  lecturer text not null,
  lecturer_id text,
  note text not null,
  held_session text,
  cancelled_at bigint,
  cancelled_why text,
  created_by text not null references account (id),
  created_at bigint not null,
  version bigint not null default 1
);
create index session_plan_by_organisation on session_plan (organisation, day);
create table held_session (
  id text primary key,
  organisation text not null references organisation (id),
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
  state text not null,
  counted bigint not null,
  reason text not null,
  decided_by text,
  decided_at bigint,
  created_by text not null references account (id),
  created_at bigint not null,
  changed_at bigint not null,
  version bigint not null default 1
);
create index held_session_counted on held_session (organisation, day, form, lecturer_kind, venue_kind, topic, people) where counted = 1;
create index held_session_listed on held_session (organisation, held_at, id);
create index held_session_newest on held_session (held_at, id);
create index held_session_by_lecturer on held_session (lecturer_id, held_at) where lecturer_id is not null;
create index held_session_waiting on held_session (held_at, id) where state = 'registered';
-- One row for every version that a record ever had, and the operation that made it.
create table held_session_revision (
  held_session text not null references held_session (id),
  version bigint not null,
  operation text not null unique,
  fingerprint text not null,
  fields text not null,
  state text not null,
  reason text not null,
  account text not null references account (id),
  at bigint not null,
  primary key (held_session, version)
);
create table session_photo (
  id text primary key,
  held_session text not null references held_session (id),
  sha256 text not null,
  look text not null,
  bytes bigint not null,
  width bigint not null,
  height bigint not null,
  added_by text not null references account (id),
  added_at bigint not null
);
create index session_photo_of on session_photo (held_session);
create index session_photo_same on session_photo (look);
-- A month that an organisation closed for itself and everything below it.
create table closed_month (
  organisation text not null references organisation (id),
  month bigint not null,
  closed_by text not null references account (id),
  closed_at bigint not null,
  primary key (organisation, month)
);
create table session_adjustment (
  id text primary key,
  organisation text not null references organisation (id),
  day bigint not null,
  held_session text not null references held_session (id),
  sessions bigint not null,
  people bigint not null,
  reason text not null,
  account text not null references account (id),
  at bigint not null
);
create index session_adjustment_by_organisation on session_adjustment (organisation, day);

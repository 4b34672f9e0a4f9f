-- The work itself, and its public face once it's published.
-- While old code runs: safe, there is none.
create table lesson (
  id text primary key,
  organisation text not null references organisation (id),
  title text not null,
  lecturer text not null,
  lecturer_kind text not null,
  topic text not null,
  form text not null,
  held_on text not null,
  audience integer,
  abstract text not null,
  script text not null,
  chapters text not null,
  created_by text not null,
  created_at integer not null,
  version integer not null default 1
);
create index lesson_by_organisation on lesson (organisation, created_at);
create index lesson_newest on lesson (created_at, id);
create table publication (
  lesson text primary key references lesson (id),
  organisation text not null references organisation (id),
  submission text not null,
  campaign text not null,
  category text not null,
  material text not null,
  title text not null,
  lecturer text not null,
  lecturer_kind text not null,
  topic text not null,
  form text not null,
  level integer not null,
  year integer not null,
  duration_ms integer not null,
  abstract text not null,
  script text not null,
  chapters text not null,
  search text not null,
  published_at integer not null,
  unpublished_at integer
);
create index publication_newest on publication (published_at, lesson);
create index publication_by_organisation on publication (organisation, published_at);

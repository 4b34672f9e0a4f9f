-- Groups before one screen (G10): a record of its own beside views, one for each account, lesson and day; its holder corrects it.
-- While old code runs: safe, there is none.
create table group_viewing (
  account text not null references account (id),
  lesson text not null references lesson (id),
  day bigint not null,
  broadcast text references broadcast (id),
  organisation text not null references organisation (id),
  people bigint not null,
  started_at bigint not null,
  changed_at bigint not null,
  primary key (account, lesson, day)
);
create index group_viewing_lesson on group_viewing (lesson);
create index group_viewing_broadcast on group_viewing (broadcast) where broadcast is not null;

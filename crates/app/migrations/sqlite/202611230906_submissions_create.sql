-- A lesson's journey through one campaign: state × holder × hop, with quotas kept by construction.
-- While old code runs: safe, there is none.
create table submission (
  id text primary key,
  campaign text not null references campaign (id),
  category text not null references category (id),
  lesson text not null references lesson (id),
  organisation text not null references organisation (id),
  state text not null,
  holder text not null references organisation (id),
  revision integer not null default 0,
  consents text not null,
  due_at integer,
  submitted_at integer,
  created_by text not null,
  created_at integer not null,
  updated_at integer not null,
  version integer not null default 1,
  unique (campaign, lesson)
);
create index submission_by_holder on submission (holder, state, campaign);
create index submission_by_organisation on submission (organisation, state);
create index submission_newest on submission (updated_at, id);
create index submission_by_campaign on submission (campaign, category, state);
create table revision (
  submission text not null references submission (id),
  number integer not null,
  answers text not null,
  files text not null,
  consents text not null,
  receipt text not null unique,
  created_by text not null,
  created_at integer not null,
  primary key (submission, number)
);
create table hop (
  id text primary key,
  submission text not null references submission (id),
  seq integer not null,
  holder text not null references organisation (id),
  revision integer not null,
  arrived_at integer not null,
  opened_at integer,
  closed_at integer,
  verdict text,
  reason text,
  note text,
  remarks text not null default '[]',
  rank integer,
  reserve integer not null default 0,
  account text,
  unique (submission, seq)
);
create unique index hop_open on hop (submission) where closed_at is null;
create index hop_by_holder on hop (holder, closed_at);
create table quota (
  id text primary key,
  campaign text not null references campaign (id),
  category text not null references category (id),
  organisation text not null references organisation (id),
  places integer,
  used integer not null default 0,
  unique (campaign, category, organisation),
  check (used >= 0)
);
create table place (
  id text primary key,
  quota text not null references quota (id),
  submission text not null references submission (id),
  taken_at integer not null,
  freed_at integer
);
create unique index place_open on place (quota, submission) where freed_at is null;
create index place_by_submission on place (submission);
create table approval (
  submission text not null references submission (id),
  revision integer not null,
  step integer not null,
  account text not null,
  note text,
  created_at integer not null,
  primary key (submission, revision, step),
  unique (submission, revision, account)
);
create table editing (
  submission text not null references submission (id),
  account text not null references account (id),
  seen_at integer not null,
  primary key (submission, account)
);

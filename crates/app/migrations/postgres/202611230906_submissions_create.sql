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
  revision bigint not null default 0,
  consents text not null,
  due_at bigint,
  submitted_at bigint,
  created_by text not null,
  created_at bigint not null,
  updated_at bigint not null,
  version bigint not null default 1,
  unique (campaign, lesson)
);
create index submission_by_holder on submission (holder, state, campaign);
create index submission_by_organisation on submission (organisation, state);
create index submission_newest on submission (updated_at, id);
create index submission_by_campaign on submission (campaign, category, state);
create table revision (
  submission text not null references submission (id),
  number bigint not null,
  answers text not null,
  files text not null,
  consents text not null,
  receipt text not null unique,
  created_by text not null,
  created_at bigint not null,
  primary key (submission, number)
);
create table hop (
  id text primary key,
  submission text not null references submission (id),
  seq bigint not null,
  holder text not null references organisation (id),
  revision bigint not null,
  arrived_at bigint not null,
  opened_at bigint,
  closed_at bigint,
  verdict text,
  reason text,
  note text,
  remarks text not null default '[]',
  rank bigint,
  reserve bigint not null default 0,
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
  places bigint,
  used bigint not null default 0,
  unique (campaign, category, organisation),
  check (used >= 0)
);
create table place (
  id text primary key,
  quota text not null references quota (id),
  submission text not null references submission (id),
  taken_at bigint not null,
  freed_at bigint
);
create unique index place_open on place (quota, submission) where freed_at is null;
create index place_by_submission on place (submission);
create table approval (
  submission text not null references submission (id),
  revision bigint not null,
  step bigint not null,
  account text not null,
  note text,
  created_at bigint not null,
  primary key (submission, revision, step),
  unique (submission, revision, account)
);
create table editing (
  submission text not null references submission (id),
  account text not null references account (id),
  seen_at bigint not null,
  primary key (submission, account)
);

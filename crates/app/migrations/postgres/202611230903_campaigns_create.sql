-- Calls for lectures: categories with material rules, stages per level, quotas, consents.
-- While old code runs: safe, there is none.
create table campaign (
  id text primary key,
  organisation text not null references organisation (id),
  code text not null unique,
  title text not null,
  theme text not null,
  state text not null,
  opens_at bigint not null,
  closes_at bigint not null,
  zone text not null,
  approvals bigint not null default 3,
  cloned_from text references campaign (id),
  created_by text not null,
  created_at bigint not null,
  version bigint not null default 1
);
create table category (
  id text primary key,
  campaign text not null references campaign (id),
  code text not null,
  name text not null,
  position bigint not null,
  rules text not null,
  unique (campaign, code)
);
create table stage (
  id text primary key,
  campaign text not null references campaign (id),
  kind text not null,
  depth bigint not null,
  opens_at bigint not null,
  closes_at bigint not null,
  grace_s bigint not null default 0,
  unique (campaign, kind, depth)
);
create table quota_rule (
  id text primary key,
  campaign text not null references campaign (id),
  category text not null references category (id),
  depth bigint not null,
  kind text not null,
  amount bigint not null,
  unique (campaign, category, depth)
);
create table consent (
  id text primary key,
  campaign text not null references campaign (id),
  code text not null,
  revision bigint not null,
  title text not null,
  body text not null,
  required bigint not null,
  retired bigint not null default 0,
  unique (campaign, code, revision)
);
create table extension (
  id text primary key,
  campaign text not null references campaign (id),
  organisation text not null references organisation (id),
  kind text not null,
  until_at bigint not null,
  reason text not null,
  granted_by text not null,
  created_at bigint not null
);
create index extension_by_organisation on extension (campaign, organisation);

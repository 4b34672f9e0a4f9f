-- Who may come in, and what they were granted.
-- While old code runs: safe, there is none.
create table account (
  id text primary key,
  login text not null unique,
  name text not null,
  password_hash text not null,
  language text,
  state text not null,
  failed_sign_ins integer not null default 0,
  locked_until integer,
  created_at integer not null,
  version integer not null default 1
);
create table sign_in (
  id text primary key,
  token_hash blob not null unique,
  account text not null references account (id),
  created_at integer not null,
  last_seen_at integer not null,
  expires_at integer not null,
  revoked_at integer,
  device text not null,
  address text not null
);
create index sign_in_by_account on sign_in (account, created_at);
create table api_token (
  id text primary key,
  token_hash blob not null unique,
  account text not null references account (id),
  name text not null,
  scopes text not null,
  created_at integer not null,
  expires_at integer,
  last_used_at integer,
  revoked_at integer
);
create index api_token_by_account on api_token (account, created_at);
create table role_grant (
  id text primary key,
  account text not null references account (id),
  organisation text not null,
  role text not null,
  reach text not null,
  from_at integer not null,
  to_at integer,
  granted_by text,
  created_at integer not null
);
create index role_grant_by_account on role_grant (account);
create index role_grant_by_organisation on role_grant (organisation);

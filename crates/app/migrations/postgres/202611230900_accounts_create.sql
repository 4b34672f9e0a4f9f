-- Who may come in, and what they were granted.
-- While old code runs: safe, there is none.
create table account (
  id text primary key,
  login text not null unique,
  name text not null,
  password_hash text not null,
  language text,
  state text not null,
  failed_sign_ins bigint not null default 0,
  locked_until bigint,
  created_at bigint not null,
  version bigint not null default 1
);
create table sign_in (
  id text primary key,
  token_hash bytea not null unique,
  account text not null references account (id),
  created_at bigint not null,
  last_seen_at bigint not null,
  expires_at bigint not null,
  revoked_at bigint,
  device text not null,
  address text not null
);
create index sign_in_by_account on sign_in (account, created_at);
create table api_token (
  id text primary key,
  token_hash bytea not null unique,
  account text not null references account (id),
  name text not null,
  scopes text not null,
  created_at bigint not null,
  expires_at bigint,
  last_used_at bigint,
  revoked_at bigint
);
create index api_token_by_account on api_token (account, created_at);
create table role_grant (
  id text primary key,
  account text not null references account (id),
  organisation text not null,
  role text not null,
  reach text not null,
  from_at bigint not null,
  to_at bigint,
  granted_by text,
  created_at bigint not null
);
create index role_grant_by_account on role_grant (account);
create index role_grant_by_organisation on role_grant (organisation);

-- What every feature stands on: the audit trail, jobs, idempotency keys, settings.
-- While old code runs: safe, there is none.
create table audit_record (
  id text primary key,
  seq bigint unique,
  at bigint not null,
  account text,
  organisation text,
  action text not null,
  object text not null,
  outcome text not null,
  detail text not null,
  previous_hash text,
  hash text
);
create index audit_record_unsealed on audit_record (id) where seq is null;
create index audit_record_by_object on audit_record (object, at);
create table job (
  id text primary key,
  kind text not null,
  subject text not null,
  payload text not null,
  state text not null,
  run_at bigint not null,
  lease_until bigint,
  attempts bigint not null default 0,
  percent bigint not null default 0,
  note text,
  error text,
  account text,
  created_at bigint not null,
  finished_at bigint
);
create index job_waiting on job (state, run_at);
create index job_by_subject on job (subject, created_at);
create table idempotency (
  account text not null,
  key text not null,
  request_hash text not null,
  status bigint,
  body text,
  created_at bigint not null,
  primary key (account, key)
);
create table setting (
  name text primary key,
  value text not null
);

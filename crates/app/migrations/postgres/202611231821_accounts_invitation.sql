-- Why: an account that came with a file has no password until its owner sets one by a link that works once.
-- While old code runs: safe, the table is new; old code takes such an account's empty hash for a failure at sign-in.
create table invitation (
  account text primary key references account (id),
  register text not null,
  token_hash bytea unique,
  expires_at bigint,
  created_at bigint not null
);
create index invitation_by_register on invitation (register);

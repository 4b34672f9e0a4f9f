-- Why: a campaign can name who alone gives an organisation's verdicts or clears (A5); without rows the tree decides.
-- While old code runs: safe, the table is new; old code does not narrow.
create table narrowed_role (
  id text primary key,
  campaign text not null references campaign (id),
  role text not null,
  organisation text not null references organisation (id),
  account text not null references account (id),
  created_at integer not null,
  unique (campaign, role, organisation, account)
);

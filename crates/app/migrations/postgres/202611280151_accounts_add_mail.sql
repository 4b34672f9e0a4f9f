-- An address for mail: stored once its owner opened the link that was sent there.
-- While old code runs: safe, the columns have defaults.
alter table account add column mail text;
alter table account add column mail_wanted text;
alter table account add column mail_asked bigint not null default 0;

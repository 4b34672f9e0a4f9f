-- What is kept of a recording that was cut (JSON), so that what was said moves with it; and the stage of load that a host pinned.
-- While old code runs: safe, both columns may be empty.
alter table broadcast add column kept text;
alter table broadcast add column pinned_stage text;

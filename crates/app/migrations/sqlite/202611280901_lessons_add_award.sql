-- The award of the submission that was published, for the catalogue; empty without one.
-- While old code runs: safe, it publishes without one.
alter table publication add column award text not null default '';

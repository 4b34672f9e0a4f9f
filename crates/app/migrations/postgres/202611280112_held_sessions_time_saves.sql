-- Why: the burden meter (B7) uses how long a record took where that is known, and finds what was sent back or corrected in a period.
-- While old code runs: safe, the column may be empty; the indexes hold little, as most versions are first ones or verified.
alter table held_session_revision add column took_s bigint;
create index held_session_revision_timed on held_session_revision (at) where took_s is not null;
create index held_session_revision_again on held_session_revision (at) where version > 1 and state <> 'verified';

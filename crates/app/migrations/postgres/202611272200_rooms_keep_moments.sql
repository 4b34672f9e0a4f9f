-- Which moment of what was shown a message belongs to is known when it is said; later, only how long a showing was held in all.
-- While old code runs: safe, the column may be empty, and the moment is then reckoned from the clock.
alter table room_message add column at_ms bigint;

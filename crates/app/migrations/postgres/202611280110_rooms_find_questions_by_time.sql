-- Why: statistics list the questions behind a figure by the time they were asked.
-- While old code runs: safe, it is an index.
create index question_by_time on question (asked_at, id);

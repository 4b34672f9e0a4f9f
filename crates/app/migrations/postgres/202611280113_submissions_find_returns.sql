-- Why: the burden meter (B7) counts the submissions that were sent back in a period.
-- While old code runs: safe, it is an index.
create index hop_returned on hop (closed_at) where verdict = 'returned';

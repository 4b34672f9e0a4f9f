-- Statistics ask in each read who was closed by a day, and who stands on the second line: few of 150,000.
-- While old code runs: safe, an index changes no answer.
create index organisation_closed on organisation (closed_at) where closed_at is not null;
create index organisation_edge_beside on organisation_edge (line, from_at) where line <> 'main';

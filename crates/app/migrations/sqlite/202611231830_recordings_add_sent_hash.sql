-- A photo is kept without place, time and owner; the hash of what came stays beside that of what is kept.
-- While old code runs: safe, the column may be empty.
alter table material add column sent_sha256 text;

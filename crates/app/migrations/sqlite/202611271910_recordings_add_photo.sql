-- Campaigns may ask for photos of some size and shape; the size is found when a photo is examined, as JSON.
-- While old code runs: safe, the column may be empty.
alter table material add column photo text;

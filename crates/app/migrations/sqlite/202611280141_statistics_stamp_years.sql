-- Which state the rows of an organisation's year are in: what was read of it is remembered under the stamp.
-- While old code runs: not safe; it would change rows and leave their stamps. Stop it first.
create table stat_stamp (
  organisation text not null,
  year integer not null,
  stamp integer not null,
  primary key (organisation, year)
) without rowid;
insert into stat_stamp (organisation, year, stamp)
  select organisation, day / 100, 1 from stat_own where day < 1000000
  union select organisation, day / 100, 1 from stat_cell where day < 1000000;

-- Blank workbooks of superiors (F9) and what goes into their cells; the files lie among the originals.
-- While old code runs: safe, it does not know the table.
create table statistics_workbook (
  id text primary key,
  organisation text not null references organisation (id),
  title text not null,
  marks text not null,
  created_by text not null references account (id),
  created_at integer not null,
  version integer not null default 1
);
create index statistics_workbook_of on statistics_workbook (organisation, id);

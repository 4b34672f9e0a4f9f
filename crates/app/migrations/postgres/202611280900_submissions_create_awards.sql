-- What a campaign gives to its best: at most one award each, counted on the day of given_at.
-- While old code runs: safe, it does not know the table; a submission that it withdraws keeps its award.
create table award (
  submission text primary key references submission (id),
  level text not null,
  given_by text not null,
  given_at bigint not null
);
create index award_given on award (given_at, submission);

-- Why: the records behind every figure are listed. Views and watch time of a lesson by day, for whom they counted (the sum of an
-- organisation's lessons on a day is its figure), and ways to hand-ins and places by the moment they count for.
-- While old code runs: it folds views without days; the new code catches up from the ledger before it folds on.
create table lesson_day (
  lesson text not null,
  day integer not null,
  organisation text not null,
  views integer not null default 0,
  watch_s integer not null default 0,
  primary key (lesson, day, organisation)
);
create index lesson_day_by_organisation on lesson_day (organisation, day);
create index submission_handed_in on submission (submitted_at, id);
create index place_taken on place (taken_at, id);

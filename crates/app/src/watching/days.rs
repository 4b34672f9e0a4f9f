//! Views and watch time of each lesson on each day: the records behind the figures of statistics.

use super::{Counts, Watching};
use crate::db::{DbError, Row, Value, args, assembled};
use crate::deltas::{Day, Search, day};
use crate::lessons::LessonId;
use kernel::OrganisationId;
use std::collections::{BTreeMap, HashMap};

/// Lesson, day, and the organisation for which it counted.
pub type DayOf = (LessonId, Day, OrganisationId);

/// What was played on one day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Played {
    /// Views as G8 defines them.
    pub views: i64,
    /// Seconds really played.
    pub watch_s: i64,
}

impl Played {
    /// Adds what an event counts.
    pub fn add(&mut self, counts: Counts) {
        self.views += counts.views;
        self.watch_s += counts.watch_s;
    }
}

/// Who reads the ledger, each from where it stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reader {
    /// Sums into counters and figures.
    Fold,
    /// Sums into days of lessons: in step with [`Reader::Fold`], and behind it only after an upgrade.
    Days,
}

impl Reader {
    /// As the table calls it.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Fold => "fold",
            Self::Days => "days",
        }
    }
}

/// Rows in one statement.
const ROWS: usize = 1_000;

fn read(row: &Row) -> Result<(DayOf, Played), DbError> {
    let key = (row.id("lesson")?, day(row)?, row.id("organisation")?);
    Ok((key, Played { views: row.int("views")?, watch_s: row.int("watch_s")? }))
}

impl Watching<'_> {
    /// Adds to days of lessons.
    pub async fn add_days(&mut self, days: BTreeMap<DayOf, Played>) -> Result<(), DbError> {
        let days: Vec<_> = days.into_iter().collect();
        for some in days.chunks(ROWS) {
            let tuples: Vec<_> = (0..some.len()).map(|n| format!("({})", crate::db::places(n * 5 + 1, 5))).collect();
            let sql = format!(
                "insert into lesson_day (lesson, day, organisation, views, watch_s) values {}
                 on conflict (lesson, day, organisation) do update set views = lesson_day.views + excluded.views,
                 watch_s = lesson_day.watch_s + excluded.watch_s",
                tuples.join(", ")
            );
            let values = some.iter().flat_map(|((lesson, day, of), played)| args![*lesson, day.0, *of, played.views, played.watch_s]);
            self.0.execute(assembled(sql), values.collect()).await?;
        }
        Ok(())
    }

    /// Days of lessons that fit, the newest lesson first and of each its latest day first. `search.after` is a day and a
    /// lesson; an empty lesson is the beginning.
    pub async fn days_in(&mut self, search: &Search) -> Result<Vec<(DayOf, Played)>, DbError> {
        let ((first, last), (key, lesson)) = (search.days, &search.after);
        let mut values = args![first.0, last.0, search.most];
        let whose = search.whose("organisation", &mut values);
        let after = if lesson.is_empty() {
            String::new()
        } else {
            let at = values.len();
            values.extend([Value::from(lesson), Value::from(*key)]);
            format!(" and (lesson < ${} or (lesson = ${} and day < ${}))", at + 1, at + 1, at + 2)
        };
        let sql = format!("select * from lesson_day where {whose}day between $1 and $2{after} order by lesson desc, day desc limit $3");
        self.0.fetch_all(assembled(sql), values).await?.iter().map(read).collect()
    }

    /// Sums by organisation and day, for comparison with a recount.
    pub async fn figures_by_day(&mut self) -> Result<HashMap<(OrganisationId, Day), Played>, DbError> {
        let sql = "select organisation, day, cast(sum(views) as bigint) as views, cast(sum(watch_s) as bigint) as watch_s
                   from lesson_day group by organisation, day";
        let sum = |row: &Row| {
            let played = Played { views: row.int("views")?, watch_s: row.int("watch_s")? };
            Ok(((row.id("organisation")?, day(row)?), played))
        };
        self.0.fetch_all(sql, vec![]).await?.iter().map(sum).collect()
    }
}

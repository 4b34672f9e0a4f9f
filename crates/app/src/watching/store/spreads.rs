//! SQL for how sure the numbers of lessons are that were counted from samples: variances, which add up as the numbers do.

use super::Watching;
use crate::db::{DbError, Row, args, assembled};
use crate::deltas::{Day, day};
use crate::lessons::LessonId;
use crate::watching::DayOf;
use crate::watching::rules::STEP_S;
use crate::watching::rules::estimate::Estimate;
use kernel::OrganisationId;
use std::collections::{BTreeMap, HashMap};

/// Variances of what was counted of a lesson; all are 0 where everybody reported.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Spread {
    /// Of plays.
    pub plays: i64,
    /// Of views.
    pub views: i64,
    /// Of watch time, in steps².
    pub watch: i64,
}

impl Spread {
    /// Nothing was estimated.
    pub fn is_none(&self) -> bool {
        *self == Self::default()
    }

    /// Plays with their standard error.
    pub fn plays(&self, count: i64) -> Estimate {
        Estimate::of(count, self.plays)
    }

    /// Views with their standard error.
    pub fn views(&self, count: i64) -> Estimate {
        Estimate::of(count, self.views)
    }

    /// Seconds with their standard error.
    pub fn watch_s(&self, count: i64) -> Estimate {
        let steps = Estimate::of(count, self.watch);
        Estimate { error: steps.error.saturating_mul(STEP_S), ..steps }
    }
}

/// Standard errors of the numbers of a lesson; 0 where everybody reported.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize, utoipa::ToSchema)]
pub struct CountErrors {
    /// Of plays.
    pub plays: i64,
    /// Of views.
    pub views: i64,
    /// Of seconds played.
    pub watch_s: i64,
}

impl From<Spread> for CountErrors {
    fn from(spread: Spread) -> Self {
        Self { plays: spread.plays(0).error, views: spread.views(0).error, watch_s: spread.watch_s(0).error }
    }
}

impl std::ops::AddAssign for Spread {
    fn add_assign(&mut self, other: Self) {
        self.plays = self.plays.saturating_add(other.plays);
        self.views = self.views.saturating_add(other.views);
        self.watch = self.watch.saturating_add(other.watch);
    }
}

fn read(row: &Row) -> Result<Spread, DbError> {
    Ok(Spread { plays: row.int("plays")?, views: row.int("views")?, watch: row.int("watch")? })
}

impl Watching<'_> {
    /// Adds to the spreads of lessons.
    pub async fn add_spreads(&mut self, spreads: BTreeMap<DayOf, Spread>) -> Result<(), DbError> {
        let sql = "insert into lesson_spread (lesson, day, organisation, plays, views, watch) values ($1, $2, $3, $4, $5, $6)
                   on conflict (lesson, day, organisation) do update set plays = lesson_spread.plays + excluded.plays,
                   views = lesson_spread.views + excluded.views, watch = lesson_spread.watch + excluded.watch";
        for ((lesson, day, organisation), spread) in spreads {
            self.0.execute(sql, args![lesson, day.0, organisation, spread.plays, spread.views, spread.watch]).await?;
        }
        Ok(())
    }

    /// The spreads of the lessons on one page; those that were counted whole have none.
    pub async fn spreads_of(&mut self, lessons: &[LessonId]) -> Result<HashMap<LessonId, Spread>, DbError> {
        if lessons.is_empty() {
            return Ok(HashMap::new());
        }
        let places = crate::db::places(1, lessons.len());
        let sql = format!(
            "select lesson, cast(sum(plays) as bigint) as plays, cast(sum(views) as bigint) as views, cast(sum(watch) as bigint) as watch
             from lesson_spread where lesson in ({places}) group by lesson"
        );
        let rows = self.0.fetch_all(assembled(sql), lessons.iter().map(|l| (*l).into()).collect()).await?;
        rows.iter().map(|row| Ok((row.id("lesson")?, read(row)?))).collect()
    }

    /// Spreads by organisation between two days, both included: of the few that ever sent to a crowd.
    pub async fn spreads_by_organisation(&mut self, first: Day, last: Day) -> Result<Vec<(OrganisationId, Spread)>, DbError> {
        let sql = "select organisation, cast(sum(plays) as bigint) as plays, cast(sum(views) as bigint) as views,
                   cast(sum(watch) as bigint) as watch from lesson_spread where day between $1 and $2 group by organisation";
        let rows = self.0.fetch_all(sql, args![first.0, last.0]).await?;
        rows.iter().map(|row| Ok((row.id("organisation")?, read(row)?))).collect()
    }

    /// Every spread, for comparison with a recount.
    pub async fn all_spreads(&mut self) -> Result<BTreeMap<DayOf, Spread>, DbError> {
        let rows = self.0.fetch_all("select * from lesson_spread", vec![]).await?;
        rows.iter().map(|row| Ok(((row.id("lesson")?, day(row)?, row.id("organisation")?), read(row)?))).collect()
    }
}

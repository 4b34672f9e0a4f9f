//! SQL for counters derived from the ledger and for resume points.

mod samples;
mod spreads;

pub use spreads::{CountErrors, Spread};

use super::Reader;
use crate::db::{DbError, Row, Tx, args};
use crate::lessons::LessonId;
use kernel::{AccountId, Timestamp};
use std::collections::HashMap;

/// SQL over an open transaction.
#[derive(Debug)]
pub struct Watching<'t>(pub &'t mut Tx);

/// The numbers of one lesson, each as G8 defines it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize, utoipa::ToSchema)]
pub struct Counts {
    /// Presses on play.
    pub plays: i64,
    /// Views: 30 s or half, once per viewer and 24 h.
    pub views: i64,
    /// Seconds really played.
    pub watch_s: i64,
}

impl std::ops::AddAssign for Counts {
    fn add_assign(&mut self, other: Self) {
        self.plays += other.plays;
        self.views += other.views;
        self.watch_s += other.watch_s;
    }
}

fn read(row: &Row) -> Result<(LessonId, Counts), DbError> {
    Ok((row.id("lesson")?, Counts { plays: row.int("plays")?, views: row.int("views")?, watch_s: row.int("watch_s")? }))
}

impl Watching<'_> {
    /// The numbers of one lesson.
    pub async fn counts(&mut self, lesson: LessonId) -> Result<Counts, DbError> {
        Ok(self.counts_of(&[lesson]).await?.remove(&lesson).unwrap_or_default())
    }

    /// The numbers of the lessons on one page.
    pub async fn counts_of(&mut self, lessons: &[LessonId]) -> Result<HashMap<LessonId, Counts>, DbError> {
        if lessons.is_empty() {
            return Ok(HashMap::new());
        }
        let places = crate::db::places(1, lessons.len());
        let sql = crate::db::assembled(format!("select * from lesson_count where lesson in ({places})"));
        let rows = self.0.fetch_all(sql, lessons.iter().map(|l| (*l).into()).collect()).await?;
        rows.iter().map(read).collect()
    }

    /// Adds to the numbers of one lesson.
    pub async fn add(&mut self, lesson: LessonId, more: Counts) -> Result<(), DbError> {
        let sql = "insert into lesson_count (lesson, plays, views, watch_s) values ($1, $2, $3, $4)
                   on conflict (lesson) do update set plays = lesson_count.plays + excluded.plays,
                   views = lesson_count.views + excluded.views, watch_s = lesson_count.watch_s + excluded.watch_s";
        self.0.execute(sql, args![lesson, more.plays, more.views, more.watch_s]).await?;
        Ok(())
    }

    /// Every lesson's numbers, for comparison with a recount.
    pub async fn all_counts(&mut self) -> Result<HashMap<LessonId, Counts>, DbError> {
        self.0.fetch_all("select * from lesson_count", vec![]).await?.iter().map(read).collect()
    }

    /// Forgets every number, before a recount writes them anew in the same transaction.
    pub async fn clear(&mut self) -> Result<(), DbError> {
        self.0.execute("delete from lesson_count", vec![]).await?;
        self.0.execute("delete from lesson_day", vec![]).await?;
        self.0.execute("delete from lesson_spread", vec![]).await?;
        Ok(())
    }

    /// Up to where `reader` has folded the ledger.
    pub async fn position(&mut self, reader: Reader) -> Result<u64, DbError> {
        let at = self.0.fetch_int("select position from ledger_position where reader = $1", args![reader.code()]).await?;
        Ok(u64::try_from(at).unwrap_or(0))
    }

    /// Remembers it; false when another node moved it meanwhile.
    pub async fn advance(&mut self, reader: Reader, from: u64, to: u64) -> Result<bool, DbError> {
        let sql = "insert into ledger_position (reader, position) values ($1, 0) on conflict do nothing";
        self.0.execute(sql, args![reader.code()]).await?;
        let sql = "update ledger_position set position = $1 where reader = $2 and position = $3";
        Ok(self.0.execute(sql, args![to, reader.code(), from]).await? == 1)
    }

    /// Where the account stopped, in milliseconds, and when it said so.
    pub async fn resume_point(&mut self, account: AccountId, lesson: LessonId) -> Result<Option<(i64, Timestamp)>, DbError> {
        let sql = "select at_ms, updated_at from resume_point where account = $1 and lesson = $2";
        let found = self.0.fetch_optional(sql, args![account, lesson]).await?;
        found.map(|row| Ok((row.int("at_ms")?, row.time("updated_at")?))).transpose()
    }

    /// Remembers where the account stopped.
    pub async fn set_resume_point(&mut self, account: AccountId, lesson: LessonId, at_ms: i64, now: Timestamp) -> Result<(), DbError> {
        let sql = "insert into resume_point (account, lesson, at_ms, updated_at) values ($1, $2, $3, $4)
                   on conflict (account, lesson) do update set at_ms = excluded.at_ms, updated_at = excluded.updated_at";
        self.0.execute(sql, args![account, lesson, at_ms, now]).await?;
        Ok(())
    }
}

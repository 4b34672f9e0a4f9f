//! SQL for awards, and what statistics count of them.

use super::{SubmissionFact, Submissions};
use crate::db::{DbError, Row, args, assembled};
use crate::deltas::{Day, Fact, Metric, Search};
use crate::submissions::{Award, AwardLevel, SubmissionId};
use jiff::tz::TimeZone;

const AWARDS: &str = "select a.submission, a.level, a.given_at, s.lesson, s.organisation
    from award a join submission s on s.id = a.submission where";

fn fact(row: &Row, zone: &TimeZone) -> Result<SubmissionFact, DbError> {
    let day = Day::of(row.time("given_at")?, zone);
    let fact = Fact { organisation: row.id("organisation")?, day, metric: Metric::Awards, dimension: row.text("level")?, amount: 1 };
    Ok(SubmissionFact { submission: row.id("submission")?, lesson: row.id("lesson")?, at: row.int("given_at")?, fact })
}

impl Submissions<'_> {
    /// The award of a submission.
    pub async fn award(&mut self, id: SubmissionId) -> Result<Option<Award>, DbError> {
        let read = |row: &Row| {
            let (level, given_by) = (row.code("level", AwardLevel::from_code)?, row.id("given_by")?);
            Ok(Award { level, given_by, given_at: row.time("given_at")? })
        };
        self.0.fetch_optional("select * from award where submission = $1", args![id]).await?.as_ref().map(read).transpose()
    }

    /// Gives an award in the place of an earlier one.
    pub async fn set_award(&mut self, id: SubmissionId, new: &Award) -> Result<(), DbError> {
        let sql = "insert into award (submission, level, given_by, given_at) values ($1, $2, $3, $4)
                   on conflict (submission) do update set level = excluded.level";
        self.0.execute(sql, args![id, new.level.code(), new.given_by, new.given_at]).await.map(drop)
    }

    /// Takes it back.
    pub async fn drop_award(&mut self, id: SubmissionId) -> Result<(), DbError> {
        self.0.execute("delete from award where submission = $1", args![id]).await.map(drop)
    }

    /// The `most` awards of submissions whose ids follow `after`.
    pub async fn award_facts(&mut self, zone: &TimeZone, after: &str, most: usize) -> Result<Vec<(String, Fact)>, DbError> {
        let sql = format!("{AWARDS} a.submission > $1 order by a.submission limit $2");
        let rows = self.0.fetch_all(assembled(sql), args![after, most]).await?;
        rows.iter().map(|row| fact(row, zone).map(|award| (award.submission.to_string(), award.fact))).collect()
    }

    /// Awards that fit, the latest first; of one level, if one is named.
    pub async fn awards_in(&mut self, search: &Search, level: Option<&str>) -> Result<Vec<SubmissionFact>, DbError> {
        let (clause, mut values) = search.clause("a.given_at", "a.submission", "s.organisation");
        let level = level.map_or_else(String::new, |level| {
            values.push(level.into());
            format!("a.level = ${} and ", values.len())
        });
        let rows = self.0.fetch_all(assembled(format!("{AWARDS} {level}{clause}")), values).await?;
        rows.iter().map(|row| fact(row, &search.zone)).collect()
    }
}

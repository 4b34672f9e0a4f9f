//! What statistics read here, all for a recount or some behind a figure: the same facts as the deltas that registering and
//! publishing post.

use super::{LessonId, Lessons};
use crate::db::{DbError, Row, args, assembled};
use crate::deltas::{Day, Fact, Metric, Search};
use jiff::tz::TimeZone;

fn fact(row: &Row, metric: Metric, zone: &TimeZone) -> Result<(String, Fact), DbError> {
    let day = Day::of(row.time("at")?, zone);
    Ok((row.text("id")?, Fact { organisation: row.id("organisation")?, day, metric, dimension: String::new(), amount: 1 }))
}

/// A lesson that was registered or published, at an instant.
pub type LessonFact = (LessonId, i64, Fact);

impl Lessons<'_> {
    /// Registrations that fit, the latest first.
    pub async fn registered_in(&mut self, search: &Search) -> Result<Vec<LessonFact>, DbError> {
        let (clause, values) = search.clause("created_at", "id", "organisation");
        let sql = format!("select id, organisation, created_at as at from lesson where {clause}");
        let rows = self.0.fetch_all(assembled(sql), values).await?;
        rows.iter().map(|row| Ok((row.id("id")?, row.int("at")?, fact(row, Metric::Lessons, &search.zone)?.1))).collect()
    }

    /// Publications in force that fit, the latest first.
    pub async fn published_in(&mut self, search: &Search) -> Result<Vec<LessonFact>, DbError> {
        let (clause, values) = search.clause("published_at", "lesson", "organisation");
        let sql =
            format!("select lesson as id, organisation, published_at as at from publication where unpublished_at is null and {clause}");
        let rows = self.0.fetch_all(assembled(sql), values).await?;
        rows.iter().map(|row| Ok((row.id("id")?, row.int("at")?, fact(row, Metric::Published, &search.zone)?.1))).collect()
    }

    /// Registrations of the `most` lessons whose ids follow `after`.
    pub async fn registered_facts(&mut self, zone: &TimeZone, after: &str, most: usize) -> Result<Vec<(String, Fact)>, DbError> {
        let sql = "select id, organisation, created_at as at from lesson where id > $1 order by id limit $2";
        let rows = self.0.fetch_all(sql, args![after, most]).await?;
        rows.iter().map(|row| fact(row, Metric::Lessons, zone)).collect()
    }

    /// What is public, of the `most` lessons whose ids follow `after`.
    pub async fn published_facts(&mut self, zone: &TimeZone, after: &str, most: usize) -> Result<Vec<(String, Fact)>, DbError> {
        let sql = "select lesson as id, organisation, published_at as at from publication
                   where lesson > $1 and unpublished_at is null order by lesson limit $2";
        let rows = self.0.fetch_all(sql, args![after, most]).await?;
        rows.iter().map(|row| fact(row, Metric::Published, zone)).collect()
    }
}

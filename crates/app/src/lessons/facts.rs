//! What a recount of the statistics reads here: the same facts as the deltas that registering and publishing post.

use super::Lessons;
use crate::db::{DbError, Row, args};
use crate::deltas::{Day, Fact, Metric};
use jiff::tz::TimeZone;

fn fact(row: &Row, metric: Metric, zone: &TimeZone) -> Result<(String, Fact), DbError> {
    let day = Day::of(row.time("at")?, zone);
    Ok((row.text("id")?, Fact { organisation: row.id("organisation")?, day, metric, dimension: String::new(), amount: 1 }))
}

impl Lessons<'_> {
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

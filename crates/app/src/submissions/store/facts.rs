//! What a recount of the statistics reads here: the same facts as the deltas that hand-ins, verdicts and places post.

use super::Submissions;
use crate::campaigns::CampaignId;
use crate::db::{DbError, Row, args};
use crate::deltas::{Day, Fact, Metric};
use jiff::tz::TimeZone;
use kernel::OrganisationId;

/// A place that is taken, as a fact if it is a recommendation.
#[derive(Debug, Clone)]
pub struct PlaceFact {
    /// The place, to read on from.
    pub id: String,
    /// The campaign: a place of the organisation that runs it is a selection, not a recommendation.
    pub campaign: CampaignId,
    /// Whose quota it is.
    pub of: OrganisationId,
    /// The recommendation.
    pub fact: Fact,
}

fn fact(row: &Row, metric: Metric, dimension: String, zone: &TimeZone) -> Result<Fact, DbError> {
    Ok(Fact { organisation: row.id("organisation")?, day: Day::of(row.time("at")?, zone), metric, dimension, amount: 1 })
}

impl Submissions<'_> {
    /// The `most` handed-in submissions whose ids follow `after`, by the state that they are in.
    pub async fn facts(&mut self, zone: &TimeZone, after: &str, most: usize) -> Result<Vec<(String, Fact)>, DbError> {
        let sql = "select id, organisation, submitted_at as at, state from submission
                   where id > $1 and submitted_at is not null order by id limit $2";
        let rows = self.0.fetch_all(sql, args![after, most]).await?;
        rows.iter().map(|row| Ok((row.text("id")?, fact(row, Metric::Submissions, row.text("state")?, zone)?))).collect()
    }

    /// The `most` open places whose ids follow `after`.
    pub async fn place_facts(&mut self, zone: &TimeZone, after: &str, most: usize) -> Result<Vec<PlaceFact>, DbError> {
        let sql = "select p.id, s.organisation, p.taken_at as at, q.campaign, q.organisation as quota_of
                   from place p join quota q on q.id = p.quota join submission s on s.id = p.submission
                   where p.id > $1 and p.freed_at is null order by p.id limit $2";
        let place = |row: &Row| {
            Ok(PlaceFact {
                id: row.text("id")?,
                campaign: row.id("campaign")?,
                of: row.id("quota_of")?,
                fact: fact(row, Metric::Recommendations, String::new(), zone)?,
            })
        };
        self.0.fetch_all(sql, args![after, most]).await?.iter().map(place).collect()
    }
}

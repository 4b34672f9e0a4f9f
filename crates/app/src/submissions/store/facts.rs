//! What statistics read here, all for a recount or some behind a figure: the same facts as the deltas that hand-ins, verdicts
//! and places post.

use super::Submissions;
use crate::campaigns::CampaignId;
use crate::db::{DbError, Row, Value, args, assembled};
use crate::deltas::{Day, Fact, Metric, Search};
use crate::lessons::LessonId;
use crate::submissions::SubmissionId;
use jiff::tz::TimeZone;
use kernel::OrganisationId;

/// A submission behind a figure: that it was handed in, or that it was given an award.
#[derive(Debug, Clone)]
pub struct SubmissionFact {
    /// The submission.
    pub submission: SubmissionId,
    /// Its lesson.
    pub lesson: LessonId,
    /// When, milliseconds UTC.
    pub at: i64,
    /// In the dimension of its state now, or of the level.
    pub fact: Fact,
}

/// A place that is taken, as a fact if it is a recommendation.
#[derive(Debug, Clone)]
pub struct PlaceFact {
    /// The place, to read on from.
    pub id: String,
    /// Who holds it.
    pub submission: SubmissionId,
    /// The lesson of that.
    pub lesson: LessonId,
    /// Since when, milliseconds UTC.
    pub at: i64,
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

const PLACES: &str = "select p.id, p.submission, s.lesson, s.organisation, p.taken_at as at, q.campaign, q.organisation as quota_of
    from place p join quota q on q.id = p.quota join submission s on s.id = p.submission where p.freed_at is null and";

fn place(row: &Row, zone: &TimeZone) -> Result<PlaceFact, DbError> {
    Ok(PlaceFact {
        id: row.text("id")?,
        submission: row.id("submission")?,
        lesson: row.id("lesson")?,
        at: row.int("at")?,
        campaign: row.id("campaign")?,
        of: row.id("quota_of")?,
        fact: fact(row, Metric::Recommendations, String::new(), zone)?,
    })
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
        let sql = format!("{PLACES} p.id > $1 order by p.id limit $2");
        let rows = self.0.fetch_all(assembled(sql), args![after, most]).await?;
        rows.iter().map(|row| place(row, zone)).collect()
    }

    /// First hand-ins that fit, the latest first; of submissions that are in `state` now, if one is named.
    pub async fn handed_in(&mut self, search: &Search, state: Option<&str>) -> Result<Vec<SubmissionFact>, DbError> {
        let (clause, mut values) = search.clause("submitted_at", "id", "organisation");
        let state = state.map_or_else(String::new, |state| {
            values.push(Value::from(state));
            format!("state = ${} and ", values.len())
        });
        let sql = format!("select id, lesson, organisation, submitted_at as at, state from submission where {state}{clause}");
        let read = |row: &Row| {
            let fact = fact(row, Metric::Submissions, row.text("state")?, &search.zone)?;
            Ok(SubmissionFact { submission: row.id("id")?, lesson: row.id("lesson")?, at: row.int("at")?, fact })
        };
        self.0.fetch_all(assembled(sql), values).await?.iter().map(read).collect()
    }

    /// Open places that fit, the latest taken first.
    pub async fn places_in(&mut self, search: &Search) -> Result<Vec<PlaceFact>, DbError> {
        let (clause, values) = search.clause("p.taken_at", "p.id", "s.organisation");
        let rows = self.0.fetch_all(assembled(format!("{PLACES} {clause}")), values).await?;
        rows.iter().map(|row| place(row, &search.zone)).collect()
    }
}

//! What runs by itself: folding every second, refolding after moves, comparing every night.

use super::refold::Moved;
use super::store::Statistics;
use super::{compare_resting, drain, refold};
use crate::db::{DbError, RowError};
use crate::deltas::{self, Day};
use crate::jobs::{self, Context, Failure, Job, Outcome};
use crate::organisations::OrganisationId;
use crate::state::App;
use serde::Deserialize;
use tokio_util::sync::CancellationToken;

/// Queued by whoever moves or merges: subject is the organisation, payload [`From`].
pub const REFOLD: &str = "statistics.refold";
/// Queued once a night.
pub const COMPARE: &str = "statistics.compare";

/// Between two looks at what waits.
const PAUSE: std::time::Duration = std::time::Duration::from_millis(500);
/// Hours in which the night's comparison begins.
const NIGHT: std::ops::Range<i8> = 3..6;
/// After so many days without one it begins at any hour: not every office leaves its machine on at night.
const OVERDUE: i64 = 7;
/// A comparison reads everything; it rests so long after each step.
const REST: std::time::Duration = std::time::Duration::from_millis(20);

/// Folds what waits, again and again, until `stop` fires.
pub async fn keep(app: App, stop: CancellationToken) {
    while !stop.is_cancelled() {
        if let Err(cause) = once(&app).await {
            tracing::error!(%cause, "statistics could not be folded");
        }
        tokio::select! { () = stop.cancelled() => {}, () = tokio::time::sleep(PAUSE) => {} }
    }
}

async fn once(app: &App) -> Result<(), DbError> {
    let mut tx = app.db.read().await?;
    let waits = deltas::any(&mut tx).await?;
    let compared = Statistics(&mut tx).compared_day().await?;
    drop(tx);
    if waits {
        while drain(app).await? > 0 {}
    }
    let now = jiff::ZonedDateTime::new(app.clock.now().to_jiff(), app.zone.clone());
    if is_due(compared, app.today(), now.hour()) {
        queue_comparison(app, compared > 0).await?;
    }
    super::reports::begin_due(app).await
}

/// Whether a comparison is due that was last begun on the day `compared`; 0 in an installation that has just begun.
fn is_due(compared: i64, today: Day, hour: i8) -> bool {
    let is_old = compared < i64::from(today.plus(-OVERDUE).0);
    compared < i64::from(today.0) && (is_old || NIGHT.contains(&hour))
}

/// Notes the day and, unless there is nothing yet to compare, queues the comparison.
async fn queue_comparison(app: &App, is_wanted: bool) -> Result<(), DbError> {
    let mut tx = app.db.begin().await?;
    if Statistics(&mut tx).compare_on(app.today()).await? && is_wanted {
        jobs::enqueue(&mut tx, app.clock.as_ref(), COMPARE, "statistics", &serde_json::json!({}), None).await?;
    }
    tx.commit().await
}

/// From which day on a move holds.
#[derive(Debug, Deserialize)]
pub struct From {
    /// `yyyymmdd`.
    pub from_day: i32,
    /// The superior before.
    pub former: Option<OrganisationId>,
    /// Others that moved with it, each with its superior before: an import moves many at once.
    #[serde(default)]
    pub also: Vec<(OrganisationId, Option<OrganisationId>)>,
}

/// The job [`REFOLD`].
pub async fn refold_job(app: App, context: Context) -> Result<Outcome, Failure> {
    let (moved, first) = moved(&context.job)?;
    refold(&app, &moved, first).await?;
    Ok(Outcome::Done)
}

/// What a job of the kind [`REFOLD`] is about.
pub(super) fn moved(job: &Job) -> Result<(Vec<Moved>, Day), DbError> {
    let bad = |column: &str, expected| RowError { column: column.to_owned(), expected };
    let organisation: OrganisationId = job.subject.parse().map_err(|_| bad("subject", "an organisation"))?;
    let from: From = serde_json::from_value(job.payload.clone()).map_err(|_| bad("payload", "a move"))?;
    let mut moved = from.also;
    moved.push((organisation, from.former));
    Ok((moved, Day(from.from_day)))
}

/// The job [`COMPARE`]: differences are logged and shown to Prometheus; they never change a figure by themselves.
pub async fn compare_job(app: App, _: Context) -> Result<Outcome, Failure> {
    let found = compare_resting(&app, REST).await?;
    app.metrics.statistics_differences.set(found.count() as i64);
    if found.count() > 0 {
        tracing::error!(
            figures = found.figures.len(),
            lessons = found.lessons,
            days = found.days,
            "statistics differ from the records; run: kaijiang recount"
        );
    }
    for one in found.figures.iter().take(20) {
        let (metric, day, missing) = (one.metric.code(), one.day, one.missing);
        tracing::error!(organisation = %one.organisation, metric, dimension = one.dimension, day, missing, "a figure differs");
    }
    Ok(Outcome::Done)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_comparison_is_due_at_night_and_when_a_week_went_by_without_one() {
        let today = Day(20_261_128);
        let table = [
            (0, 14, true, "an installation that begins notes the day"),
            (20_261_128, 4, false, "done today"),
            (20_261_127, 2, false, "too early"),
            (20_261_127, 3, true, "at night"),
            (20_261_127, 6, false, "the day begins"),
            (20_261_121, 14, false, "a week"),
            (20_261_120, 14, true, "more than a week"),
        ];
        for (compared, hour, want, why) in table {
            assert_eq!(is_due(compared, today, hour), want, "{why}");
        }
    }
}

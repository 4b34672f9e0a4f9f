//! What runs by itself: folding every second, refolding after moves, comparing every night.

use super::refold::Moved;
use super::store::Statistics;
use super::{compare, drain, refold};
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
/// The night's comparison runs after this hour.
const NIGHT_HOUR: i8 = 3;

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
    if now.hour() >= NIGHT_HOUR && compared < i64::from(app.today().0) {
        queue_comparison(app).await?;
    }
    super::reports::begin_due(app).await
}

async fn queue_comparison(app: &App) -> Result<(), DbError> {
    let mut tx = app.db.begin().await?;
    if Statistics(&mut tx).compare_on(app.today()).await? {
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
    let found = compare(&app).await?;
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

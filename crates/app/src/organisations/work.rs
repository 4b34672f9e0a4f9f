//! Jobs that import registers, and what forgets their remains.

use super::Organisations;
use super::actions::{import, people_import};
use crate::jobs::{Context, Failure, Outcome};
use crate::problem::Problem;
use crate::registers::{self, Order, Report};
use crate::state::App;
use tokio_util::sync::CancellationToken;

pub use super::actions::import::IMPORT;
pub use super::actions::people_import::IMPORT as IMPORT_PEOPLE;

/// The job [`IMPORT`]: progress is in its row, and a killed process leaves nothing half done.
pub async fn import(app: App, context: Context) -> Result<Outcome, Failure> {
    let order: Order = serde_json::from_value(context.job.payload.clone())?;
    let report = import::ordered(&app, &order, &|percent| context.progress(percent), context.cancelled.clone()).await;
    keep(app, context, order, report).await
}

/// The job [`IMPORT_PEOPLE`].
pub async fn import_people(app: App, context: Context) -> Result<Outcome, Failure> {
    let order: Order = serde_json::from_value(context.job.payload.clone())?;
    let register = context.job.id.to_string();
    let progress = |percent| context.progress(percent);
    let report = people_import::ordered(&app, &order, &register, &progress, context.cancelled.clone()).await;
    keep(app, context, order, report).await
}

/// Keeps the report; a failure of ours is tried again.
async fn keep(app: App, context: Context, order: Order, report: Result<Report, Problem>) -> Result<Outcome, Failure> {
    let report = report.map_err(|problem| problem.code)?;
    tokio::task::spawn_blocking(move || registers::keep(&app, context.job.id, &order, report)).await?.map_err(|problem| problem.code)?;
    Ok(Outcome::Done)
}

/// Between two looks for remains.
const SWEEP_EVERY: std::time::Duration = std::time::Duration::from_hours(1);
/// Rows of an import that a crash ended wait no longer for its repetition.
const STAGED_MS: i64 = 24 * 3_600_000;

/// Forgets old files, reports and staged rows once an hour until `stop` fires.
pub async fn keep_tidy(app: App, stop: CancellationToken) {
    while !stop.is_cancelled() {
        if let Err(problem) = sweep(&app).await {
            tracing::error!(code = problem.code, "remains of imports could not be removed");
        }
        tokio::select! { () = stop.cancelled() => {}, () = tokio::time::sleep(SWEEP_EVERY) => {} }
    }
}

/// Forgets files that nobody confirmed, reports older than the setting `report_days`, and rows of imports that a crash ended.
///
/// # Errors
///
/// Failures of the disk or the database.
pub async fn sweep(app: &App) -> Result<(), Problem> {
    let files = app.clone();
    let forget = move || registers::forget_old(&files, files.config.report_days);
    tokio::task::spawn_blocking(forget).await.map_err(Problem::internal)?.map_err(Problem::internal)?;
    let mut tx = app.db.begin().await?;
    Organisations(&mut tx).unstage_before(app.clock.now().plus_ms(-STAGED_MS)).await?;
    Ok(tx.commit().await?)
}

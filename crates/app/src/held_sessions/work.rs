//! Jobs of held sessions: the ledger as a workbook, and registers that are taken in.

use super::actions::{exporting, importing};
use crate::jobs::{Context, Failure, Outcome};
use crate::registers;
use crate::state::App;

pub use super::actions::exporting::EXPORT;
pub use super::actions::importing::IMPORT;

/// The job [`EXPORT`]: its file appears once it is whole.
pub async fn export(app: App, context: Context) -> Result<Outcome, Failure> {
    let order = serde_json::from_value(context.job.payload.clone())?;
    let progress = |percent| context.progress(percent);
    let written = exporting::write(&app, context.job.id, &order, &progress, &context.cancelled).await;
    written.map_err(|problem| problem.code)?;
    Ok(Outcome::Done)
}

/// The job [`IMPORT`]: progress is in its row, and a killed process leaves nothing half done.
pub async fn import(app: App, context: Context) -> Result<Outcome, Failure> {
    let order: registers::Order = serde_json::from_value(context.job.payload.clone())?;
    let progress = |percent| context.progress(percent);
    let report = importing::ordered(&app, &order, context.job.id, &progress, context.cancelled.clone()).await;
    let report = report.map_err(|problem| problem.code)?;
    tokio::task::spawn_blocking(move || registers::keep(&app, context.job.id, &order, report)).await?.map_err(|problem| problem.code)?;
    Ok(Outcome::Done)
}

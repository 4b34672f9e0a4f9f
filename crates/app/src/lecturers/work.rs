//! The job that imports registers of lecturers.

use super::actions::importing;
use crate::jobs::{Context, Failure, Outcome};
use crate::registers::{self, Order};
use crate::state::App;

pub use super::actions::importing::IMPORT;

/// The job [`IMPORT`]: progress is in its row, and a killed process leaves nothing half done.
pub async fn import(app: App, context: Context) -> Result<Outcome, Failure> {
    let order: Order = serde_json::from_value(context.job.payload.clone())?;
    let register = context.job.id.to_string();
    let progress = |percent| context.progress(percent);
    let report = importing::ordered(&app, &order, &register, &progress, context.cancelled.clone()).await;
    let report = report.map_err(|problem| problem.code)?;
    tokio::task::spawn_blocking(move || registers::keep(&app, context.job.id, &order, report)).await?.map_err(|problem| problem.code)?;
    Ok(Outcome::Done)
}

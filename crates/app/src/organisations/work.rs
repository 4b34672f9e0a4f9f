//! The job that imports a register: progress is in its row, and a killed process leaves nothing half done.

use super::actions::import::{self, Run};
use super::actions::register::{Order, Report, actor_now, report_file, workbook_file};
use super::import::write_workbook;
use crate::i18n::Language;
use crate::jobs::{Context, Failure, Outcome};
use crate::state::App;

pub use super::actions::register::IMPORT;

/// The job body.
pub async fn import(app: App, context: Context) -> Result<Outcome, Failure> {
    let order: Order = serde_json::from_value(context.job.payload.clone())?;
    let file = app.objects.spool(&order.file);
    let actor = match actor_now(&app, order.account).await {
        Ok(actor) => actor,
        Err(problem) => {
            return keep(&app, &context, &order, Report { refused: Some((problem.code.to_owned(), Vec::new())), ..Report::default() });
        }
    };
    let progress = |percent| context.progress(percent);
    let run = Run { actor: Some(actor), dry_run: !order.apply, progress: &progress, cancelled: context.cancelled.clone() };
    let report = match import::import(&app, &file, &run).await {
        Ok(changes) => Report { changes, refused: None },
        Err(problem) if problem.status.is_server_error() => return Err(problem.code.into()),
        Err(problem) => {
            let args = problem.args.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
            Report { refused: Some((problem.code.to_owned(), args)), ..Report::default() }
        }
    };
    if !report.changes.faults.is_empty() {
        let sheet = import::read_sheet(file).await.map_err(|p| p.code)?;
        let texts = app.words.texts(Language::from_tag(&order.language).unwrap_or(Language::Chinese));
        let (faults, target) = (report.changes.faults.clone(), workbook_file(&app, context.job.id));
        tokio::task::spawn_blocking(move || write_workbook(&texts, &sheet, &faults, &target)).await??;
    }
    keep(&app, &context, &order, report)
}

/// Faults kept in the report; the workbook has them all.
const FAULTS_KEPT: usize = 10_000;

fn keep(app: &App, context: &Context, order: &Order, mut report: Report) -> Result<Outcome, Failure> {
    report.changes.faults.truncate(FAULTS_KEPT);
    std::fs::write(report_file(app, context.job.id), serde_json::to_vec(&report)?)?;
    let finished = order.apply || report.refused.is_some() || !report.changes.faults.is_empty();
    if finished {
        // It may be gone already when the job runs a second time after a crash.
        let _ = std::fs::remove_file(app.objects.spool(&order.file));
    }
    Ok(Outcome::Done)
}

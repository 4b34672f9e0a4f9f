//! Imports as jobs: progress is in the row, and a killed process leaves nothing half done.

use super::actions::import::{self, Outcome as Changes, Run};
use super::import::{FaultGroup, grouped, write_workbook};
use crate::db::Tx;
use crate::i18n::Language;
use crate::jobs::{self, Context, Failure, Job, JobId, JobState, Outcome};
use crate::problem::Problem;
use crate::state::App;
use kernel::{AccountId, Actor};
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::path::PathBuf;

/// The job kind.
pub const IMPORT: &str = "organisations.import";
/// A checked file waits this long for its confirmation.
const FILE_KEPT_MS: i64 = 24 * 3_600_000;

/// What the job needs to know.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Order {
    /// Name of the file in the spool.
    pub file: String,
    /// What its sender calls it.
    pub name: String,
    /// Who sent it.
    pub account: AccountId,
    /// Change the tree, or only tell what would change.
    pub apply: bool,
    /// Language of the report.
    pub language: String,
}

/// What came of it.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Report {
    /// Counts and faults.
    pub changes: Changes,
    /// Why the file as a whole was refused: the problem's code and arguments.
    pub refused: Option<(String, Vec<(String, String)>)>,
}

/// An import as its sender follows it.
#[derive(Debug, Clone)]
pub struct Followed {
    /// The job.
    pub job: Job,
    /// What was asked for.
    pub order: Order,
    /// What came of it, once it is done.
    pub report: Option<Report>,
}

impl Followed {
    /// Faults by column and rule, in the reader's words.
    pub fn groups(&self, texts: &crate::i18n::Texts) -> Vec<FaultGroup> {
        self.report.as_ref().map(|r| grouped(texts, &r.changes.faults)).unwrap_or_default()
    }
}

fn report_file(app: &App, job: JobId) -> PathBuf {
    app.objects.report(&format!("{job}.json"))
}

/// The workbook with an error column.
pub fn workbook_file(app: &App, job: JobId) -> PathBuf {
    app.objects.report(&format!("{job}.xlsx"))
}

/// A place for a file that comes in, and its name; forgets files that were never confirmed.
pub fn spool(app: &App) -> (String, PathBuf) {
    let now = app.clock.now();
    let name = format!("import-{}", JobId::new(app.clock.as_ref()));
    let path = app.objects.spool(&name);
    let old = |entry: &std::fs::DirEntry| {
        let written = entry.metadata().and_then(|m| m.modified()).ok()?.duration_since(std::time::UNIX_EPOCH).ok()?.as_millis();
        Some(now.0 - i64::try_from(written).ok()? > FILE_KEPT_MS && entry.file_name().to_string_lossy().starts_with("import-"))
    };
    if let Some(files) = path.parent().and_then(|folder| std::fs::read_dir(folder).ok()) {
        for entry in files.flatten().filter(|entry| old(entry) == Some(true)) {
            // Another request may have removed it first.
            let _ = std::fs::remove_file(entry.path());
        }
    }
    (name, path)
}

/// Queues the import of a spooled file.
pub async fn enqueue(app: &App, order: &Order) -> Result<JobId, Problem> {
    let mut tx = app.db.begin().await?;
    let payload = serde_json::to_value(order).map_err(Problem::internal)?;
    let id = jobs::enqueue(&mut tx, app.clock.as_ref(), IMPORT, &order.account.to_string(), &payload, Some(order.account)).await?;
    tx.commit().await?;
    app.wake.notify_one();
    Ok(id)
}

/// The import `id`, if `actor` sent it.
pub async fn follow(app: &App, actor: &Actor, id: JobId) -> Result<Followed, Problem> {
    let mut tx = app.db.read().await?;
    let (job, order) = of_sender(&mut tx, actor, id).await?;
    let report = match std::fs::read(report_file(app, id)) {
        Ok(bytes) if job.state == JobState::Done => Some(serde_json::from_slice(&bytes).map_err(Problem::internal)?),
        _ => None,
    };
    Ok(Followed { job, order, report })
}

async fn of_sender(tx: &mut Tx, actor: &Actor, id: JobId) -> Result<(Job, Order), Problem> {
    let job = jobs::find(tx, id).await?.filter(|job| job.kind == IMPORT).ok_or_else(Problem::not_found)?;
    let order: Order = serde_json::from_value(job.payload.clone()).map_err(Problem::internal)?;
    if order.account == actor.account { Ok((job, order)) } else { Err(Problem::hidden()) }
}

/// Imports what was checked before; the file must still be there and without faults.
pub async fn confirm(app: &App, actor: &Actor, id: JobId) -> Result<JobId, Problem> {
    let followed = follow(app, actor, id).await?;
    let clean = followed.report.as_ref().is_some_and(|r| r.refused.is_none() && r.changes.faults.is_empty());
    if !clean || followed.order.apply || !app.objects.spool(&followed.order.file).exists() {
        return Err(Problem::conflict("import-not-ready"));
    }
    enqueue(app, &Order { apply: true, ..followed.order }).await
}

/// Stops an import that is not finished; nothing is changed then.
pub async fn cancel(app: &App, actor: &Actor, id: JobId) -> Result<(), Problem> {
    let mut tx = app.db.begin().await?;
    of_sender(&mut tx, actor, id).await?;
    if !jobs::cancel(&mut tx, app.clock.as_ref(), id).await? {
        return Err(Problem::conflict("import-not-ready"));
    }
    Ok(tx.commit().await?)
}

/// The job body.
pub async fn import(app: App, context: Context) -> Result<Outcome, Failure> {
    let order: Order = serde_json::from_value(context.job.payload.clone())?;
    let file = app.objects.spool(&order.file);
    let actor = match import::actor_now(&app, order.account).await {
        Ok(actor) => actor,
        Err(problem) => {
            return keep(&app, &context, &order, Report { refused: Some((problem.code.to_owned(), Vec::new())), ..Report::default() });
        }
    };
    let progress = |percent| context.progress(percent);
    let run = Run { actor: Some(actor), dry_run: !order.apply, progress: &progress, cancelled: context.cancelled.clone() };
    let report = match import::import(&app, &file, &run).await {
        Ok(changes) => Report { changes, refused: None },
        Err(problem) if problem.status.is_server_error() => return Err(json!({ "code": problem.code }).to_string().into()),
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

//! Imports that wait, run or are done: who sent them follows, confirms and cancels them. The job itself is in `work`.

use super::import::Outcome as Changes;
use crate::accounts::Accounts;
use crate::db::Tx;
use crate::jobs::{self, Job, JobId, JobState};
use crate::organisations::import::{FaultGroup, grouped};
use crate::problem::Problem;
use crate::state::App;
use kernel::{AccountId, Actor};
use serde::{Deserialize, Serialize};
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

/// Where the report of a job lies.
pub fn report_file(app: &App, job: JobId) -> PathBuf {
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

/// The actor as he is now, for work that began with his request: rights may have ended since (S19).
pub async fn actor_now(app: &App, account: AccountId) -> Result<Actor, Problem> {
    let mut tx = app.db.read().await?;
    let found = Accounts(&mut tx).find(account).await?.filter(|a| a.active).ok_or_else(Problem::forbidden)?;
    let grants = Accounts(&mut tx).grants(found.id, app.clock.now()).await?;
    Ok(Actor { account: found.id, grants, scopes: None })
}

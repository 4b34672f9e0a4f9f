//! Imports that wait, run or are done: who sent them follows, confirms and cancels them. What they do is their feature's.

use super::{FILE_MOST, Fault, FaultGroup, grouped};
use crate::db::Tx;
use crate::jobs::{self, Job, JobId, JobState};
use crate::problem::Problem;
use crate::state::App;
use bytes::Bytes;
use futures_util::{Stream, StreamExt};
use kernel::{AccountId, Actor};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use tokio::io::AsyncWriteExt;

/// A checked file waits this long for its confirmation.
const FILE_KEPT_MS: i64 = 24 * 3_600_000;
/// Faults kept in a report; the workbook has them all.
const FAULTS_KEPT: usize = 10_000;

/// What the job needs to know.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Order {
    /// Name of the file in the spool.
    pub file: String,
    /// What its sender calls it.
    pub name: String,
    /// Who sent it.
    pub account: AccountId,
    /// Change, or only tell what would change.
    pub apply: bool,
    /// Language of the report.
    pub language: String,
}

/// What came of it.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Report {
    /// How much was, or would be, changed, by the codes of the register.
    #[serde(default)]
    pub counts: BTreeMap<String, usize>,
    /// What is wrong with rows; then nothing was changed.
    #[serde(default)]
    pub faults: Vec<Fault>,
    /// How many faults there are.
    #[serde(default)]
    pub fault_count: usize,
    /// Why the file as a whole was refused: the problem's code and arguments.
    pub refused: Option<(String, Vec<(String, String)>)>,
}

impl Report {
    /// Of what was done, or of what is wrong.
    pub fn of(counts: &[(&str, usize)], faults: Vec<Fault>) -> Self {
        let counts = counts.iter().map(|(code, count)| ((*code).to_owned(), *count)).collect();
        Self { counts, fault_count: faults.len(), faults, refused: None }
    }

    /// Of a file that was refused as a whole.
    pub fn refused(problem: Problem) -> Self {
        let args = problem.args.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        Self { refused: Some((problem.code.to_owned(), args)), ..Self::default() }
    }
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
        self.report.as_ref().map(|r| grouped(texts, &r.faults)).unwrap_or_default()
    }
}

fn report_file(app: &App, job: JobId) -> PathBuf {
    app.objects.report(&format!("{job}.json"))
}

/// The workbook with an error column.
pub fn workbook_file(app: &App, job: JobId) -> PathBuf {
    app.objects.report(&format!("{job}.xlsx"))
}

/// A place for a file that comes in, and its name.
pub fn spool(app: &App) -> (String, PathBuf) {
    let name = format!("import-{}", JobId::new(app.clock.as_ref()));
    let path = app.objects.spool(&name);
    (name, path)
}

/// Writes what comes in to the spool, piece by piece; its name there.
pub async fn spooled<E: std::fmt::Display>(app: &App, mut pieces: impl Stream<Item = Result<Bytes, E>> + Unpin) -> Result<String, Problem> {
    let refused = |code| Problem { code, ..Problem::invalid(Vec::new()) };
    let (name, path) = spool(app);
    let mut file = tokio::fs::File::create(&path).await.map_err(Problem::internal)?;
    let mut bytes = 0;
    while let Some(piece) = pieces.next().await {
        let piece = piece.map_err(|e| refused("malformed").with("reason", e))?;
        bytes += piece.len();
        if bytes > FILE_MOST {
            return Err(refused("sheet-too-much").with("what", "bytes").with("most", FILE_MOST));
        }
        file.write_all(&piece).await.map_err(Problem::internal)?;
    }
    file.flush().await.map_err(Problem::internal)?;
    Ok(name)
}

/// Forgets files that nobody confirmed within a day, and reports older than `days`. How many.
///
/// A file's age is that of its last change on the disk. Blocks.
pub fn forget_old(app: &App, days: u32) -> std::io::Result<usize> {
    let now = app.clock.now().0;
    let spooled = forget_files(&app.objects.spool(""), now - FILE_KEPT_MS, "import-")?;
    Ok(spooled + forget_files(&app.objects.report(""), now - i64::from(days) * kernel::Timestamp::DAY_MS, "job_")?)
}

/// Removes files of `folder` whose name begins with `prefix` and which were last changed before `before` (milliseconds UTC).
fn forget_files(folder: &Path, before: i64, prefix: &str) -> std::io::Result<usize> {
    let old = |entry: &std::fs::DirEntry| {
        let written = entry.metadata().and_then(|m| m.modified()).ok()?.duration_since(std::time::UNIX_EPOCH).ok()?;
        Some(i64::try_from(written.as_millis()).ok()? < before && entry.file_name().to_string_lossy().starts_with(prefix))
    };
    let mut forgotten = 0;
    for entry in std::fs::read_dir(folder)?.flatten().filter(|entry| old(entry) == Some(true)) {
        // Another worker may have removed it first.
        forgotten += usize::from(std::fs::remove_file(entry.path()).is_ok());
    }
    Ok(forgotten)
}

/// Queues the import of a spooled file, as a job of this `kind`.
pub async fn enqueue(app: &App, kind: &str, order: &Order) -> Result<JobId, Problem> {
    let mut tx = app.db.begin().await?;
    let payload = serde_json::to_value(order).map_err(Problem::internal)?;
    let id = jobs::enqueue(&mut tx, app.clock.as_ref(), kind, &order.account.to_string(), &payload, Some(order.account)).await?;
    tx.commit().await?;
    app.wake.notify_one();
    Ok(id)
}

/// The import `id` of this `kind`, if `actor` sent it.
pub async fn follow(app: &App, kind: &str, actor: &Actor, id: JobId) -> Result<Followed, Problem> {
    let mut tx = app.db.read().await?;
    let (job, order) = of_sender(&mut tx, kind, actor, id).await?;
    let report = match std::fs::read(report_file(app, id)) {
        Ok(bytes) if job.state == JobState::Done => Some(serde_json::from_slice(&bytes).map_err(Problem::internal)?),
        _ => None,
    };
    Ok(Followed { job, order, report })
}

async fn of_sender(tx: &mut Tx, kind: &str, actor: &Actor, id: JobId) -> Result<(Job, Order), Problem> {
    let job = jobs::find(tx, id).await?.filter(|job| job.kind == kind).ok_or_else(Problem::not_found)?;
    let order: Order = serde_json::from_value(job.payload.clone()).map_err(Problem::internal)?;
    if order.account == actor.account { Ok((job, order)) } else { Err(Problem::hidden()) }
}

/// Imports what was checked before; the file must still be there and without faults.
pub async fn confirm(app: &App, kind: &str, actor: &Actor, id: JobId) -> Result<JobId, Problem> {
    let followed = follow(app, kind, actor, id).await?;
    let clean = followed.report.as_ref().is_some_and(|r| r.refused.is_none() && r.faults.is_empty());
    if !clean || followed.order.apply || !app.objects.spool(&followed.order.file).exists() {
        return Err(Problem::conflict("import-not-ready"));
    }
    enqueue(app, kind, &Order { apply: true, ..followed.order }).await
}

/// Stops an import that is not finished; nothing is changed then.
pub async fn cancel(app: &App, kind: &str, actor: &Actor, id: JobId) -> Result<(), Problem> {
    let mut tx = app.db.begin().await?;
    of_sender(&mut tx, kind, actor, id).await?;
    if !jobs::cancel(&mut tx, app.clock.as_ref(), id).await? {
        return Err(Problem::conflict("import-not-ready"));
    }
    Ok(tx.commit().await?)
}

/// Keeps the report of a job, with a workbook when there are faults; forgets the file when it is no longer needed. Blocks.
pub fn keep(app: &App, job: JobId, order: &Order, mut report: Report) -> Result<(), Problem> {
    let file = app.objects.spool(&order.file);
    if !report.faults.is_empty() {
        let language = crate::i18n::Language::from_tag(&order.language).unwrap_or(crate::i18n::Language::Chinese);
        super::write_workbook(&app.words.texts(language), &file, &report.faults, &workbook_file(app, job))?;
    }
    report.faults.truncate(FAULTS_KEPT);
    let text = serde_json::to_vec(&report).map_err(Problem::internal)?;
    std::fs::write(report_file(app, job), text).map_err(Problem::internal)?;
    if order.apply || report.refused.is_some() || !report.faults.is_empty() {
        // It may be gone already when the job runs a second time after a crash.
        let _ = std::fs::remove_file(file);
    }
    Ok(())
}

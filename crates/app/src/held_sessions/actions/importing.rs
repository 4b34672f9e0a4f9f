//! Held sessions taken over from a file: read, planned and staged a few hundred rows at a time, written in one transaction, or refused as a
//! whole.

use super::staging::{Import, Totals};
use crate::audit::{self, Entry as AuditEntry, Wanted};
use crate::campaigns::Campaigns;
use crate::campaigns::reading::may_see;
use crate::held_sessions::HeldSessions;
use crate::held_sessions::register::{Entry, Reader, Words};
use crate::held_sessions::rules::VENUES;
use crate::held_sessions::sheet::{COLUMNS, REQUIRED};
use crate::i18n::Language;
use crate::jobs::JobId;
use crate::lessons::rules::{FORMS, LECTURER_KINDS, TOPICS};
use crate::organisations::actions::import::Run;
use crate::organisations::actions::people::actor_now;
use crate::organisations::keep_current;
use crate::problem::Problem;
use crate::registers::{self, Columns, Fault, Order, Report, coded, plain};
use crate::spreadsheets::{self, Limits};
use crate::state::App;
use kernel::Actor;
use serde_json::json;
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

/// The job kind.
pub const IMPORT: &str = "held-sessions.import";
/// Rows that are planned and staged at once.
const BATCH: usize = 500;
/// Others may record, close or move while an import is staged; then it is planned anew, at most so often.
const ATTEMPTS: usize = 3;
/// Rows of an import that a crash ended wait no longer for its repetition.
const STAGED_MS: i64 = 24 * 3_600_000;

/// The job: imports what an order names with the rights that its sender has now.
///
/// # Errors
///
/// Failures of ours. What is wrong with the file or with rights is in the [`Report`].
pub async fn ordered(
    app: &App,
    order: &Order,
    id: JobId,
    progress: &(dyn Fn(i64) + Sync),
    cancelled: CancellationToken,
) -> Result<Report, Problem> {
    if let Some(counts) = done_before(app, order, id).await? {
        return Ok(Report { counts, ..Report::default() });
    }
    let done = async {
        let actor = actor_now(app, order.account).await?;
        let run = Run { actor: None, dry_run: !order.apply, progress, cancelled };
        let language = Language::from_tag(&order.language).unwrap_or(Language::Chinese);
        import(app, &app.objects.spool(&order.file), (id, language), &actor, &run).await
    };
    match done.await {
        Ok((totals, faults)) => Ok(Report::of(&totals.counts(), faults)),
        Err(problem) if problem.status.is_server_error() => Err(problem),
        Err(problem) => Ok(Report::refused(problem)),
    }
}

/// What this very import wrote, when a crash came between its writing and its end.
async fn done_before(app: &App, order: &Order, id: JobId) -> Result<Option<std::collections::BTreeMap<String, usize>>, Problem> {
    if !order.apply {
        return Ok(None);
    }
    let wanted = Wanted { object: Some(id.to_string()), action: "held-sessions.imported".into(), ..Wanted::default() };
    let found = audit::older(&mut app.db.read().await?, &wanted, "", 1).await?;
    found.into_iter().next().map(|record| serde_json::from_value(record.detail).map_err(Problem::internal)).transpose()
}

/// Imports held sessions from the file at `path` with the rights of `actor`; `id` names the import in the audit trail.
///
/// # Errors
///
/// `sheet-…` when the file can't be read as a table, `import-cancelled`; `moved-meanwhile` when others changed what it is about again and
/// again. Faults of rows are beside the totals; then nothing was changed.
pub async fn import(
    app: &App,
    path: &Path,
    (id, language): (JobId, Language),
    actor: &Actor,
    run: &Run<'_>,
) -> Result<(Totals, Vec<Fault>), Problem> {
    forget_old(app).await?;
    for _ in 0..ATTEMPTS {
        let tried = attempt(app, path, (id, language), actor, run).await;
        if !run.dry_run {
            let mut tx = app.db.begin().await?;
            HeldSessions(&mut tx).unstage(id).await?;
            tx.commit().await?;
        }
        if let Some(done) = tried? {
            return Ok(done);
        }
    }
    Err(Problem::moved_meanwhile())
}

/// Forgets what imports that a crash ended have left.
async fn forget_old(app: &App) -> Result<(), Problem> {
    let mut tx = app.db.begin().await?;
    HeldSessions(&mut tx).unstage_before(app.clock.now().plus_ms(-STAGED_MS)).await?;
    Ok(tx.commit().await?)
}

/// One attempt; none when others changed something meanwhile, and nothing was written.
async fn attempt(
    app: &App,
    path: &Path,
    (id, language): (JobId, Language),
    actor: &Actor,
    run: &Run<'_>,
) -> Result<Option<(Totals, Vec<Fault>)>, Problem> {
    keep_current(app).await?;
    let mut work = Import::begin(app, actor, id, run).await?;
    let reader = reader(app, actor, language).await?;
    let about = spreadsheets::rows_about(path).max(1);
    let (mut batches, reading) = read(app, reader, path.to_owned());
    while let Some(batch) = batches.recv().await {
        let row = batch.last().map_or(0, |entry| u64::from(entry.row));
        work.take(batch).await?;
        run.advance(i64::try_from(row * 60 / about).unwrap_or(60).min(60))?;
    }
    let faults = work.faults(reading.await.map_err(Problem::internal)??);
    if run.dry_run || !faults.is_empty() || work.totals.is_nothing() {
        return Ok(Some((work.totals, faults)));
    }
    if !work.apply().await? {
        return Ok(None);
    }
    (run.progress)(100);
    Ok(Some((work.totals, Vec::new())))
}

type Batches = mpsc::Receiver<Vec<Entry>>;

/// Reads the file on a thread of its own; what it holds at a time is a few batches.
fn read(app: &App, reader: Reader, path: PathBuf) -> (Batches, JoinHandle<Result<Vec<Fault>, Problem>>) {
    let columns = Columns::new(&app.words, "held-column", &COLUMNS, REQUIRED);
    let (send, batches) = mpsc::channel(2);
    let reading = tokio::task::spawn_blocking(move || {
        let mut batch = Vec::with_capacity(BATCH);
        let faults = registers::read(&path, &columns, &Limits::STREAMED, &mut |line, faults| {
            // Nobody waits for it any more: what is left is passed over.
            let entry = if send.is_closed() { None } else { reader.entry(line, faults) };
            batch.extend(entry);
            if batch.len() == BATCH {
                let _ = send.blocking_send(std::mem::replace(&mut batch, Vec::with_capacity(BATCH)));
            }
        })?;
        if !batch.is_empty() {
            let _ = send.blocking_send(batch);
        }
        Ok(faults)
    });
    (batches, reading)
}

async fn reader(app: &App, actor: &Actor, language: Language) -> Result<Reader, Problem> {
    let texts = app.words.texts(language);
    let words = |family: &str, codes: &[&'static str]| Words {
        codes: coded(&app.words, family, codes),
        all: codes.iter().map(|code| texts.coded(family, code)).collect::<Vec<_>>().join(", "),
    };
    Ok(Reader {
        tree: app.tree.load_full(),
        zone: app.zone.clone(),
        now: app.clock.now(),
        words: [words("lecturer-kind", &LECTURER_KINDS), words("form", &FORMS), words("venue", &VENUES), words("topic", &TOPICS)],
        campaigns: campaigns(app, actor).await?,
    })
}

/// Campaigns that `actor` may see, by all their names; none where two share one.
async fn campaigns(app: &App, actor: &Actor) -> Result<HashMap<String, Option<String>>, Problem> {
    let mut tx = app.db.read().await?;
    let runners = Campaigns(&mut tx).runners().await?;
    let (tree, mut names) = (app.tree.load_full(), HashMap::new());
    for some in runners.chunks(500) {
        for campaign in Campaigns(&mut tx).run_by(some, None).await?.iter().filter(|campaign| may_see(&tree, actor, campaign)) {
            let id = campaign.id.to_string();
            let mut own: Vec<_> = [&id, &campaign.code, &campaign.title].map(|name| plain(name)).into();
            own.sort();
            own.dedup();
            for name in own {
                names.entry(name).and_modify(|known| *known = None).or_insert_with(|| Some(id.clone()));
            }
        }
    }
    Ok(names)
}

/// The record of the import as a whole.
pub(super) fn record<'a>(actor: &Actor, organisation: Option<kernel::OrganisationId>, id: JobId, totals: &Totals) -> AuditEntry<'a> {
    AuditEntry {
        account: Some(actor.account),
        organisation,
        action: "held-sessions.imported",
        object: id.to_string(),
        allowed: true,
        detail: totals.counts().into_iter().map(|(code, n)| (code.to_owned(), json!(n))).collect(),
    }
}

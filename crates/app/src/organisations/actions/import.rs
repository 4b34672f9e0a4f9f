//! A register taken over: read, planned, staged, written in one short transaction, or refused as a whole.

use super::people::actor_now;
use crate::audit::{self, Entry as AuditEntry};
use crate::deltas::Day;
use crate::i18n::{Language, Translations};
use crate::jobs;
use crate::organisations::access::{Action, may};
use crate::organisations::import::{self, COLUMNS, Entries, NAME, PARENT, Plan, REQUIRED, Rights, Superior};
use crate::organisations::{BEGINNING, Change, OrganisationId, Organisations, StagingId, Tree, keep_current, refresh, rules};
use crate::problem::Problem;
use crate::registers::{self, Columns, Fault, Order, Report};
use crate::spreadsheets::Limits;
use crate::state::App;
use kernel::{Actor, Timestamp};
use serde_json::json;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tokio_util::sync::CancellationToken;

/// The job kind.
pub const IMPORT: &str = "organisations.import";
/// Rows of one statement.
const BATCH: usize = 1_000;
/// The tree may change while an import is staged; then it is planned anew, at most so often.
const ATTEMPTS: usize = 3;

/// What a file changed, or would change.
#[derive(Debug, Clone, Default)]
pub struct Outcome {
    /// Organisations that are new.
    pub added: usize,
    /// Known ones with another name.
    pub renamed: usize,
    /// Known ones with another superior.
    pub moved: usize,
    /// Known ones with another kind or number of members.
    pub corrected: usize,
    /// Rows that say what is known.
    pub unchanged: usize,
    /// What is wrong; then nothing was changed.
    pub faults: Vec<Fault>,
}

impl Outcome {
    fn of(plan: &mut Plan) -> Self {
        Self {
            added: plan.added.len(),
            renamed: plan.renamed.len(),
            moved: plan.moved.len(),
            corrected: plan.corrected.len(),
            unchanged: plan.unchanged,
            faults: std::mem::take(&mut plan.faults),
        }
    }

    /// How much of what there is.
    pub const fn counts(&self) -> [(&'static str, usize); 5] {
        [
            ("added", self.added),
            ("renamed", self.renamed),
            ("moved", self.moved),
            ("corrected", self.corrected),
            ("unchanged", self.unchanged),
        ]
    }
}

/// How an import runs.
pub struct Run<'a> {
    /// Whose rights hold; none for the command line, which may do everything.
    pub actor: Option<Actor>,
    /// Only tell what would change.
    pub dry_run: bool,
    /// Told how far it is, 0 to 100.
    pub progress: &'a (dyn Fn(i64) + Sync),
    /// Ends it without a change.
    pub cancelled: CancellationToken,
}

impl std::fmt::Debug for Run<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Run").field("dry_run", &self.dry_run).finish_non_exhaustive()
    }
}

impl Run<'_> {
    /// Tells how far it is.
    ///
    /// # Errors
    ///
    /// `import-cancelled` when it was cancelled.
    pub fn advance(&self, percent: i64) -> Result<(), Problem> {
        (self.progress)(percent);
        if self.cancelled.is_cancelled() { Err(Problem::conflict("import-cancelled")) } else { Ok(()) }
    }
}

/// The words by which files may call kinds: of all languages and of the vocabulary pack.
fn kinds(app: &App) -> Vec<(String, String)> {
    let mut kinds = Vec::new();
    for language in Language::ALL {
        let texts = app.words.texts(language);
        for key in Translations::keys(language, &app.config.pack) {
            if let Some(kind) = key.strip_prefix("kind-") {
                kinds.extend([(kind.to_owned(), kind.to_owned()), (texts.s(&key), kind.to_owned())]);
            }
        }
    }
    kinds
}

/// Reads the file, off the async threads.
async fn read(app: &App, path: PathBuf) -> Result<(Entries, Vec<Fault>), Problem> {
    let columns = Columns::new(&app.words, "import-column", &COLUMNS, REQUIRED);
    let mut entries = Entries::new(kinds(app));
    let work = move || {
        let faults = registers::read(&path, &columns, &Limits::default(), &mut |line, faults| entries.take(line, faults))?;
        Ok((entries, faults))
    };
    tokio::task::spawn_blocking(work).await.map_err(Problem::internal)?
}

/// The job: imports what an order names with the rights that its sender has now.
///
/// # Errors
///
/// Failures of ours. What is wrong with the file or with rights is in the [`Report`].
pub async fn ordered(app: &App, order: &Order, progress: &(dyn Fn(i64) + Sync), cancelled: CancellationToken) -> Result<Report, Problem> {
    let done = async {
        let run = Run { actor: Some(actor_now(app, order.account).await?), dry_run: !order.apply, progress, cancelled };
        import(app, &app.objects.spool(&order.file), &run).await
    };
    match done.await {
        Ok(outcome) => Ok(Report::of(&outcome.counts(), outcome.faults)),
        Err(problem) if problem.status.is_server_error() => Err(problem),
        Err(problem) => Ok(Report::refused(problem)),
    }
}

/// Imports the register in the file at `path`, in force from today; into an empty tree from the beginning.
///
/// # Errors
///
/// `sheet-…` when the file can't be read as a table, `import-cancelled`; `moved-meanwhile` when the tree changed again and
/// again. Faults of rows are in the [`Outcome`].
pub async fn import(app: &App, path: &Path, run: &Run<'_>) -> Result<Outcome, Problem> {
    let (entries, faults) = read(app, path.to_owned()).await?;
    if !faults.is_empty() {
        return Ok(Outcome { faults, ..Outcome::default() });
    }
    run.advance(10)?;
    for _ in 0..ATTEMPTS {
        keep_current(app).await?;
        let tree = app.tree.load_full();
        let today = rules::effective("", &app.zone, app.clock.now()).map_err(|fault| Problem::invalid(vec![fault]))?;
        let from = if tree.is_empty() { BEGINNING } else { today };
        let mut plan = planned(&tree, &entries, run.actor.as_ref());
        later_changes(app, &mut plan, &entries, from).await?;
        let outcome = Outcome::of(&mut plan);
        run.advance(20)?;
        if run.dry_run || plan.is_empty() || !outcome.faults.is_empty() {
            return Ok(outcome);
        }
        let work = Import { app, run, tree, entries: &entries, plan, from, staging: StagingId::new(app.clock.as_ref()) };
        let written = work.write(&outcome).await;
        let mut tx = app.db.begin().await?;
        Organisations(&mut tx).unstage(work.staging).await?;
        tx.commit().await?;
        if written? {
            // What was read goes before the tree is read anew, so that memory holds only one of them.
            drop(work);
            drop(entries);
            refresh(app).await?;
            (run.progress)(100);
            return Ok(outcome);
        }
    }
    Err(Problem::moved_meanwhile())
}

fn planned(tree: &Tree, entries: &Entries, actor: Option<&Actor>) -> Plan {
    let keeps = |id| actor.is_none_or(|actor| may(tree, actor, Action::ManageOrganisations, id));
    import::plan(tree, entries, &Rights { keeps: &keeps, may_found: actor.is_none() })
}

/// A change that is dated later than this import stands in its way.
async fn later_changes(app: &App, plan: &mut Plan, entries: &Entries, from: Timestamp) -> Result<(), Problem> {
    let (placed, named) = Organisations(&mut app.db.read().await?).changes_after(from).await?;
    let moved = plan.moved.iter().filter(|(id, _)| placed.contains(id)).map(|(_, at)| (PARENT, *at));
    let renamed = plan.renamed.iter().filter(|(id, _)| named.contains(id)).map(|(_, at)| (NAME, *at));
    let fault = |(column, at): (&'static str, usize)| {
        let entry = entries.get(at);
        Fault::new(entry.row, column, entry.code, "later-change", &"")
    };
    let faults: Vec<_> = moved.chain(renamed).map(fault).collect();
    plan.faults.extend(faults);
    Ok(())
}

/// A plan on its way into the tree.
struct Import<'r> {
    app: &'r App,
    run: &'r Run<'r>,
    tree: Arc<Tree>,
    entries: &'r Entries,
    plan: Plan,
    from: Timestamp,
    staging: StagingId,
}

impl Import<'_> {
    /// Stages and applies; false when the tree changed meanwhile, and nothing was written.
    async fn write(&self, outcome: &Outcome) -> Result<bool, Problem> {
        let ids: Vec<_> = self.plan.added.iter().map(|_| OrganisationId::new(self.app.clock.as_ref())).collect();
        let (plan, mut staged) = (&self.plan, 0);
        let all = plan.added.len() + plan.renamed.len() + plan.moved.len() + plan.corrected.len();
        let mut changes = self.changes(&ids).peekable();
        while changes.peek().is_some() {
            let batch: Vec<_> = changes.by_ref().take(BATCH).collect::<Result<_, _>>()?;
            let mut tx = self.app.db.begin().await?;
            Organisations(&mut tx).stage(self.staging, &batch, self.app.clock.as_ref()).await?;
            tx.commit().await?;
            staged += batch.len();
            self.run.advance(20 + (70 * staged / all) as i64)?;
        }
        self.apply(outcome, ids.first().copied()).await
    }

    /// Every change of the plan, one after the other.
    fn changes<'s>(&'s self, ids: &'s [OrganisationId]) -> impl Iterator<Item = Result<(OrganisationId, Change<'s>), Problem>> + Send {
        let (plan, entries, tree) = (&self.plan, self.entries, &self.tree);
        let superior = |at: usize| match plan.superiors[at] {
            Superior::Known(id) => Some(id),
            // Entries that are new stand in the order of the file.
            Superior::New(other) => plan.added.binary_search(&other).ok().map(|at| ids[at]),
            Superior::None | Superior::Missing => None,
        };
        let added = plan.added.iter().zip(ids).map(move |(at, id)| {
            let entry = entries.get(*at);
            let (kind, members) = (entry.kind.unwrap_or_default(), entry.members.unwrap_or(0));
            Ok((*id, Change::Add { code: entry.code, name: entry.name, kind, members, parent: superior(*at) }))
        });
        let renamed = plan.renamed.iter().map(move |(id, at)| Ok((*id, Change::Rename(entries.get(*at).name))));
        let moved = plan.moved.iter().map(move |(id, at)| Ok((*id, Change::Move(superior(*at).ok_or_else(Problem::moved_meanwhile)?))));
        let corrected = plan.corrected.iter().map(move |(id, at)| {
            let (known, entry) = (tree.get(*id).ok_or_else(Problem::moved_meanwhile)?, entries.get(*at));
            Ok((*id, Change::Correct(entry.kind.unwrap_or(&known.kind), entry.members.unwrap_or(known.members))))
        });
        added.chain(renamed).chain(moved).chain(corrected)
    }

    /// The only transaction that keeps others waiting.
    async fn apply(&self, outcome: &Outcome, first: Option<OrganisationId>) -> Result<bool, Problem> {
        let (app, clock) = (self.app, self.app.clock.as_ref());
        let mut tx = app.db.begin().await?;
        Organisations(&mut tx).bump_revision().await?;
        if Organisations(&mut tx).revision().await? != self.tree.revision + 1 {
            return Ok(false);
        }
        let applied = Organisations(&mut tx).apply_staged(self.staging, self.from, clock).await;
        // A code that is not in today's tree may belong to an organisation that begins later.
        applied.map_err(|e| if e.is_duplicate() { Problem::conflict("import-code-later") } else { e.into() })?;
        self.still_a_tree(&mut tx).await?;
        let account = self.run.actor.as_ref().map(|a| a.account);
        self.refold(&mut tx, account).await?;
        let subject = first.or_else(|| self.tree.roots().next().map(|n| n.id));
        let counts = outcome.counts().into_iter().filter(|(code, _)| *code != "unchanged");
        let entry = AuditEntry {
            account,
            organisation: subject,
            action: "organisations.imported",
            object: subject.map(|s| s.to_string()).unwrap_or_default(),
            allowed: true,
            detail: counts.map(|(code, n)| (code.to_owned(), json!(n))).collect(),
        };
        audit::record(&mut tx, clock, entry).await?;
        self.run.advance(95)?;
        tx.commit().await?;
        app.wake.notify_one();
        Ok(true)
    }

    /// The plan has no cycle today; with moves that are dated later it might have one on their day.
    async fn still_a_tree(&self, tx: &mut crate::db::Tx) -> Result<(), Problem> {
        let (placed, _) = Organisations(tx).changes_after(self.from).await?;
        if placed.is_empty() {
            return Ok(());
        }
        for (id, _) in &self.plan.moved {
            let standing = Organisations(tx).standing(*id).await?.ok_or_else(Problem::not_found)?;
            if let Some(parent) = standing.parent
                && Organisations(tx).ever_above(*id, parent, self.from).await?
            {
                return Err(Problem::conflict("under-itself"));
            }
        }
        Ok(())
    }

    /// Has the figures of all that moved folded anew, by one job.
    async fn refold(&self, tx: &mut crate::db::Tx, account: Option<kernel::AccountId>) -> Result<(), Problem> {
        let former = |id: OrganisationId| self.tree.get(id).and_then(|n| n.parent);
        let mut moved = self.plan.moved.iter().map(|(id, _)| (*id, former(*id)));
        let Some((first, its_former)) = moved.next() else { return Ok(()) };
        let payload = json!({ "from_day": Day::of(self.from, &self.app.zone).0, "former": its_former, "also": moved.collect::<Vec<_>>() });
        jobs::enqueue(tx, self.app.clock.as_ref(), "statistics.refold", &first.to_string(), &payload, account).await?;
        Ok(())
    }
}

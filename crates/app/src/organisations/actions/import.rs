//! A register taken over: read, planned, written in one transaction, or refused as a whole.

use crate::audit::{self, Entry as AuditEntry};
use crate::db::Tx;
use crate::deltas::Day;
use crate::i18n::{Language, Translations};
use crate::jobs;
use crate::organisations::access::{Action, may};
use crate::organisations::import::{self, Column, Entry, Fault, Plan, Rights, Words};
use crate::organisations::{Added, BEGINNING, OrganisationId, Organisations, Tree, refresh, rules};
use crate::problem::Problem;
use crate::spreadsheets::{self, Limits, Sheet, Unreadable};
use crate::state::App;
use kernel::{Actor, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use tokio_util::sync::CancellationToken;

/// Rows of one statement.
const BATCH: usize = 500;

/// What a file changed, or would change.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
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
    fn of(plan: &Plan) -> Self {
        Self {
            added: plan.added.len(),
            renamed: plan.renamed.len(),
            moved: plan.moved.len(),
            corrected: plan.corrected.len(),
            unchanged: plan.unchanged,
            faults: plan.faults.clone(),
        }
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

/// The refusal of a file that can't be read.
fn unreadable(why: &Unreadable) -> Problem {
    let problem = Problem { code: why.code(), ..Problem::invalid(Vec::new()) };
    match why {
        Unreadable::TooMuch { what, most } => problem.with("what", what).with("most", most),
        Unreadable::Damaged(reason) => problem.with("reason", reason),
        _ => problem,
    }
}

/// The words by which files may call columns and kinds: of all languages and of the vocabulary pack.
pub fn words(app: &App) -> Words {
    let mut words = Words::default();
    for language in Language::ALL {
        let texts = app.words.texts(language);
        for column in Column::ALL {
            let names = texts.s(&format!("import-column-{}", column.code()));
            words.columns.extend(names.split('|').map(|name| (Words::plain(name), column)));
        }
        for key in Translations::keys(language, &app.config.pack) {
            if let Some(kind) = key.strip_prefix("kind-") {
                words.kinds.insert(Words::plain(kind), kind.to_owned());
                words.kinds.insert(Words::plain(&texts.s(&key)), kind.to_owned());
            }
        }
    }
    words
}

/// Reads the first sheet of a file, off the async threads.
pub async fn read_sheet(path: PathBuf) -> Result<Sheet, Problem> {
    let read = tokio::task::spawn_blocking(move || spreadsheets::read(&path, &Limits::default())).await.map_err(Problem::internal)?;
    read.map_err(|why| unreadable(&why))
}

/// Imports the register in the file at `path`, in force from today; into an empty tree from the beginning.
///
/// # Errors
///
/// `sheet-…` when the file can't be read as a table, `import-cancelled`. Faults of rows are in the [`Outcome`].
pub async fn import(app: &App, path: &Path, run: &Run<'_>) -> Result<Outcome, Problem> {
    let sheet = read_sheet(path.to_owned()).await?;
    (run.progress)(10);
    let entries = match import::entries(&sheet, &words(app)) {
        Ok((entries, faults)) if faults.is_empty() => entries,
        Ok((_, faults)) | Err(faults) => return Ok(Outcome { faults, ..Outcome::default() }),
    };
    drop(sheet);
    let now = app.clock.now();
    let mut tx = if run.dry_run { app.db.read().await? } else { app.db.begin().await? };
    if !run.dry_run {
        Organisations(&mut tx).bump_revision().await?;
    }
    let tree = Organisations(&mut tx).tree(now).await?;
    let today = rules::effective("", &app.zone, now).map_err(|fault| Problem::invalid(vec![fault]))?;
    let from = if tree.is_empty() { BEGINNING } else { today };
    let mut plan = planned(&tree, &entries, run.actor.as_ref());
    later_changes(&mut tx, &mut plan, &entries, from).await?;
    (run.progress)(20);
    let outcome = Outcome::of(&plan);
    let nothing = plan.added.is_empty() && plan.renamed.is_empty() && plan.moved.is_empty() && plan.corrected.is_empty();
    if run.dry_run || nothing || !plan.faults.is_empty() {
        return Ok(outcome);
    }
    let ids = apply(app, &mut tx, &tree, &entries, &plan, from, run).await?;
    still_a_tree(&mut tx, &plan, from).await?;
    let formers = plan.moved.iter().map(|(id, _)| (*id, tree.get(*id).and_then(|n| n.parent))).collect();
    finish(app, tx, run, &outcome, formers, ids.first().copied().or(tree.roots().next().map(|n| n.id)), from).await?;
    Ok(outcome)
}

fn planned(tree: &Tree, entries: &[Entry], actor: Option<&Actor>) -> Plan {
    let keeps = |id| actor.is_none_or(|actor| may(tree, actor, Action::ManageOrganisations, id));
    import::plan(tree, entries, &Rights { keeps: &keeps, may_found: actor.is_none() })
}

/// A change that is dated later than this import stands in its way.
async fn later_changes(tx: &mut Tx, plan: &mut Plan, entries: &[Entry], from: Timestamp) -> Result<(), Problem> {
    let (placed, named) = Organisations(tx).changes_after(from).await?;
    let moved = plan.moved.iter().filter(|(id, _)| placed.contains(id)).map(|(_, at)| (Column::Parent, *at));
    let renamed = plan.renamed.iter().filter(|(id, _)| named.contains(id)).map(|(_, at)| (Column::Name, *at));
    let fault = |(column, at): (Column, usize)| Fault {
        row: entries[at].row,
        column,
        found: entries[at].code.clone(),
        rule: "later-change".into(),
        wanted: String::new(),
    };
    let faults: Vec<_> = moved.chain(renamed).map(fault).collect();
    plan.faults.extend(faults);
    Ok(())
}

/// Writes the plan; the ids of the organisations that are new.
async fn apply(
    app: &App,
    tx: &mut Tx,
    tree: &Tree,
    entries: &[Entry],
    plan: &Plan,
    from: Timestamp,
    run: &Run<'_>,
) -> Result<Vec<OrganisationId>, Problem> {
    let clock = app.clock.as_ref();
    let ids: Vec<_> = plan.added.iter().map(|_| OrganisationId::new(clock)).collect();
    let new: HashMap<&str, OrganisationId> = plan.added.iter().zip(&ids).map(|(at, id)| (entries[*at].code.as_str(), *id)).collect();
    let id_of = |code: &str| new.get(code).copied().or_else(|| tree.by_code(code).map(|n| n.id));
    let steps = plan.added.len().div_ceil(BATCH) * 2 + plan.renamed.len() + plan.moved.len() + plan.corrected.len();
    let mut steps = Steps { done: 0, all: steps.max(1), run };
    let added: Vec<_> = plan.added.iter().zip(&ids).map(|(at, id)| added(&entries[*at], *id, &id_of)).collect();
    for batch in added.chunks(BATCH) {
        let inserted = Organisations(tx).insert_many(batch, from, clock).await;
        // A code that is not in today's tree may belong to an organisation that begins later.
        inserted.map_err(|e| if e.is_duplicate() { Problem::conflict("import-code-later") } else { e.into() })?;
        steps.advance()?;
    }
    for batch in added.chunks(BATCH) {
        Organisations(tx).place_many(batch, from, clock).await?;
        steps.advance()?;
    }
    for (id, at) in &plan.moved {
        let parent = id_of(&entries[*at].parent).ok_or_else(Problem::moved_meanwhile)?;
        Organisations(tx).place(*id, parent, from, clock).await?;
        steps.advance()?;
    }
    describe(app, tx, tree, entries, plan, from, &mut steps).await?;
    Ok(ids)
}

/// Names, kinds and members of known organisations.
async fn describe(
    app: &App,
    tx: &mut Tx,
    tree: &Tree,
    entries: &[Entry],
    plan: &Plan,
    from: Timestamp,
    steps: &mut Steps<'_>,
) -> Result<(), Problem> {
    for (id, at) in &plan.renamed {
        Organisations(tx).rename(*id, &entries[*at].name, from, app.clock.as_ref()).await?;
        steps.advance()?;
    }
    for (id, at) in &plan.corrected {
        let known = tree.get(*id).ok_or_else(Problem::moved_meanwhile)?;
        let kind = entries[*at].kind.as_deref().unwrap_or(&known.kind);
        Organisations(tx).describe(*id, kind, entries[*at].members.unwrap_or(known.members)).await?;
        steps.advance()?;
    }
    let changed = plan.renamed.iter().chain(&plan.moved).chain(&plan.corrected).map(|(id, _)| *id);
    Ok(Organisations(tx).touch_many(changed).await?)
}

/// Tells the progress of the writing, 20 to 95 of 100, and stops when the import is cancelled.
struct Steps<'r> {
    done: usize,
    all: usize,
    run: &'r Run<'r>,
}

impl Steps<'_> {
    fn advance(&mut self) -> Result<(), Problem> {
        self.done += 1;
        (self.run.progress)(20 + (75 * self.done / self.all) as i64);
        if self.run.cancelled.is_cancelled() { Err(Problem::conflict("import-cancelled")) } else { Ok(()) }
    }
}

fn added(entry: &Entry, id: OrganisationId, id_of: &impl Fn(&str) -> Option<OrganisationId>) -> Added {
    Added {
        id,
        code: entry.code.clone(),
        name: entry.name.clone(),
        kind: entry.kind.clone().unwrap_or_default(),
        members: entry.members.unwrap_or(0),
        parent: if entry.parent.is_empty() { None } else { id_of(&entry.parent) },
    }
}

/// The plan has no cycle today; with moves that are dated later it might have one on their day.
async fn still_a_tree(tx: &mut Tx, plan: &Plan, from: Timestamp) -> Result<(), Problem> {
    let (placed, _) = Organisations(tx).changes_after(from).await?;
    if placed.is_empty() {
        return Ok(());
    }
    for (id, _) in &plan.moved {
        let standing = Organisations(tx).standing(*id).await?.ok_or_else(Problem::not_found)?;
        if let Some(parent) = standing.parent
            && Organisations(tx).ever_above(*id, parent, from).await?
        {
            return Err(Problem::conflict("under-itself"));
        }
    }
    Ok(())
}

async fn finish(
    app: &App,
    mut tx: Tx,
    run: &Run<'_>,
    outcome: &Outcome,
    formers: Vec<(OrganisationId, Option<OrganisationId>)>,
    subject: Option<OrganisationId>,
    from: Timestamp,
) -> Result<(), Problem> {
    let account = run.actor.as_ref().map(|a| a.account);
    for (id, former) in formers {
        let payload = json!({ "from_day": Day::of(from, &app.zone).0, "former": former });
        jobs::enqueue(&mut tx, app.clock.as_ref(), "statistics.refold", &id.to_string(), &payload, account).await?;
    }
    let detail = json!({ "added": outcome.added, "renamed": outcome.renamed, "moved": outcome.moved, "corrected": outcome.corrected });
    let entry = AuditEntry {
        account,
        organisation: subject,
        action: "organisations.imported",
        object: subject.map(|s| s.to_string()).unwrap_or_default(),
        allowed: true,
        detail,
    };
    audit::record(&mut tx, app.clock.as_ref(), entry).await?;
    tx.commit().await?;
    (run.progress)(100);
    Ok(refresh(app).await?)
}

//! Lecturers taken over from a file, in one short transaction or not at all.

use super::people::blank;
use crate::accounts::{AccountId, Accounts};
use crate::audit::{self, Entry as AuditEntry};
use crate::db::Tx;
use crate::lecturers::reading::shares_root;
use crate::lecturers::register::{COLUMNS, Entry, Plan, REQUIRED, Reader, Rights, plan};
use crate::lecturers::rules::{LECTURER_KINDS, TOPICS, plain};
use crate::lecturers::{Lecturer, LecturerId, Lecturers};
use crate::organisations::actions::import::Run;
use crate::organisations::actions::people::actor_now;
use crate::organisations::{Action, OrganisationId, Tree, may};
use crate::problem::Problem;
use crate::registers::{self, Columns, Fault, Order, Report, coded};
use crate::spreadsheets::Limits;
use crate::state::App;
use kernel::Actor;
use serde_json::json;
use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tokio_util::sync::CancellationToken;

/// The job kind.
pub const IMPORT: &str = "lecturers.import";
/// Rows of one file, the header included: a whole file is one transaction.
const ROWS_MOST: usize = 20_001;

/// What a file changed, or would change.
#[derive(Debug, Clone, Default)]
pub struct Outcome {
    /// New lecturers.
    pub added: usize,
    /// Known ones of whom something else is told.
    pub corrected: usize,
    /// Rows that say what is known.
    pub unchanged: usize,
    /// What is wrong; then nothing was changed.
    pub faults: Vec<Fault>,
}

impl Outcome {
    fn of(plan: &mut Plan) -> Self {
        let faults = std::mem::take(&mut plan.faults);
        Self { added: plan.added.len(), corrected: plan.described.len(), unchanged: plan.unchanged, faults }
    }

    /// How much of what there is.
    pub const fn counts(&self) -> [(&'static str, usize); 3] {
        [("added", self.added), ("corrected", self.corrected), ("unchanged", self.unchanged)]
    }
}

/// Reads the file, off the async threads.
async fn read(app: &App, tree: Arc<Tree>, path: PathBuf) -> Result<(Vec<Entry>, Vec<Fault>), Problem> {
    let columns = Columns::new(&app.words, "lecturers-column", &COLUMNS, REQUIRED);
    let (kinds, topics) = (coded(&app.words, "lecturer-kind", &LECTURER_KINDS), coded(&app.words, "topic", &TOPICS));
    let work = move || {
        let reader = Reader { tree: &tree, kinds, topics };
        let mut entries = Vec::new();
        let limits = Limits { rows: ROWS_MOST, ..Limits::default() };
        let faults = registers::read(&path, &columns, &limits, &mut |line, faults| entries.extend(reader.entry(line, faults)))?;
        Ok((entries, faults))
    };
    tokio::task::spawn_blocking(work).await.map_err(Problem::internal)?
}

/// The job: imports what an order names with the rights that its sender has now.
///
/// # Errors
///
/// Failures of ours. What is wrong with the file or with rights is in the [`Report`].
pub async fn ordered(
    app: &App,
    order: &Order,
    register: &str,
    progress: &(dyn Fn(i64) + Sync),
    cancelled: CancellationToken,
) -> Result<Report, Problem> {
    let done = async {
        let actor = actor_now(app, order.account).await?;
        let run = Run { actor: None, dry_run: !order.apply, progress, cancelled };
        import(app, &app.objects.spool(&order.file), register, &actor, &run).await
    };
    match done.await {
        Ok(outcome) => Ok(Report::of(&outcome.counts(), outcome.faults)),
        Err(problem) if problem.status.is_server_error() => Err(problem),
        Err(problem) => Ok(Report::refused(problem)),
    }
}

/// Imports lecturers from the file at `path` with the rights of `actor`; `register` names the import in the audit trail.
///
/// # Errors
///
/// `sheet-…` when the file can't be read as a table, `import-cancelled`; `moved-meanwhile` when somebody changed a lecturer of the
/// file at the same moment. Faults of rows are in the [`Outcome`].
pub async fn import(app: &App, path: &Path, register: &str, actor: &Actor, run: &Run<'_>) -> Result<Outcome, Problem> {
    let tree = app.tree.load_full();
    let (entries, faults) = read(app, tree.clone(), path.to_owned()).await?;
    if !faults.is_empty() {
        return Ok(Outcome { faults, ..Outcome::default() });
    }
    run.advance(20)?;
    let mut tx = if run.dry_run { app.db.read().await? } else { app.db.begin().await? };
    let mut names: Vec<_> = entries.iter().map(|e| plain(e.fields.name.as_deref().unwrap_or_default())).collect();
    names.sort();
    names.dedup();
    let known = Lecturers(&mut tx).named_among(&names).await?;
    let accounts = accounts(&mut tx, &tree, &entries).await?;
    let keeps = |id: OrganisationId| may(&tree, actor, Action::KeepLecturers, id);
    let mut plan = plan(&entries, &known, &accounts, &Rights { keeps: &keeps });
    let outcome = Outcome::of(&mut plan);
    run.advance(40)?;
    if run.dry_run || plan.is_empty() || !outcome.faults.is_empty() {
        return Ok(outcome);
    }
    write(app, &mut tx, plan, register, actor).await?;
    run.advance(95)?;
    tx.commit().await?;
    (run.progress)(100);
    Ok(outcome)
}

/// The accounts that the file names and that somebody below the same root owns.
async fn accounts(tx: &mut Tx, tree: &Tree, entries: &[Entry]) -> Result<BTreeMap<String, AccountId>, Problem> {
    let of_login: HashMap<&str, OrganisationId> =
        entries.iter().filter_map(|e| Some((e.fields.account.as_deref()?, e.organisation))).collect();
    let logins: Vec<_> = of_login.keys().copied().collect();
    let rows = Accounts(tx).with_roles(&logins).await?;
    let fits = |row: &crate::accounts::AccountRow| {
        let owner = Actor { account: row.id, grants: row.grants.iter().map(|line| line.grant).collect(), scopes: None };
        of_login.get(row.login.as_str()).is_some_and(|at| shares_root(tree, &owner, *at))
    };
    Ok(rows.into_iter().filter(fits).map(|row| (row.login, row.id)).collect())
}

async fn write(app: &App, tx: &mut Tx, plan: Plan, register: &str, actor: &Actor) -> Result<(), Problem> {
    let mut entries = Vec::new();
    let entry = |action, of: &Lecturer| AuditEntry {
        account: Some(actor.account),
        organisation: Some(of.organisation),
        action,
        object: of.id.to_string(),
        allowed: true,
        detail: json!({ "import": register }),
    };
    for (organisation, fields, account) in plan.added {
        let mut new = blank(app, actor, LecturerId::new(app.clock.as_ref()), organisation);
        super::people::apply(app, tx, &mut new, &crate::lecturers::Fields { account: None, ..fields }).await?;
        new.account = account;
        Lecturers(tx).insert(&new).await?;
        entries.push(entry("lecturer.registered", &new));
    }
    for new in plan.described {
        if !Lecturers(tx).save(&new).await? {
            return Err(Problem::moved_meanwhile());
        }
        entries.push(entry("lecturer.described", &new));
    }
    Ok(audit::record_all(tx, app.clock.as_ref(), entries).await?)
}

//! Accounts and roles taken over from a file, and the links by which new owners set their passwords.
//!
//! Nobody makes up passwords for others: a new account has none until its owner sets one by a link that works once. Of a
//! link only the hash is kept.

use super::import::Run;
use super::people::actor_now;
use crate::accounts::actions::invite;
use crate::accounts::{AccountId, AccountRow, Accounts, RoleGrantId};
use crate::audit::{self, Entry as AuditEntry};
use crate::db::Tx;
use crate::i18n::{Language, Texts};
use crate::organisations::access::{Action, may, may_hand_on};
use crate::organisations::people_register::{COLUMNS, Entry, Known, Plan, REQUIRED, Reader, Rights, Whom, plan};
use crate::organisations::{OrganisationId, Tree};
use crate::problem::Problem;
use crate::registers::{self, Columns, Fault, Order, Report, plain};
use crate::spreadsheets::{Limits, NotWritten, Value, Writer};
use crate::state::App;
use kernel::{Actor, Grant, Reach, Role};
use serde_json::json;
use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tokio_util::sync::CancellationToken;

/// The job kind.
pub const IMPORT: &str = "people.import";
/// Rows of one file, the header included: a whole file is one transaction.
const ROWS_MOST: usize = 20_001;

/// What a file changed, or would change.
#[derive(Debug, Clone, Default)]
pub struct Outcome {
    /// New accounts.
    pub accounts: usize,
    /// New roles.
    pub granted: usize,
    /// Accounts with another name.
    pub renamed: usize,
    /// Roles with another last day.
    pub dated: usize,
    /// Rows that say what is known.
    pub unchanged: usize,
    /// What is wrong; then nothing was changed.
    pub faults: Vec<Fault>,
}

impl Outcome {
    fn of(plan: &mut Plan) -> Self {
        Self {
            accounts: plan.accounts.len(),
            granted: plan.granted.len(),
            renamed: plan.renamed.len(),
            dated: plan.dated.len(),
            unchanged: plan.unchanged,
            faults: std::mem::take(&mut plan.faults),
        }
    }

    /// How much of what there is.
    pub const fn counts(&self) -> [(&'static str, usize); 5] {
        [
            ("accounts", self.accounts),
            ("granted", self.granted),
            ("renamed", self.renamed),
            ("dated", self.dated),
            ("unchanged", self.unchanged),
        ]
    }
}

/// Codes with their words in every language, in their plain form.
fn words<T: Copy>(app: &App, all: &[T], prefix: &str, code: impl Fn(&T) -> &'static str) -> HashMap<String, T> {
    let forms = |one: &T| {
        let words = Language::ALL.map(|language| app.words.texts(language).s(&format!("{prefix}-{}", code(one))));
        words.into_iter().chain([code(one).to_owned()]).map(|word| (plain(&word), *one)).collect::<Vec<_>>()
    };
    all.iter().flat_map(forms).collect()
}

/// Reads the file, off the async threads.
async fn read(app: &App, tree: Arc<Tree>, path: PathBuf) -> Result<(Vec<Entry>, Vec<Fault>), Problem> {
    let columns = Columns::new(&app.words, "people-column", &COLUMNS, REQUIRED);
    let roles = words(app, Role::ALL, "role", |role| role.code());
    let reaches = words(app, &[Reach::Node, Reach::Subtree], "reach", |reach| reach.code());
    let zone = app.zone.clone();
    let work = move || {
        let reader = Reader { tree: &tree, zone: &zone, roles, reaches };
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
        let run = Run { actor: Some(actor_now(app, order.account).await?), dry_run: !order.apply, progress, cancelled };
        import(app, &app.objects.spool(&order.file), register, &run).await
    };
    match done.await {
        Ok(outcome) => Ok(Report::of(&outcome.counts(), outcome.faults)),
        Err(problem) if problem.status.is_server_error() => Err(problem),
        Err(problem) => Ok(Report::refused(problem)),
    }
}

/// Imports accounts and roles from the file at `path`; `register` names the import, for [`links`].
///
/// # Errors
///
/// `sheet-…` when the file can't be read as a table, `import-cancelled`; `moved-meanwhile` when somebody took a sign-in name of
/// the file at the same moment. Faults of rows are in the [`Outcome`].
pub async fn import(app: &App, path: &Path, register: &str, run: &Run<'_>) -> Result<Outcome, Problem> {
    let tree = app.tree.load_full();
    let (entries, faults) = read(app, tree.clone(), path.to_owned()).await?;
    if !faults.is_empty() {
        return Ok(Outcome { faults, ..Outcome::default() });
    }
    run.advance(20)?;
    let mut tx = if run.dry_run { app.db.read().await? } else { app.db.begin().await? };
    let logins: Vec<_> = entries.iter().map(|entry| entry.login.as_str()).collect();
    let known = Accounts(&mut tx).with_roles(&logins).await?;
    let known = known.into_iter().map(|row| (row.login, Known { id: row.id, name: row.name, grants: row.grants })).collect();
    let mut plan = planned(app, &tree, &entries, &known, run.actor.as_ref());
    let outcome = Outcome::of(&mut plan);
    run.advance(40)?;
    if run.dry_run || plan.is_empty() || !outcome.faults.is_empty() {
        return Ok(outcome);
    }
    write(app, &mut tx, &plan, register, run.actor.as_ref().map(|a| a.account)).await?;
    run.advance(95)?;
    tx.commit().await?;
    (run.progress)(100);
    Ok(outcome)
}

fn planned(app: &App, tree: &Tree, entries: &[Entry], known: &BTreeMap<String, Known>, actor: Option<&Actor>) -> Plan {
    let hands_on = |grant: &Grant| actor.is_none_or(|actor| may_hand_on(tree, actor, grant));
    let sees = |id: OrganisationId| actor.is_none_or(|actor| may(tree, actor, Action::ManageAccounts, id));
    plan(entries, known, &Rights { sender: actor.map(|a| a.account), hands_on: &hands_on, sees: &sees }, app.clock.now())
}

async fn write(app: &App, tx: &mut Tx, plan: &Plan, register: &str, by: Option<AccountId>) -> Result<(), Problem> {
    let (clock, now) = (app.clock.as_ref(), app.clock.now());
    let ids: Vec<_> = plan.accounts.iter().map(|_| AccountId::new(clock)).collect();
    let new: Vec<_> = plan.accounts.iter().zip(&ids).map(|((login, name), id)| (*id, login.as_str(), name.as_str())).collect();
    let taken = |e: crate::db::DbError| if e.is_duplicate() { Problem::moved_meanwhile() } else { e.into() };
    Accounts(tx).insert_invited(&new, register, now).await.map_err(taken)?;
    let whose = |whom| match whom {
        Whom::Known(id) => id,
        Whom::New(at) => ids[at],
    };
    let grants: Vec<_> = plan.granted.iter().map(|g| (RoleGrantId::new(clock), whose(g.whom), g.grant, g.from, g.to)).collect();
    Accounts(tx).grant_many(&grants, by, now).await?;
    for (id, name) in &plan.renamed {
        Accounts(tx).rename(*id, name).await?;
    }
    for (_, grant, to) in &plan.dated {
        Accounts(tx).end_grant_on(*grant, *to).await?;
    }
    let entry = |action, object: AccountId, organisation, detail| AuditEntry {
        account: by,
        organisation,
        action,
        object: object.to_string(),
        allowed: true,
        detail,
    };
    let created = new.iter().map(|(id, login, _)| entry("account.created", *id, None, json!({ "login": login, "import": register })));
    let granted = grants.iter().map(|(_, account, g, from, to)| {
        let detail = json!({ "role": g.role, "reach": g.reach, "from": from, "to": to, "import": register });
        entry("role.granted", *account, Some(g.organisation), detail)
    });
    let renamed = plan.renamed.iter().map(|(id, name)| entry("account.described", *id, None, json!({ "name": name, "import": register })));
    let dated =
        plan.dated.iter().map(|(id, grant, to)| entry("role.dated", *id, None, json!({ "grant": grant, "to": to, "import": register })));
    let entries: Vec<_> = created.chain(granted).chain(renamed).chain(dated).collect();
    Ok(audit::record_all(tx, clock, entries).await?)
}

/// A workbook with a link for each account of the import `register` that has no password yet and that `actor` (none: the
/// command line) may administer wholly. Links begin with `origin`; every link made before ends.
///
/// # Errors
///
/// `nobody-invited` when nobody waits for a link.
pub async fn links(app: &App, actor: Option<&Actor>, register: &str, origin: &str, texts: &Texts) -> Result<Vec<u8>, Problem> {
    let (tree, now) = (app.tree.load_full(), app.clock.now());
    let waiting = Accounts(&mut app.db.read().await?).invited(register).await?;
    let open = |row: &AccountRow| row.grants.iter().filter(|g| g.to.is_none_or(|to| to > now)).all(|g| may_hand(&tree, actor, &g.grant));
    let mut waiting: Vec<_> = waiting.into_iter().filter(open).collect();
    waiting.sort_by(|a, b| a.login.cmp(&b.login));
    if waiting.is_empty() {
        return Err(Problem::conflict("nobody-invited"));
    }
    let ids: Vec<_> = waiting.iter().map(|row| row.id).collect();
    let (secrets, until) = invite::renew(app, actor.map(|a| a.account), register, &ids).await?;
    let words = ["field-login", "field-name", "field-organisation", "people-link", "people-link-until"].map(|key| texts.s(key));
    let until = texts.date(until.plus_ms(-1));
    let origin = origin.to_owned();
    let rows = waiting.into_iter().zip(secrets).map(move |(row, secret)| {
        let at = row.grants.first().map(|g| tree.name(g.grant.organisation)).unwrap_or_default();
        [row.login, row.name, at, format!("{origin}/welcome/{secret}"), until.clone()]
    });
    let rows: Vec<_> = std::iter::once(words).chain(rows).collect();
    tokio::task::spawn_blocking(move || workbook(rows)).await.map_err(Problem::internal)?.map_err(Problem::internal)
}

fn may_hand(tree: &Tree, actor: Option<&Actor>, grant: &Grant) -> bool {
    actor.is_none_or(|actor| may_hand_on(tree, actor, grant))
}

fn workbook(rows: Vec<[String; 5]>) -> Result<Vec<u8>, NotWritten> {
    let mut writer = Writer::new("1")?;
    for row in rows {
        writer.row(row.map(Value::from))?;
    }
    writer.bytes()
}

//! Who sees how much of a lecturer, and lists that start from it.

use super::rules::plain;
use super::{Lecturer, LecturerId, Lecturers, Narrowed};
use crate::db::Tx;
use crate::organisations::access::domains;
use crate::organisations::{Action, OrganisationId, Tree, may};
use crate::problem::Problem;
use crate::state::App;
use kernel::{Actor, Reach, Scope};
use serde::Deserialize;

/// Up to this many organisations are named in a query; a larger reach is met so often that rows are sifted here.
const FEW: usize = 1_000;
/// Rows read at once.
const BATCH: usize = 100;

/// How much of a lecturer somebody sees.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sight {
    /// Nothing, not even that there is such a person.
    Nothing,
    /// Who books: name, kind, topics, organisation.
    Found,
    /// Everything.
    Full,
}

/// How much of `of` `actor` sees: everything of who is kept or audited or of oneself, and who lectures below the same root.
pub fn sight(tree: &Tree, actor: &Actor, of: &Lecturer) -> Sight {
    let own = of.account == Some(actor.account) && actor.in_scope(Scope::Read);
    if own || [Action::SeeLecturers, Action::KeepLecturers].into_iter().any(|action| may(tree, actor, action, of.organisation)) {
        Sight::Full
    } else if !of.retired && of.merged_into.is_none() && actor.in_scope(Scope::Read) && shares_root(tree, actor, of.organisation) {
        Sight::Found
    } else {
        Sight::Nothing
    }
}

/// Whether `actor` has a role below the root of `organisation`.
pub(super) fn shares_root(tree: &Tree, actor: &Actor, organisation: OrganisationId) -> bool {
    let root = |id| tree.path_up(id).last().copied();
    let theirs = root(organisation);
    theirs.is_some() && actor.grants.iter().any(|grant| root(grant.organisation) == theirs)
}

/// What a list is narrowed to; every part is in the address and may be empty.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, utoipa::IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
pub struct Filter {
    /// Words, all of which must occur in the name or the position.
    pub q: String,
    /// Code of a kind.
    pub kind: String,
    /// Code of a topic.
    pub topic: String,
    /// Id of an organisation: its own and those of its subtree.
    pub organisation: String,
    /// `now`: the term holds today; `over`: it is over.
    pub term: String,
    /// `retired`: those who no longer lecture.
    pub state: String,
}

impl Filter {
    fn words(&self) -> Vec<String> {
        self.q.to_lowercase().split_whitespace().take(8).map(|word| word.chars().take(40).collect()).collect()
    }

    /// The organisation whose subtree is meant.
    fn below(&self) -> Result<Option<OrganisationId>, Problem> {
        let text = &self.organisation;
        if text.is_empty() { Ok(None) } else { text.parse().map(Some).map_err(|_| Problem::not_found()) }
    }

    pub(super) fn narrowed<'a>(&'a self, day: &'a str) -> Narrowed<'a> {
        Narrowed {
            words: self.words(),
            kind: &self.kind,
            topic: &self.topic,
            retired: self.state == "retired",
            term: match self.term.as_str() {
                "now" => Some((true, day)),
                "over" => Some((false, day)),
                _ => None,
            },
            ..Narrowed::default()
        }
    }

    /// Something is narrowed.
    pub fn is_set(&self) -> bool {
        self != &Self::default()
    }
}

/// Today, as terms are written.
pub(super) fn day(app: &App) -> String {
    jiff::ZonedDateTime::new(app.clock.now().to_jiff(), app.zone.clone()).date().to_string()
}

/// Where a page of names begins: `NAME~ID` of the last row before.
pub(super) fn position(after: &str) -> (String, String) {
    after.rsplit_once('~').map(|(name, id)| (name.to_owned(), id.to_owned())).unwrap_or_default()
}

/// The position after a lecturer.
pub fn position_after(of: &Lecturer) -> String {
    format!("{}~{}", of.name, of.id)
}

/// Up to `most` lecturers that fit, come after `after` and that `actor` sees, by name. Of those who no longer lecture he sees
/// only whom he sees fully.
///
/// # Errors
///
/// 404 for a filter that cannot be read.
pub async fn list(app: &App, actor: &Actor, filter: &Filter, after: &str, most: usize) -> Result<Vec<Lecturer>, Problem> {
    let (tree, day) = (app.tree.load_full(), day(app));
    let below = filter.below()?;
    let ids = below.map(|top| subtree(&tree, top));
    let few = ids.as_deref().filter(|ids| ids.len() <= FEW);
    let wanted = Narrowed { organisations: few, ..filter.narrowed(&day) };
    let fits = |l: &Lecturer| sight(&tree, actor, l) > Sight::Nothing && below.is_none_or(|top| tree.contains(top, l.organisation));
    let (mut found, mut at, mut tx) = (Vec::new(), position(after), app.db.read().await?);
    while found.len() < most {
        let batch = Lecturers(&mut tx).after(&wanted, &at, BATCH).await?;
        let Some(last) = batch.last() else { break };
        let more = batch.len() == BATCH;
        at = (last.name.clone(), last.id.to_string());
        found.extend(batch.into_iter().filter(fits));
        if !more {
            break;
        }
    }
    found.truncate(most);
    Ok(found)
}

fn subtree(tree: &Tree, top: OrganisationId) -> Vec<OrganisationId> {
    tree.subtree(top).map(|node| node.id).collect()
}

/// The organisations to which `actor` may do `action`, all of them.
pub(super) fn reach(tree: &Tree, actor: &Actor, action: Action) -> Vec<OrganisationId> {
    let all = |(top, reach)| if reach == Reach::Subtree { subtree(tree, top) } else { vec![top] };
    let mut found: Vec<_> = domains(actor, action).into_iter().flat_map(all).collect();
    found.sort();
    found.dedup();
    found
}

/// Those that a query may name; none when they are too many, and rows have to be sifted.
pub(super) fn few(ids: &[OrganisationId]) -> Option<&[OrganisationId]> {
    (ids.len() <= FEW).then_some(ids)
}

/// The person `id`, with as much as `actor` sees. Whoever was merged leads to who stands for all.
///
/// # Errors
///
/// 404, audited, for who sees nothing.
pub async fn seen(app: &App, tx: &mut Tx, actor: &Actor, id: LecturerId) -> Result<(Lecturer, Sight), Problem> {
    let found = Lecturers(tx).root(id).await?.ok_or_else(Problem::not_found)?;
    match sight(&app.tree.load(), actor, &found) {
        Sight::Nothing => Err(Problem::hidden()),
        seen => Ok((found, seen)),
    }
}

/// The person `id`, as far as everybody may know: only while consent to a public page is recorded.
///
/// # Errors
///
/// 404 without consent, as for nobody at all.
pub async fn public(tx: &mut Tx, id: LecturerId) -> Result<Lecturer, Problem> {
    Lecturers(tx).root(id).await?.filter(|found| found.consent_at.is_some()).ok_or_else(Problem::not_found)
}

/// A page of those with a public page, after `after`, with how many there are in all and of each kind.
///
/// # Errors
///
/// An internal failure when the database can't be asked.
pub async fn public_list(
    tx: &mut Tx,
    filter: &Filter,
    after: &str,
    most: usize,
) -> Result<(Vec<Lecturer>, i64, Vec<(String, i64)>), Problem> {
    let wanted = Narrowed { public: true, retired: false, term: None, ..filter.narrowed("") };
    let found = Lecturers(tx).after(&wanted, &position(after), most).await?;
    let total = Lecturers(tx).count(&wanted).await?;
    let kinds = Lecturers(tx).kinds(&Narrowed { kind: "", ..wanted }).await?;
    Ok((found, total, kinds))
}

/// Those of one name whom `actor` sees.
pub(super) async fn of_name(app: &App, tx: &mut Tx, actor: &Actor, name: &str) -> Result<Vec<Lecturer>, Problem> {
    let tree = app.tree.load_full();
    let mut found = Lecturers(tx).named(&plain(name), BATCH).await?;
    found.retain(|l| !l.retired && sight(&tree, actor, l) > Sight::Nothing);
    Ok(found)
}

/// Those of one name whom `actor` sees and who belong to `organisation`, to one of its superiors or below it.
pub(super) async fn near_of_name(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    organisation: OrganisationId,
    name: &str,
) -> Result<Vec<Lecturer>, Problem> {
    let tree = app.tree.load_full();
    let mut near = tree.path_up(organisation);
    near.extend(tree.subtree(organisation).map(|node| node.id).take(FEW - near.len().min(FEW)));
    let mut found = Lecturers(tx).named_at(&plain(name), &near, BATCH).await?;
    found.retain(|l| !l.retired && sight(&tree, actor, l) > Sight::Nothing);
    Ok(found)
}

/// Whether something that `actor` records may name the person: whoever may be found, and whoever lectured here once.
pub fn may_name(tree: &Tree, actor: &Actor, of: &Lecturer) -> bool {
    sight(tree, actor, of) > Sight::Nothing || shares_root(tree, actor, of.organisation)
}

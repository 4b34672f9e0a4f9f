//! The tree editor.

mod changes;
mod import;
mod node;
pub mod people;

pub use changes::*;
pub use import::*;
pub use node::*;

use super::access::{Action, domains, may};
use super::views::{ChildrenFragment, Line, TreePage, TreeView};
use super::{OrganisationId, Tree, tree_on};
use crate::organisations::lines::{OrganisationLine, SEARCH_MOST, Wanted};
use crate::problem::Problem;
use crate::state::App;
use crate::web::{SignedIn, Visit, html};
use axum::Json;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use kernel::{Actor, Reach};
use serde::Deserialize;

/// Most children that one level of the tree shows; search finds the others.
const CHILDREN_MOST: usize = 500;

/// Whether `actor` may open the administration page of `id`: who keeps it, and who audits it.
pub(super) fn may_open(tree: &Tree, actor: &Actor, id: OrganisationId) -> bool {
    may(tree, actor, Action::ManageOrganisations, id) || may(tree, actor, Action::ReadAudit, id)
}

/// Where the reader's trees begin: the highest organisations that he keeps or audits.
pub(super) fn tops(tree: &Tree, actor: &Actor) -> Vec<OrganisationId> {
    let mut granted = domains(actor, Action::ManageOrganisations);
    granted.extend(domains(actor, Action::ReadAudit));
    let above =
        |id: OrganisationId| granted.iter().any(|(other, reach)| *other != id && *reach == Reach::Subtree && tree.contains(*other, id));
    let mut tops: Vec<_> = granted.iter().map(|(id, _)| *id).filter(|id| tree.get(*id).is_some() && !above(*id)).collect();
    tops.sort();
    tops.dedup();
    tops
}

/// What the tree page is asked for.
#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    /// Search words.
    #[serde(default)]
    q: String,
    /// Day whose structure is shown.
    #[serde(default)]
    at: String,
}

/// `GET /organisations`
pub async fn tree_page(State(app): State<App>, visit: Visit, me: SignedIn, Query(asked): Query<Asked>) -> Result<Response, Problem> {
    let now = app.tree.load_full();
    let shown = tree_on(&app, &asked.at).await?;
    let tops = tops(&now, &me);
    if tops.is_empty() {
        return Err(Problem::forbidden());
    }
    let view = TreeView { tree: &shown, at: &asked.at, texts: &visit.texts };
    let open = |id| may_open(&now, &me, id);
    let found = shown.search(&asked.q, open, 100).into_iter().map(|n| view.line(n)).collect();
    let tops = tops.into_iter().filter_map(|id| shown.get(id)).map(|n| (view.line(n), view.children(n.id, CHILDREN_MOST, open))).collect();
    html(&TreePage { p: visit.page(&app, visit.texts.s("nav-organisations")), q: asked.q.clone(), at: asked.at.clone(), found, tops })
}

/// `GET /organisations/{id}/children`: `<li>` of the level below, for the tree that unfolds.
pub async fn children(
    State(app): State<App>,
    visit: Visit,
    me: SignedIn,
    Path(id): Path<OrganisationId>,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let now = app.tree.load_full();
    if !may_open(&now, &me, id) {
        return Err(Problem::hidden());
    }
    let shown = tree_on(&app, &asked.at).await?;
    let lines: Vec<Line> =
        TreeView { tree: &shown, at: &asked.at, texts: &visit.texts }.children(id, CHILDREN_MOST, |c| may_open(&now, &me, c));
    html(&ChildrenFragment { p: visit.page(&app, ""), lines })
}

/// `GET /organisations/search?q=`: names of the whole tree for choosing one; names are open to everybody signed in.
pub async fn search(State(app): State<App>, _me: SignedIn, Query(wanted): Query<Wanted>) -> Json<Vec<OrganisationLine>> {
    let tree = app.tree.load();
    Json(tree.search(&wanted.q, |_| true, SEARCH_MOST).into_iter().map(|n| OrganisationLine::of(&tree, n)).collect())
}

/// `GET /organisations/kept?q=`: only what the reader may open in the tree editor.
pub async fn search_kept(State(app): State<App>, me: SignedIn, Query(wanted): Query<Wanted>) -> Json<Vec<OrganisationLine>> {
    let tree = app.tree.load();
    let found = tree.search(&wanted.q, |id| may_open(&tree, &me, id), SEARCH_MOST);
    Json(found.into_iter().map(|n| OrganisationLine::of(&tree, n)).collect())
}

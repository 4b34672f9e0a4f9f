//! The page of one organisation: history, subordinates, people, and the forms that change it.

use super::may_open;
use crate::accounts::Accounts;
use crate::organisations::access::{Action, may};
use crate::organisations::views::{Fact, NodePage, PersonLine, TreeView};
use crate::organisations::{History, OrganisationId, Organisations, Standing, Tree};
use crate::problem::Problem;
use crate::state::App;
use crate::web::{Done, Form, SignedIn, Visit, html, is_mendable};
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Response};
use kernel::Timestamp;

/// Most people that the page names; the list of people has them all.
const PEOPLE_MOST: usize = 50;
const CHILDREN_MOST: usize = 200;

/// `GET /organisations/{id}`
pub async fn show(
    State(app): State<App>,
    visit: Visit,
    me: SignedIn,
    Path(id): Path<OrganisationId>,
    Query(done): Query<Done>,
) -> Result<Response, Problem> {
    let tree = app.tree.load_full();
    if !may_open(&tree, &me, id) {
        return Err(if tree.get(id).is_some() { Problem::forbidden() } else { Problem::not_found() });
    }
    html(&NodePage { notice: done.notice(&visit.texts), ..node_page(&app, &visit, &me, &tree, id).await? })
}

/// The page with what was typed into the form of `section`, and what is wrong with it beside the fields.
///
/// # Errors
///
/// The problem itself, when mending the form does not help.
pub(super) async fn redrawn(
    app: &App,
    visit: &Visit,
    me: &kernel::Actor,
    id: OrganisationId,
    (section, typed): (&str, &[(&str, &str)]),
    problem: Problem,
) -> Result<Response, Problem> {
    let tree = app.tree.load_full();
    if !is_mendable(&problem) || !may_open(&tree, me, id) {
        return Err(problem);
    }
    let mut page = node_page(app, visit, me, &tree, id).await?;
    page.f.set("open", section);
    page.error = page.f.typed(&format!("{section}."), typed, &visit.texts, &problem);
    Ok((problem.status, html(&page)?).into_response())
}

/// The forms as they are before anybody typed.
fn forms(standing: &Standing, today: &str) -> Form {
    let mut f = Form::default();
    f.set("open", "create");
    f.set("create.members", 0);
    f.set("describe.name", &standing.name);
    f.set("describe.kind", &standing.kind);
    f.set("describe.members", standing.members);
    for section in ["create", "describe", "move", "line", "merge", "close"] {
        f.set(format!("{section}.effective"), today);
    }
    f
}

async fn node_page(app: &App, visit: &Visit, me: &kernel::Actor, tree: &Tree, id: OrganisationId) -> Result<NodePage, Problem> {
    let texts = &visit.texts;
    let mut tx = app.db.read().await?;
    let standing = Organisations(&mut tx).standing(id).await?.ok_or_else(Problem::not_found)?;
    let names = Organisations(&mut tx).names(id).await?;
    let places = Organisations(&mut tx).places(id).await?;
    let line_above = Organisations(&mut tx).line_edges(app.clock.now()).await?.into_iter().find(|(child, _)| *child == id);
    let people = if may(tree, me, Action::ManageAccounts, id) { people(&mut tx, visit, id, app.clock.now()).await? } else { Vec::new() };
    drop(tx);
    let node = tree.get(id).ok_or_else(Problem::not_found)?;
    let view = TreeView { tree, at: "", texts };
    let keeps = may(tree, me, Action::ManageOrganisations, id);
    let keeps_parent = keeps && node.parent.is_some_and(|parent| may(tree, me, Action::ManageOrganisations, parent));
    let period =
        |h: &History| Fact { what: h.what.clone(), from: since(visit, h.from), to: h.to.map(|t| texts.date(t)).unwrap_or_default() };
    let superior = |h: &History| Fact { what: h.what.parse().map(|p| tree.name(p)).unwrap_or_default(), ..period(h) };
    Ok(NodePage {
        p: visit.page(app, node.name.clone()),
        notice: String::new(),
        error: String::new(),
        f: forms(&standing, &texts.day_value(app.clock.now())),
        line: view.line(node),
        trail: tree.breadcrumb(id).into_iter().map(|n| (n.id.to_string(), n.name.clone(), may_open(tree, me, n.id))).collect(),
        names: names.iter().map(period).collect(),
        places: places.iter().filter(|h| !h.what.is_empty()).map(superior).collect(),
        line_above: line_above.map(|(_, above)| tree.name(above)).unwrap_or_default(),
        children: view.children(id, CHILDREN_MOST, |_| true),
        children_count: texts.number(tree.children(id).count() as i64),
        below: texts.number(tree.subtree(id).count() as i64 - 1),
        closed_at: standing.closed_at.map(|at| texts.date(at)).unwrap_or_default(),
        merged_into: standing.merged_into.map(|into| tree.name(into)).unwrap_or_default(),
        version: standing.version,
        members: standing.members,
        open: standing.closed_at.is_none(),
        kinds: super::kinds(app, texts),
        people,
        keeps,
        keeps_parent,
        keeps_people: may(tree, me, Action::ManageAccounts, id),
    })
}

/// From when; nothing for what holds from the beginning.
fn since(visit: &Visit, from: Timestamp) -> String {
    if from.0 <= 0 { String::new() } else { visit.texts.date(from) }
}

async fn people(tx: &mut crate::db::Tx, visit: &Visit, id: OrganisationId, now: Timestamp) -> Result<Vec<PersonLine>, Problem> {
    let granted = Accounts(tx).granted_at(id, now, PEOPLE_MOST).await?;
    let line = |g: crate::accounts::GrantLine| PersonLine {
        id: g.account.to_string(),
        name: g.name,
        login: g.login,
        role: visit.texts.s(&format!("role-{}", g.grant.role.code())),
    };
    Ok(granted.into_iter().map(line).collect())
}

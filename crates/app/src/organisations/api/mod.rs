//! `/api/v1/organisations`: everything that the tree's pages can do.

mod changes;
pub mod import;
pub mod people;

pub use changes::*;

use crate::organisations::access::{Action, may};
use crate::organisations::lines::{OrganisationLine, SEARCH_MOST, Wanted};
use crate::organisations::{self, Node, OrganisationId, Organisations};
use crate::problem::Problem;
use crate::state::App;
use crate::web::{Cursor, PAGE_SIZE, SignedIn, Slice, etag};
use axum::Json;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Response};
use kernel::{Actor, Scope, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What who keeps an organisation sees besides.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct OrganisationBody {
    #[serde(flatten)]
    line: OrganisationLine,
    /// Members it has itself; only for who keeps it.
    #[serde(skip_serializing_if = "Option::is_none")]
    members: Option<i64>,
    /// When it closes or closed, milliseconds UTC.
    #[schema(value_type = Option<i64>)]
    closed_at: Option<Timestamp>,
    /// The organisation it was merged into.
    #[schema(value_type = Option<String>)]
    merged_into: Option<OrganisationId>,
    /// Counts changes; the `ETag`.
    version: i64,
}

/// Names and places of organisations are open to everybody signed in; a token needs the scope `read`.
fn may_read(actor: &Actor) -> Result<(), Problem> {
    if actor.in_scope(Scope::Read) { Ok(()) } else { Err(Problem::forbidden()) }
}

/// Which level of the tree to list, and as of when.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[into_params(parameter_in = Query)]
pub struct Below {
    /// Superior whose direct subordinates are listed; none lists the roots.
    #[param(value_type = Option<String>)]
    parent: Option<OrganisationId>,
    /// Day (`2026-01-31`) whose structure and names are shown; none means now.
    #[serde(default)]
    at: String,
    /// Where the page begins.
    #[serde(default)]
    after: String,
}

/// Direct subordinates in the order of their codes.
#[utoipa::path(get, path = "/api/v1/organisations", params(Below), tag = "organisations",
    responses((status = 200, description = "One page: `items`, and `next` when there are more", body = [OrganisationLine])))]
pub async fn list(State(app): State<App>, me: SignedIn, Query(below): Query<Below>) -> Result<Json<Slice<OrganisationLine>>, Problem> {
    may_read(&me)?;
    let tree = organisations::tree_on(&app, &below.at).await?;
    let cursor = Cursor { after: below.after };
    let after = cursor.after.split_once('~').map(|(_, code)| code.to_owned()).unwrap_or_default();
    let level: Box<dyn Iterator<Item = &Node>> = match below.parent {
        Some(parent) => Box::new(tree.children(parent)),
        None => Box::new(tree.roots()),
    };
    let items = level.filter(|n| n.code > after).take(PAGE_SIZE + 1).map(|n| OrganisationLine::of(&tree, n)).collect();
    Ok(Json(Slice::cut(items, |line: &OrganisationLine| Cursor::after(0, &line.code))))
}

/// Finds at most 20 organisations by name or code, an exact code first.
#[utoipa::path(get, path = "/api/v1/organisations/search", params(Wanted), tag = "organisations",
    responses((status = 200, body = [OrganisationLine])))]
pub async fn search(State(app): State<App>, me: SignedIn, Query(wanted): Query<Wanted>) -> Result<Json<Vec<OrganisationLine>>, Problem> {
    may_read(&me)?;
    let tree = app.tree.load();
    Ok(Json(tree.search(&wanted.q, |_| true, SEARCH_MOST).into_iter().map(|n| OrganisationLine::of(&tree, n)).collect()))
}

/// One organisation as it is today.
#[utoipa::path(get, path = "/api/v1/organisations/{id}", params(("id" = String, Path)), tag = "organisations",
    responses((status = 200, body = OrganisationBody), (status = 404, description = "No such organisation")))]
pub async fn show(State(app): State<App>, me: SignedIn, Path(id): Path<OrganisationId>) -> Result<Response, Problem> {
    may_read(&me)?;
    Ok(body(&app, &me, id).await?.into_response())
}

/// The organisation with its `ETag`, as `actor` may see it.
async fn body(app: &App, actor: &Actor, id: OrganisationId) -> Result<impl IntoResponse + use<>, Problem> {
    let tree = app.tree.load_full();
    let mut tx = app.db.read().await?;
    let standing = Organisations(&mut tx).standing(id).await?.ok_or_else(Problem::not_found)?;
    let line = if let Some(node) = tree.get(id) {
        OrganisationLine::of(&tree, node)
    } else {
        // It begins to exist later: the tree of that day has it.
        let then = Organisations(&mut tx).tree(standing.placed_at).await?;
        then.get(id).map(|node| OrganisationLine::of(&then, node)).ok_or_else(Problem::not_found)?
    };
    let members = may(&tree, actor, Action::ManageOrganisations, id).then_some(standing.members);
    let organisation =
        OrganisationBody { line, members, closed_at: standing.closed_at, merged_into: standing.merged_into, version: standing.version };
    Ok((etag(standing.version), Json(organisation)))
}

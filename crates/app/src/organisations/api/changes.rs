//! Changes of the tree for programs.

use super::{OrganisationBody, body};
use crate::organisations::OrganisationId;
use crate::organisations::actions::{self, Description, NewOrganisation, When};
use crate::problem::Problem;
use crate::state::App;
use crate::web::{IfMatch, SignedIn};
use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::http::header::LOCATION;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use utoipa::ToSchema;

/// A new organisation.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewBody {
    code: String,
    name: String,
    kind: String,
    #[serde(default)]
    members: i64,
    #[schema(value_type = String)]
    parent: OrganisationId,
    /// Day from which it exists (`2026-11-30`); today when absent.
    #[serde(default)]
    effective: String,
}

/// Creates a subordinate from a day on.
#[utoipa::path(post, path = "/api/v1/organisations", request_body = NewBody, tag = "organisations",
    responses((status = 201, body = OrganisationBody), (status = 422, description = "Fields that break rules")))]
pub async fn create(State(app): State<App>, me: SignedIn, Json(new): Json<NewBody>) -> Result<Response, Problem> {
    let when = When { effective: new.effective, seen: None };
    let new = NewOrganisation { code: new.code, name: new.name, kind: new.kind, members: new.members, parent: new.parent };
    let id = actions::create(&app, &me, new, &when).await?;
    let place = [(LOCATION, format!("/api/v1/organisations/{id}"))];
    Ok((StatusCode::CREATED, place, body(&app, &me, id).await?).into_response())
}

/// What is to change; absent fields stay.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DescriptionBody {
    name: Option<String>,
    kind: Option<String>,
    members: Option<i64>,
    /// Day from which the name holds; today when absent.
    #[serde(default)]
    effective: String,
    version: Option<i64>,
}

/// Changes name, kind and members from a day on.
#[utoipa::path(patch, path = "/api/v1/organisations/{id}", params(("id" = String, Path)), request_body = DescriptionBody,
    tag = "organisations", responses((status = 200, body = OrganisationBody), (status = 412, description = "Changed since it was read")))]
pub async fn describe(
    State(app): State<App>,
    me: SignedIn,
    seen: IfMatch,
    Path(id): Path<OrganisationId>,
    Json(new): Json<DescriptionBody>,
) -> Result<Response, Problem> {
    let when = When { effective: new.effective, seen: seen.or(new.version) };
    let new = Description { name: new.name, kind: new.kind, members: new.members };
    actions::describe(&app, &me, id, new, &when).await.map_err(|p| seen.judge(p))?;
    Ok(body(&app, &me, id).await?.into_response())
}

/// Another superior.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MoveBody {
    #[schema(value_type = String)]
    parent: OrganisationId,
    /// Day from which it holds; today when absent.
    #[serde(default)]
    effective: String,
    version: Option<i64>,
}

/// Moves an organisation under another superior on a day.
#[utoipa::path(post, path = "/api/v1/organisations/{id}/move", params(("id" = String, Path)), request_body = MoveBody,
    tag = "organisations", responses((status = 200, body = OrganisationBody), (status = 409, description = "Not possible as things stand")))]
pub async fn move_under(
    State(app): State<App>,
    me: SignedIn,
    seen: IfMatch,
    Path(id): Path<OrganisationId>,
    Json(new): Json<MoveBody>,
) -> Result<Response, Problem> {
    let when = When { effective: new.effective, seen: seen.or(new.version) };
    actions::move_under(&app, &me, id, new.parent, &when).await.map_err(|p| seen.judge(p))?;
    Ok(body(&app, &me, id).await?.into_response())
}

/// The superior on the second line.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LineBody {
    /// Null takes it off the line.
    #[schema(value_type = Option<String>)]
    above: Option<OrganisationId>,
    /// Day from which it holds; today when absent.
    #[serde(default)]
    effective: String,
    version: Option<i64>,
}

/// Attaches an organisation to another on the second line, or takes it off, from a day on.
#[utoipa::path(post, path = "/api/v1/organisations/{id}/line", params(("id" = String, Path)), request_body = LineBody,
    tag = "organisations", responses((status = 200, body = OrganisationBody), (status = 409, description = "Not possible as things stand")))]
pub async fn attach(
    State(app): State<App>,
    me: SignedIn,
    seen: IfMatch,
    Path(id): Path<OrganisationId>,
    Json(new): Json<LineBody>,
) -> Result<Response, Problem> {
    let when = When { effective: new.effective, seen: seen.or(new.version) };
    actions::attach(&app, &me, id, new.above, &when).await.map_err(|p| seen.judge(p))?;
    Ok(body(&app, &me, id).await?.into_response())
}

/// The organisation that takes over.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MergeBody {
    #[schema(value_type = String)]
    into: OrganisationId,
    /// Day from which it holds; today when absent.
    #[serde(default)]
    effective: String,
    version: Option<i64>,
}

/// Merges an organisation into another on a day.
#[utoipa::path(post, path = "/api/v1/organisations/{id}/merge", params(("id" = String, Path)), request_body = MergeBody,
    tag = "organisations", responses((status = 200, body = OrganisationBody), (status = 409, description = "Not possible as things stand")))]
pub async fn merge(
    State(app): State<App>,
    me: SignedIn,
    seen: IfMatch,
    Path(id): Path<OrganisationId>,
    Json(new): Json<MergeBody>,
) -> Result<Response, Problem> {
    let when = When { effective: new.effective, seen: seen.or(new.version) };
    actions::merge(&app, &me, id, new.into, &when).await.map_err(|p| seen.judge(p))?;
    Ok(body(&app, &me, id).await?.into_response())
}

/// The end of an organisation.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CloseBody {
    /// Day from which it is closed; today when absent.
    #[serde(default)]
    effective: String,
    version: Option<i64>,
}

/// Closes an organisation on a day.
#[utoipa::path(post, path = "/api/v1/organisations/{id}/close", params(("id" = String, Path)), request_body = CloseBody,
    tag = "organisations", responses((status = 200, body = OrganisationBody), (status = 409, description = "Not possible as things stand")))]
pub async fn close(
    State(app): State<App>,
    me: SignedIn,
    seen: IfMatch,
    Path(id): Path<OrganisationId>,
    Json(end): Json<CloseBody>,
) -> Result<Response, Problem> {
    let when = When { effective: end.effective, seen: seen.or(end.version) };
    actions::close(&app, &me, id, &when).await.map_err(|p| seen.judge(p))?;
    Ok(body(&app, &me, id).await?.into_response())
}

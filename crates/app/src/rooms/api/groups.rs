//! Watching as a group, for programs.

use crate::broadcasts::BroadcastId;
use crate::lessons::LessonId;
use crate::problem::Problem;
use crate::rooms::actions::{self, Watched};
use crate::state::App;
use crate::web::{SignedIn, Visit};
use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use kernel::Timestamp;
use serde::{Deserialize, Serialize};

/// How many people sit before the reader's screen.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct HeadCount {
    /// 2 to 5,000.
    people: i64,
}

/// Groups that watch together. Never part of the views.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct GroupsBody {
    /// People before the reader's own screen, as said today.
    own_people: Option<i64>,
    /// When that was first said, milliseconds since 1970.
    #[schema(value_type = Option<i64>)]
    own_since: Option<Timestamp>,
    /// Groups, each one account on one day.
    groups: i64,
    /// People in all of them.
    people: i64,
}

async fn body(app: &App, visit: &Visit, watched: Watched) -> Result<Json<GroupsBody>, Problem> {
    let (own, count) = actions::groups_of(app, visit.actor.as_ref(), watched).await?;
    let (own_people, own_since) = own.map(|own| (own.people, own.started_at)).unzip();
    Ok(Json(GroupsBody { own_people, own_since, groups: count.groups, people: count.people }))
}

/// Groups that watched a public lesson.
#[utoipa::path(get, path = "/api/v1/lessons/{id}/group-viewing", tag = "rooms", params(("id" = String, Path)), responses((status = 200, body = GroupsBody), (status = 404)))]
pub async fn of_lesson(State(app): State<App>, visit: Visit, Path(id): Path<LessonId>) -> Result<Json<GroupsBody>, Problem> {
    body(&app, &visit, Watched::Lesson(id)).await
}

/// Says how many watch a lesson before the reader's screen today, or corrects it.
#[utoipa::path(put, path = "/api/v1/lessons/{id}/group-viewing", tag = "rooms", params(("id" = String, Path)), request_body = HeadCount, responses((status = 200, body = GroupsBody), (status = 401), (status = 404), (status = 422)))]
pub async fn count_lesson(
    State(app): State<App>,
    visit: Visit,
    me: SignedIn,
    Path(id): Path<LessonId>,
    Json(heads): Json<HeadCount>,
) -> Result<Json<GroupsBody>, Problem> {
    actions::watch_as_group(&app, &me, Watched::Lesson(id), heads.people).await?;
    body(&app, &visit, Watched::Lesson(id)).await
}

/// Takes back what the reader said of a lesson today.
#[utoipa::path(delete, path = "/api/v1/lessons/{id}/group-viewing", tag = "rooms", params(("id" = String, Path)), responses((status = 204), (status = 401), (status = 404)))]
pub async fn leave_lesson(State(app): State<App>, me: SignedIn, Path(id): Path<LessonId>) -> Result<StatusCode, Problem> {
    actions::leave_group(&app, &me, Watched::Lesson(id)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Groups that watch a broadcast.
#[utoipa::path(get, path = "/api/v1/live/{id}/group-viewing", tag = "rooms", params(("id" = String, Path)), responses((status = 200, body = GroupsBody), (status = 401), (status = 404)))]
pub async fn of_broadcast(State(app): State<App>, visit: Visit, Path(id): Path<BroadcastId>) -> Result<Json<GroupsBody>, Problem> {
    body(&app, &visit, Watched::Broadcast(id)).await
}

/// Says how many watch a broadcast before the reader's screen, or corrects it.
#[utoipa::path(put, path = "/api/v1/live/{id}/group-viewing", tag = "rooms", params(("id" = String, Path)), request_body = HeadCount, responses((status = 200, body = GroupsBody), (status = 401), (status = 403), (status = 404), (status = 422)))]
pub async fn count_broadcast(
    State(app): State<App>,
    visit: Visit,
    me: SignedIn,
    Path(id): Path<BroadcastId>,
    Json(heads): Json<HeadCount>,
) -> Result<Json<GroupsBody>, Problem> {
    actions::watch_as_group(&app, &me, Watched::Broadcast(id), heads.people).await?;
    body(&app, &visit, Watched::Broadcast(id)).await
}

/// Takes back what the reader said of a broadcast.
#[utoipa::path(delete, path = "/api/v1/live/{id}/group-viewing", tag = "rooms", params(("id" = String, Path)), responses((status = 204), (status = 401), (status = 403), (status = 404)))]
pub async fn leave_broadcast(State(app): State<App>, me: SignedIn, Path(id): Path<BroadcastId>) -> Result<StatusCode, Problem> {
    actions::leave_group(&app, &me, Watched::Broadcast(id)).await?;
    Ok(StatusCode::NO_CONTENT)
}

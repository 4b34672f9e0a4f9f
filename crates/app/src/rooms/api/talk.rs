//! Saying, clapping, asking, voting.

use super::later;
use crate::broadcasts::BroadcastId;
use crate::problem::Problem;
use crate::rooms::QuestionId;
use crate::rooms::actions::{self, Ask, Asked, Spoken, Words};
use crate::rooms::hub::Reaction;
use crate::state::App;
use crate::web::Visit;
use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

/// A clap.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReactionBody {
    kind: Reaction,
    /// Where claps are sampled: one of so many was sent, and stands for them. Never more than the room says.
    #[serde(default)]
    one_in: u32,
}

/// Says something. Repeated with the same `client_id` and text, it answers as the first time.
#[utoipa::path(post, path = "/api/v1/rooms/{id}/messages", tag = "rooms", params(("id" = String, Path)), request_body = Words, responses((status = 201, body = Spoken), (status = 401), (status = 403), (status = 404), (status = 409), (status = 422), (status = 429)))]
pub async fn say(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<BroadcastId>,
    Json(words): Json<Words>,
) -> Result<Response, Response> {
    let me = visit.signed_in().map_err(IntoResponse::into_response)?;
    let spoken = actions::say(&app, me, &visit.name, id, words).await.map_err(later)?;
    Ok((StatusCode::CREATED, Json(spoken)).into_response())
}

/// Claps.
#[utoipa::path(post, path = "/api/v1/rooms/{id}/reactions", tag = "rooms", params(("id" = String, Path)), request_body = ReactionBody, responses((status = 204), (status = 401), (status = 403), (status = 404), (status = 429)))]
pub async fn react(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<BroadcastId>,
    Json(body): Json<ReactionBody>,
) -> Result<StatusCode, Response> {
    actions::react(&app, visit.actor.as_ref(), &visit.address, id, (body.kind, body.one_in)).await.map_err(later)?;
    Ok(StatusCode::NO_CONTENT)
}

/// Asks the lecturer. Repeated with the same `client_id` and text, it answers as the first time.
#[utoipa::path(post, path = "/api/v1/rooms/{id}/questions", tag = "rooms", params(("id" = String, Path)), request_body = Ask, responses((status = 201, body = Asked), (status = 401), (status = 403), (status = 404), (status = 409), (status = 422), (status = 429)))]
pub async fn ask(State(app): State<App>, visit: Visit, Path(id): Path<BroadcastId>, Json(body): Json<Ask>) -> Result<Response, Response> {
    let me = visit.signed_in().map_err(IntoResponse::into_response)?;
    let asked = actions::ask(&app, me, &visit.name, id, body).await.map_err(later)?;
    Ok((StatusCode::CREATED, Json(asked)).into_response())
}

/// Says that a question interests the reader too.
#[utoipa::path(post, path = "/api/v1/rooms/{id}/questions/{question}/votes", tag = "rooms", params(("id" = String, Path), ("question" = String, Path)), responses((status = 204), (status = 401), (status = 403), (status = 404), (status = 409)))]
pub async fn vote(
    State(app): State<App>,
    visit: Visit,
    Path((id, question)): Path<(BroadcastId, QuestionId)>,
) -> Result<StatusCode, Problem> {
    actions::vote(&app, visit.signed_in()?, id, question, true).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Takes the vote back.
#[utoipa::path(delete, path = "/api/v1/rooms/{id}/questions/{question}/votes", tag = "rooms", params(("id" = String, Path), ("question" = String, Path)), responses((status = 204), (status = 401), (status = 403), (status = 404), (status = 409)))]
pub async fn unvote(
    State(app): State<App>,
    visit: Visit,
    Path((id, question)): Path<(BroadcastId, QuestionId)>,
) -> Result<StatusCode, Problem> {
    actions::vote(&app, visit.signed_in()?, id, question, false).await?;
    Ok(StatusCode::NO_CONTENT)
}

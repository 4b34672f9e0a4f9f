//! Approvals and what they lead to.

use super::{ReasonBody, Seen, standing};
use crate::problem::Problem;
use crate::state::App;
use crate::submissions::{SubmissionId, actions};
use crate::web::{IfMatch, SignedIn};
use axum::Json;
use axum::extract::{Path, State};
use axum::response::Response;
use serde::Deserialize;
use utoipa::ToSchema;

/// An approval of the newest revision.
#[derive(Debug, Deserialize, ToSchema)]
pub struct ApprovalBody {
    #[serde(default)]
    version: Option<i64>,
    /// In words.
    #[serde(default)]
    note: String,
}

/// Approves what was selected; the last approval that the campaign asks for publishes it.
#[utoipa::path(post, path = "/api/v1/submissions/{id}/approvals", tag = "submissions", params(("id" = String, Path)), request_body = ApprovalBody, responses((status = 200, body = super::StandingBody), (status = 403), (status = 404), (status = 409), (status = 412), (status = 422)))]
pub async fn approve(
    State(app): State<App>,
    me: SignedIn,
    Path(id): Path<SubmissionId>,
    seen: IfMatch,
    Json(body): Json<ApprovalBody>,
) -> Result<Response, Problem> {
    let seen = Seen::of(seen, body.version)?;
    actions::approve(&app, &me, id, seen.version, &body.note).await.map_err(|p| seen.told(p))?;
    standing(&app, &me, id).await
}

/// Takes a lesson out of the public library.
#[utoipa::path(post, path = "/api/v1/submissions/{id}/unpublication", tag = "submissions", params(("id" = String, Path)), request_body = ReasonBody, responses((status = 200, body = super::StandingBody), (status = 403), (status = 404), (status = 409), (status = 412), (status = 422)))]
pub async fn unpublish(
    State(app): State<App>,
    me: SignedIn,
    Path(id): Path<SubmissionId>,
    seen: IfMatch,
    Json(body): Json<ReasonBody>,
) -> Result<Response, Problem> {
    let seen = Seen::of(seen, body.version)?;
    actions::unpublish(&app, &me, id, seen.version, &body.reason).await.map_err(|p| seen.told(p))?;
    standing(&app, &me, id).await
}

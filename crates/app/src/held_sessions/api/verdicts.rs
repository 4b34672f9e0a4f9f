//! Verdicts of superiors.

use super::HeldSessionBody;
use crate::held_sessions::actions::{self, verdict};
use crate::held_sessions::{HeldSessionId, HeldSessions};
use crate::problem::Problem;
use crate::state::App;
use crate::web::{IfMatch, SignedIn, etag};
use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use utoipa::ToSchema;

/// A verdict on one held session.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SessionVerdictBody {
    /// `verify`, `return` or `void`.
    verdict: String,
    /// Why; needed to return and to void.
    #[serde(default)]
    reason: String,
    /// The version that was seen; `If-Match` says it too.
    version: Option<i64>,
}

/// One of a batch.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct VerdictItem {
    #[schema(value_type = String)]
    id: HeldSessionId,
    /// The version that was seen.
    version: i64,
}

/// One verdict on many held sessions.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct VerdictsBody {
    /// At most 200.
    items: Vec<VerdictItem>,
    /// `verify`, `return` or `void`.
    verdict: String,
    /// Why; needed to return and to void.
    #[serde(default)]
    reason: String,
}

/// Verifies, returns or voids what waits. Whoever recorded it does not: the right comes from above.
#[utoipa::path(post, path = "/api/v1/held-sessions/{id}/verdict", tag = "held-sessions", params(("id" = String, Path)), request_body = SessionVerdictBody, responses((status = 200, body = HeldSessionBody), (status = 403), (status = 404), (status = 409), (status = 412), (status = 422)))]
pub async fn decide(
    State(app): State<App>,
    me: SignedIn,
    Path(id): Path<HeldSessionId>,
    seen: IfMatch,
    Json(body): Json<SessionVerdictBody>,
) -> Result<Response, Problem> {
    let mut tx = app.db.read().await?;
    let known = HeldSessions(&mut tx).find(id).await?.ok_or_else(Problem::not_found)?;
    drop(tx);
    actions::may_decide(&app, &me, &known)?;
    let (verdict, version) = (verdict(&body.verdict, &body.reason)?, seen.or(body.version).unwrap_or(known.version));
    let one = actions::decide(&app, &me, id, version, &verdict).await.map_err(|problem| seen.judge(problem))?;
    Ok((etag(one.version), Json(HeldSessionBody::new(&app, &one))).into_response())
}

/// The same verdict on many, or on none of them.
#[utoipa::path(post, path = "/api/v1/held-sessions/verdicts", tag = "held-sessions", request_body = VerdictsBody, responses((status = 204), (status = 403), (status = 404), (status = 409), (status = 422)))]
pub async fn decide_all(State(app): State<App>, me: SignedIn, Json(body): Json<VerdictsBody>) -> Result<StatusCode, Problem> {
    let verdict = verdict(&body.verdict, &body.reason)?;
    let chosen: Vec<_> = body.items.iter().map(|item| (item.id, item.version)).collect();
    actions::decide_all(&app, &me, &chosen, &verdict).await?;
    Ok(StatusCode::NO_CONTENT)
}

//! Awards of a campaign.

use super::{ReasonBody, Seen, standing};
use crate::problem::Problem;
use crate::state::App;
use crate::submissions::{AwardLevel, SubmissionId, actions};
use crate::web::{IfMatch, SignedIn};
use axum::Json;
use axum::extract::{Path, State};
use axum::response::Response;
use serde::Deserialize;
use utoipa::ToSchema;

/// An award, or another level of the one that was given.
#[derive(Debug, Deserialize, ToSchema)]
pub struct AwardBody {
    #[serde(default)]
    version: Option<i64>,
    level: AwardLevel,
}

/// Gives an award to what the campaign selected or published; it is counted on the day of the first.
#[utoipa::path(put, path = "/api/v1/submissions/{id}/award", tag = "submissions", params(("id" = String, Path)), request_body = AwardBody, responses((status = 200, body = super::StandingBody), (status = 403), (status = 404), (status = 409), (status = 412), (status = 422)))]
pub async fn give(
    State(app): State<App>,
    me: SignedIn,
    Path(id): Path<SubmissionId>,
    seen: IfMatch,
    Json(body): Json<AwardBody>,
) -> Result<Response, Problem> {
    let seen = Seen::of(seen, body.version)?;
    actions::give_award(&app, &me, id, seen.version, body.level).await.map_err(|p| seen.told(p))?;
    standing(&app, &me, id).await
}

/// Takes an award back.
#[utoipa::path(delete, path = "/api/v1/submissions/{id}/award", tag = "submissions", params(("id" = String, Path)), request_body = ReasonBody, responses((status = 200, body = super::StandingBody), (status = 403), (status = 404), (status = 409), (status = 412), (status = 422)))]
pub async fn take_back(
    State(app): State<App>,
    me: SignedIn,
    Path(id): Path<SubmissionId>,
    seen: IfMatch,
    Json(body): Json<ReasonBody>,
) -> Result<Response, Problem> {
    let seen = Seen::of(seen, body.version)?;
    actions::take_award_back(&app, &me, id, seen.version, &body.reason).await.map_err(|p| seen.told(p))?;
    standing(&app, &me, id).await
}

//! The holder's side: open, decide, rank, reserve.

use super::{Seen, standing};
use crate::campaigns::{CampaignId, CategoryId};
use crate::organisations::OrganisationId;
use crate::problem::Problem;
use crate::state::App;
use crate::submissions::rules::Ruling;
use crate::submissions::{SubmissionId, actions};
use crate::web::{IfMatch, SignedIn};
use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;
use utoipa::ToSchema;

/// Says that a reviewer of the holder has opened it: from then on nobody pulls it back.
#[utoipa::path(post, path = "/api/v1/submissions/{id}/opening", tag = "submissions", params(("id" = String, Path)), responses((status = 200, body = super::StandingBody), (status = 403), (status = 404), (status = 409)))]
pub async fn open(State(app): State<App>, me: SignedIn, Path(id): Path<SubmissionId>) -> Result<Response, Problem> {
    actions::open(&app, &me, id).await?;
    standing(&app, &me, id).await
}

/// A verdict over the version that was seen.
#[derive(Debug, Deserialize, ToSchema)]
pub struct VerdictBody {
    #[serde(default)]
    version: Option<i64>,
    #[serde(flatten)]
    ruling: Ruling,
}

/// Gives the holder's verdict: recommend (at the top: select), return, keep or reject.
#[utoipa::path(post, path = "/api/v1/submissions/{id}/verdict", tag = "submissions", params(("id" = String, Path)), request_body = VerdictBody, responses((status = 200, body = super::StandingBody), (status = 403), (status = 404), (status = 409), (status = 412), (status = 422)))]
pub async fn decide(
    State(app): State<App>,
    me: SignedIn,
    Path(id): Path<SubmissionId>,
    seen: IfMatch,
    Json(body): Json<VerdictBody>,
) -> Result<Response, Problem> {
    let seen = Seen::of(seen, body.version)?;
    actions::decide(&app, &me, id, seen.version, &body.ruling).await.map_err(|p| seen.told(p))?;
    standing(&app, &me, id).await
}

/// Whether it is on the reserve list.
#[derive(Debug, Deserialize, ToSchema)]
pub struct ReserveBody {
    #[serde(default)]
    version: Option<i64>,
    reserve: bool,
}

/// Puts a submission on the holder's reserve list, or takes it off.
#[utoipa::path(put, path = "/api/v1/submissions/{id}/reserve", tag = "submissions", params(("id" = String, Path)), request_body = ReserveBody, responses((status = 200, body = super::StandingBody), (status = 403), (status = 404), (status = 409), (status = 412)))]
pub async fn reserve(
    State(app): State<App>,
    me: SignedIn,
    Path(id): Path<SubmissionId>,
    seen: IfMatch,
    Json(body): Json<ReserveBody>,
) -> Result<Response, Problem> {
    let seen = Seen::of(seen, body.version)?;
    actions::reserve(&app, &me, id, seen.version, body.reserve).await.map_err(|p| seen.told(p))?;
    standing(&app, &me, id).await
}

/// The order of one holder in one category.
#[derive(Debug, Deserialize, ToSchema)]
pub struct OrderBody {
    /// Whose order.
    #[schema(value_type = String)]
    holder: OrganisationId,
    #[schema(value_type = String)]
    campaign: CampaignId,
    #[schema(value_type = String)]
    category: CategoryId,
    /// The first is the best; what is not named has no rank.
    #[schema(value_type = Vec<String>)]
    submissions: Vec<SubmissionId>,
}

/// Ranks what lies before one holder in one category.
#[utoipa::path(put, path = "/api/v1/submissions/order", tag = "submissions", request_body = OrderBody, responses((status = 204), (status = 403), (status = 409), (status = 422)))]
pub async fn rank(State(app): State<App>, me: SignedIn, Json(order): Json<OrderBody>) -> Result<StatusCode, Problem> {
    actions::rank(&app, &me, order.holder, order.campaign, order.category, &order.submissions).await?;
    Ok(StatusCode::NO_CONTENT)
}

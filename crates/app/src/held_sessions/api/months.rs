//! `/api/v1/closed-months`, and what changed in them.

use crate::deltas::Day;
use crate::held_sessions::filters::day;
use crate::held_sessions::{Adjustment, ClosedMonth, HeldSessionId, actions, rules};
use crate::organisations::OrganisationId;
use crate::problem::Problem;
use crate::state::App;
use crate::web::SignedIn;
use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use kernel::{AccountId, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Closed months that one answer tells.
const MOST: usize = 240;

/// A month that is closed for an organisation and everything below it.
#[derive(Debug, Serialize, ToSchema)]
pub struct ClosedMonthBody {
    #[schema(value_type = String)]
    organisation: OrganisationId,
    /// `2026-10`.
    month: String,
    #[schema(value_type = String)]
    closed_by: AccountId,
    #[schema(value_type = i64)]
    closed_at: Timestamp,
}

impl From<ClosedMonth> for ClosedMonthBody {
    fn from(m: ClosedMonth) -> Self {
        Self { organisation: m.organisation, month: actions::written(m.month), closed_by: m.closed_by, closed_at: m.closed_at }
    }
}

/// What a later change did to a closed month: as it was closed is what is now, less these.
#[derive(Debug, Serialize, ToSchema)]
pub struct AdjustmentBody {
    #[schema(value_type = String)]
    organisation: OrganisationId,
    /// `yyyymmdd`.
    day: i32,
    #[schema(value_type = String)]
    held_session: HeldSessionId,
    sessions: i64,
    people: i64,
    reason: String,
    #[schema(value_type = String)]
    account: AccountId,
    #[schema(value_type = i64)]
    at: Timestamp,
}

impl From<Adjustment> for AdjustmentBody {
    fn from(a: Adjustment) -> Self {
        let Adjustment { organisation, day, held_session, sessions, people, reason, account, at, .. } = a;
        Self { organisation, day: day.0, held_session, sessions, people, reason, account, at }
    }
}

/// Whose closed months.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Whose {
    /// Id of the organisation.
    #[param(value_type = String)]
    organisation: OrganisationId,
}

/// Whose adjustments, and of which days.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct WhichAdjustments {
    /// Id of an organisation: with its subtree.
    #[param(value_type = String)]
    organisation: OrganisationId,
    /// First day, `2026-10-01`.
    #[serde(default)]
    from: String,
    /// Last day, `2026-10-31`.
    #[serde(default)]
    to: String,
}

/// Months that an organisation or one of its superiors closed, the latest first.
#[utoipa::path(get, path = "/api/v1/closed-months", tag = "held-sessions", params(Whose), responses((status = 200, body = Vec<ClosedMonthBody>), (status = 404)))]
pub async fn list(State(app): State<App>, me: SignedIn, Query(whose): Query<Whose>) -> Result<Json<Vec<ClosedMonthBody>>, Problem> {
    let found = actions::closed_months(&app, &me, whose.organisation, MOST).await?;
    Ok(Json(found.into_iter().map(ClosedMonthBody::from).collect()))
}

/// Closes a month (`2026-10`) that is over, for an organisation and everything below it. There is no way back.
#[utoipa::path(put, path = "/api/v1/closed-months/{organisation}/{month}", tag = "held-sessions", params(("organisation" = String, Path), ("month" = String, Path)), responses((status = 201, body = ClosedMonthBody), (status = 403), (status = 404), (status = 409), (status = 422)))]
pub async fn close(
    State(app): State<App>,
    me: SignedIn,
    Path((organisation, month)): Path<(OrganisationId, String)>,
) -> Result<(StatusCode, Json<ClosedMonthBody>), Problem> {
    let number = rules::month(&month).map_or(0, |(first, _)| Day::from(first).month());
    let closed = actions::close_month(&app, &me, organisation, number.into()).await?;
    Ok((StatusCode::CREATED, Json(closed.into())))
}

/// What changed in closed months of an organisation and everything below it.
#[utoipa::path(get, path = "/api/v1/session-adjustments", tag = "held-sessions", params(WhichAdjustments), responses((status = 200, body = Vec<AdjustmentBody>), (status = 404), (status = 422)))]
pub async fn adjustments(
    State(app): State<App>,
    me: SignedIn,
    Query(which): Query<WhichAdjustments>,
) -> Result<Json<Vec<AdjustmentBody>>, Problem> {
    let days = (day("from", &which.from)?.unwrap_or(Day(0)), day("to", &which.to)?.unwrap_or(Day(99_991_231)));
    let found = actions::adjustments(&app, &me, which.organisation, days).await?;
    Ok(Json(found.into_iter().map(AdjustmentBody::from).collect()))
}

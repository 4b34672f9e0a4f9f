//! `/api/v1/session-plans`.

use super::HeldSessionBody;
use crate::held_sessions::actions::plans;
use crate::held_sessions::actions::plans::outcome;
use crate::held_sessions::filters::WhichPlans;
use crate::held_sessions::rules::PlanFields;
use crate::held_sessions::{HeldSessionId, Plan, PlanId};
use crate::organisations::OrganisationId;
use crate::problem::Problem;
use crate::state::App;
use crate::web::{IfMatch, SignedIn, etag};
use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A plan as programs see it.
#[derive(Debug, Serialize, ToSchema)]
pub struct PlanBody {
    #[schema(value_type = String)]
    id: PlanId,
    #[schema(value_type = String)]
    organisation: OrganisationId,
    /// `yyyymmdd`.
    day: i32,
    title: String,
    lecturer: String,
    lecturer_id: Option<String>,
    campaign: Option<String>,
    note: String,
    /// `planned`, `held`, `missed` or `cancelled`.
    outcome: &'static str,
    #[schema(value_type = Option<String>)]
    held_session: Option<HeldSessionId>,
    cancelled_why: Option<String>,
    version: i64,
}

impl PlanBody {
    fn new(app: &App, plan: Plan) -> Self {
        let outcome = outcome(app, &plan).code();
        let Plan { id, organisation, campaign, day, title, lecturer, lecturer_id, note, held_session, cancelled_why, version, .. } = plan;
        Self { id, organisation, day: day.0, title, lecturer, lecturer_id, campaign, note, outcome, held_session, cancelled_why, version }
    }
}

/// Plans of one month.
#[derive(Debug, Serialize, ToSchema)]
pub struct PlanMonth {
    /// In the order of their days, at most 500.
    items: Vec<PlanBody>,
    /// Held without a plan, at most 500.
    added: Vec<HeldSessionBody>,
}

/// A new plan.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewPlan {
    #[schema(value_type = String)]
    organisation: OrganisationId,
    fields: PlanFields,
}

/// A change of a plan.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PlanChange {
    fields: PlanFields,
    /// The version that was seen; `If-Match` says it too.
    version: Option<i64>,
}

/// Why a plan is called off.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Cancellation {
    reason: String,
    /// The version that was seen; `If-Match` says it too.
    version: Option<i64>,
}

/// Plans of a month with what became of them, and what was held without a plan.
#[utoipa::path(get, path = "/api/v1/session-plans", tag = "held-sessions", params(WhichPlans), responses((status = 200, body = PlanMonth), (status = 422)))]
pub async fn list(State(app): State<App>, me: SignedIn, Query(which): Query<WhichPlans>) -> Result<Json<PlanMonth>, Problem> {
    let (plans, added) = plans::of_days(&app, &me, which.organisation()?, which.days(app.today())?).await?;
    let items = plans.into_iter().map(|plan| PlanBody::new(&app, plan)).collect();
    Ok(Json(PlanMonth { items, added: added.iter().map(|one| HeldSessionBody::new(&app, one)).collect() }))
}

/// Plans a session.
#[utoipa::path(post, path = "/api/v1/session-plans", tag = "held-sessions", request_body = NewPlan, responses((status = 201, body = PlanBody), (status = 403), (status = 404), (status = 422)))]
pub async fn create(State(app): State<App>, me: SignedIn, Json(new): Json<NewPlan>) -> Result<Response, Problem> {
    let plan = plans::make(&app, &me, new.organisation, new.fields).await?;
    Ok((StatusCode::CREATED, etag(plan.version), Json(PlanBody::new(&app, plan))).into_response())
}

/// Changes a plan that is neither held nor called off.
#[utoipa::path(put, path = "/api/v1/session-plans/{id}", tag = "held-sessions", params(("id" = String, Path)), request_body = PlanChange, responses((status = 200, body = PlanBody), (status = 403), (status = 404), (status = 409), (status = 412), (status = 422)))]
pub async fn change(
    State(app): State<App>,
    me: SignedIn,
    Path(id): Path<PlanId>,
    seen: IfMatch,
    Json(body): Json<PlanChange>,
) -> Result<Response, Problem> {
    let known = plans::find(&app, &me, id).await?;
    let version = seen.or(body.version).unwrap_or(known.version);
    let plan = plans::change(&app, &me, id, version, body.fields).await.map_err(|problem| seen.judge(problem))?;
    Ok((etag(plan.version), Json(PlanBody::new(&app, plan))).into_response())
}

/// Calls a plan off, with the reason.
#[utoipa::path(post, path = "/api/v1/session-plans/{id}/cancellation", tag = "held-sessions", params(("id" = String, Path)), request_body = Cancellation, responses((status = 200, body = PlanBody), (status = 403), (status = 404), (status = 409), (status = 412), (status = 422)))]
pub async fn cancel(
    State(app): State<App>,
    me: SignedIn,
    Path(id): Path<PlanId>,
    seen: IfMatch,
    Json(body): Json<Cancellation>,
) -> Result<Response, Problem> {
    let known = plans::find(&app, &me, id).await?;
    let version = seen.or(body.version).unwrap_or(known.version);
    let plan = plans::cancel(&app, &me, id, version, &body.reason).await.map_err(|problem| seen.judge(problem))?;
    Ok((etag(plan.version), Json(PlanBody::new(&app, plan))).into_response())
}

/// Removes a plan that was made by mistake, before its day has passed.
#[utoipa::path(delete, path = "/api/v1/session-plans/{id}", tag = "held-sessions", params(("id" = String, Path)), responses((status = 204), (status = 403), (status = 404), (status = 409), (status = 412)))]
pub async fn remove(State(app): State<App>, me: SignedIn, Path(id): Path<PlanId>, seen: IfMatch) -> Result<StatusCode, Problem> {
    let known = plans::find(&app, &me, id).await?;
    plans::remove(&app, &me, id, seen.or(None).unwrap_or(known.version)).await.map_err(|problem| seen.judge(problem))?;
    Ok(StatusCode::NO_CONTENT)
}

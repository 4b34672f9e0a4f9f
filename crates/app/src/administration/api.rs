//! `/api/v1/administration`, `/api/v1/jobs`, `/api/v1/audit-records`.

pub mod mail;

use super::{Asked, Line, Overview, actions, trail};
use crate::audit::Verified;
use crate::jobs::{Job, JobId, JobState};
use crate::problem::Problem;
use crate::state::App;
use crate::web::{Cursor, PAGE_SIZE, SignedIn, Slice};
use axum::Json;
use axum::extract::{Path, Query, State};
use serde::{Deserialize, Serialize};

/// Long work as programs see it.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct JobBody {
    #[schema(value_type = String)]
    id: JobId,
    /// Which work it is.
    kind: String,
    /// Id of what it is about.
    subject: String,
    state: JobState,
    /// Attempts begun so far; after three it is parked.
    attempts: i64,
    /// 0 to 100.
    percent: i64,
    /// What it does or waits for.
    note: Option<String>,
    /// Why the last attempt failed.
    error: Option<String>,
    /// Milliseconds UTC.
    created_at: i64,
}

impl From<Job> for JobBody {
    fn from(job: Job) -> Self {
        Self {
            id: job.id,
            kind: job.kind,
            subject: job.subject,
            state: job.state,
            attempts: job.attempts,
            percent: job.percent,
            note: job.note,
            error: job.error,
            created_at: job.created_at.0,
        }
    }
}

/// One page of long work.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct JobPage {
    items: Vec<JobBody>,
    next: Option<String>,
}

/// One page of audit records.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct AuditPage {
    items: Vec<Line>,
    next: Option<String>,
}

/// Which jobs are wanted.
#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
pub struct JobsAsked {
    /// Only those in this state.
    pub state: Option<JobState>,
}

/// How the server is.
#[utoipa::path(get, path = "/api/v1/administration", tag = "administration", responses((status = 200, body = Overview), (status = 403)))]
pub async fn overview(State(app): State<App>, me: SignedIn) -> Result<Json<Overview>, Problem> {
    Ok(Json(actions::overview(&app, &me).await?))
}

/// Long work, newest first.
#[utoipa::path(get, path = "/api/v1/jobs", tag = "administration", params(JobsAsked, ("after" = Option<String>, Query)), responses((status = 200, body = JobPage), (status = 403)))]
pub async fn jobs(
    State(app): State<App>,
    me: SignedIn,
    Query(asked): Query<JobsAsked>,
    Query(cursor): Query<Cursor>,
) -> Result<Json<JobPage>, Problem> {
    let found = actions::jobs(&app, &me, asked.state, &cursor.after, PAGE_SIZE + 1).await?;
    let Slice { items, next } = Slice::cut(found, |job| job.id.to_string());
    Ok(Json(JobPage { items: items.into_iter().map(JobBody::from).collect(), next }))
}

/// Stops a job that waits or runs.
#[utoipa::path(post, path = "/api/v1/jobs/{id}/cancel", tag = "administration", params(("id" = String, Path)), responses((status = 200, body = JobBody), (status = 403), (status = 404), (status = 409)))]
pub async fn cancel_job(State(app): State<App>, me: SignedIn, Path(id): Path<JobId>) -> Result<Json<JobBody>, Problem> {
    Ok(Json(actions::cancel(&app, &me, id).await?.into()))
}

/// Gives a parked or cancelled job its attempts anew.
#[utoipa::path(post, path = "/api/v1/jobs/{id}/retry", tag = "administration", params(("id" = String, Path)), responses((status = 200, body = JobBody), (status = 403), (status = 404), (status = 409)))]
pub async fn retry_job(State(app): State<App>, me: SignedIn, Path(id): Path<JobId>) -> Result<Json<JobBody>, Problem> {
    Ok(Json(actions::retry(&app, &me, id).await?.into()))
}

/// What was done and what was refused, newest first. A page may hold few records and still have a next one.
#[utoipa::path(get, path = "/api/v1/audit-records", tag = "administration", params(Asked, ("after" = Option<String>, Query)), responses((status = 200, body = AuditPage), (status = 403), (status = 422)))]
pub async fn audit_trail(
    State(app): State<App>,
    me: SignedIn,
    Query(asked): Query<Asked>,
    Query(cursor): Query<Cursor>,
) -> Result<Json<AuditPage>, Problem> {
    let Slice { items, next } = trail::page(&app, &me, &asked, &cursor).await?;
    Ok(Json(AuditPage { items, next }))
}

/// Checks the chain of all audit records; `broken` names the first that does not fit.
#[utoipa::path(get, path = "/api/v1/audit-records/verification", tag = "administration", responses((status = 200, body = Verified), (status = 403)))]
pub async fn verify_audit(State(app): State<App>, me: SignedIn) -> Result<Json<Verified>, Problem> {
    Ok(Json(actions::verify_audit(&app, &me).await?))
}

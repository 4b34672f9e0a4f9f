//! The ledger as a workbook, for programs: order, follow, fetch, cancel.

use crate::held_sessions::actions::exporting::{self, Followed};
use crate::held_sessions::filters::SessionFilter;
use crate::jobs::{JobId, JobState};
use crate::problem::Problem;
use crate::state::App;
use crate::web::{SignedIn, Visit};
use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use serde::Serialize;
use utoipa::ToSchema;

/// A workbook that is written.
#[derive(Debug, Serialize, ToSchema)]
pub struct SessionExport {
    #[schema(value_type = String)]
    id: JobId,
    /// `queued`, `running`, `done`, `parked`, `cancelled`.
    #[schema(value_type = String)]
    state: JobState,
    /// 0 to 100.
    percent: i64,
    /// Where to fetch it, once it is done and until it is forgotten.
    file: Option<String>,
}

impl From<Followed> for SessionExport {
    fn from(followed: Followed) -> Self {
        let job = followed.job;
        let file = followed.ready.then(|| format!("/api/v1/held-sessions/exports/{}/file", job.id));
        Self { id: job.id, state: job.state, percent: job.percent, file }
    }
}

/// Orders a workbook of the ledger: what the filter lets through and the reader may see.
#[utoipa::path(post, path = "/api/v1/held-sessions/exports", tag = "held-sessions", params(SessionFilter), responses((status = 202, body = SessionExport), (status = 403)))]
pub async fn order(
    State(app): State<App>,
    visit: Visit,
    me: SignedIn,
    Query(filter): Query<SessionFilter>,
) -> Result<(StatusCode, Json<SessionExport>), Problem> {
    let id = exporting::order(&app, &me, filter, visit.texts.language).await?;
    Ok((StatusCode::ACCEPTED, Json(exporting::follow(&app, &me, id).await?.into())))
}

/// How far a workbook is.
#[utoipa::path(get, path = "/api/v1/held-sessions/exports/{id}", tag = "held-sessions", params(("id" = String, Path)), responses((status = 200, body = SessionExport), (status = 404)))]
pub async fn get(State(app): State<App>, me: SignedIn, Path(id): Path<JobId>) -> Result<Json<SessionExport>, Problem> {
    Ok(Json(exporting::follow(&app, &me, id).await?.into()))
}

/// Stops a workbook that is not finished.
#[utoipa::path(delete, path = "/api/v1/held-sessions/exports/{id}", tag = "held-sessions", params(("id" = String, Path)), responses((status = 204), (status = 404), (status = 409, description = "Finished already")))]
pub async fn cancel(State(app): State<App>, me: SignedIn, Path(id): Path<JobId>) -> Result<StatusCode, Problem> {
    exporting::cancel(&app, &me, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

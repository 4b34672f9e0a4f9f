//! Imports of held sessions for programs.

use crate::held_sessions::sent::SESSIONS;
use crate::jobs::JobId;
use crate::organisations::api::import::{self, Accepted};
use crate::organisations::sent::{ImportBody, Named};
use crate::problem::Problem;
use crate::registers;
use crate::state::App;
use crate::web::{SignedIn, Visit};
use axum::Json;
use axum::body::Body;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;

/// Checks the register in the body; nothing is changed.
#[utoipa::path(post, path = "/api/v1/held-sessions/imports", params(Named), tag = "held-sessions",
    request_body(content = Vec<u8>, description = ".xlsx or .csv, at most 500,000 rows", content_type = "application/octet-stream"),
    responses((status = 202, body = ImportBody)))]
pub async fn check(State(app): State<App>, visit: Visit, me: SignedIn, Query(named): Query<Named>, file: Body) -> Accepted {
    import::send(&SESSIONS, app, visit, me, named, file).await
}

/// How far an import is and what it found.
#[utoipa::path(get, path = "/api/v1/held-sessions/imports/{id}", params(("id" = String, Path)), tag = "held-sessions",
    responses((status = 200, body = ImportBody)))]
pub async fn state(State(app): State<App>, visit: Visit, me: SignedIn, Path(id): Path<JobId>) -> Result<Json<ImportBody>, Problem> {
    import::state(&SESSIONS, app, visit, me, id).await
}

/// Imports what was checked.
#[utoipa::path(post, path = "/api/v1/held-sessions/imports/{id}/apply", params(("id" = String, Path)), tag = "held-sessions",
    responses((status = 202, body = ImportBody), (status = 409, description = "Not checked yet, or with faults")))]
pub async fn apply(State(app): State<App>, visit: Visit, me: SignedIn, Path(id): Path<JobId>) -> Accepted {
    import::confirm(&SESSIONS, app, visit, me, id).await
}

/// Stops an import; nothing is changed then.
#[utoipa::path(delete, path = "/api/v1/held-sessions/imports/{id}", params(("id" = String, Path)), tag = "held-sessions",
    responses((status = 204), (status = 409, description = "Finished already")))]
pub async fn cancel(State(app): State<App>, me: SignedIn, Path(id): Path<JobId>) -> Result<StatusCode, Problem> {
    registers::cancel(&app, SESSIONS.job, &me, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The workbook as it was handed in, with a column that says what is wrong in each row.
#[utoipa::path(get, path = "/api/v1/held-sessions/imports/{id}/workbook", tag = "held-sessions", params(("id" = String, Path)),
    responses((status = 200, description = "The workbook."), (status = 404)))]
pub async fn workbook(State(app): State<App>, me: SignedIn, Path(id): Path<JobId>) -> Result<Response, Problem> {
    import::with_errors(&SESSIONS, app, me, id).await
}

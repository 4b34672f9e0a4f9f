//! Imports of lecturers for programs.

use crate::jobs::JobId;
use crate::lecturers::sent::LECTURERS;
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
#[utoipa::path(post, path = "/api/v1/lecturers/imports", params(Named), tag = "lecturers",
    request_body(content = Vec<u8>, description = ".xlsx or .csv, at most 20,000 rows", content_type = "application/octet-stream"),
    responses((status = 202, body = ImportBody)))]
pub async fn check(State(app): State<App>, visit: Visit, me: SignedIn, Query(named): Query<Named>, file: Body) -> Accepted {
    import::send(&LECTURERS, app, visit, me, named, file).await
}

/// How far an import is and what it found.
#[utoipa::path(get, path = "/api/v1/lecturers/imports/{id}", params(("id" = String, Path)), tag = "lecturers",
    responses((status = 200, body = ImportBody)))]
pub async fn state(State(app): State<App>, visit: Visit, me: SignedIn, Path(id): Path<JobId>) -> Result<Json<ImportBody>, Problem> {
    import::state(&LECTURERS, app, visit, me, id).await
}

/// Imports what was checked.
#[utoipa::path(post, path = "/api/v1/lecturers/imports/{id}/apply", params(("id" = String, Path)), tag = "lecturers",
    responses((status = 202, body = ImportBody), (status = 409, description = "Not checked yet, or with faults")))]
pub async fn apply(State(app): State<App>, visit: Visit, me: SignedIn, Path(id): Path<JobId>) -> Accepted {
    import::confirm(&LECTURERS, app, visit, me, id).await
}

/// Stops an import; nothing is changed then.
#[utoipa::path(delete, path = "/api/v1/lecturers/imports/{id}", params(("id" = String, Path)), tag = "lecturers",
    responses((status = 204), (status = 409, description = "Finished already")))]
pub async fn cancel(State(app): State<App>, me: SignedIn, Path(id): Path<JobId>) -> Result<StatusCode, Problem> {
    registers::cancel(&app, LECTURERS.job, &me, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The workbook as it was handed in, with a column that says what is wrong in each row.
#[utoipa::path(get, path = "/api/v1/lecturers/imports/{id}/workbook", tag = "lecturers", params(("id" = String, Path)),
    responses((status = 200, description = "The workbook."), (status = 404)))]
pub async fn workbook(State(app): State<App>, me: SignedIn, Path(id): Path<JobId>) -> Result<Response, Problem> {
    import::with_errors(&LECTURERS, app, me, id).await
}

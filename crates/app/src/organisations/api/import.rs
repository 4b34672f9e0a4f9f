//! Imports for programs: send, follow, confirm, cancel.

use crate::jobs::JobId;
use crate::organisations::actions::people_import;
use crate::organisations::sent::{ImportBody, Named, ORGANISATIONS, PEOPLE, Register, shown};
use crate::problem::Problem;
use crate::registers::{self, Order, spooled};
use crate::spreadsheets::XLSX;
use crate::state::App;
use crate::web::{SignedIn, Visit};
use axum::Json;
use axum::body::Body;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};

/// An import that was taken.
pub type Accepted = Result<(StatusCode, Json<ImportBody>), Problem>;

/// Takes the file in a body and has it checked.
pub async fn send(register: &Register, app: App, visit: Visit, me: SignedIn, named: Named, file: Body) -> Accepted {
    register.may_send(&app, &me)?;
    let file = spooled(&app, file.into_data_stream()).await?;
    let language = visit.texts.language.tag().to_owned();
    let order = Order { file, name: shown(&named.name), account: me.account, apply: false, language };
    let id = registers::enqueue(&app, register.job, &order).await?;
    Ok((StatusCode::ACCEPTED, state(register, app, visit, me, id).await?))
}

/// How far an import is and what it found.
pub async fn state(register: &Register, app: App, visit: Visit, me: SignedIn, id: JobId) -> Result<Json<ImportBody>, Problem> {
    Ok(Json(ImportBody::of(&visit.texts, register, &registers::follow(&app, register.job, &me, id).await?)))
}

/// Imports what was checked.
pub async fn confirm(register: &Register, app: App, visit: Visit, me: SignedIn, id: JobId) -> Accepted {
    register.may_send(&app, &me)?;
    let id = registers::confirm(&app, register.job, &me, id).await?;
    Ok((StatusCode::ACCEPTED, state(register, app, visit, me, id).await?))
}

/// A workbook as the answer; `cache` says who may keep it.
fn workbook(name: &str, bytes: Vec<u8>, cache: &'static str) -> Response {
    let name = format!("attachment; filename=\"{name}.xlsx\"");
    ([(CONTENT_TYPE, XLSX.to_owned()), (CONTENT_DISPOSITION, name), (CACHE_CONTROL, cache.to_owned())], bytes).into_response()
}

/// The workbook as it was handed in, with a column that says what is wrong in each row.
pub async fn with_errors(register: &Register, app: App, me: SignedIn, id: JobId) -> Result<Response, Problem> {
    registers::follow(&app, register.job, &me, id).await?;
    let bytes = tokio::fs::read(registers::workbook_file(&app, id)).await.map_err(|_| Problem::not_found())?;
    Ok(workbook(&id.to_string(), bytes, "private"))
}

/// Checks the register in the body; nothing is changed.
#[utoipa::path(post, path = "/api/v1/organisations/imports", params(Named), tag = "organisations",
    request_body(content = Vec<u8>, description = ".xlsx or .csv, at most 128 MiB", content_type = "application/octet-stream"),
    responses((status = 202, body = ImportBody)))]
pub async fn check(State(app): State<App>, visit: Visit, me: SignedIn, Query(named): Query<Named>, file: Body) -> Accepted {
    send(&ORGANISATIONS, app, visit, me, named, file).await
}

/// How far an import is and what it found.
#[utoipa::path(get, path = "/api/v1/organisations/imports/{id}", params(("id" = String, Path)), tag = "organisations",
    responses((status = 200, body = ImportBody)))]
pub async fn import_state(State(app): State<App>, visit: Visit, me: SignedIn, Path(id): Path<JobId>) -> Result<Json<ImportBody>, Problem> {
    state(&ORGANISATIONS, app, visit, me, id).await
}

/// Imports what was checked.
#[utoipa::path(post, path = "/api/v1/organisations/imports/{id}/apply", params(("id" = String, Path)), tag = "organisations",
    responses((status = 202, body = ImportBody), (status = 409, description = "Not checked yet, or with faults")))]
pub async fn apply(State(app): State<App>, visit: Visit, me: SignedIn, Path(id): Path<JobId>) -> Accepted {
    confirm(&ORGANISATIONS, app, visit, me, id).await
}

/// Stops an import; nothing is changed then.
#[utoipa::path(delete, path = "/api/v1/organisations/imports/{id}", params(("id" = String, Path)), tag = "organisations",
    responses((status = 204), (status = 409, description = "Finished already")))]
pub async fn cancel(State(app): State<App>, me: SignedIn, Path(id): Path<JobId>) -> Result<StatusCode, Problem> {
    registers::cancel(&app, ORGANISATIONS.job, &me, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The workbook as it was handed in, with a column that says what is wrong in each row.
#[utoipa::path(get, path = "/api/v1/organisations/imports/{id}/workbook", tag = "organisations", params(("id" = String, Path)),
    responses((status = 200, description = "The workbook."), (status = 404)))]
pub async fn import_workbook(State(app): State<App>, me: SignedIn, Path(id): Path<JobId>) -> Result<Response, Problem> {
    with_errors(&ORGANISATIONS, app, me, id).await
}

/// `POST /api/v1/accounts/imports`: checks the file in the body; nothing is changed.
#[utoipa::path(post, path = "/api/v1/accounts/imports", params(Named), tag = "accounts",
    request_body(content = Vec<u8>, description = ".xlsx or .csv, at most 20,000 rows", content_type = "application/octet-stream"),
    responses((status = 202, body = ImportBody)))]
pub async fn check_people(State(app): State<App>, visit: Visit, me: SignedIn, Query(named): Query<Named>, file: Body) -> Accepted {
    send(&PEOPLE, app, visit, me, named, file).await
}

/// `GET /api/v1/accounts/imports/{id}`
#[utoipa::path(get, path = "/api/v1/accounts/imports/{id}", params(("id" = String, Path)), tag = "accounts",
    responses((status = 200, body = ImportBody)))]
pub async fn people_state(State(app): State<App>, visit: Visit, me: SignedIn, Path(id): Path<JobId>) -> Result<Json<ImportBody>, Problem> {
    state(&PEOPLE, app, visit, me, id).await
}

/// `POST /api/v1/accounts/imports/{id}/apply`: imports what was checked.
#[utoipa::path(post, path = "/api/v1/accounts/imports/{id}/apply", params(("id" = String, Path)), tag = "accounts",
    responses((status = 202, body = ImportBody), (status = 409, description = "Not checked yet, or with faults")))]
pub async fn apply_people(State(app): State<App>, visit: Visit, me: SignedIn, Path(id): Path<JobId>) -> Accepted {
    confirm(&PEOPLE, app, visit, me, id).await
}

/// `DELETE /api/v1/accounts/imports/{id}`: stops it; nothing is changed then.
#[utoipa::path(delete, path = "/api/v1/accounts/imports/{id}", params(("id" = String, Path)), tag = "accounts",
    responses((status = 204), (status = 409, description = "Finished already")))]
pub async fn cancel_people(State(app): State<App>, me: SignedIn, Path(id): Path<JobId>) -> Result<StatusCode, Problem> {
    registers::cancel(&app, PEOPLE.job, &me, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The workbook as it was handed in, with a column that says what is wrong in each row.
#[utoipa::path(get, path = "/api/v1/accounts/imports/{id}/workbook", tag = "accounts", params(("id" = String, Path)),
    responses((status = 200, description = "The workbook."), (status = 404)))]
pub async fn people_workbook(State(app): State<App>, me: SignedIn, Path(id): Path<JobId>) -> Result<Response, Problem> {
    with_errors(&PEOPLE, app, me, id).await
}

/// `POST /api/v1/accounts/imports/{id}/links`: a workbook with a link for each new account by which its owner sets a password.
///
/// Links work once and for 14 days. They are made anew with every request, which ends those made before; nothing but their
/// hashes is kept.
#[utoipa::path(post, path = "/api/v1/accounts/imports/{id}/links", tag = "accounts", params(("id" = String, Path)),
    responses((status = 200, description = "The workbook."), (status = 404), (status = 409, description = "Nobody waits for a link")))]
pub async fn people_links(State(app): State<App>, visit: Visit, me: SignedIn, Path(id): Path<JobId>) -> Result<Response, Problem> {
    PEOPLE.may_send(&app, &me)?;
    registers::follow(&app, PEOPLE.job, &me, id).await?;
    let bytes = people_import::links(&app, Some(&me), &id.to_string(), &visit.origin, &visit.texts).await?;
    Ok(workbook("links", bytes, "no-store"))
}

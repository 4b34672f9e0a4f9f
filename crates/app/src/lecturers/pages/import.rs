//! Sending a register of lecturers, looking at what it would change, confirming.

use crate::jobs::JobId;
use crate::lecturers::sent::LECTURERS;
use crate::organisations::pages as registers;
use crate::problem::Problem;
use crate::state::App;
use crate::web::{SignedIn, Visit};
use axum::extract::{Multipart, Path, State};
use axum::response::{Redirect, Response};

/// `GET /desk/lecturers/import`
pub async fn import_form(State(app): State<App>, visit: Visit, me: SignedIn) -> Result<Response, Problem> {
    registers::register_form(&LECTURERS, &app, &visit, &me)
}

/// `POST /desk/lecturers/import`
pub async fn import_file(State(app): State<App>, visit: Visit, me: SignedIn, form: Multipart) -> Result<Redirect, Problem> {
    registers::register_sent(&LECTURERS, app, visit, me, form).await
}

/// `GET /desk/lecturers/imports/{id}`
pub async fn import_page(State(app): State<App>, visit: Visit, me: SignedIn, Path(id): Path<JobId>) -> Result<Response, Problem> {
    registers::register_page(&LECTURERS, app, visit, me, id).await
}

/// `POST /desk/lecturers/imports/{id}/apply`
pub async fn import_apply(State(app): State<App>, me: SignedIn, Path(id): Path<JobId>) -> Result<Redirect, Problem> {
    registers::register_apply(&LECTURERS, app, me, id).await
}

/// `POST /desk/lecturers/imports/{id}/cancel`
pub async fn import_cancel(State(app): State<App>, me: SignedIn, Path(id): Path<JobId>) -> Result<Redirect, Problem> {
    registers::register_cancel(&LECTURERS, app, me, id).await
}

//! Sending a register of held sessions, looking at what it would change, confirming.

use crate::held_sessions::sent::SESSIONS;
use crate::jobs::JobId;
use crate::organisations::pages as registers;
use crate::problem::Problem;
use crate::state::App;
use crate::web::{SignedIn, Visit};
use axum::extract::{Multipart, Path, State};
use axum::response::{Redirect, Response};

/// `GET /held-sessions/import`
pub async fn import_form(State(app): State<App>, visit: Visit, me: SignedIn) -> Result<Response, Problem> {
    registers::register_form(&SESSIONS, &app, &visit, &me)
}

/// `POST /held-sessions/import`
pub async fn import_file(State(app): State<App>, visit: Visit, me: SignedIn, form: Multipart) -> Result<Redirect, Problem> {
    registers::register_sent(&SESSIONS, app, visit, me, form).await
}

/// `GET /held-sessions/imports/{id}`
pub async fn import_page(State(app): State<App>, visit: Visit, me: SignedIn, Path(id): Path<JobId>) -> Result<Response, Problem> {
    registers::register_page(&SESSIONS, app, visit, me, id).await
}

/// `POST /held-sessions/imports/{id}/apply`
pub async fn import_apply(State(app): State<App>, me: SignedIn, Path(id): Path<JobId>) -> Result<Redirect, Problem> {
    registers::register_apply(&SESSIONS, app, me, id).await
}

/// `POST /held-sessions/imports/{id}/cancel`
pub async fn import_cancel(State(app): State<App>, me: SignedIn, Path(id): Path<JobId>) -> Result<Redirect, Problem> {
    registers::register_cancel(&SESSIONS, app, me, id).await
}

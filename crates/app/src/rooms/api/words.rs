//! `/api/v1/forbidden-words`.

use crate::problem::Problem;
use crate::rooms::actions::{self, WordLists};
use crate::state::App;
use crate::web::SignedIn;
use axum::Json;
use axum::extract::State;

/// Words that are held or refused in every room.
#[utoipa::path(get, path = "/api/v1/forbidden-words", tag = "rooms", responses((status = 200, body = WordLists), (status = 401), (status = 403)))]
pub async fn list(State(app): State<App>, me: SignedIn) -> Result<Json<WordLists>, Problem> {
    Ok(Json(actions::word_lists(&app, &me).await?))
}

/// Puts another list in the place of the one with this `version`.
#[utoipa::path(put, path = "/api/v1/forbidden-words", tag = "rooms", request_body = WordLists, responses((status = 200, body = WordLists), (status = 401), (status = 403), (status = 409), (status = 422)))]
pub async fn keep(State(app): State<App>, me: SignedIn, Json(lists): Json<WordLists>) -> Result<Json<WordLists>, Problem> {
    Ok(Json(actions::keep_words(&app, &me, lists).await?))
}

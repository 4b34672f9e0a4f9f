//! Duplicates and merges for programs.

use crate::lecturers::actions::duplicates::pairs;
use crate::lecturers::actions::merging::{self, Wanted};
use crate::lecturers::rules::Why;
use crate::lecturers::{LecturerId, api::LecturerLine};
use crate::problem::Problem;
use crate::state::App;
use crate::web::SignedIn;
use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde::Serialize;
use utoipa::ToSchema;

/// Two lecturers that may be one person.
#[derive(Debug, Serialize, ToSchema)]
pub struct PairBody {
    older: LecturerLine,
    newer: LecturerLine,
    /// What speaks for it.
    why: Vec<Why>,
}

/// Lecturers of one name that may be one person, among those that the reader keeps; at most 100 pairs.
#[utoipa::path(get, path = "/api/v1/lecturers/duplicates", tag = "lecturers", responses((status = 200, body = [PairBody]), (status = 403)))]
pub async fn duplicates(State(app): State<App>, me: SignedIn) -> Result<Json<Vec<PairBody>>, Problem> {
    let body = |pair: crate::lecturers::actions::duplicates::Pair| PairBody {
        older: LecturerLine::of(&app, &pair.older),
        newer: LecturerLine::of(&app, &pair.newer),
        why: pair.why,
    };
    Ok(Json(pairs(&app, &me).await?.into_iter().map(body).collect()))
}

/// Makes a lecturer part of another: both are one person from now on. Nothing that refers to either is rewritten.
#[utoipa::path(post, path = "/api/v1/lecturers/{id}/merge", tag = "lecturers", params(("id" = String, Path)), request_body = Wanted,
    responses((status = 204), (status = 403), (status = 404), (status = 409), (status = 422)))]
pub async fn merge(
    State(app): State<App>,
    me: SignedIn,
    Path(id): Path<LecturerId>,
    Json(wanted): Json<Wanted>,
) -> Result<StatusCode, Problem> {
    merging::merge(&app, &me, id, &wanted).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Lets a lecturer stand for itself again.
#[utoipa::path(delete, path = "/api/v1/lecturers/{id}/merge", tag = "lecturers", params(("id" = String, Path)),
    responses((status = 204), (status = 403), (status = 404), (status = 409, description = "Was not merged")))]
pub async fn unmerge(State(app): State<App>, me: SignedIn, Path(id): Path<LecturerId>) -> Result<StatusCode, Problem> {
    merging::unmerge(&app, &me, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

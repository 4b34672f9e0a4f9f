//! Photos, one by one, under ids that the phone made.

use crate::held_sessions::{HeldSessionId, Photo, PhotoId, actions};
use crate::problem::Problem;
use crate::state::App;
use crate::web::SignedIn;
use axum::Json;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, Path, State};
use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use kernel::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

/// A photo as programs see it.
#[derive(Debug, Serialize, ToSchema)]
pub struct PhotoBody {
    #[schema(value_type = String)]
    id: PhotoId,
    /// Of the bytes as they are kept: without place, time and owner.
    sha256: String,
    bytes: i64,
    width: i64,
    height: i64,
    #[schema(value_type = i64)]
    added_at: Timestamp,
}

impl From<Photo> for PhotoBody {
    fn from(photo: Photo) -> Self {
        let Photo { id, sha256, bytes, width, height, added_at, .. } = photo;
        Self { id, sha256, bytes, width, height, added_at }
    }
}

/// What a request may bring: the largest photo, and a little so that a larger one is told so.
pub fn limit() -> DefaultBodyLimit {
    DefaultBodyLimit::max(crate::held_sessions::rules::PHOTO_BYTES + (64 << 10))
}

/// Adds a photo: the body is JPEG, PNG or WebP of at most 8 MiB. Repeating it changes nothing.
#[utoipa::path(put, path = "/api/v1/held-sessions/{id}/photos/{photo}", tag = "held-sessions", params(("id" = String, Path), ("photo" = String, Path)), request_body(content = Vec<u8>, content_type = "image/jpeg"), responses((status = 200, body = PhotoBody), (status = 403), (status = 404), (status = 409), (status = 413), (status = 422)))]
pub async fn put(
    State(app): State<App>,
    me: SignedIn,
    Path((id, photo)): Path<(HeldSessionId, PhotoId)>,
    body: Bytes,
) -> Result<Json<PhotoBody>, Problem> {
    Ok(Json(actions::photos::add(&app, &me, id, photo, body.to_vec()).await?.into()))
}

/// A photo.
#[utoipa::path(get, path = "/api/v1/held-sessions/{id}/photos/{photo}", tag = "held-sessions", params(("id" = String, Path), ("photo" = String, Path)), responses((status = 200, content_type = "image/jpeg", body = Vec<u8>), (status = 404)))]
pub async fn get(State(app): State<App>, me: SignedIn, Path((id, photo)): Path<(HeldSessionId, PhotoId)>) -> Result<Response, Problem> {
    let (_, kind, bytes) = actions::photos::read(&app, &me, id, photo).await?;
    // Opened by itself, a photo is a page of its own: it may do nothing.
    let headers =
        [(CONTENT_TYPE, kind), (CACHE_CONTROL, "private, max-age=86400"), (CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox")];
    Ok((headers, bytes).into_response())
}

/// Removes a photo, as long as the held session is not verified.
#[utoipa::path(delete, path = "/api/v1/held-sessions/{id}/photos/{photo}", tag = "held-sessions", params(("id" = String, Path), ("photo" = String, Path)), responses((status = 204), (status = 403), (status = 404), (status = 409)))]
pub async fn remove(
    State(app): State<App>,
    me: SignedIn,
    Path((id, photo)): Path<(HeldSessionId, PhotoId)>,
) -> Result<StatusCode, Problem> {
    actions::photos::remove(&app, &me, id, photo).await?;
    Ok(StatusCode::NO_CONTENT)
}

//! Photos as a plain form, for browsers without script.

use crate::held_sessions::rules::{MOST_PHOTOS, PHOTO_BYTES};
use crate::held_sessions::{HeldSessionId, PhotoId, actions};
use crate::problem::Problem;
use crate::state::App;
use crate::web::SignedIn;
use axum::extract::multipart::MultipartError;
use axum::extract::{DefaultBodyLimit, Multipart, Path, State};
use axum::http::StatusCode;
use axum::response::Redirect;

/// All photos of one held session in one form.
pub fn form_limit() -> DefaultBodyLimit {
    DefaultBodyLimit::max(MOST_PHOTOS * PHOTO_BYTES + (1 << 20))
}

/// `POST /held-sessions/{id}/photos`: a form with files called `photo`, one in memory at a time.
pub async fn add_photos(
    State(app): State<App>,
    me: SignedIn,
    Path(id): Path<HeldSessionId>,
    mut form: Multipart,
) -> Result<Redirect, Problem> {
    let mut added = 0;
    while let Some(mut field) = form.next_field().await.map_err(|e| unreadable(&e))? {
        if field.name() != Some("photo") || field.file_name().is_none_or(str::is_empty) {
            continue;
        }
        let mut bytes = Vec::new();
        while let Some(piece) = field.chunk().await.map_err(|e| unreadable(&e))? {
            if bytes.len() + piece.len() > PHOTO_BYTES {
                return Err(Problem::too_large("photo-too-large"));
            }
            bytes.extend_from_slice(&piece);
        }
        actions::photos::add(&app, &me, id, PhotoId::new(app.clock.as_ref()), bytes).await?;
        added += 1;
    }
    if added == 0 {
        // Who may not is told so, also without a photo.
        actions::photos::may_add(&app, &me, id).await?;
        return Err(Problem::field("photo", "required", "", ""));
    }
    Ok(Redirect::to(&format!("/held-sessions/{id}?done=held-photo-added#photos")))
}

/// `POST /held-sessions/{id}/photos/{photo}/remove`
pub async fn remove_photo(
    State(app): State<App>,
    me: SignedIn,
    Path((id, photo)): Path<(HeldSessionId, PhotoId)>,
) -> Result<Redirect, Problem> {
    actions::photos::remove(&app, &me, id, photo).await?;
    Ok(Redirect::to(&format!("/held-sessions/{id}?done=held-photo-removed#photos")))
}

fn unreadable(error: &MultipartError) -> Problem {
    match error.status() {
        StatusCode::PAYLOAD_TOO_LARGE => Problem::too_large("photo-too-large"),
        _ => Problem::bad_request("malformed").with("reason", error.body_text()),
    }
}

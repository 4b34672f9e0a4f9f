//! Captions of a lesson.

use crate::lessons::LessonId;
use crate::problem::Problem;
use crate::recordings::actions::{self, Handed};
use crate::recordings::{Caption, Recordings};
use crate::state::App;
use crate::web::{SignedIn, text_of};
use axum::Json;
use axum::body::Bytes;
use axum::extract::{Multipart, Path, Query, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use serde::{Deserialize, Serialize};

/// Captions in one language.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct CaptionBody {
    /// BCP 47 tag.
    language: String,
    /// What a menu calls them.
    label: String,
    /// Address of the WebVTT.
    url: String,
}

/// What a menu calls them.
#[derive(Debug, Deserialize)]
pub struct Labelled {
    #[serde(default)]
    label: String,
}

fn body(caption: Caption) -> CaptionBody {
    let url = format!("/api/v1/lessons/{}/captions/{}", caption.lesson, caption.language);
    CaptionBody { url, language: caption.language, label: caption.label }
}

/// Captions of a lesson, by language.
#[utoipa::path(get, path = "/api/v1/lessons/{id}/captions", tag = "recordings", params(("id" = String, Path)), responses((status = 200, body = [CaptionBody]), (status = 404)))]
pub async fn list(State(app): State<App>, me: SignedIn, Path(id): Path<LessonId>) -> Result<Json<Vec<CaptionBody>>, Problem> {
    Ok(Json(seen(&app, &me, id).await?.into_iter().map(body).collect()))
}

async fn seen(app: &App, me: &SignedIn, id: LessonId) -> Result<Vec<Caption>, Problem> {
    let mut tx = app.db.read().await?;
    crate::lessons::actions::visible(app, &mut tx, me, id).await?;
    Ok(Recordings(&mut tx).captions(id).await?)
}

/// The WebVTT itself.
#[utoipa::path(get, path = "/api/v1/lessons/{id}/captions/{language}", tag = "recordings", params(("id" = String, Path), ("language" = String, Path)), responses((status = 200, content_type = "text/vtt"), (status = 404)))]
pub async fn get(State(app): State<App>, me: SignedIn, Path((id, language)): Path<(LessonId, String)>) -> Result<Response, Problem> {
    let found = seen(&app, &me, id).await?.into_iter().find(|caption| caption.language == language).ok_or_else(Problem::not_found)?;
    Ok(([(header::CONTENT_TYPE, "text/vtt; charset=utf-8"), (header::CACHE_CONTROL, "private, no-cache")], found.body).into_response())
}

/// Hands in WebVTT or SubRip, in place of earlier captions in this language.
#[utoipa::path(put, path = "/api/v1/lessons/{id}/captions/{language}", tag = "recordings", params(("id" = String, Path), ("language" = String, Path), ("label" = Option<String>, Query)), request_body(content = String, content_type = "text/vtt"), responses((status = 200, body = CaptionBody), (status = 403), (status = 404), (status = 413), (status = 422)))]
pub async fn put(
    State(app): State<App>,
    me: SignedIn,
    Path((id, language)): Path<(LessonId, String)>,
    Query(named): Query<Labelled>,
    bytes: Bytes,
) -> Result<Json<CaptionBody>, Problem> {
    let handed = Handed { language: &language, label: &named.label, bytes: &bytes };
    Ok(Json(body(actions::keep_captions(&app, &me, id, handed).await?)))
}

/// Removes captions.
#[utoipa::path(delete, path = "/api/v1/lessons/{id}/captions/{language}", tag = "recordings", params(("id" = String, Path), ("language" = String, Path)), responses((status = 204), (status = 403), (status = 404)))]
pub async fn remove(State(app): State<App>, me: SignedIn, Path((id, language)): Path<(LessonId, String)>) -> Result<StatusCode, Problem> {
    actions::remove_captions(&app, &me, id, &language).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// `POST /lessons/{id}/captions`: the form with `language`, `label` and `file`, for browsers without script.
pub async fn form(State(app): State<App>, me: SignedIn, Path(id): Path<LessonId>, mut form: Multipart) -> Result<Redirect, Problem> {
    let bad = |e: axum::extract::multipart::MultipartError| Problem::new(e.status(), "malformed").with("reason", e.body_text());
    let (mut language, mut label, mut bytes, mut next) = (String::new(), String::new(), Bytes::new(), String::new());
    while let Some(field) = form.next_field().await.map_err(bad)? {
        match field.name().unwrap_or_default() {
            "language" => language = text_of(field).await?,
            "label" => label = text_of(field).await?,
            "next" => next = text_of(field).await?,
            "file" => bytes = field.bytes().await.map_err(bad)?,
            _ => {}
        }
    }
    actions::keep_captions(&app, &me, id, Handed { language: language.trim(), label: &label, bytes: &bytes }).await?;
    Ok(super::back(&next, "captions-kept"))
}

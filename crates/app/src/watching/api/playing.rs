//! What a player needs of a public lesson, for ours and for those of others: addresses, captions, where somebody stopped, reports.

use crate::lessons::{Catalogue, LessonId};
use crate::problem::Problem;
use crate::recordings::{Addresses, Audience, MaterialId, Recordings, media_base};
use crate::state::App;
use crate::watching::actions::{self, Heard, Heartbeat};
use crate::watching::{Watching, track_address};
use crate::web::{DeviceNumber, SignedIn, Visit};
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{Json, Path, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, IF_NONE_MATCH, SET_COOKIE, USER_AGENT};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};

/// What a player is given.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct PlaybackBody {
    #[serde(flatten)]
    addresses: Addresses,
    /// Captions, by language.
    captions: Vec<PublicCaptions>,
    /// For reports of play; none for programs that say they are robots.
    token: Option<String>,
    /// Where the reader stopped, in milliseconds; 0 when nobody is signed in.
    resume_ms: i64,
}

/// Captions in one language.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct PublicCaptions {
    /// BCP 47 tag.
    language: String,
    /// What a menu calls them.
    label: String,
    /// Address of the WebVTT.
    url: String,
}

/// Signed addresses of a public lesson and a token for reports of play: at first, and when those of before ran out.
#[utoipa::path(get, path = "/api/v1/library/{id}/playback", tag = "library", params(("id" = String, Path)), responses((status = 200, body = PlaybackBody), (status = 404, description = "Not public")))]
pub async fn playback(State(app): State<App>, visit: Visit, headers: HeaderMap, Path(id): Path<LessonId>) -> Result<Response, Problem> {
    let mut tx = app.db.read().await?;
    let public = Catalogue(&mut tx).find(id).await?.ok_or_else(Problem::not_found)?;
    let material: MaterialId = public.material.parse().map_err(Problem::internal)?;
    let made = Recordings(&mut tx).renditions(material).await?;
    let captions = Recordings(&mut tx).captions(id).await?.into_iter();
    let account = visit.actor.as_ref().map(|a| a.account);
    let stopped = match account {
        Some(account) => Watching(&mut tx).resume_point(account, id).await?,
        None => None,
    };
    let device = DeviceNumber::of(&headers);
    let agent = headers.get(USER_AGENT).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let body = PlaybackBody {
        addresses: Addresses::below(&media_base(&app, Audience::Public, material, app.clock.now()), &made),
        captions: captions.map(|c| PublicCaptions { url: track_address(id, &c.language), language: c.language, label: c.label }).collect(),
        token: actions::playback_token(&app, &public, actions::viewer_key(&app, account, &device.number), agent),
        resume_ms: stopped.map_or(0, |(at_ms, _)| at_ms),
    };
    let mut response = ([(CACHE_CONTROL, "no-store")], Json(body)).into_response();
    response.headers_mut().extend(device.to_keep().map(|cookie| (SET_COOKIE, cookie)));
    Ok(response)
}

/// The WebVTT of a public lesson.
#[utoipa::path(get, path = "/api/v1/library/{id}/captions/{language}", tag = "library", params(("id" = String, Path), ("language" = String, Path)), responses((status = 200, content_type = "text/vtt"), (status = 304, description = "As the sender has it"), (status = 404, description = "Not public, or none in this language")))]
pub async fn captions(
    State(app): State<App>,
    headers: HeaderMap,
    Path((id, language)): Path<(LessonId, String)>,
) -> Result<Response, Problem> {
    let mut tx = app.db.read().await?;
    Catalogue(&mut tx).find(id).await?.ok_or_else(Problem::not_found)?;
    let found = Recordings(&mut tx).captions(id).await?.into_iter().find(|c| c.language == language).ok_or_else(Problem::not_found)?;
    // Captions that are handed in anew have another id.
    let tag = format!("\"{}\"", found.id);
    let seen = headers.get(IF_NONE_MATCH).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let known = seen.split(',').any(|seen| seen.trim().trim_start_matches("W/") == tag);
    let head = [(CONTENT_TYPE, "text/vtt; charset=utf-8".to_owned()), (CACHE_CONTROL, "public, max-age=60".to_owned()), (ETAG, tag)];
    Ok(if known { (StatusCode::NOT_MODIFIED, head).into_response() } else { (head, found.body).into_response() })
}

/// `GET /lessons/{id}/captions/{language}.vtt`: the same for our player.
pub async fn track(state: State<App>, headers: HeaderMap, Path((id, track)): Path<(LessonId, String)>) -> Result<Response, Problem> {
    let language = track.strip_suffix(".vtt").ok_or_else(Problem::not_found)?.to_owned();
    captions(state, headers, Path((id, language))).await
}

/// Where a signed-in viewer stopped.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StoppedAt {
    /// Milliseconds from the start; 0 means the start.
    at_ms: i64,
}

/// Remembers where the reader stopped, for their other devices.
#[utoipa::path(put, path = "/api/v1/library/{id}/resume-point", tag = "me", params(("id" = String, Path)), request_body = StoppedAt, responses((status = 204), (status = 404, description = "Not public")))]
pub async fn resume_at(
    State(app): State<App>,
    me: SignedIn,
    Path(id): Path<LessonId>,
    Json(at): Json<StoppedAt>,
) -> Result<StatusCode, Problem> {
    actions::resume_at(&app, me.account, id, at.at_ms).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Counts what a player really played since its last report. A repetition changes nothing.
#[utoipa::path(post, path = "/api/v1/watch/heartbeat", tag = "watching", request_body = Heartbeat, responses((status = 200, body = Heard), (status = 403), (status = 410), (status = 422)))]
pub async fn heartbeat(State(app): State<App>, Json(beat): Json<Heartbeat>) -> Result<Json<Heard>, Problem> {
    Ok(Json(actions::heartbeat(&app, &beat).await?))
}

/// `POST /watch/heartbeat`: the same for players, whatever type a browser gives the body when its page is being left.
pub async fn beat(State(app): State<App>, body: Result<Bytes, BytesRejection>) -> Result<Json<Heard>, Problem> {
    let body = body.map_err(|_| Problem::too_large("too-large"))?;
    let beat = serde_json::from_slice(&body).map_err(|e| Problem::bad_request("malformed").with("reason", e))?;
    Ok(Json(actions::heartbeat(&app, &beat).await?))
}

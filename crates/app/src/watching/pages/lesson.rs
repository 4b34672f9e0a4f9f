//! The lesson page and what its player needs.

use super::catalogue::{Card, more_like};
use super::code_words;
use crate::i18n::Texts;
use crate::lessons::{Catalogue, LessonId, Publication};
use crate::organisations::OrganisationId;
use crate::problem::Problem;
use crate::recordings::{self, Audience, MaterialId, Recordings};
use crate::state::App;
use crate::watching::Watching;
use crate::watching::actions::{self, Heard, Heartbeat};
use crate::web::{Page, SignedIn, Visit, html};
use askama::Template;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{Json, Path, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, SET_COOKIE, USER_AGENT};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::json;

#[derive(Template)]
#[template(path = "watching/views/lesson.html")]
struct LessonPage {
    p: Page,
    view: LessonView,
    /// What viewers asked the lecturer, with the answers.
    questions: String,
}

/// A public lesson as its page shows it: finished strings.
#[derive(Debug, Clone)]
pub struct LessonView {
    id: LessonId,
    title: String,
    lecturer: String,
    initial: String,
    lecturer_kind: String,
    topic: String,
    topic_code: String,
    organisation: String,
    organisation_id: OrganisationId,
    published: String,
    duration: String,
    abstract_: Vec<String>,
    player: PlayerView,
    resume_s: i64,
    plays: String,
    views: String,
    hours: String,
    url: String,
    more: Vec<Card>,
}

/// What the player is given.
#[derive(Debug, Clone)]
struct PlayerView {
    media: String,
    poster: bool,
    storyboard: bool,
    audio: bool,
    token: String,
    chapters: Vec<Moment>,
    chapters_json: String,
    lines: Vec<Moment>,
    captions: Vec<Track>,
}

/// A line of the transcript or a chapter.
#[derive(Debug, Clone)]
pub struct Moment {
    at_ms: i64,
    at_s: i64,
    clock: String,
    text: String,
}

/// A caption track.
#[derive(Debug, Clone)]
pub struct Track {
    href: String,
    language: String,
    label: String,
}

/// Name of the cookie that tells one device from another; a random number, no more.
pub(super) const DEVICE: &str = "kj_device";

/// `GET /lessons/{id}`
pub async fn lesson(State(app): State<App>, visit: Visit, headers: HeaderMap, Path(id): Path<LessonId>) -> Result<Response, Problem> {
    let (device, fresh) = device_of(&headers);
    let mut tx = app.db.read().await?;
    let publication = Catalogue(&mut tx).find(id).await?.ok_or_else(Problem::not_found)?;
    let agent = headers.get(USER_AGENT).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let viewer = actions::viewer_key(&app, visit.actor.as_ref().map(|a| a.account), &device);
    let token = actions::playback_token(&app, &publication, viewer, agent).unwrap_or_default();
    let view = view(&app, &visit, &mut tx, &publication, token).await?;
    drop(tx);
    let questions = crate::rooms::questions_of(&app, &visit, id).await?;
    let mut response = html(&LessonPage { p: visit.page(&app, publication.title.clone()), view, questions })?;
    if fresh {
        let cookie = format!("{DEVICE}={device}; Path=/; HttpOnly; SameSite=Lax; Max-Age=31536000");
        response.headers_mut().append(SET_COOKIE, HeaderValue::from_str(&cookie).map_err(Problem::internal)?);
    }
    Ok(response)
}

/// The device's number from its cookie, or a new one.
pub(super) fn device_of(headers: &HeaderMap) -> (String, bool) {
    let cookies = headers.get_all(axum::http::header::COOKIE).into_iter().filter_map(|v| v.to_str().ok()).flat_map(|v| v.split(';'));
    let known = cookies.filter_map(|pair| pair.trim().split_once('=')).find(|(name, value)| *name == DEVICE && value.len() == 32);
    match known {
        Some((_, value)) => (value.to_owned(), false),
        None => (format!("{:032x}", u128::from_be_bytes(kernel::random::bytes())), true),
    }
}

async fn view(app: &App, visit: &Visit, tx: &mut crate::db::Tx, public: &Publication, token: String) -> Result<LessonView, Problem> {
    let words = &visit.texts;
    let tree = app.tree.load_full();
    let counts = Watching(&mut *tx).counts(public.lesson).await?;
    let resume_s = match &visit.actor {
        Some(actor) => Watching(&mut *tx).resume_point(actor.account, public.lesson).await? / 1000,
        None => 0,
    };
    Ok(LessonView {
        id: public.lesson,
        title: public.title.clone(),
        lecturer: public.lecturer.clone(),
        initial: public.lecturer.chars().next().map(String::from).unwrap_or_default(),
        lecturer_kind: code_words(words, "lecturer-kind", &public.lecturer_kind),
        topic: code_words(words, "topic", &public.topic),
        topic_code: public.topic.clone(),
        organisation: tree.name(public.organisation),
        organisation_id: public.organisation,
        published: words.date(public.published_at),
        duration: words.duration(public.duration_ms),
        abstract_: public.abstract_.split('\n').map(str::trim).filter(|l| !l.is_empty()).map(str::to_owned).collect(),
        player: player(app, words, tx, public, token).await?,
        resume_s,
        plays: words.number(counts.plays),
        views: words.number(counts.views),
        hours: format!("{:.1}", counts.watch_s as f64 / 3600.0),
        url: format!("{}/lessons/{}", app.public_url(), public.lesson),
        more: more_like(app, words, tx, public).await?,
    })
}

async fn player(app: &App, words: &Texts, tx: &mut crate::db::Tx, public: &Publication, token: String) -> Result<PlayerView, Problem> {
    let material: MaterialId = public.material.parse().map_err(Problem::internal)?;
    let renditions = Recordings(&mut *tx).renditions(material).await?;
    let has = |kind: &str| renditions.iter().any(|r| r.kind == kind);
    let captions = Recordings(&mut *tx).captions(public.lesson).await?;
    let cues = captions.first().and_then(|c| media::captions::cues(c.body.as_bytes()).ok()).unwrap_or_default();
    let track = |c: &recordings::Caption| Track {
        href: format!("/lessons/{}/captions/{}.vtt", public.lesson, c.language),
        language: c.language.clone(),
        label: c.label.clone(),
    };
    Ok(PlayerView {
        media: recordings::media_base(app, Audience::Public, material, app.clock.now()),
        poster: has("poster"),
        storyboard: has("storyboard"),
        audio: has("audio"),
        token,
        chapters: public.chapters.iter().map(|c| moment(words, c.at_ms, c.title.clone())).collect(),
        chapters_json: json!(public.chapters).to_string().replace('<', "\\u003c"),
        lines: cues.into_iter().map(|c| moment(words, c.start_ms as i64, c.text)).collect(),
        captions: captions.iter().map(track).collect(),
    })
}

fn moment(words: &Texts, at_ms: i64, text: String) -> Moment {
    Moment { at_ms, at_s: at_ms / 1000, clock: words.duration(at_ms), text }
}

/// Counts what a player really played since its last report. A repetition changes nothing.
#[utoipa::path(post, path = "/api/v1/watch/heartbeat", tag = "watching", request_body = Heartbeat, responses((status = 200, body = Heard), (status = 403), (status = 410), (status = 422)))]
pub async fn heartbeat(State(app): State<App>, Json(beat): Json<Heartbeat>) -> Result<Json<Heard>, Problem> {
    Ok(Json(actions::heartbeat(&app, &beat).await?))
}

/// `POST /watch/heartbeat`: the same for players, whatever type a browser gives the body when its page is being left.
pub async fn beat(State(app): State<App>, body: Result<Bytes, BytesRejection>) -> Result<Json<Heard>, Problem> {
    let body = body.map_err(|_| Problem::too_large("too-large"))?;
    let beat = serde_json::from_slice(&body).map_err(|e| Problem::new(StatusCode::BAD_REQUEST, "malformed").with("reason", e))?;
    Ok(Json(actions::heartbeat(&app, &beat).await?))
}

/// `GET /lessons/{id}/addresses`: new signed addresses and a new token, when those of the page ran out.
pub async fn addresses(State(app): State<App>, visit: Visit, headers: HeaderMap, Path(id): Path<LessonId>) -> Result<Response, Problem> {
    let mut tx = app.db.read().await?;
    let public = Catalogue(&mut tx).find(id).await?.ok_or_else(Problem::not_found)?;
    let material: MaterialId = public.material.parse().map_err(Problem::internal)?;
    let base = recordings::media_base(&app, Audience::Public, material, app.clock.now());
    let agent = headers.get(USER_AGENT).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let viewer = actions::viewer_key(&app, visit.actor.as_ref().map(|a| a.account), &device_of(&headers).0);
    let token = actions::playback_token(&app, &public, viewer, agent);
    let body = json!({ "manifest": format!("{base}/master.m3u8"), "audio_manifest": format!("{base}/a/index.m3u8"),
                       "storyboard": format!("{base}/storyboard/index.vtt"), "token": token });
    Ok(([(CACHE_CONTROL, "no-store")], Json(body)).into_response())
}

/// Where a signed-in viewer stopped.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StoppedAt {
    /// Milliseconds from the start.
    pub at_ms: i64,
}

/// `PUT /lessons/{id}/resume-point`
pub async fn resume_at(State(app): State<App>, me: SignedIn, Path(id): Path<LessonId>, Json(at): Json<StoppedAt>) -> Result<(), Problem> {
    actions::resume_at(&app, me.account, id, at.at_ms).await
}

/// `GET /lessons/{id}/qr.svg`: the address of the lesson as a QR code.
pub async fn qr(State(app): State<App>, Path(id): Path<LessonId>) -> Result<Response, Problem> {
    Catalogue(&mut app.db.read().await?).find(id).await?.ok_or_else(Problem::not_found)?;
    let svg = crate::web::qr_svg(&format!("{}/lessons/{id}", app.public_url()))?;
    Ok(([(CONTENT_TYPE, "image/svg+xml"), (CACHE_CONTROL, "public, max-age=3600")], svg).into_response())
}

//! The page of a broadcast for viewers, and how it stands now.

use super::lesson::{DEVICE, device_of};
use crate::broadcasts::api::{media, showing};
use crate::broadcasts::{Admission, Broadcast, BroadcastId, Broadcasts, Kind, Profile, State as Stand};
use crate::lessons::Catalogue;
use crate::problem::Problem;
use crate::recordings::Audience;
use crate::state::App;
use crate::watching::actions;
use crate::web::{Page, Visit, html, policy_with_stream};
use askama::Template;
use axum::Json;
use axum::extract::{Path, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, SET_COOKIE, USER_AGENT};
use axum::http::{HeaderMap, HeaderValue};
use axum::response::{IntoResponse, Response};
use kernel::Timestamp;
use serde::Serialize;

/// How often a page looks how the broadcast stands, milliseconds; in the mass profile the answers come from caches.
const POLL_MS: i64 = 5_000;

#[derive(Template)]
#[template(path = "watching/views/live.html")]
struct LivePage {
    p: Page,
    view: LiveView,
}

/// A broadcast as its page shows it: finished strings.
#[derive(Debug)]
struct LiveView {
    id: BroadcastId,
    title: String,
    lecturer: String,
    initial: String,
    organisation: String,
    organisation_href: String,
    when: String,
    abstract_: Vec<String>,
    state: &'static str,
    state_name: String,
    kind: &'static str,
    starts_at: i64,
    manifest: String,
    mode: &'static str,
    token: String,
    replay: String,
    external: String,
    url: String,
}

/// How a broadcast stands, for players.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Standing {
    /// `planned`, `on_air`, `dropped`, `paused`, `ended` or `cancelled`.
    state: &'static str,
    /// `interactive` or `mass`.
    mode: Profile,
    /// What to play, when there is something.
    manifest: Option<String>,
    /// Always null: the page carries the token, so that this answer is the same for everybody.
    token: Option<String>,
    /// Milliseconds since 1970.
    #[schema(value_type = i64)]
    starts_at: Timestamp,
    /// By plan, milliseconds since 1970.
    #[schema(value_type = i64)]
    ends_at: Timestamp,
    /// The server's clock, milliseconds since 1970.
    #[schema(value_type = i64)]
    now: Timestamp,
    /// Where it can be watched again.
    replay_url: Option<String>,
    /// People who watch, when that is counted.
    watching: Option<u64>,
    /// Look again after so many milliseconds.
    poll_ms: i64,
}

/// The broadcast, for a reader who may watch it.
///
/// # Errors
///
/// 404 for one that does not exist; 401 for a stranger where only those who are signed in may watch.
async fn found(app: &App, visit: &Visit, id: BroadcastId) -> Result<(Broadcast, Audience), Problem> {
    let broadcast = Broadcasts(&mut app.db.read().await?).find(id).await?.ok_or_else(Problem::not_found)?;
    let audience = match broadcast.admission {
        Admission::Everybody => Audience::Public,
        Admission::SignedIn => Audience::Account(visit.signed_in()?.account),
    };
    Ok((broadcast, audience))
}

/// What a page and a player call the state.
fn stand(app: &App, broadcast: &Broadcast) -> &'static str {
    match broadcast.state {
        Stand::Planned | Stand::Testing => "planned",
        Stand::OnAir if broadcast.held_at.is_some() && !has_guest(app, broadcast) => "paused",
        Stand::OnAir if broadcast.kind == Kind::Live && !has_guest(app, broadcast) => "dropped",
        Stand::OnAir => "on_air",
        Stand::Dropped { .. } => "dropped",
        Stand::Ended => "ended",
        Stand::Cancelled => "cancelled",
    }
}

/// Whether a publisher's picture is there: of a live broadcast the one, of a showing that of its host.
fn has_guest(app: &App, broadcast: &Broadcast) -> bool {
    app.studios.get(broadcast.id).is_some_and(|studio| studio.air().is_some())
}

fn manifest(app: &App, broadcast: &Broadcast, audience: Audience) -> Option<String> {
    let on_air = matches!(stand(app, broadcast), "on_air" | "dropped" | "paused");
    let guest = broadcast.kind == Kind::Live || (broadcast.held_at.is_some() && has_guest(app, broadcast));
    match broadcast.kind {
        Kind::External => broadcast.external_url.clone().filter(|_| on_air),
        Kind::Showing if !guest => on_air.then(|| showing::address(app, audience, broadcast.id)),
        _ => on_air.then(|| media::address(app, audience, broadcast.id, broadcast.profile)),
    }
}

async fn standing(app: &App, broadcast: &Broadcast, audience: Audience) -> Result<Standing, Problem> {
    let public = match broadcast.state {
        Stand::Ended => Catalogue(&mut app.db.read().await?).find(broadcast.lesson).await?,
        _ => None,
    };
    Ok(Standing {
        state: stand(app, broadcast),
        mode: broadcast.profile,
        manifest: manifest(app, broadcast, audience),
        token: None,
        starts_at: broadcast.starts_at,
        ends_at: broadcast.ends_at,
        now: app.clock.now(),
        replay_url: public.map(|public| format!("/lessons/{}", public.lesson)),
        watching: None,
        poll_ms: POLL_MS,
    })
}

/// How a broadcast stands now. The same for everybody, so that a cache may answer for a second.
#[utoipa::path(get, path = "/api/v1/live/{id}/state", tag = "library", params(("id" = String, Path)), responses((status = 200, body = Standing), (status = 401), (status = 404)))]
pub async fn state(State(app): State<App>, visit: Visit, Path(id): Path<BroadcastId>) -> Result<Response, Problem> {
    let (broadcast, audience) = found(&app, &visit, id).await?;
    let standing = standing(&app, &broadcast, audience).await?;
    let keep = if audience == Audience::Public { "public, max-age=1" } else { "private, no-store" };
    Ok(([(CACHE_CONTROL, keep)], Json(standing)).into_response())
}

/// `GET /live/{id}`
pub async fn page(State(app): State<App>, visit: Visit, headers: HeaderMap, Path(id): Path<BroadcastId>) -> Result<Response, Problem> {
    let (broadcast, audience) = found(&app, &visit, id).await?;
    let (device, fresh) = device_of(&headers);
    let agent = headers.get(USER_AGENT).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let viewer = actions::viewer_key(&app, visit.actor.as_ref().map(|a| a.account), &device);
    let token = actions::live_token(&app, &broadcast, viewer, agent).unwrap_or_default();
    let view = view(&app, &visit, &broadcast, standing(&app, &broadcast, audience).await?, token);
    let mut response = html(&LivePage { p: visit.page(&app, broadcast.title.clone()), view })?;
    if let Some(url) = broadcast.external_url.as_deref().filter(|_| broadcast.kind == Kind::External) {
        response.headers_mut().insert(CONTENT_SECURITY_POLICY, policy_with_stream(url));
    }
    if fresh {
        let cookie = format!("{DEVICE}={device}; Path=/; HttpOnly; SameSite=Lax; Max-Age=31536000");
        response.headers_mut().append(SET_COOKIE, HeaderValue::from_str(&cookie).map_err(Problem::internal)?);
    }
    Ok(response)
}

fn view(app: &App, visit: &Visit, broadcast: &Broadcast, standing: Standing, token: String) -> LiveView {
    let words = &visit.texts;
    LiveView {
        id: broadcast.id,
        title: broadcast.title.clone(),
        initial: broadcast.lecturer.chars().next().map(String::from).unwrap_or_default(),
        lecturer: broadcast.lecturer.clone(),
        organisation: app.tree.load().name(broadcast.organisation),
        organisation_href: format!("/places/{}", broadcast.organisation),
        when: words.time(broadcast.starts_at),
        abstract_: broadcast.abstract_.split('\n').map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect(),
        state: standing.state,
        state_name: words.coded("live-state", standing.state),
        kind: broadcast.kind.code(),
        starts_at: broadcast.starts_at.0,
        manifest: standing.manifest.unwrap_or_default(),
        mode: broadcast.profile.code(),
        token,
        replay: standing.replay_url.unwrap_or_default(),
        external: broadcast.external_url.clone().filter(|_| broadcast.kind == Kind::External).unwrap_or_default(),
        url: format!("{}/live/{}", app.public_url(), broadcast.id),
    }
}

/// `GET /live/{id}/qr.svg`: the address of the broadcast as a QR code.
pub async fn qr(State(app): State<App>, Path(id): Path<BroadcastId>) -> Result<Response, Problem> {
    Broadcasts(&mut app.db.read().await?).find(id).await?.ok_or_else(Problem::not_found)?;
    let svg = crate::web::qr_svg(&format!("{}/live/{id}", app.public_url()))?;
    Ok(([(CONTENT_TYPE, "image/svg+xml"), (CACHE_CONTROL, "public, max-age=3600")], svg).into_response())
}

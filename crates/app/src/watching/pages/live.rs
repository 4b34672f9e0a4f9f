//! The page of a broadcast for viewers, and how it stands now.

use crate::broadcasts::addresses;
use crate::broadcasts::{Admission, Broadcast, BroadcastId, Broadcasts, Kind, Profile, State as Stand};
use crate::lessons::Catalogue;
use crate::problem::Problem;
use crate::recordings::Audience;
use crate::rooms;
use crate::rooms::actions::Watched;
use crate::state::App;
use crate::watching::actions;
use crate::web::{DeviceNumber, Done, Page, Visit, html, policy_with_stream};
use askama::Template;
use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::HeaderMap;
use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, SET_COOKIE, USER_AGENT};
use axum::response::{IntoResponse, Response};
use kernel::Timestamp;
use serde::Serialize;

/// How often a page looks how the broadcast stands, milliseconds; in the mass profile the answers come from caches.
const POLL_MS: i64 = 5_000;
/// The same while pages show the picture alone.
const STATIC_POLL_MS: i64 = 15_000;

#[derive(Template)]
#[template(path = "watching/views/live.html")]
struct LivePage {
    p: Page,
    view: LiveView,
    /// What is said and asked; empty where there is no room.
    room: String,
    /// How many watch before one screen; empty where that is not asked.
    group: String,
    notice: String,
    /// The machine has no more to give than the picture.
    picture_alone: bool,
}

/// A broadcast as its page shows it: finished strings.
#[derive(Debug)]
struct LiveView {
    id: BroadcastId,
    title: String,
    lecturer: String,
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
pub struct LiveStanding {
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
        Kind::Showing if !guest => on_air.then(|| addresses::showing(app, audience, broadcast.id)),
        _ => on_air.then(|| addresses::on_air(app, audience, broadcast.id, broadcast.profile_now(app))),
    }
}

async fn standing(app: &App, broadcast: &Broadcast, audience: Audience) -> Result<LiveStanding, Problem> {
    let public = match broadcast.state {
        Stand::Ended => Catalogue(&mut app.db.read().await?).find(broadcast.lesson).await?,
        _ => None,
    };
    Ok(LiveStanding {
        state: stand(app, broadcast),
        mode: broadcast.profile_now(app),
        manifest: manifest(app, broadcast, audience),
        token: None,
        starts_at: broadcast.starts_at,
        ends_at: broadcast.ends_at,
        now: app.clock.now(),
        replay_url: public.map(|public| format!("/lessons/{}", public.lesson)),
        // Nobody is counted who fetches files from caches.
        watching: Some(app.rooms.watching(broadcast.id) as u64).filter(|watching| *watching > 0),
        poll_ms: if broadcast.stage(app).is_static() { STATIC_POLL_MS } else { POLL_MS },
    })
}

/// How a broadcast stands now. The same for everybody, so that a cache may answer for a second.
#[utoipa::path(get, path = "/api/v1/live/{id}/state", tag = "library", params(("id" = String, Path)), responses((status = 200, body = LiveStanding), (status = 401), (status = 404)))]
pub async fn state(State(app): State<App>, visit: Visit, Path(id): Path<BroadcastId>) -> Result<Response, Problem> {
    let (broadcast, audience) = found(&app, &visit, id).await?;
    let standing = standing(&app, &broadcast, audience).await?;
    let keep = if audience == Audience::Public { "public, max-age=1" } else { "private, no-store" };
    Ok(([(CACHE_CONTROL, keep)], Json(standing)).into_response())
}

/// `GET /live/{id}`
pub async fn page(
    State(app): State<App>,
    visit: Visit,
    headers: HeaderMap,
    Path(id): Path<BroadcastId>,
    Query(done): Query<Done>,
) -> Result<Response, Problem> {
    let (broadcast, audience) = found(&app, &visit, id).await?;
    let device = DeviceNumber::of(&headers);
    let agent = headers.get(USER_AGENT).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let viewer = actions::viewer_key(&app, visit.actor.as_ref().map(|a| a.account), &device.number);
    let token = actions::live_token(&app, &broadcast, viewer, agent).unwrap_or_default();
    let view = view(&app, &visit, &broadcast, standing(&app, &broadcast, audience).await?, token);
    let picture_alone = broadcast.stage(&app).is_static();
    let has_room = broadcast.state != Stand::Cancelled && !picture_alone;
    let room = if has_room { rooms::panel(&app, &visit, &broadcast).await? } else { String::new() };
    let group = if has_room { rooms::group_form(&app, &visit, Watched::Broadcast(id)).await? } else { String::new() };
    let (p, notice) = (visit.page(&app, broadcast.title.clone()), done.notice(&visit.texts));
    let mut response = html(&LivePage { p, view, room, group, notice, picture_alone })?;
    if let Some(url) = broadcast.external_url.as_deref().filter(|_| broadcast.kind == Kind::External) {
        response.headers_mut().insert(CONTENT_SECURITY_POLICY, policy_with_stream(url));
    }
    response.headers_mut().extend(device.to_keep().map(|cookie| (SET_COOKIE, cookie)));
    Ok(response)
}

fn view(app: &App, visit: &Visit, broadcast: &Broadcast, standing: LiveStanding, token: String) -> LiveView {
    let words = &visit.texts;
    LiveView {
        id: broadcast.id,
        title: broadcast.title.clone(),
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
        mode: standing.mode.code(),
        token,
        replay: standing.replay_url.unwrap_or_default(),
        external: broadcast.external_url.clone().filter(|_| broadcast.kind == Kind::External).unwrap_or_default(),
        url: format!("{}/live/{}", visit.origin, broadcast.id),
    }
}

/// `GET /live/{id}/qr.svg`: the address of the broadcast as a QR code.
pub async fn qr(State(app): State<App>, visit: Visit, Path(id): Path<BroadcastId>) -> Result<Response, Problem> {
    Broadcasts(&mut app.db.read().await?).find(id).await?.ok_or_else(Problem::not_found)?;
    let svg = crate::web::qr_svg(&format!("{}/live/{id}", visit.origin))?;
    Ok(([(CONTENT_TYPE, "image/svg+xml"), (CACHE_CONTROL, "private, max-age=3600")], svg).into_response())
}

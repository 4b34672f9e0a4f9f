//! The page of a broadcast for viewers.

use super::standing::{LiveStanding, found, standing};
use crate::broadcasts::{Broadcast, BroadcastId, Broadcasts, Kind, State as Stand};
use crate::lessons::LessonId;
use crate::problem::Problem;
use crate::recordings::Audience;
use crate::rooms;
use crate::rooms::actions::Watched;
use crate::state::App;
use crate::watching::{actions, audience};
use crate::web::{DeviceNumber, Done, Page, Visit, html, policy_with_stream};
use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::HeaderMap;
use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderValue, SET_COOKIE, USER_AGENT, VARY};
use axum::response::{IntoResponse, Response};

/// A cache may answer with a page that is the same for everybody for so long.
const ALIKE: &str = "public, max-age=3";

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
    lesson: LessonId,
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
    /// What the viewer's lots are reckoned from; empty where nobody is known.
    seed: String,
    replay: String,
    external: String,
    url: String,
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
    let picture_alone = broadcast.stage(&app).is_static();
    if picture_alone && audience == Audience::Public {
        return alike(&app, &visit.anybody(&app, &headers), &broadcast).await;
    }
    let device = DeviceNumber::of(&headers);
    let agent = headers.get(USER_AGENT).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let viewer = actions::viewer_key(&app, visit.actor.as_ref().map(|a| a.account), &device.number);
    let token = actions::live_token(&app, &broadcast, viewer, agent).unwrap_or_default();
    let counted = (token, actions::lot_seed(&app, viewer));
    audience::of(&app, id).await?.came();
    let view = view(&app, &visit, &broadcast, standing(&app, &broadcast, audience).await?, counted);
    let has_room = broadcast.state != Stand::Cancelled && !picture_alone;
    let room = if has_room { rooms::panel(&app, &visit, &broadcast).await? } else { String::new() };
    let group = if has_room { rooms::group_form(&app, &visit, Watched::Broadcast(id)).await? } else { String::new() };
    let (p, notice) = (visit.page(&app, broadcast.title.clone()), done.notice(&visit.texts));
    let mut response = answer(&LivePage { p, view, room, group, notice, picture_alone }, &broadcast)?;
    response.headers_mut().extend(device.to_keep().map(|cookie| (SET_COOKIE, cookie)));
    Ok(response)
}

/// The picture alone, in the same bytes for everybody: the server makes it once in a while and caches carry it to the crowd.
async fn alike(app: &App, anybody: &Visit, broadcast: &Broadcast) -> Result<Response, Problem> {
    let standing = standing(app, broadcast, Audience::Public).await?;
    let view = view(app, anybody, broadcast, standing, (String::new(), String::new()));
    let p = anybody.page(app, broadcast.title.clone());
    let page = LivePage { p, view, room: String::new(), group: String::new(), notice: String::new(), picture_alone: true };
    let mut response = answer(&page, broadcast)?;
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static(ALIKE));
    response.headers_mut().append(VARY, HeaderValue::from_static("accept-language"));
    Ok(response)
}

fn answer(page: &LivePage, broadcast: &Broadcast) -> Result<Response, Problem> {
    let mut response = html(page)?;
    if let Some(url) = broadcast.external_url.as_deref().filter(|_| broadcast.kind == Kind::External) {
        response.headers_mut().insert(CONTENT_SECURITY_POLICY, policy_with_stream(url));
    }
    Ok(response)
}

fn view(app: &App, visit: &Visit, broadcast: &Broadcast, standing: LiveStanding, (token, seed): (String, String)) -> LiveView {
    let words = &visit.texts;
    LiveView {
        id: broadcast.id,
        lesson: broadcast.lesson,
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
        seed,
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

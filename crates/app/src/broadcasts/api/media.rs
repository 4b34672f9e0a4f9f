//! What live players fetch: signed addresses, playlists that wait, parts and segments from memory. No database.
//!
//! `/live-media/EXPIRY.AUDIENCE.SIGNATURE/BROADCAST/air/master.m3u8`, and below it `video/`, `audio/` and lower qualities such as
//! `video-360/`, as `live::playlist` says; `preview/` is the same for the host alone, `showing/` that of a recording
//! ([`super::showing`]).

use crate::broadcasts::studio::Studio;
use crate::broadcasts::{Admission, BroadcastId, Profile};
use crate::problem::Problem;
use crate::recordings::{self, Audience};
use crate::state::App;
use axum::body::Body;
use axum::extract::{Path, Query, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, HeaderValue};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use live::playlist::name::Name;
use live::playlist::{Reload, Skip};
use live::{Live, Rendition, Unavailable};
use serde::Deserialize;
use std::sync::Arc;
use std::time::Duration;

/// A request that waits for a part longer than this is answered 503: its publisher is gone, and the player asks again.
const LONGEST_WAIT: Duration = Duration::from_secs(20);

/// What a player adds to a playlist's address (draft-pantos-hls-rfc8216bis §6.2.5).
#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    #[serde(rename = "_HLS_msn")]
    msn: Option<u64>,
    #[serde(rename = "_HLS_part")]
    part: Option<u32>,
    #[serde(rename = "_HLS_skip")]
    skip: Option<String>,
}

/// `GET /live-media/{grant}/{broadcast}/{*rest}`
pub async fn serve(
    State(app): State<App>,
    Path((grant, broadcast, rest)): Path<(String, String, String)>,
    asked: Result<Query<Asked>, axum::extract::rejection::QueryRejection>,
) -> Response {
    let Ok(Query(asked)) = asked else { return Problem::bad_request("malformed").into_response() };
    let found = async {
        if let Some(file) = rest.strip_prefix("showing/") {
            return super::showing::answer(&app, &grant, &broadcast, file).await;
        }
        let live = admitted(&app, &grant, &broadcast, &rest)?;
        let (_, file) = rest.split_once('/').ok_or_else(Problem::not_found)?;
        tokio::time::timeout(LONGEST_WAIT, answer(&live, file, &asked)).await.map_err(|_| not_now())?
    };
    found.await.into_response()
}

/// Nothing to send at the moment.
pub(super) fn not_now() -> Problem {
    Problem::new(StatusCode::SERVICE_UNAVAILABLE, "no-picture-now")
}

/// The package that an address opens, for whoever it was signed.
fn admitted(app: &App, grant: &str, broadcast: &str, rest: &str) -> Result<Arc<Live>, Problem> {
    let grant = recordings::read_grant(app, grant, broadcast)?.audience;
    let id: BroadcastId = broadcast.parse().map_err(|_| Problem::not_found())?;
    let studio = app.studios.get(id).ok_or_else(not_now)?;
    if rest.starts_with("preview/") && matches!(grant, Audience::Account(_)) {
        return studio.preview().ok_or_else(not_now);
    }
    let withdrawn = || Problem::new(StatusCode::FORBIDDEN, "media-withdrawn");
    if !rest.starts_with("air/") || !is_open(&studio, grant) {
        return Err(withdrawn());
    }
    studio.air().ok_or_else(not_now)
}

/// Whether the broadcast is on air for this audience.
fn is_open(studio: &Studio, audience: Audience) -> bool {
    let broadcast = studio.broadcast();
    let let_in = broadcast.admission == Admission::Everybody || matches!(audience, Audience::Account(_));
    let_in && broadcast.state.is_on_air()
}

async fn answer(live: &Live, file: &str, asked: &Asked) -> Result<Response, Problem> {
    if let Some(audience) = master_of(file) {
        let text = live.master(audience).ok_or_else(not_now)?;
        return Ok(playlist(text.into(), 2));
    }
    let (folder, name) = file.split_once('/').ok_or_else(Problem::not_found)?;
    let of: Rendition = folder.parse().map_err(|_| Problem::not_found())?;
    match name.parse().map_err(|_| Problem::not_found())? {
        Name::Playlist(audience) => {
            let skip = if matches!(asked.skip.as_deref(), Some("YES" | "v2")) { Skip::Yes } else { Skip::No };
            let reload = Reload { msn: asked.msn, part: asked.part, skip };
            // What a blocking request is answered with does not change any more; the plain one is the newest for a second.
            let kept = if asked.msn.is_some() { 6 } else { 1 };
            Ok(playlist(live.playlist(of, audience, reload).await.map_err(refused)?, kept))
        }
        Name::Init(generation) => live.init(of, generation).map(media).ok_or_else(Problem::not_found),
        Name::Segment(msn) => live.segment(of, msn).map(media).ok_or_else(Problem::not_found),
        Name::Part(msn, index) => live.part(of, msn, index).await.map(media).map_err(refused),
    }
}

fn master_of(file: &str) -> Option<live::playlist::Audience> {
    match file {
        "master.m3u8" => Some(live::playlist::Audience::Interactive),
        "plain.m3u8" => Some(live::playlist::Audience::Mass),
        _ => None,
    }
}

fn refused(why: Unavailable) -> Problem {
    match why {
        Unavailable::BadRequest(why) => Problem::bad_request("bad-reload").with("reason", why),
        Unavailable::NotFound => Problem::not_found(),
    }
}

/// Everybody gets the same bytes, so that a cache between us and them may keep them for `seconds`.
pub(super) fn playlist(text: Bytes, seconds: u32) -> Response {
    let keep = HeaderValue::from_str(&format!("public, max-age={seconds}")).unwrap_or(HeaderValue::from_static("no-cache"));
    body(text, HeaderValue::from_static("application/vnd.apple.mpegurl"), keep)
}

/// Numbers are never used again, so what has one never changes.
fn media(bytes: Bytes) -> Response {
    body(bytes, HeaderValue::from_static("video/mp4"), HeaderValue::from_static("public, max-age=3600, immutable"))
}

fn body(bytes: Bytes, kind: HeaderValue, keep: HeaderValue) -> Response {
    let headers = HeaderMap::from_iter([(CONTENT_TYPE, kind), (CACHE_CONTROL, keep)]);
    (headers, Body::from(bytes)).into_response()
}

/// The signed address of what everybody sees of a broadcast, for `audience`.
pub fn address(app: &App, audience: Audience, id: BroadcastId, profile: Profile) -> String {
    let file = if profile == Profile::Mass { "plain.m3u8" } else { "master.m3u8" };
    format!("{}/air/{file}", recordings::signed_base(app, "live-media", audience, &id.to_string()))
}

/// The signed address of the host's preview.
pub fn preview(app: &App, account: kernel::AccountId, id: BroadcastId) -> String {
    format!("{}/preview/master.m3u8", recordings::signed_base(app, "live-media", Audience::Account(account), &id.to_string()))
}

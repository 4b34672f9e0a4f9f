//! What players of a scheduled showing fetch: playlists below `/live-media/EXPIRY.AUDIENCE.SIGNATURE/BROADCAST/showing/`.

use super::media::{not_now, playlist};
use crate::broadcasts::rules::is_rung;
use crate::broadcasts::{Admission, Broadcast, BroadcastId, Kind, showing};
use crate::problem::Problem;
use crate::recordings::{self, Audience};
use crate::state::App;
use axum::http::StatusCode;
use axum::response::Response;

/// `master.m3u8` or `RUNG/index.m3u8` of a showing, for whoever the address was signed.
pub(super) async fn answer(app: &App, grant: &str, broadcast: &str, file: &str) -> Result<Response, Problem> {
    let audience = recordings::read_grant(app, grant, broadcast)?.audience;
    let id: BroadcastId = broadcast.parse().map_err(|_| Problem::not_found())?;
    let seen = showing::seen(app, id).await?;
    let broadcast = seen.broadcast.clone().filter(|b| b.kind == Kind::Showing).ok_or_else(Problem::not_found)?;
    admit(&broadcast, audience)?;
    if file == "master.m3u8" {
        return Ok(playlist(showing::master(app, &broadcast).await?.ok_or_else(not_now)?, 2));
    }
    let rung = file.strip_suffix("/index.m3u8").filter(|name| is_rung(name)).ok_or_else(Problem::not_found)?;
    if showing::is_shed(app, &broadcast, rung).await? {
        return Err(Problem::new(StatusCode::NOT_FOUND, "quality-shed"));
    }
    Ok(playlist(showing::playlist(app, &seen, &broadcast, rung).await?.ok_or_else(not_now)?, 1))
}

/// Lets in whom the showing is for, once it has begun; also after its end, which players must be told.
fn admit(broadcast: &Broadcast, audience: Audience) -> Result<(), Problem> {
    let let_in = broadcast.admission == Admission::Everybody || matches!(audience, Audience::Account(_));
    if !let_in || broadcast.state == crate::broadcasts::State::Cancelled {
        return Err(Problem::new(StatusCode::FORBIDDEN, "media-withdrawn"));
    }
    if broadcast.on_air_at.is_some() { Ok(()) } else { Err(not_now()) }
}

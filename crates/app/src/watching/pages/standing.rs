//! How a broadcast stands now, for pages and players: the same for everybody, so that caches answer.

use crate::broadcasts::addresses;
use crate::broadcasts::{Admission, Broadcast, BroadcastId, Broadcasts, Kind, Profile, State as Stand};
use crate::lessons::Catalogue;
use crate::problem::Problem;
use crate::recordings::Audience;
use crate::state::App;
use crate::watching::actions::sampling;
use crate::watching::audience;
use crate::watching::rules::sampling::Rate;
use crate::web::Visit;
use axum::Json;
use axum::extract::{Path, State};
use axum::http::header::CACHE_CONTROL;
use axum::response::{IntoResponse, Response};
use kernel::Timestamp;
use serde::Serialize;

/// How often a page looks how the broadcast stands, milliseconds; in the mass profile the answers come from caches.
const POLL_MS: i64 = 5_000;
/// The same while pages show the picture alone.
const STATIC_POLL_MS: i64 = 15_000;

/// How a broadcast stands, for players.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct LiveStanding {
    /// `planned`, `on_air`, `dropped`, `paused`, `ended` or `cancelled`.
    pub(super) state: &'static str,
    /// `interactive` or `mass`.
    pub(super) mode: Profile,
    /// What to play, when there is something.
    pub(super) manifest: Option<String>,
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
    pub(super) replay_url: Option<String>,
    /// People who watch, when that is counted.
    watching: Option<u64>,
    /// The standard error of that number; null when nobody was left out.
    watching_error: Option<u64>,
    /// Which viewers report what they played, and how often.
    sample: Rate,
    /// Look again after so many milliseconds.
    poll_ms: i64,
}

/// The broadcast, for a reader who may watch it.
///
/// # Errors
///
/// 404 for one that does not exist; 401 for a stranger where only those who are signed in may watch.
pub(super) async fn found(app: &App, visit: &Visit, id: BroadcastId) -> Result<(Broadcast, Audience), Problem> {
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

pub(super) async fn standing(app: &App, broadcast: &Broadcast, audience: Audience) -> Result<LiveStanding, Problem> {
    let public = match broadcast.state {
        Stand::Ended => Catalogue(&mut app.db.read().await?).find(broadcast.lesson).await?,
        _ => None,
    };
    let mode = broadcast.profile_now(app);
    let viewers = audience::of(app, broadcast.id).await?;
    let crowd = sampling::told(mode == Profile::Mass, viewers.watching(app.clock.now()));
    let count = |n: i64| u64::try_from(n).unwrap_or(0);
    // Nobody is counted by his connection who fetches files from caches.
    let watching = crowd.map_or(app.rooms.watching(broadcast.id) as u64, |crowd| count(crowd.count));
    Ok(LiveStanding {
        state: stand(app, broadcast),
        mode,
        manifest: manifest(app, broadcast, audience),
        token: None,
        starts_at: broadcast.starts_at,
        ends_at: broadcast.ends_at,
        now: app.clock.now(),
        replay_url: public.map(|public| format!("/lessons/{}", public.lesson)),
        watching: Some(watching).filter(|watching| *watching > 0),
        watching_error: crowd.map(|crowd| count(crowd.error)).filter(|error| *error > 0),
        sample: viewers.rate(),
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

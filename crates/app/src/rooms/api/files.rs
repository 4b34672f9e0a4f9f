//! The talk as files that caches keep: the work of the origin is the same for one viewer and for a million.

use crate::broadcasts::{Admission, BroadcastId, Broadcasts};
use crate::problem::Problem;
use crate::rooms::actions;
use crate::rooms::hub::Room;
use crate::rooms::hub::batches::EVERY_MS;
use crate::state::App;
use crate::web::Pass;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, HeaderValue};
use axum::http::{HeaderMap, HeaderName};
use axum::response::{IntoResponse, Response};
use std::sync::Arc;

/// `GET /rooms/{id}/batches/{file}`: `current.json` says which batch is the newest, `N.json` never changes.
pub async fn batch(State(app): State<App>, Path((id, file)): Path<(String, String)>, headers: HeaderMap) -> Result<Response, Problem> {
    let id: BroadcastId = id.parse().map_err(|_| Problem::not_found())?;
    let (room, admission) = let_in(&app, id, &headers).await?;
    let name = file.strip_suffix(".json").ok_or_else(Problem::not_found)?;
    if name == "current" {
        let body = format!("{{\"n\":{},\"every_ms\":{EVERY_MS}}}", room.newest_batch());
        return Ok(answer(body, admission, "max-age=1"));
    }
    let n = name.parse().map_err(|_| Problem::not_found())?;
    let text = room.batch(n).ok_or_else(Problem::not_found)?;
    Ok(answer(text.bytes(), admission, "max-age=3600, immutable"))
}

async fn let_in(app: &App, id: BroadcastId, headers: &HeaderMap) -> Result<(Arc<Room>, Admission), Problem> {
    let open = app.rooms.get(id);
    let broadcast = match &open {
        Some(room) => room.broadcast(),
        None => Arc::new(Broadcasts(&mut app.db.read().await?).find(id).await?.ok_or_else(Problem::not_found)?),
    };
    actions::may_read(&broadcast, who(app, broadcast.admission, headers).await?.as_ref())?;
    let room = match open {
        Some(room) => room,
        None => app.rooms.open(app, broadcast.as_ref().clone()).await?,
    };
    room.used(app.clock.now());
    Ok((room, broadcast.admission))
}

/// Who asks; asked only where it matters, so that the crowd costs no look at the records.
async fn who(app: &App, admission: Admission, headers: &HeaderMap) -> Result<Option<kernel::Actor>, Problem> {
    match admission {
        Admission::Everybody => Ok(None),
        Admission::SignedIn => Ok(Pass::of(headers).holder(app).await?.map(|known| known.actor)),
    }
}

/// What only those who are signed in may read is kept by nobody between us and them.
fn answer(body: impl Into<Body>, admission: Admission, keep: &str) -> Response {
    let whose = if admission == Admission::Everybody { "public" } else { "private" };
    let keep = HeaderValue::from_str(&format!("{whose}, {keep}")).unwrap_or(HeaderValue::from_static("no-store"));
    let headers: [(HeaderName, HeaderValue); 2] = [(CONTENT_TYPE, HeaderValue::from_static("application/json")), (CACHE_CONTROL, keep)];
    (headers, body.into()).into_response()
}

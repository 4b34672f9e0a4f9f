//! Looking into a room from time to time.

use super::{AskedFor, let_in};
use crate::broadcasts::BroadcastId;
use crate::problem::Problem;
use crate::rooms::reading;
use crate::state::App;
use crate::web::{Visit, cookie};
use axum::extract::{Path, Query, State};
use axum::http::HeaderMap;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, USER_AGENT};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use std::hash::{DefaultHasher, Hash, Hasher};

/// The cookie that tells one device from another.
const DEVICE: &str = "kj_device";

/// What was told in a room.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct TalkPage {
    /// In order; each has `seq` and `kind`.
    #[schema(value_type = Vec<Object>)]
    pub events: serde_json::Value,
    /// Pass as `after` the next time.
    pub last: i64,
    /// Look again after so many milliseconds.
    pub poll_ms: u32,
}

/// What was told in a room since `after`; without it the last messages and open questions.
#[utoipa::path(get, path = "/api/v1/rooms/{id}/messages", tag = "rooms", params(("id" = String, Path), AskedFor), responses((status = 200, body = TalkPage), (status = 401), (status = 403), (status = 404)))]
pub async fn messages(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<BroadcastId>,
    Query(asked): Query<AskedFor>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let (room, reader) = let_in(&app, &visit, id, asked).await?;
    room.polled(device(&visit, &headers), app.clock.now());
    let (last, events) = reading::polled(&app, &room, reader).await?;
    // The events are JSON already; wrapping them costs no parsing.
    let body = format!("{{\"events\":{},\"last\":{last},\"poll_ms\":{}}}", events.as_str(), pause(room.watching()));
    Ok(([(CONTENT_TYPE, "application/json"), (CACHE_CONTROL, "no-store")], body).into_response())
}

/// The fuller a room, the longer between two looks, so that the work stays about the same.
const fn pause(watching: usize) -> u32 {
    match watching {
        0..=999 => 2_000,
        1_000..=9_999 => 5_000,
        _ => 15_000,
    }
}

/// One device: by its number, or else by address and browser.
pub(super) fn device(visit: &Visit, headers: &HeaderMap) -> u64 {
    let mut hash = DefaultHasher::new();
    match cookie(headers, DEVICE) {
        Some(number) => number.hash(&mut hash),
        None => (&visit.address, headers.get(USER_AGENT)).hash(&mut hash),
    }
    hash.finish()
}

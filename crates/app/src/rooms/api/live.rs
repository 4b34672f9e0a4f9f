//! Staying in a room: WebSocket (RFC 6455) and server-sent events.

use super::stay::{Next, Stay};
use super::{AskedFor, let_in};
use crate::broadcasts::BroadcastId;
use crate::problem::Problem;
use crate::state::App;
use crate::web::{Pass, Visit};
use axum::extract::ws::rejection::WebSocketUpgradeRejection;
use axum::extract::ws::{CloseFrame, Message, WebSocket, WebSocketUpgrade};
use axum::extract::{Path, Query, State};
use axum::http::HeaderMap;
use axum::http::header::{CACHE_CONTROL, HOST, ORIGIN};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use std::convert::Infallible;
use std::time::Duration;

/// The library keeps 128 KB for what a client may say, and clients say nothing here: this is what a connection costs.
const READ_BUFFER: usize = 4 << 10;
/// The longest that a client may send: closing words and answers to pings are shorter.
const FRAME: usize = 4 << 10;
/// Frames that a client may send unasked before it is closed.
const STRIKES: u32 = 20;
/// A reader who takes nothing for so long is gone.
const SEND: Duration = Duration::from_secs(30);

/// `GET /rooms/{id}/socket`: events as text frames, each a JSON array. Nothing is read from a client.
pub async fn socket(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<BroadcastId>,
    Query(asked): Query<AskedFor>,
    headers: HeaderMap,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
) -> Result<Response, Problem> {
    same_origin(&headers)?;
    let (room, reader) = let_in(&app, &visit, id, asked).await?;
    let upgrade = upgrade.map_err(|_| Problem::bad_request("not-a-socket"))?;
    let stay = Stay::begin(app, room, reader, (Pass::of(&headers), &visit.address)).await?;
    let upgrade = upgrade.read_buffer_size(READ_BUFFER).write_buffer_size(0).max_message_size(FRAME).max_frame_size(FRAME);
    Ok(upgrade.on_upgrade(move |socket| talk(stay, socket)))
}

/// A page of another site may not listen with the reader's cookie (S10): browsers say where a socket was opened.
fn same_origin(headers: &HeaderMap) -> Result<(), Problem> {
    let text = |name| headers.get(name).and_then(|v: &axum::http::HeaderValue| v.to_str().ok());
    let Some(origin) = text(ORIGIN) else { return Ok(()) };
    let ours = origin.split_once("://").map(|(_, host)| host) == text(HOST);
    if ours { Ok(()) } else { Err(Problem::denied("cross-site")) }
}

/// Sends until somebody goes. A frame that is being sent holds nothing but this one reader up.
async fn talk(mut stay: Stay, mut socket: WebSocket) {
    let (mut strikes, mut pinged, mut answered) = (0, 0_u32, true);
    loop {
        let next = tokio::select! {
            next = stay.next() => next,
            said = socket.recv() => match said {
                Some(Ok(Message::Pong(_))) => { answered = true; continue }
                Some(Ok(Message::Ping(_) | Message::Text(_) | Message::Binary(_))) if strikes < STRIKES => { strikes += 1; continue }
                // Gone, broken, too long a frame, or one who does not stop talking.
                _ => return,
            },
        };
        let message = match next {
            Next::Send(_, text) => text.message(),
            Next::Ping => {
                pinged += 1;
                // Every third round: about twice a minute.
                if pinged % 3 != 1 {
                    continue;
                }
                if !std::mem::take(&mut answered) {
                    return;
                }
                Message::Ping(Bytes::new())
            }
            Next::Leave(why) => {
                let (code, reason) = why.code();
                let _ = tokio::time::timeout(SEND, socket.send(Message::Close(Some(CloseFrame { code, reason: reason.into() })))).await;
                return;
            }
        };
        if !matches!(tokio::time::timeout(SEND, socket.send(message)).await, Ok(Ok(()))) {
            return;
        }
    }
}

/// `GET /rooms/{id}/events`: the same as server-sent events; `id` is the last number, which a browser names when it comes back.
pub async fn events(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<BroadcastId>,
    Query(asked): Query<AskedFor>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let heard = headers.get("last-event-id").and_then(|v| v.to_str().ok()).and_then(|v| v.parse().ok());
    let asked = AskedFor { after: heard.unwrap_or(asked.after), ..asked };
    let (room, reader) = let_in(&app, &visit, id, asked).await?;
    let stay = Stay::begin(app, room, reader, (Pass::of(&headers), &visit.address)).await?;
    let events = futures_util::stream::unfold(stay, |mut stay| async move {
        let event = match stay.next().await {
            Next::Send(last, text) => Event::default().id(last.to_string()).data(text.as_str()),
            Next::Ping => Event::default().comment(""),
            Next::Leave(_) => return None,
        };
        Some((Ok::<_, Infallible>(event), stay))
    });
    let stream = Sse::new(events).keep_alive(KeepAlive::default());
    // A proxy that gathers before it sends would hold the talk back.
    Ok(([(CACHE_CONTROL, "no-store"), (axum::http::HeaderName::from_static("x-accel-buffering"), "no")], stream).into_response())
}

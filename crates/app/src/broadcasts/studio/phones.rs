//! Publishers that are browsers: WHIP. They come in by the same admission as encoders.

use super::intake;
use crate::broadcasts::{Broadcast, BroadcastId, Kind};
use crate::hex::hex;
use crate::problem::Problem;
use crate::state::App;
use live::whip::{Door, OfferError, Transcoder};
use media::Pipe;
use std::future::Future;
use std::net::SocketAddr;
use tokio::net::UdpSocket;
use tokio_util::sync::CancellationToken;

/// Phones on one node.
const MOST: usize = 200;

/// Where phones are answered.
#[derive(Debug)]
pub struct Phones {
    door: Door,
    stop: CancellationToken,
}

/// Listens for phones until `stop` fires. Without the address everything else works, so a taken one stops nothing.
pub async fn listen(app: &App, stop: &CancellationToken) -> Option<impl Future<Output = ()> + use<>> {
    let (socket, candidate) = match bind(app).await {
        Ok(bound) => bound,
        Err(cause) => {
            tracing::error!(at = %app.config.whip_listen, %cause, "no phones are taken in: see whip_listen and whip_public");
            return None;
        }
    };
    let (door, serving) = live::whip::open(socket, candidate, MOST);
    // A second server in one process keeps the first.
    app.studios.phones.set(Phones { door, stop: stop.clone() }).ok()?;
    let stop = stop.clone();
    Some(async move {
        tokio::select! { () = serving => {}, () = stop.cancelled() => {} }
    })
}

/// The socket, and the address that phones are told.
async fn bind(app: &App) -> std::io::Result<(UdpSocket, SocketAddr)> {
    let socket = UdpSocket::bind(app.config.whip_listen).await?;
    let candidate = match app.config.whip_public.as_str() {
        "" => socket.local_addr()?,
        told => told.parse().map_err(std::io::Error::other)?,
    };
    if candidate.ip().is_unspecified() {
        return Err(std::io::Error::other("whip_listen names every address; whip_public must name the one that phones reach"));
    }
    Ok((socket, candidate))
}

/// Lets a phone in: the name of its session and the answer to its offer.
///
/// # Errors
///
/// `whip-…` when the offer cannot be answered; otherwise as [`intake::admit`]. Nobody is sent away for an offer that is refused.
pub async fn begin(app: &App, broadcast: Broadcast, offer: &str) -> Result<(String, String), Problem> {
    let phones = app.studios.phones().ok_or_else(|| Problem::unavailable("whip-closed"))?;
    if broadcast.kind == Kind::External {
        return Err(Problem::conflict("not-a-live-broadcast"));
    }
    let id = broadcast.id;
    let (session, answer) = phones.door.answer(offer).map_err(|why| refusal(&why))?;
    let transcoder = if session.has_sound() { transcoder(app).await } else { None };
    let admitted = intake::admit(app, broadcast, true, &phones.stop).await?;
    let name = hex(&kernel::random::bytes::<16>());
    Box::pin(phones.door.begin(full_name(id, &name), session, admitted, transcoder)).await;
    Ok((name, answer))
}

/// A phone's owner stopped. Repeating it changes nothing.
pub async fn end(app: &App, id: BroadcastId, name: &str) {
    if let Some(phones) = app.studios.phones() {
        phones.door.end(&full_name(id, name)).await;
    }
}

/// Of one broadcast, so that the key of another ends nothing here.
fn full_name(id: BroadcastId, name: &str) -> String {
    format!("{id}/{name}")
}

fn refusal(why: &OfferError) -> Problem {
    match why {
        OfferError::Malformed(_) => Problem::bad_request("whip-malformed").with("why", why),
        OfferError::Nothing => Problem::unprocessable("whip-nothing"),
        OfferError::NoH264(offered) => Problem::unprocessable("whip-no-h264").with("offered", offered),
        OfferError::Full => Problem::unavailable("whip-full"),
    }
}

/// What turns a phone's sound into what every player plays; without it the picture goes on air alone.
async fn transcoder(app: &App) -> Option<Transcoder> {
    match pipe(app).await {
        Ok(Pipe { input, output, running }) => {
            Some(Transcoder { input: Box::new(input), output: Box::new(output), running: Box::new(running) })
        }
        Err(cause) => {
            tracing::error!(%cause, "a phone goes on air without sound");
            None
        }
    }
}

async fn pipe(app: &App) -> anyhow::Result<Pipe> {
    let (tools, jail) = app.toolbox.ready().await?;
    Ok(Pipe::opus_to_aac(&tools, jail).await?)
}

//! The one room with sockets: publishers in, what they send into a channel.
//!
//! RTMPS is TLS in front: a matter of the [`Door`]. [`publisher`] takes any stream of bytes.

mod door;
mod wire;

pub use door::{Door, Plain, Tls, TlsError};

use self::wire::Wire;
use crate::Event;
use crate::flv::{Demuxer, FlvError};
use crate::rtmp::{Action, Metadata, PublishRequest, RtmpError, Times};
use std::future::{Future, ready};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpListener;
use tokio::sync::{Semaphore, mpsc, oneshot};
use tokio::task::JoinSet;
use tokio::time::timeout;

/// What comes out of a publisher. A channel that closes after neither [`Input::Ended`] nor [`Input::Refused`] is a lost link:
/// wait for its return.
#[derive(Debug, Clone, PartialEq)]
pub enum Input {
    /// For the packager.
    Event(Event),
    /// For the host's health page.
    Metadata(Metadata),
    /// The publisher stopped on purpose.
    Ended,
    /// What the publisher sends cannot be used, and it was turned away with these words: for the host's page. The last input.
    Refused(String),
}

/// A publisher who may begin, as its connection sees it; the gate keeps the other ends.
#[derive(Debug)]
pub struct Admitted {
    /// Where to send what comes. Closing the receiver ends the connection at once: that is how a newer publisher takes over.
    pub sink: mpsc::Sender<Input>,
    /// Ends the connection too, but with words that the encoder shows, such as a [`crate::PackagingError`]. Dropping the sender
    /// means nothing.
    pub last_word: oneshot::Receiver<String>,
}

/// Decides who may publish.
pub trait Gate: Send + Sync + 'static {
    /// Lets the publisher of `request` in, or says why not, in words that the encoder shows.
    ///
    /// `peer` is where it comes from, if that is known: whoever guesses keys can be counted and slowed down by it.
    fn may_publish(&self, request: PublishRequest, peer: Option<SocketAddr>) -> impl Future<Output = Result<Admitted, String>> + Send;
}

/// How a connection came to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// The publisher said so, or was turned away and told why.
    Finished,
    /// The link broke.
    Lost,
    /// The receiver closed: somebody took over, or the broadcast was ended here.
    Closed,
}

/// Why a connection was cut.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// The publisher does not speak RTMP as it should; it was told if it had been let in.
    #[error(transparent)]
    Rtmp(#[from] RtmpError),
    /// The broadcast cannot be used; the encoder was told.
    #[error(transparent)]
    Flv(#[from] FlvError),
    /// Reading or writing failed.
    #[error(transparent)]
    Io(#[from] std::io::Error),
    /// Nobody asked to publish in [`Times::sign_in`], which begins with the connection.
    #[error("no sign-in in time")]
    SignIn,
    /// No sound or picture for [`Times::silence`].
    #[error("silent for too long")]
    Silence,
}

/// Accepts publishers through `door`, at most `most` at a time, until dropped; dropping cuts them all.
///
/// Why a connection ended is told to `report`. Limits per address belong in front.
pub async fn listen<D, G, R>(listener: TcpListener, door: Arc<D>, gate: Arc<G>, times: Times, most: usize, report: R)
where
    D: Door,
    G: Gate,
    R: Fn(SocketAddr, &Result<End, ServeError>) + Clone + Send + 'static,
{
    let places = Arc::new(Semaphore::new(most));
    let mut tasks = JoinSet::new();
    loop {
        while tasks.try_join_next().is_some() {}
        let Ok(place) = Arc::clone(&places).acquire_owned().await else { return };
        let Ok((stream, peer)) = listener.accept().await else {
            // Out of file handles, most likely: let some connections end.
            tokio::time::sleep(Duration::from_millis(100)).await;
            continue;
        };
        let (door, gate, report) = (Arc::clone(&door), Arc::clone(&gate), report.clone());
        tasks.spawn(async move {
            let ended = serve(door.open(stream), Some(peer), gate.as_ref(), times).await;
            report(peer, &ended);
            drop(place);
        });
    }
}

/// Serves one publisher to the end of the connection.
///
/// # Errors
///
/// [`ServeError`]; the connection is closed either way.
pub async fn publisher<S, G>(stream: S, peer: Option<SocketAddr>, gate: &G, times: Times) -> Result<End, ServeError>
where
    S: AsyncRead + AsyncWrite + Unpin + Send,
    G: Gate,
{
    serve(ready(Ok(stream)), peer, gate, times).await
}

async fn serve<S, G>(
    opening: impl Future<Output = std::io::Result<S>>,
    peer: Option<SocketAddr>,
    gate: &G,
    times: Times,
) -> Result<End, ServeError>
where
    S: AsyncRead + AsyncWrite + Unpin + Send,
    G: Gate,
{
    let (mut wire, asked) = timeout(times.sign_in, sign_in(opening)).await.map_err(|_| ServeError::SignIn)??;
    let request = match asked {
        Some(Action::Ask(request)) => request,
        Some(_) => return wire.linger(times.linger).await.map(|()| End::Finished),
        None => return Ok(End::Lost),
    };
    let ended = match gate.may_publish(request, peer).await {
        Ok(admitted) => {
            wire.session.accept();
            broadcast(&mut wire, admitted, times.silence).await
        }
        Err(why) => {
            wire.session.refuse(&why);
            Ok(End::Finished)
        }
    };
    if matches!(ended, Ok(End::Finished) | Err(ServeError::Flv(_) | ServeError::Rtmp(_))) {
        wire.linger(times.linger).await?;
    }
    ended
}

/// From the connection to the first thing to act on.
async fn sign_in<S>(opening: impl Future<Output = std::io::Result<S>>) -> Result<(Wire<S>, Option<Action>), ServeError>
where
    S: AsyncRead + AsyncWrite + Unpin + Send,
{
    let mut wire = Wire::new(opening.await?);
    let asked = wire.next().await?;
    Ok((wire, asked))
}

/// From the first message of a publisher who was let in to the last word, whoever has it.
async fn broadcast<S>(wire: &mut Wire<S>, admitted: Admitted, silence: Duration) -> Result<End, ServeError>
where
    S: AsyncRead + AsyncWrite + Unpin + Send,
{
    let Admitted { sink, last_word } = admitted;
    tokio::select! {
        biased;
        word = dismissed(&sink, last_word) => {
            let Some(word) = word else { return Ok(End::Closed) };
            wire.session.fail(&word);
            Ok(End::Finished)
        }
        ended = relay(wire, &sink, silence) => ended,
    }
}

/// Waits until the consumer has had enough; its last word, if there is one.
async fn dismissed(sink: &mpsc::Sender<Input>, mut last_word: oneshot::Receiver<String>) -> Option<String> {
    tokio::select! {
        biased;
        Ok(word) = &mut last_word => return Some(word),
        () = sink.closed() => {}
    }
    // It may have been said while we looked at the sink.
    last_word.try_recv().ok()
}

/// Passes on what comes; if it cannot be used, both sides are told why.
async fn relay<S>(wire: &mut Wire<S>, sink: &mpsc::Sender<Input>, silence: Duration) -> Result<End, ServeError>
where
    S: AsyncRead + AsyncWrite + Unpin + Send,
{
    let ended = pass_on(wire, sink, silence).await;
    if let Err(error @ (ServeError::Flv(_) | ServeError::Rtmp(_))) = &ended {
        let why = error.to_string();
        wire.session.fail(&why);
        // Nobody may be left to hear it.
        let _ = sink.send(Input::Refused(why)).await;
    }
    ended
}

async fn pass_on<S>(wire: &mut Wire<S>, sink: &mpsc::Sender<Input>, silence: Duration) -> Result<End, ServeError>
where
    S: AsyncRead + AsyncWrite + Unpin + Send,
{
    let mut demuxer = Demuxer::new();
    loop {
        let action = timeout(silence, wire.next()).await.map_err(|_| ServeError::Silence)??;
        let Some(action) = action else { return Ok(End::Lost) };
        let Some(input) = input(&mut demuxer, action)? else { continue };
        let last = input == Input::Ended;
        let heard = sink.send(input).await;
        if last {
            return Ok(End::Finished);
        }
        if heard.is_err() {
            return Ok(End::Closed);
        }
    }
}

/// What an action means to the consumer; `None`: nothing.
fn input(demuxer: &mut Demuxer, action: Action) -> Result<Option<Input>, FlvError> {
    Ok(match action {
        Action::Audio { timestamp, body } => demuxer.audio(timestamp, &body)?.map(Input::Event),
        Action::Video { timestamp, body } => demuxer.video(timestamp, &body)?.map(Input::Event),
        Action::Metadata(metadata) => Some(Input::Metadata(metadata)),
        Action::Ended | Action::Ask(_) => Some(Input::Ended),
    })
}

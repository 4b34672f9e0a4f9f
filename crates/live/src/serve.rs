//! The one room with sockets: publishers in, what they send into a channel.
//!
//! RTMPS is TLS in front: [`publisher`] takes any stream of bytes.

use crate::Event;
use crate::flv::{Demuxer, FlvError};
use crate::rtmp::{Action, Metadata, PublishRequest, RtmpError, Session, Times};
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::sync::{Semaphore, mpsc};
use tokio::task::JoinSet;
use tokio::time::timeout;

/// What comes out of a publisher. A channel that closes without [`Input::Ended`] is a lost link: wait for its return.
#[derive(Debug, Clone, PartialEq)]
pub enum Input {
    /// For the packager.
    Event(Event),
    /// For the host's health page.
    Metadata(Metadata),
    /// The publisher stopped on purpose.
    Ended,
}

/// Decides who may publish.
pub trait Gate: Send + Sync + 'static {
    /// Where to send what `request`'s publisher sends, or why not, in words that the encoder shows.
    ///
    /// Closing the receiver ends the connection: that is how a newer publisher takes over.
    fn may_publish(&self, request: PublishRequest) -> impl Future<Output = Result<mpsc::Sender<Input>, String>> + Send;
}

/// How a connection came to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// The publisher said so, or was refused and told why.
    Finished,
    /// The link broke.
    Lost,
    /// The receiver closed: somebody took over, or the broadcast was ended here.
    Closed,
}

/// Why a connection was cut.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// The publisher does not speak RTMP as it should.
    #[error(transparent)]
    Rtmp(#[from] RtmpError),
    /// The broadcast cannot be used; the encoder was told.
    #[error(transparent)]
    Flv(#[from] FlvError),
    /// Reading or writing failed.
    #[error(transparent)]
    Io(#[from] std::io::Error),
    /// Nobody asked to publish in [`Times::sign_in`].
    #[error("no sign-in in time")]
    SignIn,
    /// No sound or picture for [`Times::silence`].
    #[error("silent for too long")]
    Silence,
}

/// One read takes up to this much.
const READ: usize = 16 << 10;
/// A peer that does not take our few answers is gone.
const WRITE: Duration = Duration::from_secs(10);

/// Accepts publishers, at most `most` at a time, until dropped; dropping cuts them all.
///
/// Why a connection ended is told to `report`. Limits per address belong in front, where addresses are known.
pub async fn listen<G: Gate>(listener: TcpListener, gate: Arc<G>, times: Times, most: usize, report: fn(&Result<End, ServeError>)) {
    let places = Arc::new(Semaphore::new(most));
    let mut tasks = JoinSet::new();
    loop {
        while tasks.try_join_next().is_some() {}
        let Ok(place) = Arc::clone(&places).acquire_owned().await else { return };
        let Ok((stream, _)) = listener.accept().await else {
            // Out of file handles, most likely: let some connections end.
            tokio::time::sleep(Duration::from_millis(100)).await;
            continue;
        };
        let gate = Arc::clone(&gate);
        tasks.spawn(async move {
            report(&publisher(stream, gate.as_ref(), times).await);
            drop(place);
        });
    }
}

/// Serves one publisher to the end of the connection.
///
/// # Errors
///
/// [`ServeError`]; the connection is closed either way.
pub async fn publisher<S, G>(stream: S, gate: &G, times: Times) -> Result<End, ServeError>
where
    S: AsyncRead + AsyncWrite + Unpin + Send,
    G: Gate,
{
    let mut wire = Wire { stream, session: Session::new(), bytes: vec![0; READ] };
    let asked = timeout(times.sign_in, wire.next()).await.map_err(|_| ServeError::SignIn)??;
    let request = match asked {
        Some(Action::Ask(request)) => request,
        Some(_) => return wire.linger(times.linger).await.map(|()| End::Finished),
        None => return Ok(End::Lost),
    };
    let ended = match gate.may_publish(request).await {
        Ok(sink) => {
            wire.session.accept();
            relay(&mut wire, &sink, times.silence).await
        }
        Err(why) => {
            wire.session.refuse(&why);
            Ok(End::Finished)
        }
    };
    if matches!(ended, Ok(End::Finished) | Err(ServeError::Flv(_))) {
        wire.linger(times.linger).await?;
    }
    ended
}

async fn relay<S>(wire: &mut Wire<S>, sink: &mpsc::Sender<Input>, silence: Duration) -> Result<End, ServeError>
where
    S: AsyncRead + AsyncWrite + Unpin + Send,
{
    let mut demuxer = Demuxer::new();
    loop {
        let action = tokio::select! {
            () = sink.closed() => return Ok(End::Closed),
            action = timeout(silence, wire.next()) => action.map_err(|_| ServeError::Silence)??,
        };
        let input = match action {
            Some(Action::Audio { timestamp, body }) => demuxer.audio(timestamp, &body),
            Some(Action::Video { timestamp, body }) => demuxer.video(timestamp, &body),
            Some(Action::Metadata(metadata)) => {
                if sink.send(Input::Metadata(metadata)).await.is_err() {
                    return Ok(End::Closed);
                }
                continue;
            }
            Some(Action::Ended | Action::Ask(_)) => {
                // Nobody may be left to hear it.
                let _ = sink.send(Input::Ended).await;
                return Ok(End::Finished);
            }
            None => return Ok(End::Lost),
        };
        let event = input.inspect_err(|error| wire.session.fail(&error.to_string()))?;
        if let Some(event) = event
            && sink.send(Input::Event(event)).await.is_err()
        {
            return Ok(End::Closed);
        }
    }
}

struct Wire<S> {
    stream: S,
    session: Session,
    /// Where reads land.
    bytes: Vec<u8>,
}

impl<S: AsyncRead + AsyncWrite + Unpin> Wire<S> {
    /// The next action; `None` when the peer is gone. Every answer is sent before waiting.
    async fn next(&mut self) -> Result<Option<Action>, ServeError> {
        loop {
            let polled = self.session.poll();
            self.flush().await?;
            if let Some(action) = polled? {
                return Ok(Some(action));
            }
            let read = self.stream.read(&mut self.bytes).await?;
            match self.bytes.get(..read) {
                None | Some([]) => return Ok(None),
                Some(bytes) => self.session.feed(bytes),
            }
        }
    }

    async fn flush(&mut self) -> Result<(), ServeError> {
        let output = self.session.take_output();
        if !output.is_empty() {
            timeout(WRITE, self.stream.write_all(&output)).await.map_err(|_| std::io::Error::from(std::io::ErrorKind::TimedOut))??;
        }
        Ok(())
    }

    /// Sends the rest and reads on for a while, so that the encoder sees our last word and not a broken pipe.
    async fn linger(&mut self, time: Duration) -> Result<(), ServeError> {
        self.flush().await?;
        let rest = async { while let Ok(Some(_)) = self.next().await {} };
        // Either way the connection closes now.
        let _ = timeout(time, rest).await;
        Ok(())
    }
}

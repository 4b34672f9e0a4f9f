//! A session and the stream that it speaks through.

use super::ServeError;
use crate::rtmp::{Action, Session};
use bytes::{Buf, BytesMut};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::time::timeout;

/// One read takes up to this much.
const READ: usize = 16 << 10;
/// A peer that does not take our few answers is gone.
const WRITE: Duration = Duration::from_secs(10);

pub(super) struct Wire<S> {
    pub(super) session: Session,
    stream: S,
    /// Where reads land.
    bytes: Vec<u8>,
    /// Answers that are on their way; kept here so that a wait that is given up tears none apart.
    unsent: BytesMut,
}

impl<S: AsyncRead + AsyncWrite + Unpin> Wire<S> {
    pub(super) fn new(stream: S) -> Self {
        Self { session: Session::new(), stream, bytes: vec![0; READ], unsent: BytesMut::new() }
    }

    /// The next action; `None` when the peer is gone. Every answer is sent before waiting. Cancel safe.
    pub(super) async fn next(&mut self) -> Result<Option<Action>, ServeError> {
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
        self.unsent.extend_from_slice(&self.session.take_output());
        if self.unsent.is_empty() {
            return Ok(());
        }
        let Self { stream, unsent, .. } = self;
        let write = async {
            while unsent.has_remaining() {
                if stream.write_buf(unsent).await? == 0 {
                    return Err(std::io::ErrorKind::WriteZero.into());
                }
            }
            stream.flush().await
        };
        timeout(WRITE, write).await.map_err(|_| std::io::Error::from(std::io::ErrorKind::TimedOut))??;
        Ok(())
    }

    /// Sends the rest and reads on for a while, so that the encoder sees our last word and not a broken pipe.
    pub(super) async fn linger(&mut self, time: Duration) -> Result<(), ServeError> {
        self.flush().await?;
        let rest = async { while let Ok(Some(_)) = self.next().await {} };
        // Either way the connection closes now; TLS says so first.
        let _ = timeout(time, rest).await;
        let _ = timeout(time, self.stream.shutdown()).await;
        Ok(())
    }
}

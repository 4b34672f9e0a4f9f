//! Many WebSockets that only listen (RFC 6455), on one thread: how often a mark arrives on all of them together.

use anyhow::{Context, ensure};
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::task::JoinSet;

/// The byte that each message carries once and nothing else does.
pub const MARK: u8 = b'^';
/// Sockets that are opened at once.
const AT_ONCE: usize = 100;
/// Bytes read at once: memory is the client's, too.
const BUFFER: usize = 4 * 1024;
const LOOK: Duration = Duration::from_millis(10);

/// Open sockets; dropping it closes all.
#[derive(Debug)]
pub struct Sockets {
    seen: Arc<AtomicU64>,
    readers: JoinSet<()>,
}

impl Sockets {
    /// Opens `count` sockets to `path`.
    pub async fn open(to: SocketAddr, path: &str, count: usize) -> anyhow::Result<Self> {
        let mut all = Self { seen: Arc::default(), readers: JoinSet::new() };
        let mut left = count;
        while left > 0 {
            let some = left.min(AT_ONCE);
            let opened = futures_util::future::join_all((0..some).map(|_| open(to, path))).await;
            for socket in opened {
                all.readers.spawn(read(socket?, all.seen.clone()));
            }
            left -= some;
        }
        Ok(all)
    }

    /// Marks that arrived so far.
    pub fn seen(&self) -> u64 {
        self.seen.load(Ordering::Relaxed)
    }

    /// Waits until so many marks arrived, or nothing comes any more; how many did.
    pub async fn wait_for(&self, marks: u64) -> u64 {
        const PATIENCE: u32 = 500;
        let (mut last, mut still) = (self.seen(), 0);
        while last < marks && still < PATIENCE {
            tokio::time::sleep(LOOK).await;
            let now = self.seen();
            still = if now == last { still + 1 } else { 0 };
            last = now;
        }
        last
    }
}

async fn open(to: SocketAddr, path: &str) -> anyhow::Result<TcpStream> {
    let mut line = TcpStream::connect(to).await.context("a socket")?;
    let head = "connection: Upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==";
    line.write_all(format!("GET {path} HTTP/1.1\r\nhost: {to}\r\n{head}\r\n\r\n").as_bytes()).await?;
    let mut answer = Vec::new();
    // Byte by byte, so that no frame behind the head is taken with it.
    while !answer.ends_with(b"\r\n\r\n") {
        answer.push(line.read_u8().await.context("no answer to an upgrade")?);
    }
    ensure!(answer.starts_with(b"HTTP/1.1 101"), "{}", String::from_utf8_lossy(&answer));
    Ok(line)
}

async fn read(mut line: TcpStream, seen: Arc<AtomicU64>) {
    let (mut frames, mut buffer) = (Frames::default(), vec![0; BUFFER]);
    while let Ok(count) = line.read(&mut buffer).await {
        if count == 0 {
            return;
        }
        seen.fetch_add(frames.marks(&buffer[..count]), Ordering::Relaxed);
    }
}

/// Where in the frames of a server the stream stands.
#[derive(Debug, Default)]
struct Frames {
    head: Vec<u8>,
    left: u64,
}

impl Frames {
    /// Marks in the payloads of what arrived.
    fn marks(&mut self, mut bytes: &[u8]) -> u64 {
        let mut found = 0;
        while let Some(first) = bytes.first() {
            if self.left > 0 {
                let (payload, rest) = bytes.split_at(bytes.len().min(self.left as usize));
                found += payload.iter().map(|byte| u64::from(*byte == MARK)).sum::<u64>();
                self.left -= payload.len() as u64;
                bytes = rest;
            } else {
                self.head.push(*first);
                bytes = &bytes[1..];
                if let Some(length) = length(&self.head) {
                    self.left = length;
                    self.head.clear();
                }
            }
        }
        found
    }
}

/// The length of the payload behind a whole head; servers do not mask.
fn length(head: &[u8]) -> Option<u64> {
    let short = u64::from(*head.get(1)? & 0x7F);
    let wanted = match short {
        126 => 4,
        127 => 10,
        _ => return Some(short),
    };
    (head.len() == wanted).then(|| head[2..].iter().fold(0, |sum, byte| sum << 8 | u64::from(*byte)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_counted_in_payloads_however_the_stream_is_cut() {
        let mut stream = vec![0x81, 94, b'^'];
        stream.extend([b'a'; 93]);
        stream.extend([0x81, 126, 1, 0]);
        stream.extend([b'^'; 256]);
        stream.extend([0x89, 0]);
        for piece in [1, 2, 3, 7, 1_000] {
            let mut frames = Frames::default();
            assert_eq!(stream.chunks(piece).map(|some| frames.marks(some)).sum::<u64>(), 257, "in pieces of {piece}");
        }
    }
}

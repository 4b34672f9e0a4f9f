//! The client: keep-alive connections with an open loop, so that a slow server cannot slow down the clock it is judged by.

use anyhow::{Context, bail};
use std::net::SocketAddr;
use std::rc::Rc;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::task::LocalSet;
use tokio::time::{Instant, sleep_until, timeout};

/// How requests are written and answers are told apart.
pub trait Protocol {
    /// Appends request number `n`.
    fn write(&self, n: usize, out: &mut Vec<u8>);
    /// The length of the whole answer that begins with `start`, and whether it is what was asked for; none when more is needed.
    fn answer(&self, start: &[u8]) -> Option<(usize, bool)>;
}

/// What to send, how fast.
#[derive(Debug, Clone, Copy)]
pub struct Plan {
    /// Where the server listens.
    pub to: SocketAddr,
    /// Connections kept open.
    pub connections: usize,
    /// Requests in all.
    pub requests: usize,
    /// Requests a second, whether answers come or not.
    pub rate: f64,
}

/// What came back.
#[derive(Debug, Clone, Copy, Default)]
pub struct Load {
    /// Requests that should have been answered.
    pub sent: usize,
    /// Good answers.
    pub good: usize,
    /// Median latency from the scheduled moment, in milliseconds.
    pub p50_ms: f64,
    /// 99th percentile of the same.
    pub p99_ms: f64,
}

impl Load {
    /// Refuses a run that delivered less than 99.9 %.
    pub fn delivered(self) -> anyhow::Result<Self> {
        if self.good * 1000 < self.sent * 999 {
            bail!("void: only {} of {} requests were answered well", self.good, self.sent);
        }
        Ok(self)
    }
}

/// Answers that come later than this after the last request was due are lost.
const PATIENCE: Duration = Duration::from_secs(20);
/// Bytes read at once.
const BUFFER: usize = 256 * 1024;

/// Sends request `n` at `n / rate` seconds, over connections that take turns; a late connection sends at once.
pub async fn open_loop(plan: Plan, protocol: Rc<dyn Protocol>) -> anyhow::Result<Load> {
    let mut lines = Vec::new();
    for _ in 0..plan.connections {
        let line = TcpStream::connect(plan.to).await.context("connecting")?;
        line.set_nodelay(true)?;
        lines.push(line);
    }
    let begin = Instant::now() + Duration::from_millis(20);
    let end = begin + Duration::from_secs_f64(plan.requests as f64 / plan.rate) + PATIENCE;
    let local = LocalSet::new();
    let tasks =
        lines.into_iter().enumerate().map(|(at, line)| local.spawn_local(connection(plan, at, line, begin, end, Rc::clone(&protocol))));
    let tasks: Vec<_> = tasks.collect();
    let mut latencies = Vec::with_capacity(plan.requests);
    local
        .run_until(async {
            for task in tasks {
                latencies.extend(task.await?);
            }
            anyhow::Ok(())
        })
        .await?;
    latencies.sort_by(f64::total_cmp);
    let at = |share: f64| latencies.get((latencies.len() as f64 * share) as usize).copied().unwrap_or(f64::NAN);
    Ok(Load { sent: plan.requests, good: latencies.len(), p50_ms: at(0.5), p99_ms: at(0.99) })
}

/// One connection's share of the requests; the latencies of its good answers. It gives up at the first broken exchange.
async fn connection(plan: Plan, at: usize, mut line: TcpStream, begin: Instant, end: Instant, protocol: Rc<dyn Protocol>) -> Vec<f64> {
    let mut latencies = Vec::with_capacity(plan.requests / plan.connections + 1);
    let (mut out, mut buffer) = (Vec::new(), vec![0; BUFFER]);
    for n in (at..plan.requests).step_by(plan.connections) {
        let due = begin + Duration::from_secs_f64(n as f64 / plan.rate);
        if due > Instant::now() {
            sleep_until(due).await;
        }
        out.clear();
        protocol.write(n, &mut out);
        let left = end.saturating_duration_since(Instant::now());
        match timeout(left, exchange(&mut line, &out, &mut buffer, protocol.as_ref())).await {
            Ok(Ok(true)) => latencies.push(due.elapsed().as_secs_f64() * 1e3),
            Ok(Ok(false)) => {}
            Ok(Err(_)) | Err(_) => break,
        }
    }
    latencies
}

/// Sends and reads one whole answer; whether it was good.
async fn exchange(line: &mut TcpStream, out: &[u8], buffer: &mut [u8], protocol: &dyn Protocol) -> std::io::Result<bool> {
    line.write_all(out).await?;
    let mut filled = 0;
    let (length, good) = loop {
        let read = line.read(&mut buffer[filled..]).await?;
        if read == 0 {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
        filled += read;
        if let Some(found) = protocol.answer(&buffer[..filled]) {
            break found;
        }
    };
    // What does not fit is counted, not kept.
    let mut left = length.saturating_sub(filled);
    while left > 0 {
        let most = left.min(BUFFER);
        let read = line.read(&mut buffer[..most]).await?;
        if read == 0 {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
        left -= read;
    }
    Ok(good)
}

/// HTTP/1.1 with answers that tell their length.
pub struct Http<F: Fn(usize, &mut Vec<u8>)> {
    /// Appends request `n`, head and body.
    pub request: F,
    /// Text that a good answer's first bytes contain beside `200`; empty asks for nothing.
    pub contains: &'static str,
}

impl<F: Fn(usize, &mut Vec<u8>)> Protocol for Http<F> {
    fn write(&self, n: usize, out: &mut Vec<u8>) {
        (self.request)(n, out);
    }

    fn answer(&self, start: &[u8]) -> Option<(usize, bool)> {
        let head = find(start, b"\r\n\r\n")? + 4;
        let length = content_length(&start[..head]).unwrap_or(0);
        let whole = head + length;
        // Small answers are judged when they are complete.
        if whole <= BUFFER && start.len() < whole {
            return None;
        }
        let good = start.starts_with(b"HTTP/1.1 2") && (self.contains.is_empty() || find(start, self.contains.as_bytes()).is_some());
        Some((whole, good))
    }
}

pub(super) fn find(text: &[u8], word: &[u8]) -> Option<usize> {
    text.windows(word.len()).position(|w| w == word)
}

pub(super) fn content_length(head: &[u8]) -> Option<usize> {
    let head = std::str::from_utf8(head).ok()?;
    let line = head.lines().find(|line| line.len() > 15 && line.as_bytes()[..15].eq_ignore_ascii_case(b"content-length:"))?;
    line[15..].trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_complete_when_all_that_its_length_tells_is_there() {
        let http = Http { request: |_, _| {}, contains: "yes" };
        let text = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n yes!";
        assert_eq!(http.answer(&text[..20]), None);
        assert_eq!(http.answer(&text[..text.len() - 1]), None);
        assert_eq!(http.answer(text), Some((text.len(), true)));
        assert_eq!(http.answer(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nno"), Some((40, false)));
        assert_eq!(http.answer(b"HTTP/1.1 500 Oh\r\ncontent-length: 3\r\n\r\nyes"), Some((41, false)));
    }
}

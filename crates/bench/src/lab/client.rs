//! One kept connection that asks and waits: for preparation, checks, and people who act one step after another.

use super::load::{content_length, find};
use anyhow::Context;
use std::net::SocketAddr;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

/// An answer that takes longer is none.
const PATIENCE: Duration = Duration::from_mins(2);

/// A connection with the header lines that each of its requests carries.
#[derive(Debug)]
pub struct Client {
    line: TcpStream,
    head: String,
}

/// What came back.
#[derive(Debug)]
pub struct Answer {
    /// HTTP status.
    pub status: u16,
    /// The head, for its header lines.
    pub head: String,
    /// The body.
    pub body: Vec<u8>,
}

impl Client {
    /// Connects; `head` are more header lines, each with its line end.
    pub async fn connect(to: SocketAddr, head: &str) -> anyhow::Result<Self> {
        let line = TcpStream::connect(to).await?;
        line.set_nodelay(true)?;
        Ok(Self { line, head: format!("host: {to}\r\n{head}") })
    }

    /// Sends one request and reads the whole answer.
    pub async fn ask(&mut self, method: &str, path: &str, head: &str, body: &[u8]) -> anyhow::Result<Answer> {
        self.begin(method, path, head, body.len()).await?;
        self.send(body).await?;
        self.answer().await
    }

    /// Sends the head of a request whose body of `length` bytes follows by [`Client::send`].
    pub async fn begin(&mut self, method: &str, path: &str, head: &str, length: usize) -> anyhow::Result<()> {
        let text = format!("{method} {path} HTTP/1.1\r\n{}{head}content-length: {length}\r\n\r\n", self.head);
        self.send(text.as_bytes()).await
    }

    /// Sends a part of a body.
    pub async fn send(&mut self, bytes: &[u8]) -> anyhow::Result<()> {
        Ok(self.line.write_all(bytes).await?)
    }

    /// Reads the answer to what was sent; to `HEAD` there is no body.
    pub async fn answer(&mut self) -> anyhow::Result<Answer> {
        timeout(PATIENCE, self.read()).await.context("no answer in time")?
    }

    async fn read(&mut self) -> anyhow::Result<Answer> {
        let mut all = Vec::new();
        let head = loop {
            if let Some(end) = find(&all, b"\r\n\r\n") {
                break end + 4;
            }
            anyhow::ensure!(self.line.read_buf(&mut all).await? > 0, "the server hung up");
        };
        let text = String::from_utf8_lossy(&all[..head]).into_owned();
        let length = content_length(&all[..head]).unwrap_or(0);
        while all.len() < head + length {
            anyhow::ensure!(self.line.read_buf(&mut all).await? > 0, "the server hung up");
        }
        let status = text.split(' ').nth(1).and_then(|s| s.parse().ok()).context("no status")?;
        Ok(Answer { status, head: text, body: all.split_off(head) })
    }
}

impl Answer {
    /// The value of a header line, by its name in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        let pairs = self.head.lines().filter_map(|line| line.split_once(':'));
        pairs.into_iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim())
    }

    /// The body as text, for messages.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

/// One `GET` outside every measurement: status and body.
pub async fn get(to: SocketAddr, path: &str) -> anyhow::Result<(u16, Vec<u8>)> {
    let answer = Client::connect(to, "").await?.ask("GET", path, "", b"").await?;
    Ok((answer.status, answer.body))
}

//! Redis, exact and durable: every view is a script that counts a key once, and answers after `fsync`.

use crate::lab::{Lab, Protocol, Server, free_port};
use anyhow::{Context, bail, ensure};
use futures_util::future::try_join_all;
use std::fmt::Write;
use std::net::SocketAddr;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// A key counts once; the answer tells whether it was new.
const SCRIPT: &str = "if redis.call('SADD', KEYS[1], ARGV[1]) == 1 then redis.call('HINCRBY', KEYS[2], ARGV[2], 1) return 1 end return 0";

/// A running server with the script in it.
#[derive(Debug)]
pub struct Redis {
    /// To measure.
    pub server: Server,
    /// Where it listens.
    pub address: SocketAddr,
    sha: String,
}

impl Redis {
    /// Starts it on an empty folder, or says why it can't be.
    pub async fn start(lab: &Lab) -> anyhow::Result<Self> {
        let program = super::find("redis-server").with_context(|| super::absent(lab, "redis"))?;
        let folder = lab.folder("redis")?;
        let port = free_port()?;
        let settings = ["--appendonly", "yes", "--appendfsync", "always", "--save", "", "--bind", "127.0.0.1", "--io-threads", "1"];
        let mut command = vec![program.into(), "--port".into(), port.to_string().into(), "--dir".into(), folder.clone().into()];
        command.extend(settings.map(std::ffi::OsString::from));
        // The log would else be rewritten in the middle of a turn, at times of its own choice.
        command.extend(["--auto-aof-rewrite-percentage", "0"].map(std::ffi::OsString::from));
        let mut server = Server::start(lab, &folder.join("log"), None, &command, &[])?;
        let address = SocketAddr::from(([127, 0, 0, 1], port));
        server.listens(address).await?;
        let answer = ask(address, &command_of(&["SCRIPT", "LOAD", SCRIPT])).await?;
        let sha = answer.lines().nth(1).context("no hash of the script")?.to_owned();
        Ok(Self { server, address, sha })
    }

    /// Counts the view `key` of `lesson`.
    pub fn view(&self, key: &str, lesson: &str) -> Vec<u8> {
        command_of(&["EVALSHA", &self.sha, "2", "seen", "views", key, lesson])
    }

    /// How many views it counted for `lesson`.
    pub async fn views(&self, lesson: &str) -> anyhow::Result<usize> {
        let answer = ask(self.address, &command_of(&["HGET", "views", lesson])).await?;
        Ok(answer.lines().nth(1).unwrap_or("0").parse()?)
    }

    /// Sends `batches` pipelines of `size` views each on every connection, each when the one before is answered.
    pub async fn pipelined(&self, lesson: &str, first: usize, batches: usize, size: usize, connections: usize) -> anyhow::Result<usize> {
        let one = async |connection: usize| {
            let mut line = TcpStream::connect(self.address).await?;
            line.set_nodelay(true)?;
            let (mut counted, mut buffer) = (0, vec![0; 64 * 1024]);
            for batch in 0..batches {
                let at = first + (connection * batches + batch) * size;
                let out: Vec<u8> = (at..at + size).flat_map(|n| self.view(&key(n), lesson)).collect();
                line.write_all(&out).await?;
                let mut left = size * ANSWER;
                while left > 0 {
                    let read = line.read(&mut buffer).await?;
                    if read == 0 {
                        bail!("Redis hung up");
                    }
                    counted += buffer[..read].iter().map(|byte| usize::from(*byte == b'1')).sum::<usize>();
                    left = left.checked_sub(read).context("Redis answered something else")?;
                }
            }
            Ok(counted)
        };
        Ok(try_join_all((0..connections).map(one)).await?.into_iter().sum())
    }
}

/// `:1\r\n` or `:0\r\n`.
const ANSWER: usize = 4;

/// The `n`th key, as wide as ours.
pub fn key(n: usize) -> String {
    format!("{:032x}", (n as u128).wrapping_mul(0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835))
}

fn command_of(words: &[&str]) -> Vec<u8> {
    let mut out = format!("*{}\r\n", words.len());
    for word in words {
        // Writing to a string cannot fail.
        let _ = write!(out, "${}\r\n{word}\r\n", word.len());
    }
    out.into_bytes()
}

async fn ask(to: SocketAddr, command: &[u8]) -> anyhow::Result<String> {
    let mut line = TcpStream::connect(to).await?;
    line.write_all(command).await?;
    let mut buffer = vec![0; 4096];
    let read = line.read(&mut buffer).await?;
    let text = String::from_utf8_lossy(&buffer[..read]).into_owned();
    ensure!(!text.starts_with('-'), "Redis: {}", text.trim());
    Ok(text)
}

/// One view an exchange, for the open loop.
pub struct OneByOne {
    /// Commands, in their order.
    pub commands: Vec<Vec<u8>>,
}

impl Protocol for OneByOne {
    fn write(&self, n: usize, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.commands[n]);
    }

    fn answer(&self, start: &[u8]) -> Option<(usize, bool)> {
        (start.len() >= ANSWER).then(|| (ANSWER, start.starts_with(b":1")))
    }
}

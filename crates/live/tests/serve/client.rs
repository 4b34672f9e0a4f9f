//! A publisher that sends what it is told to.

use bytes::{Bytes, BytesMut};
use live::rtmp::amf0::{self, Value};
use live::rtmp::{ChunkReader, ChunkWriter, Limits, Message, kind};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::time::timeout;

use super::server::LONG;

/// A set by x264: 640x360, High.
const SPS: [u8; 26] =
    [0x67, 0x64, 0, 0x1e, 0xac, 0xd9, 0x40, 0xa0, 0x2f, 0xf9, 0x70, 0x11, 0, 0, 3, 0, 0x10, 0, 0, 3, 3, 0x20, 0xf1, 0x62, 0xd9, 0x60];

pub struct Client<S> {
    stream: S,
    reader: ChunkReader,
    input: BytesMut,
}

impl<S: AsyncRead + AsyncWrite + Unpin> Client<S> {
    /// Shakes hands and asks to publish with `key`; the answer has not been read.
    pub async fn publish(mut stream: S, key: &str) -> Self {
        let mut answer = vec![0; 1 + 2 * 1536];
        stream.write_all(&[3; 1 + 2 * 1536]).await.unwrap();
        stream.read_exact(&mut answer).await.unwrap();
        let mut client = Self { stream, reader: ChunkReader::new(Limits::STRANGER), input: BytesMut::new() };
        client.command("connect", 1.0, &[Value::Object(vec![("app".to_owned(), Value::text("live"))])]).await;
        client.command("createStream", 2.0, &[Value::Null]).await;
        client.command("publish", 3.0, &[Value::Null, Value::text(key)]).await;
        client
    }

    /// As [`Client::publish`], and was let in.
    pub async fn on_air(stream: S) -> Self {
        let mut client = Self::publish(stream, "good").await;
        assert_eq!(client.status().await.unwrap().0, "NetStream.Publish.Start");
        client
    }

    pub async fn command(&mut self, name: &str, transaction: f64, values: &[Value]) {
        let mut payload = BytesMut::new();
        amf0::write_all(&[&[Value::text(name), Value::Number(transaction)], values].concat(), &mut payload);
        self.send(0, kind::COMMAND, payload.freeze()).await.unwrap();
    }

    pub async fn send(&mut self, timestamp: u32, kind: u8, payload: impl Into<Bytes>) -> std::io::Result<()> {
        let mut out = BytesMut::new();
        ChunkWriter::new().write(4, &Message { timestamp, stream_id: 1, kind, payload: payload.into() }, &mut out);
        self.stream.write_all(&out).await
    }

    /// How picture and sound are coded.
    pub async fn send_coding(&mut self) {
        let picture = [&[0x17, 0, 0, 0, 0, 1, 100, 0, 30, 0xFF, 0xE1, 0, 26][..], &SPS, &[1, 0, 1, 0x68]].concat();
        self.send(0, kind::VIDEO, picture).await.unwrap();
        self.send(0, kind::AUDIO, &[0xAF, 0, 0x11, 0x90][..]).await.unwrap();
    }

    /// A second of picture and sound from `from_ms` on, beginning with a keyframe.
    pub async fn send_second(&mut self, from_ms: u32) {
        for n in 0..25 {
            let (head, unit) = if n == 0 { (0x17, 0x65) } else { (0x27, 0x41) };
            self.send(from_ms + n * 40, kind::VIDEO, vec![head, 1, 0, 0, 0, 0, 0, 0, 2, unit, n as u8]).await.unwrap();
            for frame in (0..47).filter(|frame| frame * 1024 / 48 / 40 == n) {
                self.send(from_ms + frame * 1024 / 48, kind::AUDIO, vec![0xAF, 1, frame as u8]).await.unwrap();
            }
        }
    }

    /// Code and description of the next status; `None` once the connection is closed.
    pub async fn status(&mut self) -> Option<(String, String)> {
        loop {
            let message = self.message().await?;
            let values = if message.kind == kind::COMMAND { amf0::read_all(&message.payload).unwrap() } else { continue };
            let text = |name| Some(values.last()?.get(name)?.as_str()?.to_owned());
            if values[0].as_str() == Some("onStatus") {
                return Some((text("code").unwrap(), text("description").unwrap()));
            }
        }
    }

    async fn message(&mut self) -> Option<Message> {
        loop {
            if let Some(message) = self.reader.next(&mut self.input).unwrap() {
                return Some(message);
            }
            // What was never read from us turns the close into a reset.
            let read = timeout(LONG, self.stream.read_buf(&mut self.input)).await.expect("an answer or the end");
            if read.unwrap_or(0) == 0 {
                return None;
            }
        }
    }
}

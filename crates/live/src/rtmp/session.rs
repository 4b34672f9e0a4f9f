//! One publisher's connection as a pure state machine.
//!
//! ```text
//! Greeting ─connect─► Connected ─publish─► Asked ─accept─► Publishing ─FCUnpublish, deleteStream─► Ended
//!                                             └─refuse─► Ended          ("play" ends it from anywhere)
//! ```

use super::command::{self, Command, Metadata, PublishRequest, StreamKey};
use super::{ChunkReader, ChunkWriter, Handshake, Limits, Message, RtmpError, amf0, kind};
use crate::wire::Cursor;
use bytes::{BufMut, Bytes, BytesMut};
use std::time::Duration;

/// How long a publisher may take; the caller measures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Times {
    /// From the connection, TLS included, to `publish`.
    pub sign_in: Duration,
    /// Between two messages of sound or picture.
    pub silence: Duration,
    /// After the end: encoders still send `deleteStream` and log an error when nobody reads it.
    pub linger: Duration,
}

impl Default for Times {
    fn default() -> Self {
        Self { sign_in: Duration::from_secs(10), silence: Duration::from_secs(15), linger: Duration::from_secs(2) }
    }
}

/// What the caller has to act on.
#[derive(Debug, Clone, PartialEq)]
pub enum Action {
    /// Decide, then call [`Session::accept`] or [`Session::refuse`]; nothing more is read until then.
    Ask(PublishRequest),
    /// The encoder describes itself.
    Metadata(Metadata),
    /// An FLV audio tag body.
    Audio {
        /// Milliseconds modulo 2³².
        timestamp: u32,
        /// FLV 10.1 §E.4.2.
        body: Bytes,
    },
    /// An FLV video tag body.
    Video {
        /// Milliseconds modulo 2³².
        timestamp: u32,
        /// FLV 10.1 §E.4.3.
        body: Bytes,
    },
    /// The publisher stopped, or was refused: send what is left of the output, linger, and close. Comes once.
    Ended,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Stage {
    Greeting,
    Connected { app: String },
    Asked,
    Publishing,
    Ended { told: bool },
}

/// We acknowledge at least this rarely: a peer that asks for "every 0 bytes" gets this.
const MIN_WINDOW: u64 = 4 << 10;
const WINDOW: u32 = 2_500_000;
const CHUNK_SIZE: usize = 4096;
/// The only message stream there is.
const STREAM: u32 = 1;
/// Chunk streams: control (§5.4) and commands.
const CONTROL: u8 = 2;
const COMMANDS: u8 = 3;

/// See the module's picture. Feed bytes, poll until `None`, send [`Session::take_output`].
#[derive(Debug)]
pub struct Session {
    stage: Stage,
    handshake: Handshake,
    reader: ChunkReader,
    writer: ChunkWriter,
    input: BytesMut,
    output: BytesMut,
    /// Bytes since the start, and how many of them were acknowledged.
    received: u64,
    acknowledged: u64,
    window: u64,
}

impl Session {
    /// A connection that has said nothing.
    pub fn new() -> Self {
        Self {
            stage: Stage::Greeting,
            handshake: Handshake::default(),
            reader: ChunkReader::new(Limits::STRANGER),
            writer: ChunkWriter::new(),
            input: BytesMut::new(),
            output: BytesMut::new(),
            received: 0,
            acknowledged: 0,
            window: u64::from(WINDOW),
        }
    }

    /// Takes bytes from the publisher. Do not feed more while [`Action::Ask`] is unanswered: they would only pile up.
    pub fn feed(&mut self, bytes: &[u8]) {
        self.input.extend_from_slice(bytes);
        self.received += bytes.len() as u64;
    }

    /// Bytes to send, maybe none.
    pub fn take_output(&mut self) -> Bytes {
        self.output.split().freeze()
    }

    /// Bytes held that have not become an action: bounded by [`Limits`] as long as `feed` and `poll` alternate.
    pub fn held(&self) -> usize {
        self.input.len() + self.reader.pending()
    }

    /// The next thing to act on, or `None` until more bytes are fed.
    ///
    /// # Errors
    ///
    /// [`RtmpError`]: send what is left of the output and close.
    pub fn poll(&mut self) -> Result<Option<Action>, RtmpError> {
        if !self.handshake.advance(&mut self.input, &mut self.output)? {
            return Ok(None);
        }
        loop {
            match &mut self.stage {
                Stage::Asked => return Ok(None),
                Stage::Ended { told } => {
                    // What still comes is read off and means nothing.
                    self.input.clear();
                    return Ok((!std::mem::replace(told, true)).then_some(Action::Ended));
                }
                Stage::Greeting | Stage::Connected { .. } | Stage::Publishing => {}
            }
            let Some(message) = self.reader.next(&mut self.input)? else {
                self.acknowledge();
                return Ok(None);
            };
            if let Some(action) = self.handle(message)? {
                return Ok(Some(action));
            }
        }
    }

    /// Lets the publisher who was asked about begin.
    pub fn accept(&mut self) {
        if self.stage == Stage::Asked {
            self.stage = Stage::Publishing;
            self.reader.set_limits(Limits::PUBLISHER);
            let begin: Bytes = [0u16.to_be_bytes().as_slice(), &STREAM.to_be_bytes()].concat().into();
            self.send(CONTROL, 0, kind::USER_CONTROL, begin);
            self.send_status("status", "NetStream.Publish.Start", "On you go.");
        }
    }

    /// Refuses the publisher who was asked about; encoders show `why`.
    pub fn refuse(&mut self, why: &str) {
        if self.stage == Stage::Asked {
            self.end_with("NetStream.Publish.BadName", why);
        }
    }

    /// Ends a broadcast that cannot be used, such as one in H.265; encoders show `why`.
    pub fn fail(&mut self, why: &str) {
        if self.stage == Stage::Publishing {
            self.end_with("NetStream.Publish.Failed", why);
        }
    }

    fn handle(&mut self, message: Message) -> Result<Option<Action>, RtmpError> {
        let Message { timestamp, kind, payload: body, .. } = message;
        let publishing = self.stage == Stage::Publishing;
        match kind {
            kind::AUDIO if publishing => return Ok(Some(Action::Audio { timestamp, body })),
            kind::VIDEO if publishing => return Ok(Some(Action::Video { timestamp, body })),
            kind::DATA | kind::DATA_AMF3 if publishing => {
                // A description that cannot be read is no reason to end a broadcast.
                let values = amf0::read_all(amf0_part(kind, &body)).unwrap_or_default();
                return Ok(Metadata::from_values(&values).map(Action::Metadata));
            }
            kind::COMMAND | kind::COMMAND_AMF3 => return self.command(&Command::read(amf0_part(kind, &body))?),
            kind::WINDOW_ACK_SIZE => {
                let size = Cursor::new(&body).u32().ok_or(RtmpError::BadControl(kind))?;
                self.window = u64::from(size).max(MIN_WINDOW);
            }
            kind::USER_CONTROL => self.user_control(&body),
            _ => {}
        }
        Ok(None)
    }

    fn command(&mut self, command: &Command) -> Result<Option<Action>, RtmpError> {
        match (command.name.as_str(), &self.stage) {
            ("connect", Stage::Greeting) => self.connect(command),
            ("connect", _) => return Err(RtmpError::Unexpected("connect")),
            ("createStream", Stage::Connected { .. }) => {
                self.send_command(0, command::result(command.transaction, amf0::Value::Number(f64::from(STREAM))));
            }
            ("releaseStream" | "FCPublish", Stage::Connected { .. }) => {
                self.send_command(0, command::result(command.transaction, amf0::Value::Null));
            }
            ("publish", Stage::Connected { app }) => {
                let request = PublishRequest { app: app.clone(), key: StreamKey::new(command.stream_name()) };
                self.stage = Stage::Asked;
                return Ok(Some(Action::Ask(request)));
            }
            ("publish", _) => return Err(RtmpError::Unexpected("publish")),
            ("play" | "play2", _) => self.end_with("NetStream.Play.Failed", "This server only takes broadcasts in."),
            ("FCUnpublish", Stage::Publishing) => {
                self.send_command(0, command::status("onFCUnpublish", "status", "NetStream.Unpublish.Success", "Stopped."));
                self.stage = Stage::Ended { told: false };
            }
            ("deleteStream" | "closeStream", Stage::Publishing) => self.stage = Stage::Ended { told: false },
            _ => {}
        }
        Ok(None)
    }

    fn connect(&mut self, command: &Command) {
        self.stage = Stage::Connected { app: command.app().to_owned() };
        self.send(CONTROL, 0, kind::WINDOW_ACK_SIZE, Bytes::copy_from_slice(&WINDOW.to_be_bytes()));
        let mut bandwidth = BytesMut::new();
        bandwidth.put_u32(WINDOW);
        bandwidth.put_u8(2); // "dynamic" (§5.4.5)
        self.send(CONTROL, 0, kind::SET_PEER_BANDWIDTH, bandwidth.freeze());
        self.send(CONTROL, 0, kind::SET_CHUNK_SIZE, Bytes::copy_from_slice(&(CHUNK_SIZE as u32).to_be_bytes()));
        self.writer.set_chunk_size(CHUNK_SIZE);
        self.send_command(0, command::connected(command.transaction));
    }

    /// Answers a ping (§7.1.7, event 6) with a pong (event 7).
    fn user_control(&mut self, body: &[u8]) {
        let mut cursor = Cursor::new(body);
        if let (Some(6), Some(at)) = (cursor.u16(), cursor.array::<4>()) {
            self.send(CONTROL, 0, kind::USER_CONTROL, [&7u16.to_be_bytes()[..], &at].concat().into());
        }
    }

    /// §5.4.3: the count is modulo 2³².
    fn acknowledge(&mut self) {
        if self.received - self.acknowledged >= self.window {
            self.acknowledged = self.received;
            self.send(CONTROL, 0, kind::ACKNOWLEDGEMENT, Bytes::copy_from_slice(&(self.received as u32).to_be_bytes()));
        }
    }

    fn end_with(&mut self, code: &str, why: &str) {
        self.send_status("error", code, why);
        self.stage = Stage::Ended { told: false };
    }

    fn send_status(&mut self, level: &str, code: &str, description: &str) {
        self.send_command(STREAM, command::status("onStatus", level, code, description));
    }

    fn send_command(&mut self, stream_id: u32, payload: Bytes) {
        self.send(COMMANDS, stream_id, kind::COMMAND, payload);
    }

    fn send(&mut self, csid: u8, stream_id: u32, kind: u8, payload: Bytes) {
        self.writer.write(csid, &Message { timestamp: 0, stream_id, kind, payload }, &mut self.output);
    }
}

impl Default for Session {
    fn default() -> Self {
        Self::new()
    }
}

/// The AMF0 in a body: the AMF3 kinds have a marker byte before it.
fn amf0_part(kind: u8, body: &[u8]) -> &[u8] {
    match kind {
        kind::COMMAND_AMF3 | kind::DATA_AMF3 => body.get(1..).unwrap_or_default(),
        _ => body,
    }
}

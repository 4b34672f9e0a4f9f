//! Chunks in, messages out (§5.3.1), with a bound on everything a stranger can make us hold.

use super::{Message, RtmpError, kind};
use crate::wire::Cursor;
use bytes::{Buf, Bytes, BytesMut};
use std::collections::BTreeMap;

/// What one connection may make us remember.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Chunk streams ever used.
    pub streams: usize,
    /// Bytes of one message.
    pub message: usize,
    /// Bytes of all unfinished messages together.
    pub pending: usize,
}

impl Limits {
    /// For a stranger: commands are small.
    pub const STRANGER: Self = Self { streams: 16, message: 16 << 10, pending: 64 << 10 };
    /// For a publisher who was accepted: one picture of a high-quality broadcast fits.
    pub const PUBLISHER: Self = Self { streams: 32, message: 4 << 20, pending: 8 << 20 };
}

/// The chunk size until the peer sets another (§5.4.1).
const DEFAULT_CHUNK: usize = 128;
/// A length has 24 bits, so a larger chunk says nothing more (§5.4.1).
const MAX_CHUNK: u32 = 0xFF_FFFF;
/// In the 24-bit field: the time follows in 32 bits (§5.3.1.3).
const EXTENDED: u32 = 0xFF_FFFF;

/// Puts messages together; obeys "set chunk size" and "abort" itself, since they change how it reads.
#[derive(Debug)]
pub struct ChunkReader {
    limits: Limits,
    chunk_size: usize,
    streams: BTreeMap<u32, Stream>,
    open: Option<Open>,
    pending: usize,
}

/// One chunk stream: its last header, and the message under way.
#[derive(Debug, Default)]
struct Stream {
    head: Head,
    body: BytesMut,
}

/// A chunk whose header was read and whose bytes have not all come.
#[derive(Debug, Clone, Copy)]
struct Open {
    csid: u32,
    left: usize,
}

/// The message header (§5.3.1.2) as it stands after a chunk, with everything that was left out filled in.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Head {
    /// Absolute.
    timestamp: u32,
    /// As sent: absolute in format 0, a difference in formats 1 and 2.
    field: u32,
    extended: bool,
    length: usize,
    kind: u8,
    stream_id: u32,
}

impl ChunkReader {
    /// A reader at the start of a connection.
    pub fn new(limits: Limits) -> Self {
        Self { limits, chunk_size: DEFAULT_CHUNK, streams: BTreeMap::new(), open: None, pending: 0 }
    }

    /// From the next chunk on, these bounds hold.
    pub fn set_limits(&mut self, limits: Limits) {
        self.limits = limits;
    }

    /// Bytes held for unfinished messages.
    pub fn pending(&self) -> usize {
        self.pending
    }

    /// The next whole message, or `None` until more bytes come; what was used is taken from `input`.
    ///
    /// Between calls `input` keeps less than one chunk header.
    ///
    /// # Errors
    ///
    /// [`RtmpError`]: the connection has lost its meaning and must be closed.
    pub fn next(&mut self, input: &mut BytesMut) -> Result<Option<Message>, RtmpError> {
        loop {
            let open = match self.open {
                Some(open) => open,
                None => match self.open_chunk(input)? {
                    Some(open) => open,
                    None => return Ok(None),
                },
            };
            if !self.fill(open, input)? {
                return Ok(None);
            }
            if let Some(message) = self.finished(open.csid)
                && !self.obey(&message)?
            {
                return Ok(Some(message));
            }
        }
    }

    fn open_chunk(&mut self, input: &mut BytesMut) -> Result<Option<Open>, RtmpError> {
        let mut cursor = Cursor::new(input);
        let Some((format, csid)) = basic_header(&mut cursor) else { return Ok(None) };
        let last = self.streams.get(&csid).map(|stream| stream.head);
        // librtmp opens chunk stream 2 with format 1, so only formats 2 and 3 need a header before them.
        if format >= 2 && last.is_none() {
            return Err(RtmpError::NoPreviousHeader(csid));
        }
        let begun = self.streams.get(&csid).is_some_and(|stream| !stream.body.is_empty());
        let Some(head) = message_header(format, last.unwrap_or_default(), begun, &mut cursor) else { return Ok(None) };
        let used = input.len() - cursor.rest().len();
        input.advance(used);
        self.begin(csid, format, head).map(Some)
    }

    fn begin(&mut self, csid: u32, format: u8, head: Head) -> Result<Open, RtmpError> {
        if head.length > self.limits.message {
            return Err(RtmpError::MessageTooLong { length: head.length, most: self.limits.message });
        }
        if !self.streams.contains_key(&csid) && self.streams.len() >= self.limits.streams {
            return Err(RtmpError::TooManyChunkStreams(self.limits.streams));
        }
        if format != 3 {
            // A full header in the midst of a message starts another one: the torn one can never be finished.
            self.forget(csid);
        }
        let stream = self.streams.entry(csid).or_default();
        stream.head = head;
        let open = Open { csid, left: self.chunk_size.min(head.length.saturating_sub(stream.body.len())) };
        self.open = Some(open);
        Ok(open)
    }

    /// Moves what has come of the open chunk into its message; true once the chunk is complete.
    fn fill(&mut self, open: Open, input: &mut BytesMut) -> Result<bool, RtmpError> {
        let take = open.left.min(input.len());
        if self.pending + take > self.limits.pending {
            return Err(RtmpError::TooMuchPending(self.limits.pending));
        }
        if let Some(stream) = self.streams.get_mut(&open.csid) {
            // Room is made for what came, never for what was announced.
            stream.body.extend_from_slice(&input.split_to(take));
            self.pending += take;
        }
        let left = open.left - take;
        self.open = (left > 0).then_some(Open { left, ..open });
        Ok(left == 0)
    }

    fn finished(&mut self, csid: u32) -> Option<Message> {
        let stream = self.streams.get_mut(&csid)?;
        if stream.body.len() < stream.head.length {
            return None;
        }
        let payload = std::mem::take(&mut stream.body).freeze();
        self.pending = self.pending.saturating_sub(payload.len());
        let Head { timestamp, stream_id, kind, .. } = stream.head;
        Some(Message { timestamp, stream_id, kind, payload })
    }

    /// Whether `message` was for this reader: set chunk size (§5.4.1) or abort (§5.4.2).
    fn obey(&mut self, message: &Message) -> Result<bool, RtmpError> {
        match message.kind {
            kind::SET_CHUNK_SIZE => match control_value(&message.payload) {
                Some(size @ 1..=0x7FFF_FFFF) => self.chunk_size = size.min(MAX_CHUNK) as usize,
                _ => return Err(RtmpError::BadControl(kind::SET_CHUNK_SIZE)),
            },
            kind::ABORT => {
                let csid = control_value(&message.payload).ok_or(RtmpError::BadControl(kind::ABORT))?;
                self.forget(csid);
            }
            _ => return Ok(false),
        }
        Ok(true)
    }

    fn forget(&mut self, csid: u32) {
        if let Some(stream) = self.streams.get_mut(&csid) {
            self.pending = self.pending.saturating_sub(stream.body.len());
            stream.body = BytesMut::new();
        }
    }
}

fn control_value(payload: &Bytes) -> Option<u32> {
    Cursor::new(payload).u32()
}

/// Format and chunk stream id, in one, two or three bytes (§5.3.1.1).
fn basic_header(cursor: &mut Cursor<'_>) -> Option<(u8, u32)> {
    let first = cursor.u8()?;
    let csid = match first & 0x3F {
        0 => 64 + u32::from(cursor.u8()?),
        1 => 64 + u32::from(u16::from_le_bytes(cursor.array()?)),
        small => u32::from(small),
    };
    Some((first >> 6, csid))
}

/// The header after this chunk; `begun` says that a message of this chunk stream is under way.
fn message_header(format: u8, last: Head, begun: bool, cursor: &mut Cursor<'_>) -> Option<Head> {
    let mut head = last;
    if format == 3 {
        repeat_extended(&head, cursor)?;
        if !begun {
            // §5.3.1.2.4: a new message with the same difference; after format 0 the difference is the time itself.
            head.timestamp = last.timestamp.wrapping_add(last.field);
        }
        return Some(head);
    }
    let field = cursor.u24()?;
    if format < 2 {
        head.length = cursor.u24()? as usize;
        head.kind = cursor.u8()?;
    }
    if format == 0 {
        head.stream_id = u32::from_le_bytes(cursor.array()?);
    }
    head.extended = field == EXTENDED;
    head.field = if head.extended { cursor.u32()? } else { field };
    head.timestamp = if format == 0 { head.field } else { last.timestamp.wrapping_add(head.field) };
    Some(head)
}

/// Skips the extended time that §5.3.1.3 wants repeated in format 3.
///
/// Some encoders leave it out (OBS did until 2024), so it is skipped only when it is there.
fn repeat_extended(head: &Head, cursor: &mut Cursor<'_>) -> Option<()> {
    if head.extended {
        let mut ahead = *cursor;
        let value = ahead.u32()?;
        if value == head.field || value == head.timestamp {
            *cursor = ahead;
        }
    }
    Some(())
}

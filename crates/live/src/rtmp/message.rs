//! A whole message (§6.1), put together from chunks.

use bytes::Bytes;
use std::fmt;

/// Message type ids: control (§5.4), user control (§6.2), commands and media (§7.1).
pub mod kind {
    /// Size of the chunks that follow.
    pub const SET_CHUNK_SIZE: u8 = 1;
    /// Forget an unfinished message.
    pub const ABORT: u8 = 2;
    /// So many bytes have arrived.
    pub const ACKNOWLEDGEMENT: u8 = 3;
    /// Stream begin, ping and the like.
    pub const USER_CONTROL: u8 = 4;
    /// Acknowledge every so many bytes.
    pub const WINDOW_ACK_SIZE: u8 = 5;
    /// At most so many unacknowledged bytes.
    pub const SET_PEER_BANDWIDTH: u8 = 6;
    /// An FLV audio tag body.
    pub const AUDIO: u8 = 8;
    /// An FLV video tag body.
    pub const VIDEO: u8 = 9;
    /// Data behind one AMF3 marker byte, AMF0 after it.
    pub const DATA_AMF3: u8 = 15;
    /// A command behind one AMF3 marker byte, AMF0 after it.
    pub const COMMAND_AMF3: u8 = 17;
    /// Data in AMF0.
    pub const DATA: u8 = 18;
    /// A command in AMF0.
    pub const COMMAND: u8 = 20;
}

/// One message. `Debug` shows the size of the payload, which may hold a stream key, and not the payload.
#[derive(Clone, PartialEq, Eq)]
pub struct Message {
    /// Milliseconds of the sender's clock, modulo 2³².
    pub timestamp: u32,
    /// The message stream: 0 for the connection itself.
    pub stream_id: u32,
    /// One of [`kind`].
    pub kind: u8,
    /// The body.
    pub payload: Bytes,
}

impl fmt::Debug for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { timestamp, stream_id, kind, payload } = self;
        write!(f, "Message {{ kind: {kind}, stream: {stream_id}, timestamp: {timestamp}, bytes: {} }}", payload.len())
    }
}

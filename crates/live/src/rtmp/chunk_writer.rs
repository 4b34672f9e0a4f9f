//! Messages in, chunks out (§5.3.1): full headers, then continuations.

use super::Message;
use bytes::{BufMut, BytesMut};

/// The 24-bit time that says "32 bits follow" (§5.3.1.3).
const EXTENDED: u32 = 0xFF_FFFF;

/// Writes messages as chunks; a server sends so few that headers are never compressed.
#[derive(Debug)]
pub struct ChunkWriter {
    chunk_size: usize,
}

impl ChunkWriter {
    /// A writer at the start of a connection, with the chunk size of §5.4.1.
    pub fn new() -> Self {
        Self { chunk_size: 128 }
    }

    /// From now on chunks carry up to `size` bytes (at least 1); tell the peer first.
    pub fn set_chunk_size(&mut self, size: usize) {
        self.chunk_size = size.max(1);
    }

    /// Appends `message` on chunk stream `csid` (2 to 63).
    pub fn write(&self, csid: u8, message: &Message, out: &mut BytesMut) {
        let extended = message.timestamp >= EXTENDED;
        out.put_u8(csid & 0x3F);
        out.put_uint(u64::from(message.timestamp.min(EXTENDED)), 3);
        out.put_uint(message.payload.len() as u64 & 0xFF_FFFF, 3);
        out.put_u8(message.kind);
        out.put_u32_le(message.stream_id);
        for (at, chunk) in message.payload.chunks(self.chunk_size).enumerate() {
            if at > 0 {
                out.put_u8(0xC0 | (csid & 0x3F));
            }
            if extended {
                out.put_u32(message.timestamp);
            }
            out.extend_from_slice(chunk);
        }
        if extended && message.payload.is_empty() {
            out.put_u32(message.timestamp);
        }
    }
}

impl Default for ChunkWriter {
    fn default() -> Self {
        Self::new()
    }
}

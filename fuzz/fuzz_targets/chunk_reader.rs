//! Arbitrary bytes in pieces: nothing panics, nothing is held beyond the limits, and what is read does not depend on the pieces.
#![no_main]

use bytes::BytesMut;
use libfuzzer_sys::fuzz_target;
use live::rtmp::{ChunkReader, Limits, Message};

/// All messages up to the first error.
fn read(pieces: &[&[u8]], limits: Limits) -> Vec<Message> {
    let (mut reader, mut input, mut messages) = (ChunkReader::new(limits), BytesMut::new(), Vec::new());
    for piece in pieces {
        input.extend_from_slice(piece);
        loop {
            match reader.next(&mut input) {
                Ok(Some(message)) => {
                    assert!(message.payload.len() <= limits.message);
                    messages.push(message);
                }
                Ok(None) => break,
                Err(_) => return messages,
            }
        }
        assert!(reader.pending() <= limits.pending, "{} bytes are held", reader.pending());
        assert!(input.len() < 18, "{} bytes lie about", input.len());
    }
    messages
}

fuzz_target!(|data: &[u8]| {
    let Some((&cut, wire)) = data.split_first() else { return };
    for limits in [Limits::STRANGER, Limits { streams: 4, message: 1000, pending: 1500 }] {
        let at_once = read(&[wire], limits);
        let pieces: Vec<&[u8]> = wire.chunks(usize::from(cut).max(1)).collect();
        assert_eq!(read(&pieces, limits), at_once);
    }
});

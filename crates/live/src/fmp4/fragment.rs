//! One fragment: `moof` and `mdat`.

use bytes::{BufMut, Bytes};

use super::boxes::{boxed, full};

/// `default-base-is-moof`, ISO/IEC 14496-12 §8.8.7.1.
const BASE_IS_MOOF: u32 = 0x02_0000;
/// Data offset; duration, size, flags and composition offset of each sample (§8.8.8.1).
const RUN_FLAGS: u32 = 0x0001 | 0x0100 | 0x0200 | 0x0400 | 0x0800;
/// "depends on no other" (§8.8.3.1).
const SYNC: u32 = 0x0200_0000;
/// "depends on others" and "is no sync sample".
const NOT_SYNC: u32 = 0x0101_0000;

/// A sample whose place and length are known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frame {
    /// Ticks until the next one.
    pub duration: u32,
    /// Presentation minus decoding time, ticks.
    pub cts: i32,
    /// Decodes without any before it.
    pub key: bool,
    /// Length-prefixed NAL units, or a raw AAC frame.
    pub data: Bytes,
}

/// Writes `frames` as one fragment that begins at `decode_time` ticks. `sequence` grows from fragment to fragment of a track.
pub fn fragment(sequence: u32, decode_time: u64, frames: &[Frame]) -> Bytes {
    let payload: usize = frames.iter().map(|frame| frame.data.len()).sum();
    let mut out = Vec::with_capacity(payload + 112 + 16 * frames.len());
    let mut offset_at = 0;
    boxed(&mut out, *b"moof", |out| {
        full(out, *b"mfhd", 0, 0, |out| out.put_u32(sequence));
        boxed(out, *b"traf", |out| {
            full(out, *b"tfhd", 0, BASE_IS_MOOF, |out| out.put_u32(1));
            full(out, *b"tfdt", 1, 0, |out| out.put_u64(decode_time));
            full(out, *b"trun", 1, RUN_FLAGS, |out| {
                out.put_u32(frames.len() as u32);
                offset_at = out.len();
                out.put_u32(0);
                for frame in frames {
                    run_entry(out, frame);
                }
            });
        });
    });
    // The payload begins behind the eight bytes of the mdat header; moof begins at zero.
    let data_offset = (out.len() + 8) as u32;
    out[offset_at..offset_at + 4].copy_from_slice(&data_offset.to_be_bytes());
    boxed(&mut out, *b"mdat", |out| {
        for frame in frames {
            out.put_slice(&frame.data);
        }
    });
    out.into()
}

fn run_entry(out: &mut Vec<u8>, frame: &Frame) {
    out.put_u32(frame.duration);
    out.put_u32(frame.data.len() as u32);
    out.put_u32(if frame.key { SYNC } else { NOT_SYNC });
    out.put_i32(frame.cts);
}

//! The bytes on disk, version 2. All numbers are little-endian.
//!
//! A segment is a header and then records; both have a fixed size, so an offset is found by arithmetic.
//!
//! | header byte | size | field |
//! |---|---|---|
//! | 0 | 8 | magic `LEDGERSG` |
//! | 8 | 4 | version, 2 |
//! | 12 | 4 | record size, 72 |
//! | 16 | 8 | offset of the first record, equal to the number in the file's name |
//! | 24 | 4 | zero |
//! | 28 | 4 | CRC-32 of bytes 0–27 |
//!
//! | record byte | size | field |
//! |---|---|---|
//! | 0 | 16 | key |
//! | 16 | 16 | subject |
//! | 32 | 16 | group |
//! | 48 | 8 | at, milliseconds since 1970 |
//! | 56 | 4 | amount |
//! | 60 | 4 | day, yyyymmdd |
//! | 64 | 1 | kind |
//! | 65 | 1 | weight: 0 for 1, 1 for 2, 2 for 5, 3 for 10, … 12 for 10,000; in version 1 zero |
//! | 66 | 2 | index of the record in the batch it was written with |
//! | 68 | 4 | CRC-32 of bytes 0–67, started with the record's offset |
//!
//! The checksum knows the offset, so a record that turns up in the wrong place is broken too. The batch index tells a
//! torn tail from damage: a batch is written only after the one before it is durable, so a broken record that is
//! followed by a *later* batch was once whole.
//!
//! Version 1 had no weights, so its records read as version 2. Nothing is added to a segment of version 1: a program that does not know
//! weights must refuse a ledger with weights instead of counting each event once.

use crate::event::Event;
use crate::weight::Weight;
use kernel::Timestamp;

/// Size of a segment's header in bytes.
pub(crate) const HEADER_BYTES: u64 = 32;
/// Size of one record in bytes.
pub(crate) const RECORD_BYTES: usize = 72;

const MAGIC: &[u8; 8] = b"LEDGERSG";
/// Of segments that are written.
pub(crate) const VERSION: u32 = 2;
/// Of segments from before there were weights.
pub(crate) const UNWEIGHTED: u32 = 1;
const HEADER_CRC_AT: usize = 28;
const RECORD_CRC_AT: usize = 68;

/// A record as it was read.
pub(crate) struct Record {
    pub(crate) event: Event,
    /// How many records of the same batch stand before it.
    pub(crate) batch_index: u16,
}

/// Where the record of `offset` begins in a segment that starts with `base`.
pub(crate) fn byte_of(offset: u64, base: u64) -> u64 {
    HEADER_BYTES + (offset - base) * RECORD_BYTES as u64
}

/// The header of a segment of this version whose first record has the offset `base`.
pub(crate) fn encode_header(version: u32, base: u64) -> [u8; HEADER_BYTES as usize] {
    let mut bytes = [0; HEADER_BYTES as usize];
    bytes[0..8].copy_from_slice(MAGIC);
    bytes[8..12].copy_from_slice(&version.to_le_bytes());
    bytes[12..16].copy_from_slice(&(RECORD_BYTES as u32).to_le_bytes());
    bytes[16..24].copy_from_slice(&base.to_le_bytes());
    let crc = crc32fast::hash(&bytes[..HEADER_CRC_AT]);
    bytes[HEADER_CRC_AT..].copy_from_slice(&crc.to_le_bytes());
    bytes
}

/// Appends the record of `event` to `out`.
pub(crate) fn encode(event: &Event, offset: u64, batch_index: u16, out: &mut Vec<u8>) {
    let start = out.len();
    out.extend_from_slice(&event.key.to_le_bytes());
    out.extend_from_slice(&event.subject.to_le_bytes());
    out.extend_from_slice(&event.group.to_le_bytes());
    out.extend_from_slice(&event.at.0.to_le_bytes());
    out.extend_from_slice(&event.amount.to_le_bytes());
    out.extend_from_slice(&event.day.to_le_bytes());
    out.extend_from_slice(&[event.kind, event.weight.code()]);
    out.extend_from_slice(&batch_index.to_le_bytes());
    let crc = record_crc(&out[start..], offset);
    out.extend_from_slice(&crc.to_le_bytes());
}

/// Reads the record of `offset` from its bytes, or nothing if they are not what was written there.
pub(crate) fn decode(bytes: &[u8; RECORD_BYTES], offset: u64) -> Option<Record> {
    if record_crc(&bytes[..RECORD_CRC_AT], offset).to_le_bytes() != bytes[RECORD_CRC_AT..] {
        return None;
    }
    let event = Event {
        key: u128::from_le_bytes(field(bytes, 0)),
        subject: u128::from_le_bytes(field(bytes, 16)),
        group: u128::from_le_bytes(field(bytes, 32)),
        at: Timestamp(i64::from_le_bytes(field(bytes, 48))),
        amount: u32::from_le_bytes(field(bytes, 56)),
        day: i32::from_le_bytes(field(bytes, 60)),
        kind: bytes[64],
        weight: Weight::from_code(bytes[65])?,
    };
    Some(Record { event, batch_index: u16::from_le_bytes(field(bytes, 66)) })
}

fn record_crc(bytes: &[u8], offset: u64) -> u32 {
    let mut hasher = crc32fast::Hasher::new_with_initial((offset ^ (offset >> 32)) as u32);
    hasher.update(bytes);
    hasher.finalize()
}

fn field<const N: usize>(bytes: &[u8; RECORD_BYTES], at: usize) -> [u8; N] {
    std::array::from_fn(|i| bytes[at + i])
}

#[cfg(test)]
mod tests {
    use super::*;

    const EVENT: Event = Event {
        kind: 7,
        key: u128::MAX - 1,
        subject: 2,
        group: 3,
        at: Timestamp(-4),
        amount: u32::MAX,
        weight: Weight::MOST,
        day: 20_261_123,
    };

    fn record(offset: u64) -> [u8; RECORD_BYTES] {
        let mut bytes = Vec::new();
        encode(&EVENT, offset, 513, &mut bytes);
        bytes.try_into().unwrap()
    }

    #[test]
    fn a_record_comes_back_as_it_was_written() {
        let read = decode(&record(99), 99).unwrap();
        assert_eq!((read.event, read.batch_index), (EVENT, 513));
    }

    #[test]
    fn the_layout_is_the_documented_one() {
        let bytes = record(0);
        assert_eq!(bytes[48..56], (-4_i64).to_le_bytes());
        assert_eq!(bytes[60..64], 20_261_123_i32.to_le_bytes());
        assert_eq!(bytes[64..68], [7, 12, 1, 2]);
        let header = encode_header(VERSION, 5);
        assert_eq!(header[..8], *b"LEDGERSG");
        assert_eq!(header[8..16], [2, 0, 0, 0, 72, 0, 0, 0]);
        assert_eq!(header[16], 5);
    }

    #[test]
    fn any_flipped_bit_or_wrong_place_breaks_a_record() {
        let good = record(99);
        for bit in 0..RECORD_BYTES * 8 {
            let mut bad = good;
            bad[bit / 8] ^= 1 << (bit % 8);
            assert!(decode(&bad, 99).is_none(), "bit {bit}");
        }
        assert!(decode(&good, 98).is_none());
        assert!(decode(&good, 99 + (1 << 32)).is_none());
        assert!(decode(&[0; RECORD_BYTES], 0).is_none(), "a hole in the file is not an event");
    }
}

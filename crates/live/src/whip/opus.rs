//! As much of Opus (RFC 6716) as counting needs.

use bytes::Bytes;

/// A packet as RTP brought it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Packet {
    /// Place on the timeline of the session, milliseconds.
    pub(super) at_ms: i64,
    /// Its RTP time: samples at 48 kHz.
    pub(super) ticks: u64,
    /// As coded.
    pub(super) data: Bytes,
}

/// 20 ms of silence, coded: fullband CELT, one channel, one frame.
pub(super) const SILENCE: [u8; 3] = [0xF8, 0xFF, 0xFE];
/// Samples in [`SILENCE`].
pub(super) const SILENT_SAMPLES: u64 = 960;
/// A packet may last 120 ms at most (§3.2.5).
const MOST_SAMPLES: u64 = 5_760;

/// How many samples at 48 kHz a packet holds; `None` when it breaks a rule (§3.1, §3.2).
pub(super) fn samples(packet: &[u8]) -> Option<u64> {
    let (&head, rest) = packet.split_first()?;
    let config = head >> 3;
    let frame = match config {
        0..=11 => [480, 960, 1_920, 2_880][usize::from(config % 4)],
        12..=15 => [480, 960][usize::from(config % 2)],
        _ => [120, 240, 480, 960][usize::from(config % 4)],
    };
    let frames = match head & 3 {
        0 => 1,
        1 | 2 => 2,
        _ => u64::from(rest.first()? & 0x3F),
    };
    Some(frame * frames).filter(|samples| (1..=MOST_SAMPLES).contains(samples))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_follow_the_first_bytes() {
        let table: [(&[u8], Option<u64>); 8] = [
            (&SILENCE, Some(SILENT_SAMPLES)),
            (&[0x78, 0], Some(960)),
            (&[0x00, 0], Some(480)),
            (&[0x19, 0, 0], Some(5_760)),
            (&[0xE3, 0x05, 0], Some(600)),
            (&[0xFB, 0x00], None),
            (&[0xFB, 0x3F], None),
            (&[], None),
        ];
        for (packet, want) in table {
            assert_eq!(samples(packet), want, "{packet:02x?}");
        }
    }
}

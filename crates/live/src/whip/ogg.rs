//! Opus in Ogg: RFC 3533 (pages) and RFC 7845 (Opus), one packet to a page so that nothing waits.

use bytes::{BufMut, Bytes, BytesMut};

/// First and last page of a stream (RFC 3533 §6).
const BEGINS: u8 = 2;
/// Our only stream.
const SERIAL: u32 = 1;
/// Segments of a page hold 255 bytes each, and a page 255 segments; a packet ends with one that is not full.
const SEGMENT: usize = 255;
const MOST: usize = SEGMENT * SEGMENT - 1;
/// CRC-32 with this polynomial, highest bit first, from zero, not inverted (RFC 3533 §6).
const POLYNOMIAL: u32 = 0x04C1_1DB7;

/// Writes one stream of Opus.
#[derive(Debug, Default)]
pub(super) struct Muxer {
    pages: u32,
    samples: u64,
}

impl Muxer {
    /// The two pages in front (RFC 7845 §5). Nothing is skipped at the start: where sound begins is told by its stamps.
    pub(super) fn head(&mut self, channels: u8) -> Bytes {
        let mut head = BytesMut::from(&b"OpusHead\x01"[..]);
        head.put_u8(channels);
        head.put_u16_le(0);
        head.put_u32_le(48_000);
        head.put_u16_le(0);
        head.put_u8(0);
        let mut tags = BytesMut::from(&b"OpusTags"[..]);
        // No vendor, no comments.
        tags.put_u64_le(0);
        let mut pages = BytesMut::new();
        self.page(BEGINS, &head, &mut pages);
        self.page(0, &tags, &mut pages);
        pages.freeze()
    }

    /// A packet of `samples` at 48 kHz; nothing when it is larger than a page, which no Opus packet is.
    pub(super) fn packet(&mut self, data: &[u8], samples: u64) -> Bytes {
        let mut page = BytesMut::new();
        if data.len() <= MOST {
            self.samples += samples;
            self.page(0, data, &mut page);
        }
        page.freeze()
    }

    /// Samples written so far.
    pub(super) fn samples(&self) -> u64 {
        self.samples
    }

    fn page(&mut self, kind: u8, packet: &[u8], out: &mut BytesMut) {
        let mut page = BytesMut::from(&b"OggS\0"[..]);
        page.put_u8(kind);
        page.put_u64_le(self.samples);
        page.put_u32_le(SERIAL);
        page.put_u32_le(self.pages);
        page.put_u32_le(0);
        let full = packet.len() / SEGMENT;
        page.put_u8((full + 1) as u8);
        page.put_bytes(SEGMENT as u8, full);
        page.put_u8((packet.len() % SEGMENT) as u8);
        page.put_slice(packet);
        let sum = checksum(&page).to_le_bytes();
        if let Some(place) = page.get_mut(22..26) {
            place.copy_from_slice(&sum);
        }
        self.pages = self.pages.wrapping_add(1);
        out.put_slice(&page);
    }
}

fn checksum(page: &[u8]) -> u32 {
    page.iter().fold(0, |sum, byte| (sum << 8) ^ TABLE[usize::from((sum >> 24) as u8 ^ byte)])
}

/// Remainders of all bytes.
const TABLE: [u32; 256] = {
    let mut table = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        let mut sum = (byte as u32) << 24;
        let mut bit = 0;
        while bit < 8 {
            sum = if sum & 0x8000_0000 == 0 { sum << 1 } else { sum << 1 ^ POLYNOMIAL };
            bit += 1;
        }
        table[byte] = sum;
        byte += 1;
    }
    table
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::whip::opus::{SILENCE, SILENT_SAMPLES};
    use std::io::Write;
    use std::process::{Command, Stdio};

    #[test]
    fn checksums_are_those_of_the_standard() {
        assert_eq!(checksum(b"123456789"), 0x89A1_897F, "CRC-32/MPEG-2's polynomial from zero, not inverted");
    }

    #[test]
    fn a_page_holds_one_packet_of_any_length() {
        for length in [0, 1, 254, 255, 256, 510, MOST] {
            let page = Muxer::default().packet(&vec![7; length], 960);
            let segments = usize::from(page[26]);
            let told: usize = page[27..27 + segments].iter().map(|length| usize::from(*length)).sum();
            assert_eq!((told, page.len()), (length, 27 + segments + length));
            assert!(page[26 + segments] < 255, "the last segment ends the packet");
        }
        assert!(Muxer::default().packet(&vec![7; MOST + 1], 960).is_empty());
    }

    #[test]
    fn ffmpeg_reads_two_seconds_without_a_complaint() {
        let mut muxer = Muxer::default();
        let mut file = muxer.head(2).to_vec();
        for _ in 0..100 {
            file.extend_from_slice(&muxer.packet(&SILENCE, SILENT_SAMPLES));
        }
        assert_eq!(muxer.samples(), 96_000);
        let args = ["-v", "warning", "-f", "ogg", "-i", "pipe:0", "-f", "s16le", "-ac", "2", "-"];
        let mut child = Command::new("ffmpeg")
            .args(args)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("ffmpeg is needed for this test");
        child.stdin.take().unwrap().write_all(&file).unwrap();
        let done = child.wait_with_output().unwrap();
        let said = String::from_utf8_lossy(&done.stderr);
        assert!(done.status.success() && said.trim().is_empty(), "{said}");
        assert_eq!(done.stdout.len(), 96_000 * 4, "every sample, and no more");
    }
}

//! AAC as a stream: frames with a header of seven or nine bytes each (ISO/IEC 13818-7 §6.2).

use bytes::{Buf, Bytes, BytesMut};

/// Length of the header without a checksum.
const HEADER: usize = 7;

/// Takes bytes as they come and gives whole frames.
#[derive(Debug, Default)]
pub(super) struct Reader {
    bytes: BytesMut,
}

/// What stands where a header must be is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct OutOfStep;

impl Reader {
    pub(super) fn feed(&mut self, bytes: &[u8]) {
        self.bytes.extend_from_slice(bytes);
    }

    /// The next raw frame; `None` until more bytes come.
    pub(super) fn next(&mut self) -> Result<Option<Bytes>, OutOfStep> {
        let Some(header) = self.bytes.first_chunk::<HEADER>() else { return Ok(None) };
        let [0xFF, second, _, fourth, fifth, sixth, _] = *header else { return Err(OutOfStep) };
        // Sync word, layer 0.
        if second & 0xF6 != 0xF0 {
            return Err(OutOfStep);
        }
        let length = usize::from(fourth & 3) << 11 | usize::from(fifth) << 3 | usize::from(sixth >> 5);
        let header = if second & 1 == 1 { HEADER } else { HEADER + 2 };
        if length <= header {
            return Err(OutOfStep);
        }
        if self.bytes.len() < length {
            return Ok(None);
        }
        let mut frame = self.bytes.split_to(length);
        frame.advance(header);
        Ok(Some(frame.freeze()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 48 kHz, two channels, `raw` bytes.
    fn frame(raw: &[u8]) -> Vec<u8> {
        let length = raw.len() + HEADER;
        let header = [0xFF, 0xF1, 0x4C, 0x80 | (length >> 11) as u8, (length >> 3) as u8, ((length & 7) << 5) as u8 | 0x1F, 0xFC];
        [&header[..], raw].concat()
    }

    #[test]
    fn frames_come_whole_however_they_are_torn() {
        let stream = [frame(&[1, 2, 3]), frame(&[4; 300])].concat();
        let (mut reader, mut got) = (Reader::default(), Vec::new());
        for byte in stream {
            reader.feed(&[byte]);
            got.extend(reader.next().unwrap());
        }
        assert_eq!(got, [Bytes::from_static(&[1, 2, 3]), Bytes::from(vec![4; 300])]);
    }

    #[test]
    fn what_is_no_header_is_told() {
        for bad in [[0; 7], [0xFF, 0xE1, 0, 0, 0, 0xFF, 0], [0xFF, 0xF1, 0, 0, 0, 0x20, 0]] {
            let mut reader = Reader::default();
            reader.feed(&bad);
            assert_eq!(reader.next(), Err(OutOfStep));
        }
    }
}

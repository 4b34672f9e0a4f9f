//! FLV as a stream of bytes (§E.2, §E.4.1): how pictures go to an encoder of ours and come back.

use super::{Demuxer, FlvError};
use crate::{Event, Sample, VideoConfig, wire::Cursor};
use bytes::{BufMut, Bytes, BytesMut};

/// Tag type of pictures.
const VIDEO: u8 = 9;
/// Bytes of a tag before its body.
const TAG_HEAD: usize = 11;
/// Bytes of the file's head with the empty back pointer behind it.
const FILE_HEAD: usize = 13;
/// No picture of ours is larger.
const MAX_BODY: usize = 8 << 20;

/// The beginning of a file with pictures alone.
pub fn head() -> Bytes {
    Bytes::from_static(b"FLV\x01\x01\0\0\0\x09\0\0\0\0")
}

/// The tag that says how the pictures behind it are coded.
pub fn coding(config: &VideoConfig, at_ms: i64) -> Bytes {
    tag(at_ms, [0x17, 0, 0, 0, 0], &config.avcc)
}

/// The tag of a picture.
pub fn picture(sample: &Sample) -> Bytes {
    let [_, a, b, c] = sample.cts_ms.to_be_bytes();
    tag(sample.dts_ms, [if sample.key { 0x17 } else { 0x27 }, 1, a, b, c], &sample.data)
}

fn tag(at_ms: i64, front: [u8; 5], body: &[u8]) -> Bytes {
    let length = (front.len() + body.len()) as u32;
    let [high, a, b, c] = (at_ms as u32).to_be_bytes();
    let mut out = BytesMut::with_capacity(TAG_HEAD + length as usize + 4);
    out.put_u8(VIDEO);
    out.put_uint(length.into(), 3);
    out.put_slice(&[a, b, c, high, 0, 0, 0]);
    out.put_slice(&front);
    out.put_slice(body);
    out.put_u32(TAG_HEAD as u32 + length);
    out.freeze()
}

/// Reads a file as it grows.
#[derive(Debug, Default)]
pub struct Reader {
    bytes: BytesMut,
    begun: bool,
    demuxer: Demuxer,
}

impl Reader {
    /// More of it.
    pub fn push(&mut self, bytes: &[u8]) {
        self.bytes.extend_from_slice(bytes);
    }

    /// The next event that is whole; sound and metadata are passed over.
    ///
    /// # Errors
    ///
    /// [`FlvError`]; nothing further can be read.
    pub fn read(&mut self) -> Result<Option<Event>, FlvError> {
        if !self.begun {
            if self.bytes.len() < FILE_HEAD {
                return Ok(None);
            }
            if !self.bytes.split_to(FILE_HEAD).starts_with(b"FLV\x01") {
                return Err(FlvError::Broken("FLV head"));
            }
            self.begun = true;
        }
        while let Some((kind, at_ms, body)) = self.tag()? {
            if kind == VIDEO
                && let Some(event) = self.demuxer.video(at_ms, &body)?
            {
                return Ok(Some(event));
            }
        }
        Ok(None)
    }

    fn tag(&mut self) -> Result<Option<(u8, u32, Bytes)>, FlvError> {
        let mut cursor = Cursor::new(&self.bytes);
        let (Some(kind), Some(length), Some(low), Some(high)) = (cursor.u8(), cursor.u24(), cursor.u24(), cursor.u8()) else {
            return Ok(None);
        };
        let length = length as usize;
        if length > MAX_BODY {
            return Err(FlvError::Broken("FLV tag"));
        }
        if self.bytes.len() < TAG_HEAD + length + 4 {
            return Ok(None);
        }
        let mut tag = self.bytes.split_to(TAG_HEAD + length + 4).freeze();
        let body = tag.split_off(TAG_HEAD).slice(..length);
        Ok(Some((kind, u32::from(high) << 24 | low, body)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Track, testing};

    #[test]
    fn what_is_written_is_read_however_it_is_cut() {
        let events: Vec<_> = testing::clip(1, 30, testing::SIZE).into_iter().filter(|event| !is_sound(event)).collect();
        let mut bytes = head().to_vec();
        for event in &events {
            match event {
                Event::Video(config) => bytes.extend(coding(config, 20_000_000)),
                Event::Sample(sample) => {
                    bytes.extend(picture(&Sample { dts_ms: sample.dts_ms + 20_000_000, ..sample.clone() }));
                }
                Event::Audio(_) => {}
            }
        }
        for size in [1, 7, 4096] {
            let (mut reader, mut read) = (Reader::default(), Vec::new());
            for piece in bytes.chunks(size) {
                reader.push(piece);
                while let Some(event) = reader.read().expect("it is ours") {
                    read.push(event);
                }
            }
            let later = |event: &Event| match event {
                Event::Sample(sample) => Event::Sample(Sample { dts_ms: sample.dts_ms + 20_000_000, ..sample.clone() }),
                other => other.clone(),
            };
            assert_eq!(read, events.iter().map(later).collect::<Vec<_>>());
        }
        let mut reader = Reader::default();
        reader.push(b"RIFF\0\0\0\0\0\0\0\0\0");
        assert_eq!(reader.read(), Err(FlvError::Broken("FLV head")));
    }

    fn is_sound(event: &Event) -> bool {
        matches!(event, Event::Audio(_)) || matches!(event, Event::Sample(sample) if sample.track == Track::Audio)
    }
}

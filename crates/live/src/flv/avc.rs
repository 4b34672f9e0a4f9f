//! H.264 in FLV (§E.4.3) and its decoder configuration (ISO/IEC 14496-15 §5.3.3.1).

use super::{FlvError, sps, unsupported};
use crate::VideoConfig;
use crate::wire::Cursor;
use bytes::{BufMut, Bytes, BytesMut};

/// What a video tag body holds.
pub(super) enum Tag {
    /// AVCDecoderConfigurationRecord.
    Config(Bytes),
    /// One coded picture.
    Picture { flagged_key: bool, cts_ms: i32, units: Bytes },
    /// End of sequence, a command frame, or nothing.
    Nothing,
}

/// How this stream's pictures are cut, as far as it decides how they are read.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Stream {
    /// As sent, to know a repetition.
    record: Bytes,
    /// Bytes in front of each NAL unit: 1, 2 or 4.
    prefix: usize,
}

/// A picture with four bytes in front of each NAL unit.
pub(super) struct Picture {
    pub data: Bytes,
    /// Some NAL unit is of type 5 (ISO/IEC 14496-10 table 7-1).
    pub idr: bool,
}

/// A record holds a few hundred bytes.
const MAX_RECORD: usize = 4096;
const BROKEN_RECORD: FlvError = FlvError::Broken("H.264 configuration");
const BROKEN_PICTURE: FlvError = FlvError::Broken("H.264 picture");

pub(super) fn tag(body: &Bytes) -> Result<Tag, FlvError> {
    let mut cursor = Cursor::new(body);
    let Some(first) = cursor.u8() else { return Ok(Tag::Nothing) };
    if first & 0x80 != 0 {
        return unsupported(four_cc_name(cursor.array().unwrap_or_default()));
    }
    if first & 0x0F != 7 {
        return unsupported(codec_name(first & 0x0F));
    }
    let (Some(kind), Some(cts)) = (cursor.u8(), cursor.u24()) else { return Ok(Tag::Nothing) };
    let rest = body.slice_ref(cursor.rest());
    Ok(match (first >> 4, kind) {
        (5, _) => Tag::Nothing,
        (_, 0) => Tag::Config(rest),
        // 24 bits with a sign (§E.4.3.2).
        (frame, 1) => Tag::Picture { flagged_key: frame == 1, cts_ms: ((cts << 8) as i32) >> 8, units: rest },
        _ => Tag::Nothing,
    })
}

/// Enhanced RTMP (Veovera, 2023): a FourCC follows the first byte.
fn four_cc_name(code: [u8; 4]) -> &'static str {
    match &code {
        b"hvc1" | b"hev1" => "H.265",
        b"vvc1" => "H.266",
        b"av01" => "AV1",
        b"vp08" => "VP8",
        b"vp09" => "VP9",
        _ => "picture in enhanced RTMP",
    }
}

fn codec_name(codec: u8) -> &'static str {
    match codec {
        2 => "Sorenson H.263",
        3 | 6 => "Screen video",
        4 | 5 => "VP6",
        12 => "H.265",
        13 => "AV1",
        _ => "an unknown picture codec",
    }
}

/// Reads a configuration; what goes on says four bytes in front of each NAL unit, whatever came.
pub(super) fn configure(record: &Bytes) -> Result<(Stream, VideoConfig), FlvError> {
    if record.len() > MAX_RECORD {
        return Err(BROKEN_RECORD);
    }
    let mut cursor = Cursor::new(record);
    let [version, _profile, _compatible, _level, lengths, count] = cursor.array().ok_or(BROKEN_RECORD)?;
    let prefix = usize::from(lengths & 3) + 1;
    // The count of parameter sets is in the lower five bits.
    if version != 1 || prefix == 3 || count.trailing_zeros() >= 5 {
        return Err(BROKEN_RECORD);
    }
    let length = cursor.u16().ok_or(BROKEN_RECORD)?;
    let picture = sps::read(cursor.bytes(usize::from(length)).ok_or(BROKEN_RECORD)?).ok_or(FlvError::Broken("H.264 SPS"))?;
    if !picture.plain {
        return unsupported("H.264 with 4:2:2, 4:4:4 or 10 bits");
    }
    let mut avcc = BytesMut::from(&record[..]);
    if let Some(lengths) = avcc.get_mut(4) {
        *lengths |= 3;
    }
    let config = VideoConfig { avcc: avcc.freeze(), width: picture.width, height: picture.height };
    Ok((Stream { record: record.clone(), prefix }, config))
}

impl Stream {
    /// Checks that the NAL units fill `units` exactly. `None` when there are none.
    pub(super) fn picture(&self, units: Bytes) -> Result<Option<Picture>, FlvError> {
        let mut idr = false;
        let mut rewritten = BytesMut::new();
        let mut cursor = Cursor::new(&units);
        while !cursor.rest().is_empty() {
            let length = match self.prefix {
                1 => cursor.u8().map(u32::from),
                2 => cursor.u16().map(u32::from),
                _ => cursor.u32(),
            };
            let length = length.ok_or(BROKEN_PICTURE)?;
            let unit = cursor.bytes(length as usize).ok_or(BROKEN_PICTURE)?;
            idr |= unit.first().is_some_and(|head| head & 0x1F == 5);
            if self.prefix != 4 && !unit.is_empty() {
                rewritten.put_u32(length);
                rewritten.extend_from_slice(unit);
            }
        }
        let data = if self.prefix == 4 { units } else { rewritten.freeze() };
        Ok((!data.is_empty()).then_some(Picture { data, idr }))
    }
}

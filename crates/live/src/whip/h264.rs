//! H.264 as RTP brings it (start codes, parameter sets in between) to what files hold: lengths, and `avcC` apart.

use crate::VideoConfig;
use crate::flv::sps;
use bytes::{BufMut, Bytes, BytesMut};

/// NAL unit types, ISO/IEC 14496-10 table 7-1.
const IDR: u8 = 5;
const SPS: u8 = 7;
const PPS: u8 = 8;
const DELIMITER: u8 = 9;
const FILLER: u8 = 12;
/// Profiles whose configuration record names chroma format and depths (ISO/IEC 14496-15 §5.3.3.1.2).
const HIGH: [u8; 4] = [100, 110, 122, 144];

/// One coded picture.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Picture {
    /// How it is coded, when that changed with it.
    pub(super) config: Option<VideoConfig>,
    /// Needs no picture before it.
    pub(super) key: bool,
    /// Length-prefixed NAL units; empty when only parameter sets came.
    pub(super) data: Bytes,
}

/// Parameter sets that cannot be read, or pictures that are not 4:2:0 with 8 bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Unusable;

/// Reads pictures one after the other and remembers how they are coded.
#[derive(Debug, Default)]
pub(super) struct Reader {
    sps: Vec<u8>,
    pps: Vec<Vec<u8>>,
    config: Option<VideoConfig>,
}

impl Reader {
    /// Reads an access unit with start codes.
    pub(super) fn read(&mut self, annex_b: &[u8]) -> Result<Picture, Unusable> {
        let (mut data, mut key, mut sets) = (BytesMut::with_capacity(annex_b.len() + 16), false, false);
        for unit in units(annex_b) {
            match unit.first().map_or(0, |head| head & 0x1F) {
                SPS => {
                    self.sps = unit.to_vec();
                    self.pps.clear();
                    sets = true;
                }
                PPS if self.pps.iter().any(|known| known == unit) => {}
                PPS => {
                    self.pps.push(unit.to_vec());
                    sets = true;
                }
                DELIMITER | FILLER => {}
                kind => {
                    key |= kind == IDR;
                    data.put_u32(unit.len() as u32);
                    data.put_slice(unit);
                }
            }
        }
        let config = if sets && !self.pps.is_empty() { self.changed()? } else { None };
        Ok(Picture { config, key, data: data.freeze() })
    }

    /// How pictures are coded, if that differs from before.
    fn changed(&mut self) -> Result<Option<VideoConfig>, Unusable> {
        let picture = sps::read(&self.sps).filter(|picture| picture.plain).ok_or(Unusable)?;
        let avcc = avcc(&self.sps, &self.pps).ok_or(Unusable)?;
        let config = VideoConfig { avcc, width: picture.width, height: picture.height };
        if self.config.as_ref() == Some(&config) {
            return Ok(None);
        }
        self.config = Some(config.clone());
        Ok(Some(config))
    }
}

/// AVCDecoderConfigurationRecord with four bytes in front of each NAL unit.
fn avcc(sps: &[u8], pps: &[Vec<u8>]) -> Option<Bytes> {
    let [_, profile, compatible, level, ..] = *sps else { return None };
    let mut record = BytesMut::new();
    record.put_slice(&[1, profile, compatible, level, 0xFF, 0xE1]);
    record.put_u16(u16::try_from(sps.len()).ok()?);
    record.put_slice(sps);
    record.put_u8(u8::try_from(pps.len()).ok().filter(|count| *count < 32)?);
    for set in pps {
        record.put_u16(u16::try_from(set.len()).ok()?);
        record.put_slice(set);
    }
    if HIGH.contains(&profile) {
        // 4:2:0, 8 bits, 8 bits, no extensions: nothing else gets here.
        record.put_slice(&[0xFC | 1, 0xF8, 0xF8, 0]);
    }
    Some(record.freeze())
}

/// NAL units between start codes (ISO/IEC 14496-10 annex B), without the zeros that may follow them.
fn units(annex_b: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut rest = after_code(annex_b);
    std::iter::from_fn(move || {
        let from = rest?;
        let end = find_code(from).unwrap_or(from.len());
        rest = after_code(from);
        Some(from.get(..end)?.trim_zeros())
    })
    .filter(|unit| !unit.is_empty())
}

/// Where the next `00 00 01` begins.
fn find_code(bytes: &[u8]) -> Option<usize> {
    bytes.windows(3).position(|three| three == [0, 0, 1])
}

fn after_code(bytes: &[u8]) -> Option<&[u8]> {
    bytes.get(find_code(bytes)? + 3..)
}

trait TrimZeros {
    fn trim_zeros(&self) -> &[u8];
}

impl TrimZeros for [u8] {
    fn trim_zeros(&self) -> &[u8] {
        let end = self.iter().rposition(|byte| *byte != 0).map_or(0, |last| last + 1);
        self.get(..end).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Baseline, 320 × 180 (cropped from 192 lines), and a picture parameter set.
    const SPS_UNIT: [u8; 22] = [
        0x67, 0x42, 0xC0, 0x0C, 0xD9, 0x01, 0x41, 0x8F, 0x97, 0x01, 0x10, 0x00, 0x00, 0x03, 0x00, 0x10, 0x00, 0x00, 0x03, 0x03, 0x20, 0xF1,
    ];
    const PPS_UNIT: [u8; 4] = [0x68, 0xCE, 0x3C, 0x80];

    fn annex_b(units: &[&[u8]]) -> Vec<u8> {
        units.iter().flat_map(|unit| [&[0, 0, 0, 1], *unit].concat()).collect()
    }

    #[test]
    fn units_are_split_at_both_start_codes() {
        let bytes = [0, 0, 0, 1, 9, 0xF0, 0, 0, 1, 0x65, 1, 0, 0, 3, 1, 0, 0, 0, 1, 0x41, 2, 0, 0];
        let got: Vec<&[u8]> = units(&bytes).collect();
        assert_eq!(got, [&[9, 0xF0][..], &[0x65, 1, 0, 0, 3, 1], &[0x41, 2]]);
        assert_eq!(units(&[1, 2, 3]).count(), 0, "without a start code there is nothing");
    }

    #[test]
    fn parameter_sets_become_the_configuration() {
        let mut reader = Reader::default();
        let picture = reader.read(&annex_b(&[&SPS_UNIT, &PPS_UNIT, &[0x65, 1, 2]])).unwrap();
        let config = picture.config.unwrap();
        assert_eq!(config.avcc[..8], [1, 0x42, 0xC0, 0x0C, 0xFF, 0xE1, 0, 22]);
        assert_eq!(config.avcc[8 + 22..], [&[1, 0, 4][..], &PPS_UNIT].concat());
        assert_eq!(config.width, 320);
        assert_eq!((picture.key, &picture.data[..]), (true, &[0, 0, 0, 3, 0x65, 1, 2][..]));
    }

    #[test]
    fn what_is_said_again_is_no_change() {
        let mut reader = Reader::default();
        let unit = annex_b(&[&SPS_UNIT, &PPS_UNIT, &[0x65, 1]]);
        assert!(reader.read(&unit).unwrap().config.is_some());
        assert_eq!(reader.read(&unit).unwrap().config, None);
        let between = reader.read(&annex_b(&[&[9, 0xF0], &[0x41, 7]])).unwrap();
        assert_eq!((between.key, &between.data[..]), (false, &[0, 0, 0, 2, 0x41, 7][..]));
    }

    #[test]
    fn sets_that_cannot_be_read_are_refused() {
        assert_eq!(Reader::default().read(&annex_b(&[&[0x67, 0x42], &PPS_UNIT, &[0x65, 1]])), Err(Unusable));
    }
}

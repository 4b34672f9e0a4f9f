//! AAC in FLV (§E.4.2) and its AudioSpecificConfig (ISO/IEC 14496-3 §1.6.2.1).

use super::{FlvError, unsupported};
use crate::AudioConfig;
use crate::flv::sps::Bits;
use bytes::Bytes;

/// What an audio tag body holds.
pub(super) enum Tag {
    /// AudioSpecificConfig.
    Config(Bytes),
    /// One raw frame.
    Frame(Bytes),
    /// An empty body, or an empty frame.
    Nothing,
}

/// ISO/IEC 14496-3 table 1.18.
const RATES: [u32; 13] = [96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025, 8_000, 7_350];
/// A configuration is 2 to some 60 bytes.
const MAX_CONFIG: usize = 256;

pub(super) fn tag(body: &Bytes) -> Result<Tag, FlvError> {
    let Some(&first) = body.first() else { return Ok(Tag::Nothing) };
    if first >> 4 != 10 {
        return unsupported(codec_name(first >> 4));
    }
    let Some(&kind) = body.get(1) else { return Ok(Tag::Nothing) };
    let rest = body.slice(2..);
    match kind {
        0 => Ok(Tag::Config(rest)),
        1 if !rest.is_empty() => Ok(Tag::Frame(rest)),
        _ => Ok(Tag::Nothing),
    }
}

fn codec_name(format: u8) -> &'static str {
    match format {
        0 | 3 => "PCM sound",
        1 => "ADPCM sound",
        2 | 14 => "MP3",
        4..=6 => "Nellymoser sound",
        7 | 8 => "G.711 sound",
        9 => "sound in enhanced RTMP",
        11 => "Speex",
        _ => "an unknown sound codec",
    }
}

/// Reads the configuration: AAC-LC with one or two channels and frames of 1,024 samples.
pub(super) fn configure(asc: &Bytes) -> Result<AudioConfig, FlvError> {
    if asc.len() > MAX_CONFIG {
        return Err(FlvError::Broken("AAC configuration"));
    }
    let (object_type, rate, channels, short_frames) = fields(asc).ok_or(FlvError::Broken("AAC configuration"))?;
    match (object_type, channels) {
        (2, _) if short_frames => unsupported("AAC with frames of 960 samples"),
        (2, 1 | 2) => Ok(AudioConfig { asc: asc.clone(), rate, channels: channels as u8 }),
        (2, 0) => unsupported("AAC with its own channel layout"),
        (2, _) => unsupported("AAC with more than two channels"),
        (5 | 29, _) => unsupported("HE-AAC"),
        _ => unsupported("a form of AAC other than LC"),
    }
}

/// Object type, samples a second, channel configuration, frameLengthFlag.
fn fields(asc: &[u8]) -> Option<(u32, u32, u32, bool)> {
    let mut bits = Bits::new(asc);
    let object_type = match bits.take(5)? {
        31 => 32 + bits.take(6)?,
        short => short,
    };
    let rate = match bits.take(4)? {
        15 => bits.take(24)?,
        index => *RATES.get(index as usize)?,
    };
    let channels = bits.take(4)?;
    let short_frames = bits.take(1)? == 1;
    (1_000..=192_000).contains(&rate).then_some((object_type, rate, channels, short_frames))
}

#[cfg(test)]
mod tests {
    use super::*;

    type Row = (&'static [u8], Result<(u32, u8), FlvError>);

    #[test]
    fn configurations() {
        let ok = |rate, channels| Ok((rate, channels));
        let no = |text: &str| Err(FlvError::Unsupported(text.to_owned()));
        let table: [Row; 9] = [
            (&[0x12, 0x10], ok(44_100, 2)),
            (&[0x11, 0x90, 0x56, 0xE5, 0x00], ok(48_000, 2)),
            (&[0x12, 0x08], ok(44_100, 1)),
            (&[0x12, 0x30], no("AAC with more than two channels")),
            (&[0x12, 0x14], no("AAC with frames of 960 samples")),
            (&[0x2B, 0x92, 0x08, 0x00], no("HE-AAC")),
            (&[0x12, 0x00], no("AAC with its own channel layout")),
            (&[0x12], Err(FlvError::Broken("AAC configuration"))),
            (&[0x17, 0x10], Err(FlvError::Broken("AAC configuration"))),
        ];
        for (asc, want) in table {
            let got = configure(&Bytes::copy_from_slice(asc)).map(|config| (config.rate, config.channels));
            assert_eq!(got, want, "{asc:02x?}");
        }
    }
}

//! What a publisher sends, free of its wire format.

use bytes::Bytes;

/// One of the two tracks of a broadcast.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Track {
    /// Moving picture: H.264.
    Video,
    /// Sound: AAC-LC.
    Audio,
}

impl Track {
    pub(crate) fn other(self) -> Self {
        match self {
            Self::Video => Self::Audio,
            Self::Audio => Self::Video,
        }
    }
}

/// How the picture is coded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VideoConfig {
    /// AVCDecoderConfigurationRecord, ISO/IEC 14496-15 §5.3.3.1: the body of `avcC`.
    pub avcc: Bytes,
    /// Pixels, after cropping.
    pub width: u16,
    /// Pixels, after cropping.
    pub height: u16,
}

/// How the sound is coded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AudioConfig {
    /// AudioSpecificConfig, ISO/IEC 14496-3 §1.6.2.1.
    pub asc: Bytes,
    /// Samples a second.
    pub rate: u32,
    /// 1 or 2.
    pub channels: u8,
}

/// One coded picture or 1,024 samples of sound.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sample {
    /// Which track.
    pub track: Track,
    /// Decoding time in milliseconds of the publisher's clock: 32 bits that wrap, made continuous by the reader.
    pub dts_ms: i64,
    /// Presentation minus decoding time, milliseconds; zero for sound.
    pub cts_ms: i32,
    /// A picture that needs none before it: the encoder's flag and a NAL unit of type 5 agree.
    pub key: bool,
    /// Length-prefixed NAL units (four bytes), or a raw AAC frame.
    pub data: Bytes,
}

/// A picture of the source on the time of the broadcast: what lower renditions are made from, in the order of decoding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    /// How it and those after it are coded: with the first, and whenever that changes.
    pub coding: Option<VideoConfig>,
    /// The media sequence number of the segment that begins with it; always there where the coding is.
    pub begins: Option<u64>,
    /// Stamped with the time of the broadcast, which goes on over publishers and never back.
    pub sample: Sample,
}

/// What the packager is fed, in the order in which it arrived.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// From here on pictures are coded like this; an equal one changes nothing.
    Video(VideoConfig),
    /// From here on sound is coded like this.
    Audio(AudioConfig),
    /// A sample.
    Sample(Sample),
}

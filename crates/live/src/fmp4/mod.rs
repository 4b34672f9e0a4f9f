//! Fragmented MP4: what a track begins with, and the fragments that follow.
//!
//! | What | Where it is written |
//! |---|---|
//! | `ftyp`, `moov`, `tkhd`, `trun`, `tfdt` … | ISO/IEC 14496-12 |
//! | `esds` and its descriptors | ISO/IEC 14496-14 §5.6, 14496-1 §7.2.6 |
//! | `avc1`, `avcC` | ISO/IEC 14496-15 §5.4.2 |
//! | CMAF tracks: one track a file, `default-base-is-moof` | ISO/IEC 23000-19 §7 |
//!
//! Both tracks share one time base and decoding time is what `tfdt` says; B-frames live in signed composition offsets, so no edit
//! list is needed and picture and sound stay together.

mod boxes;
mod fragment;
mod init;

pub use fragment::{Frame, fragment};
pub use init::{audio_codec, audio_init, video_codec, video_init};

/// Ticks a second of a video track.
pub const VIDEO_TIMESCALE: u32 = 90_000;

/// Samples of sound in one AAC-LC frame, ISO/IEC 14496-3 §4.5.1.1.
pub const AAC_FRAME: u32 = 1024;

#[cfg(test)]
mod tests;

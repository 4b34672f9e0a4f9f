//! Live on the wire: RTMP in, CMAF parts and low-latency HLS playlists out. Knows no lessons and no accounts.
//!
//! ```text
//! publisher ─rtmp─► flv ─► [`Event`] ─► packager ─► parts, segments, playlists ─► whoever serves them
//! ```
//!
//! * Everything that reads the wire is sans-IO: bytes in, messages or an error out, with hard limits before a key is known.
//! * The packager takes events and no clock.
//! * [`Live`] is where a publisher and any number of readers meet; it waits, but has no timeouts of its own.

mod event;
pub mod flv;
pub mod fmp4;
mod hub;
mod packager;
pub mod playlist;
pub mod rtmp;
pub mod serve;
pub mod whip;
mod wire;

pub use event::{AudioConfig, Event, Sample, Track, VideoConfig};
pub use hub::{Live, Unavailable};
pub use packager::{ClosedSegment, Output, Packager, Packaging, PackagingError, Part, Resume, SegmentInfo};

#[cfg(test)]
mod testing;

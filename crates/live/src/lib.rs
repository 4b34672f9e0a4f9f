//! Live on the wire: RTMP and WHIP in, CMAF parts and low-latency HLS playlists out. Knows no lessons and no accounts.
//!
//! ```text
//! encoder ─rtmp─► flv ─┐
//! browser ───whip───────┴► [`Event`] ─► packager ─► parts, segments, playlists ─► whoever serves them
//! ```
//!
//! * Everything that reads the wire is sans-IO: bytes in, messages or an error out, with hard limits before a key is known.
//! * The packager takes events and no clock.
//! * Lower renditions are made elsewhere: a [`Picture`] goes out, what an encoder makes of it comes back and is cut as the source was.
//! * [`Live`] is where a publisher and any number of readers meet; it waits, but has no timeouts of its own.

mod event;
pub mod flv;
pub mod fmp4;
mod hub;
mod packager;
pub mod playlist;
mod rendition;
pub mod rtmp;
pub mod serve;
pub mod whip;
mod wire;

pub use event::{AudioConfig, Event, Picture, Sample, Track, VideoConfig};
pub use hub::{Live, Unavailable};
pub use packager::{ClosedSegment, LowerError, Output, Packager, Packaging, PackagingError, Part, Resume, SegmentInfo};
pub use rendition::{NoRendition, Rendition};

#[cfg(test)]
mod testing;

//! Playlists, as draft-pantos-hls-rfc8216bis (HTTP Live Streaming, 2nd edition) says.
//!
//! | What | Section |
//! |---|---|
//! | TARGETDURATION, MEDIA-SEQUENCE, DISCONTINUITY-SEQUENCE, ENDLIST | §4.4.3.1–4 |
//! | PART-INF, SERVER-CONTROL | §4.4.3.7, §4.4.3.8 |
//! | MAP, PROGRAM-DATE-TIME, PART | §4.4.4.5, §4.4.4.6, §4.4.4.9 |
//! | SKIP, PRELOAD-HINT, RENDITION-REPORT | §4.4.5.2–4 |
//! | what a server does for `_HLS_msn`, `_HLS_part`, `_HLS_skip` | §6.2.5 |
//!
//! Everything lies as [`name::Name`] says: `master.m3u8` above `video/`, `audio/` and lower renditions such as `video-360/`, each
//! with its playlists, init segments, segments and parts.

mod master;
mod media;
pub mod name;
mod reload;
mod vod;

pub use reload::{Reload, Skip};
pub use vod::vod;

pub(crate) use master::{Smaller, master};
pub(crate) use media::{MediaView, Report};
pub(crate) use reload::{Decision, Position, decide};

/// Who a playlist is written for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Audience {
    /// Players that stay close to the lecturer: parts, blocking reload, differences.
    Interactive,
    /// Players behind a cache: whole segments only, the same bytes for everyone until the next segment.
    Mass,
}

#[cfg(test)]
mod tests;

//! Broadcasts from a browser: WHIP (RFC 9725), which is one offer, one answer, then WebRTC over UDP.
//!
//! ```text
//!                 ┌ offer ─► [`Door::answer`] ─► answer        HTTP is the caller's
//! phone ──────────┤
//!                 └ UDP ─► one socket ─► [`Session`] ─┬─ H.264 ─► length-prefixed, avcC ─┬─► [`crate::serve::Input`]
//!                                                     └─ Opus ─► Ogg ─► [`Transcoder`] ──┘ ADTS
//! ```
//!
//! * [`Session`] is sans-IO; [`Door`] and the task that [`open`] makes are the only ones with a socket and a clock.
//! * Only H.264 is taken, in the forms that every browser plays, so that pictures are never coded again.
//! * Opus is turned to AAC by a child that the caller starts: this crate knows neither ffmpeg nor its jail.
//! * Whoever is turned away sees the connection closed (DTLS says so); a link that merely breaks is silent.

mod adts;
mod clock;
mod door;
mod guest;
mod h264;
mod offer;
mod ogg;
mod opus;
mod session;
mod sound;

pub use door::{Door, open};
pub use offer::OfferError;
pub use session::Session;
pub use sound::Transcoder;

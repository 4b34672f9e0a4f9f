//! Watching: the public portal, and what counts as a view.
//!
//! ```text
//! lesson page ─token (lesson, viewer, expiry)─► player ─heartbeats (seconds really played)─► rules: enough for a view?
//!      ─► ledger: one View event per viewer, lesson and 24 h; watch time in steps ─fold─► lesson_count, lesson_day, statistics deltas
//! ```
//!
//! * Truth is the ledger; every number shown is derived and `kaijiang recount` can rebuild it.
//! * A heartbeat is answered when its events are durable; repeating one changes nothing.
//! * Not here: who may publish (`submissions`), the files themselves (`recordings`).

pub mod actions;
pub mod api;
mod days;
pub mod pages;
pub mod rules;
mod store;
pub mod token;
pub mod work;

pub use days::{DayOf, Played, Reader};
pub use store::{Counts, Watching};

/// Kind of a ledger event: somebody saw enough of a lesson (G8).
pub const VIEW: u8 = 1;
/// Kind of a ledger event: a step of seconds that somebody really played.
pub const WATCHED: u8 = 2;
/// Kind of a ledger event: somebody pressed play.
pub const PLAY: u8 = 3;

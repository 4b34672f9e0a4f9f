//! What is kept: an event, its place, and what became of an append.

use crate::weight::Weight;
use kernel::Timestamp;

/// One thing that happened and shall be counted once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Event {
    /// What sort of event; decides the deduplication window ([`crate::Options::windows_ms`]).
    pub kind: u8,
    /// Two events of one kind with the same key inside the window are the same event.
    pub key: u128,
    /// What it happened to.
    pub subject: u128,
    /// For whom it counts.
    pub group: u128,
    /// When it happened, by the server's clock.
    pub at: Timestamp,
    /// How much, in the unit of its kind.
    pub amount: u32,
    /// For how many such events it stands.
    pub weight: Weight,
    /// The day it counts for, as the number yyyymmdd.
    pub day: i32,
}

/// The place of an event: the number of events before it. Never reused, the same after a restart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Offset(pub u64);

impl Offset {
    /// The place after this one: where to go on reading.
    #[must_use]
    pub fn next(self) -> Self {
        Self(self.0 + 1)
    }
}

/// What an append did. Either way the event is on disk, once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Appended {
    /// It was new and now stands at `offset`.
    Fresh {
        /// Its place.
        offset: Offset,
    },
    /// The same event was there already; nothing was written.
    Duplicate,
}

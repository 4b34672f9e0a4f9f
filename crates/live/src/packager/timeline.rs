//! Where a publisher's stamps lie on the time of the broadcast.

/// A stretch of the broadcast in which the publisher's clock runs evenly and nothing about the coding changes.
///
/// Players see its beginning as EXT-X-DISCONTINUITY, on both tracks.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Timeline {
    /// Counted from zero; what EXT-X-DISCONTINUITY-SEQUENCE counts.
    pub(super) number: u64,
    /// The init segments that belong to it.
    pub(super) generation: u32,
    /// The publisher's stamp at its beginning.
    pub(super) base_ms: i64,
    /// The time of the broadcast at its beginning.
    pub(super) start_ms: i64,
    /// The wall clock when the broadcast was at zero.
    pub(super) zero_unix_ms: i64,
}

impl Timeline {
    /// The time of the broadcast that belongs to a stamp.
    pub(super) fn place(&self, dts_ms: i64) -> i64 {
        dts_ms.saturating_sub(self.base_ms).saturating_add(self.start_ms)
    }

    /// The wall clock at a time of the broadcast.
    pub(super) fn unix_ms(&self, at_ms: i64) -> i64 {
        self.zero_unix_ms + at_ms
    }
}

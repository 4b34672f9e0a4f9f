//! What can be set, and what a publisher may do wrong.

/// How a broadcast is cut. All lengths are of media time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Packaging {
    /// PART-TARGET, milliseconds, 200 to 1000: no part is longer.
    pub part_ms: u32,
    /// A segment ends at the first keyframe at which it is at least this long, milliseconds, 1000 to 6000; sooner if the next
    /// keyframe might come too late for the length that was promised.
    pub segment_ms: u32,
    /// How much is kept in memory, seconds; at least six times the longest segment lets players ask for differences only.
    pub window_s: u32,
}

impl Default for Packaging {
    fn default() -> Self {
        Self { part_ms: 350, segment_ms: 4000, window_s: 60 }
    }
}

/// Why a publisher is to be turned away: what its encoder sends cannot be played live. The text says what to change there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PackagingError {
    /// A segment can only begin at a keyframe, and its greatest length is promised to players when the broadcast begins.
    #[error(
        "no keyframe for {gap_ms} ms, where this broadcast allows segments of {limit_ms} ms: \
         set the keyframe interval to 2 s in the encoder, and switch scene cut detection off"
    )]
    KeyframesTooFar {
        /// Since the last keyframe, milliseconds.
        gap_ms: i64,
        /// The longest segment, milliseconds.
        limit_ms: i64,
    },
    /// Every picture lasts longer than a part may.
    #[error("fewer than {least} pictures a second: set the frame rate of the encoder to 25 or 30")]
    FrameRateTooLow {
        /// Pictures a second.
        least: u32,
    },
}

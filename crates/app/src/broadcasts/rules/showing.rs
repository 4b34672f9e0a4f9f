//! The clock of a scheduled showing: which moment of the recording everyone sees.

use crate::broadcasts::Broadcast;
use kernel::Timestamp;

/// When a showing began and how long it was held.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Showing {
    /// When the recording's first moment was shown.
    pub started_at: Timestamp,
    /// Since when it is held at a moment, if it is.
    pub held_at: Option<Timestamp>,
    /// How long it was held before, milliseconds.
    pub held_ms: i64,
    /// Length of the recording, milliseconds.
    pub duration_ms: i64,
}

impl Showing {
    /// The clock of a showing that has begun; none before. One that ended stands still where it ended.
    pub fn of(broadcast: &Broadcast, duration_ms: i64) -> Option<Self> {
        let held_at = broadcast.held_at.or(broadcast.ended_at);
        Some(Self { started_at: broadcast.on_air_at?, held_at, held_ms: broadcast.held_ms, duration_ms })
    }

    /// The moment that is shown at `now`, milliseconds from the start of the recording: from 0 to its length.
    pub fn moment(&self, now: Timestamp) -> i64 {
        let until = self.held_at.map_or(now, |held| held.min(now));
        (until - self.started_at - self.held_ms).clamp(0, self.duration_ms)
    }

    /// Whether the recording has been shown to its end.
    pub fn is_over(&self, now: Timestamp) -> bool {
        self.held_at.is_none() && self.moment(now) >= self.duration_ms
    }

    /// The wall clock at a moment of the recording, if it is not held again.
    pub fn wall(&self, moment_ms: i64) -> Timestamp {
        self.started_at.plus_ms(self.held_ms).plus_ms(moment_ms)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const START: Timestamp = Timestamp(1_000_000);

    fn showing(held_at: Option<i64>, held_ms: i64) -> Showing {
        Showing { started_at: START, held_at: held_at.map(|ms| START.plus_ms(ms)), held_ms, duration_ms: 60_000 }
    }

    #[test]
    fn moments_follow_the_table() {
        let table = [
            (showing(None, 0), -5_000, 0, false),
            (showing(None, 0), 12_345, 12_345, false),
            (showing(None, 0), 60_000, 60_000, true),
            (showing(None, 0), 99_000, 60_000, true),
            (showing(Some(10_000), 0), 99_000, 10_000, false),
            (showing(None, 30_000), 40_000, 10_000, false),
            (showing(Some(50_000), 30_000), 50_000, 20_000, false),
        ];
        for (showing, at, want, over) in table {
            assert_eq!(showing.moment(START.plus_ms(at)), want, "{showing:?} at {at}");
            assert_eq!(showing.is_over(START.plus_ms(at)), over, "{showing:?} at {at}");
        }
    }

    proptest! {
        /// Holding and going on: the moment never jumps, and the recording is shown whole.
        #[test]
        fn a_showing_never_jumps(steps in prop::collection::vec((0_i64..20_000, any::<bool>()), 0..20)) {
            let mut showing = showing(None, 0);
            let (mut now, mut last) = (START, 0);
            for (ms, hold) in steps {
                now = now.plus_ms(ms);
                let moment = showing.moment(now);
                prop_assert!((last..=last + ms).contains(&moment));
                match (hold, showing.held_at) {
                    (true, None) => showing.held_at = Some(now),
                    (false, Some(since)) => { showing.held_ms += now - since; showing.held_at = None; }
                    _ => {}
                }
                prop_assert_eq!(showing.moment(now), moment, "a hold shows the same moment");
                last = moment;
            }
        }
    }
}

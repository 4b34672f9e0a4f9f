//! When a room is open, and which moment of the recording a word belongs to.

use crate::broadcasts::{Broadcast, Kind};
use kernel::Timestamp;

/// People come early and stay a while.
const AROUND_MS: i64 = 30 * 60_000;

/// Whether people may speak at `now`: from half an hour before it begins to half an hour after it ended. Then the room is for reading.
pub fn is_open(broadcast: &Broadcast, now: Timestamp) -> bool {
    let begun = broadcast.state.is_on_air() || now >= broadcast.starts_at.plus_ms(-AROUND_MS);
    let over = match broadcast.ended_at {
        Some(ended) => now >= ended.plus_ms(AROUND_MS),
        None => !broadcast.state.is_on_air() && now >= broadcast.ends_at.plus_ms(AROUND_MS),
    };
    begun && !over
}

/// The moment of the recording that was on air at `at`, milliseconds; none before it went on air.
///
/// What a showing was held is taken off as far as it is known, so a moment is right when it is reckoned at `at` itself.
pub fn moment_of(broadcast: &Broadcast, at: Timestamp) -> Option<i64> {
    let began = broadcast.on_air_at?;
    let until = broadcast.ended_at.map_or(at, |ended| at.min(ended));
    let held = if broadcast.kind == Kind::Showing { broadcast.held_ms } else { 0 };
    let until = broadcast.held_at.map_or(until, |held| held.min(until));
    (at >= began).then(|| (until - began - held).max(0))
}

/// A stretch of a recording that was live without a break: when it was, where it lies in the recording, how long it is; milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stretch {
    /// Wall clock of its beginning.
    pub wall_ms: i64,
    /// Its beginning in the recording.
    pub at_ms: i64,
    /// Its length.
    pub length_ms: i64,
}

/// The moment of a recording that was live at `at`: while a publisher's line was broken, the last before it. None without a recording.
pub fn recorded_moment(stretches: &[Stretch], at: Timestamp) -> Option<i64> {
    let behind = stretches.partition_point(|stretch| stretch.wall_ms <= at.0);
    let Some(stretch) = behind.checked_sub(1).and_then(|n| stretches.get(n)) else { return stretches.first().map(|first| first.at_ms) };
    Some(stretch.at_ms + (at.0 - stretch.wall_ms).min(stretch.length_ms))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::broadcasts::State;

    const MINUTE: i64 = 60_000;

    fn broadcast() -> Broadcast {
        Broadcast { starts_at: Timestamp(100 * MINUTE), ends_at: Timestamp(130 * MINUTE), ..Broadcast::example() }
    }

    #[test]
    fn hours_follow_the_table() {
        let planned = broadcast();
        let on_air = Broadcast { state: State::OnAir, on_air_at: Some(Timestamp(100 * MINUTE)), ..broadcast() };
        let ended = Broadcast { state: State::Ended, ended_at: Some(Timestamp(120 * MINUTE)), ..on_air.clone() };
        let table = [
            (&planned, 69, false),
            (&planned, 70, true),
            (&planned, 159, true),
            (&planned, 160, false),
            (&on_air, 60, true),
            (&on_air, 900, true),
            (&ended, 149, true),
            (&ended, 150, false),
        ];
        for (broadcast, minute, want) in table {
            assert_eq!(is_open(broadcast, Timestamp(minute * MINUTE)), want, "{:?} at minute {minute}", broadcast.state);
        }
    }

    #[test]
    fn what_was_said_after_a_broken_line_lies_where_the_recording_is_then() {
        let stretch = |wall_ms, at_ms, length_ms| Stretch { wall_ms, at_ms, length_ms };
        let recorded = [stretch(100_000, 0, 20_000), stretch(150_000, 20_000, 40_000)];
        let table =
            [(90_000, 0), (100_000, 0), (110_000, 10_000), (130_000, 20_000), (150_000, 20_000), (151_000, 21_000), (999_000, 60_000)];
        for (at, want) in table {
            assert_eq!(recorded_moment(&recorded, Timestamp(at)), Some(want), "at {at}");
        }
        assert_eq!(recorded_moment(&[], Timestamp(0)), None);
    }

    #[test]
    fn moments_follow_the_table() {
        let on_air = Broadcast { on_air_at: Some(Timestamp(100_000)), ..broadcast() };
        let showing = Broadcast { kind: Kind::Showing, held_ms: 5_000, ..on_air.clone() };
        let held = Broadcast { held_at: Some(Timestamp(110_000)), ..showing.clone() };
        let ended = Broadcast { ended_at: Some(Timestamp(130_000)), ..on_air.clone() };
        let table = [
            (&broadcast(), 100_000, None),
            (&on_air, 99_999, None),
            (&on_air, 112_000, Some(12_000)),
            (&showing, 112_000, Some(7_000)),
            (&showing, 102_000, Some(0)),
            (&held, 120_000, Some(5_000)),
            (&ended, 140_000, Some(30_000)),
        ];
        for (broadcast, at, want) in table {
            assert_eq!(moment_of(broadcast, Timestamp(at)), want, "{broadcast:?} at {at}");
        }
    }
}

//! What speaks against a record (F10): shown beside it, never in its way.

use kernel::Timestamp;

/// People more than so many times the members of the organisation are worth a second look.
const TIMES_MEMBERS: i64 = 3;

/// A stretch of time in a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stay<'a> {
    /// When it began.
    pub from: Timestamp,
    /// How long it took.
    pub minutes: i64,
    /// Where; may be empty.
    pub place: &'a str,
    /// Code of where; may be empty.
    pub venue: &'a str,
}

/// Whether somebody who was at both was in two places at once.
pub fn two_places(a: Stay<'_>, b: Stay<'_>) -> bool {
    let until = |stay: Stay<'_>| stay.from.plus_ms(stay.minutes.saturating_mul(60_000));
    let overlap = a.from < until(b) && b.from < until(a);
    // Two rooms that watch the same person on a screen are no contradiction.
    let elsewhere = a.place.is_empty() || b.place.is_empty() || a.place != b.place;
    overlap && elsewhere && a.venue != "online" && b.venue != "online"
}

/// Whether more people came than an organisation of so many members explains; one without members explains any.
pub const fn crowded(people: i64, members: i64) -> bool {
    members > 0 && people > members.saturating_mul(TIMES_MEMBERS)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stay(from_min: i64, minutes: i64, place: &'static str, venue: &'static str) -> Stay<'static> {
        Stay { from: Timestamp(from_min * 60_000), minutes, place, venue }
    }

    #[test]
    fn f10_nobody_is_in_two_places_at_once() {
        let table = [
            (stay(0, 60, "hall", ""), stay(59, 60, "school", ""), true),
            (stay(0, 60, "hall", ""), stay(60, 60, "school", ""), false),
            (stay(0, 60, "hall", ""), stay(30, 60, "hall", ""), false),
            (stay(0, 60, "", ""), stay(30, 60, "", ""), true),
            (stay(0, 60, "hall", ""), stay(30, 60, "school", "online"), false),
            (stay(90, 10, "hall", ""), stay(0, 600, "school", ""), true),
        ];
        for (a, b, want) in table {
            assert_eq!((two_places(a, b), two_places(b, a)), (want, want), "{a:?} {b:?}");
        }
    }

    #[test]
    fn f10_three_times_the_members_are_believed() {
        assert_eq!([crowded(30, 10), crowded(31, 10), crowded(9_000, 0)], [false, true, false]);
    }
}

//! Blocking reload: answer now, hold, or refuse (draft-pantos-hls-rfc8216bis §6.2.5.2).

/// What a player asks for with `_HLS_msn`, `_HLS_part` and `_HLS_skip`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Reload {
    /// `_HLS_msn`: answer when the playlist holds this segment, or `part` of it.
    pub msn: Option<u64>,
    /// `_HLS_part`
    pub part: Option<u32>,
    /// `_HLS_skip`
    pub skip: Skip,
}

/// Whether a player has read the playlist before and only wants what is new.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Skip {
    /// The whole playlist.
    #[default]
    No,
    /// `YES` or `v2`: older segments may be left out. We write no date ranges, so both mean the same.
    Yes,
}

/// How far a track is.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Position {
    /// The part that comes next: its segment, its index.
    pub(crate) next: (u64, u32),
    /// A playlist can be written at all.
    pub(crate) ready: bool,
    /// Nothing comes any more.
    pub(crate) ended: bool,
    /// PART-TARGET, milliseconds.
    pub(crate) part_ms: u32,
}

/// What to do with a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Decision {
    Now,
    Wait,
    BadRequest(&'static str),
}

/// Decides about a request for a playlist; `parts_of` knows how many parts a closed segment has.
pub(crate) fn decide(reload: &Reload, at: &Position, parts_of: impl Fn(u64) -> Option<u32>) -> Decision {
    let (open, _) = at.next;
    let wanted = match (reload.msn, reload.part) {
        (None, Some(_)) => return Decision::BadRequest("_HLS_part needs _HLS_msn"),
        (None, None) => None,
        // A whole segment is there when the next one is open.
        (Some(msn), None) => Some((msn, u32::MAX)),
        // A part behind the last of a closed segment means the first of the next.
        (Some(msn), Some(part)) if parts_of(msn).is_some_and(|parts| part >= parts) => Some((msn + 1, 0)),
        (Some(msn), Some(part)) => Some((msn, part)),
    };
    if !at.ended && reload.msn.is_some_and(|msn| msn > open.saturating_add(2)) {
        return Decision::BadRequest("_HLS_msn is too far ahead");
    }
    if !at.ended && wanted.is_some_and(|(msn, part)| part != u32::MAX && msn >= open && part > furthest(msn, at)) {
        return Decision::BadRequest("_HLS_part is too far ahead");
    }
    let there = wanted.is_none_or(|wanted| wanted < at.next);
    if at.ready && (there || at.ended) { Decision::Now } else { Decision::Wait }
}

/// The last part that may be asked for: the Advance Part Limit, three seconds of parts, beyond what exists.
fn furthest(msn: u64, at: &Position) -> u32 {
    let existing = if msn == at.next.0 { at.next.1 } else { 0 };
    existing + 3000_u32.div_ceil(at.part_ms.clamp(1, 1000))
}

#[cfg(test)]
mod tests {
    use super::*;
    use Decision::{BadRequest, Now, Wait};

    fn asked(msn: Option<u64>, part: Option<u32>) -> Reload {
        Reload { msn, part, skip: Skip::No }
    }

    /// Segment 7 is open and has parts 0 to 3; segment 6 is closed and had 12 parts.
    const AT: Position = Position { next: (7, 4), ready: true, ended: false, part_ms: 350 };

    fn parts(msn: u64) -> Option<u32> {
        (msn < 7).then_some(12)
    }

    #[test]
    fn requests_are_answered_held_or_refused() {
        let far_msn = BadRequest("_HLS_msn is too far ahead");
        let far_part = BadRequest("_HLS_part is too far ahead");
        let table = [
            (asked(None, None), Now),
            (asked(None, Some(0)), BadRequest("_HLS_part needs _HLS_msn")),
            (asked(Some(6), None), Now),
            (asked(Some(7), None), Wait),
            (asked(Some(9), None), Wait),
            (asked(Some(10), None), far_msn),
            (asked(Some(u64::MAX), Some(0)), far_msn),
            (asked(Some(7), Some(3)), Now),
            (asked(Some(7), Some(4)), Wait),
            (asked(Some(7), Some(13)), Wait),
            (asked(Some(7), Some(14)), far_part),
            (asked(Some(8), Some(0)), Wait),
            (asked(Some(8), Some(10)), far_part),
            (asked(Some(6), Some(11)), Now),
            (asked(Some(6), Some(12)), Now),
            (asked(Some(0), Some(u32::MAX)), Now),
        ];
        for (reload, want) in table {
            assert_eq!(decide(&reload, &AT, parts), want, "{reload:?}");
        }
    }

    #[test]
    fn a_part_behind_a_closed_segment_is_the_first_of_the_next() {
        let at = Position { next: (7, 0), ..AT };
        assert_eq!(decide(&asked(Some(6), Some(11)), &at, parts), Now);
        assert_eq!(decide(&asked(Some(6), Some(12)), &at, parts), Wait);
    }

    #[test]
    fn before_the_first_group_of_pictures_everyone_waits_and_at_the_end_nobody() {
        let begins = Position { next: (0, 1), ready: false, ..AT };
        assert_eq!(decide(&asked(None, None), &begins, |_| None), Wait);
        let ended = Position { ended: true, ..AT };
        assert_eq!(decide(&asked(Some(12), Some(99)), &ended, parts), Now);
    }
}

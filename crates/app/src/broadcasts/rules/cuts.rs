//! What is kept of a recording: from a start to an end, without what was cut out between.

use crate::problem::FieldError;

/// Most pieces that are cut out of one recording.
pub const MOST_CUTS: usize = 20;
/// A recording keeps at least this much, milliseconds.
const LEAST_MS: i64 = 1_000;

/// A piece of a recording, milliseconds from its start.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
pub struct Piece {
    /// Its first moment.
    pub from_ms: i64,
    /// The moment behind its last.
    pub until_ms: i64,
}

/// The pieces that stay of `whole` milliseconds, in their order, when only `wanted` is kept and `cuts` are taken out of it.
///
/// # Errors
///
/// Fields that are out of order or out of the recording, and `too-short` when nothing worth keeping is left.
pub fn kept(whole: i64, wanted: Piece, cuts: &[Piece]) -> Result<Vec<Piece>, Vec<FieldError>> {
    let mut faults = Vec::new();
    let mut inside = |field: String, piece: &Piece| {
        if piece.from_ms < 0 || piece.until_ms > whole || piece.from_ms >= piece.until_ms {
            let found = format!("{}–{}", clock(piece.from_ms), clock(piece.until_ms));
            faults.push(FieldError::new(field, "inside-recording", found, clock(whole)));
        }
    };
    inside("until".to_owned(), &wanted);
    cuts.iter().enumerate().for_each(|(n, cut)| inside(format!("cuts/{n}/until"), cut));
    if cuts.len() > MOST_CUTS {
        faults.push(FieldError::new("cuts", "too-many", cuts.len().to_string(), MOST_CUTS));
    }
    if !faults.is_empty() {
        return Err(faults);
    }
    let pieces = without(wanted, cuts);
    let length: i64 = pieces.iter().map(|piece| piece.until_ms - piece.from_ms).sum();
    if length < LEAST_MS {
        return Err(vec![FieldError::new("until", "too-short", clock(length), clock(LEAST_MS))]);
    }
    Ok(pieces)
}

fn without(wanted: Piece, cuts: &[Piece]) -> Vec<Piece> {
    let mut cuts = cuts.to_vec();
    cuts.sort_by_key(|cut| cut.from_ms);
    let (mut pieces, mut at) = (Vec::new(), wanted.from_ms);
    for cut in cuts {
        if cut.from_ms > at {
            pieces.push(Piece { from_ms: at, until_ms: cut.from_ms.min(wanted.until_ms) });
        }
        at = at.max(cut.until_ms);
    }
    pieces.push(Piece { from_ms: at, until_ms: wanted.until_ms });
    pieces.retain(|piece| piece.from_ms < piece.until_ms);
    pieces
}

/// Where a moment of the whole lies when only `kept` is left of it; none when it was cut out.
pub fn after_cut(kept: &[Piece], at_ms: i64) -> Option<i64> {
    let mut before = 0;
    for piece in kept {
        if (piece.from_ms..piece.until_ms).contains(&at_ms) {
            return Some(before + at_ms - piece.from_ms);
        }
        before += piece.until_ms - piece.from_ms;
    }
    None
}

/// Where a moment of what is left lies in the whole; what is later than its end counts from there.
pub fn before_cut(kept: &[Piece], at_ms: i64) -> i64 {
    let (mut before, mut last) = (0, at_ms);
    for piece in kept {
        last = piece.from_ms + at_ms - before;
        if last < piece.until_ms {
            return last;
        }
        before += piece.until_ms - piece.from_ms;
    }
    last
}

/// A moment as people write it: 1:02:03.4, 2:03, 45; milliseconds. None for anything else.
pub fn moment(text: &str) -> Option<i64> {
    let parts: Vec<_> = text.trim().split(':').collect();
    let (seconds, whole) = parts.split_last()?;
    if whole.len() > 2 || seconds.is_empty() || seconds.starts_with(['+', '-']) {
        return None;
    }
    let seconds: f64 = seconds.parse().ok().filter(|s: &f64| s.is_finite() && (whole.is_empty() || *s < 60.0))?;
    let minutes = whole.iter().try_fold(0_i64, |sum, part| sum.checked_mul(60)?.checked_add(i64::from(part.parse::<u32>().ok()?)))?;
    minutes.checked_mul(60_000)?.checked_add((seconds * 1000.0).round() as i64)
}

/// The same, written: 1:02:03.4.
pub fn clock(ms: i64) -> String {
    let ms = ms.max(0);
    let (seconds, tenths) = (ms / 1000, ms % 1000 / 100);
    let hours = if seconds >= 3600 { format!("{}:{:02}", seconds / 3600, seconds / 60 % 60) } else { (seconds / 60).to_string() };
    let fraction = if tenths == 0 { String::new() } else { format!(".{tenths}") };
    format!("{hours}:{:02}{fraction}", seconds % 60)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn piece(from_ms: i64, until_ms: i64) -> Piece {
        Piece { from_ms, until_ms }
    }

    #[test]
    fn what_stays_follows_the_table() {
        let whole = piece(0, 60_000);
        let table = [
            (whole, vec![], Ok(vec![whole])),
            (piece(5_000, 50_000), vec![], Ok(vec![piece(5_000, 50_000)])),
            (whole, vec![piece(10_000, 20_000)], Ok(vec![piece(0, 10_000), piece(20_000, 60_000)])),
            (whole, vec![piece(0, 20_000)], Ok(vec![piece(20_000, 60_000)])),
            (whole, vec![piece(30_000, 40_000), piece(10_000, 35_000)], Ok(vec![piece(0, 10_000), piece(40_000, 60_000)])),
            (piece(30_000, 40_000), vec![piece(0, 35_000)], Ok(vec![piece(35_000, 40_000)])),
            (piece(5_000, 5_000), vec![], Err(vec!["inside-recording"])),
            (piece(0, 60_001), vec![], Err(vec!["inside-recording"])),
            (whole, vec![piece(20_000, 10_000)], Err(vec!["inside-recording"])),
            (whole, vec![piece(0, 59_900)], Err(vec!["too-short"])),
        ];
        for (wanted, cuts, want) in table {
            let got = kept(60_000, wanted, &cuts).map_err(|faults| faults.iter().map(|f| f.rule).collect::<Vec<_>>());
            assert_eq!(got, want, "{wanted:?} without {cuts:?}");
        }
    }

    #[test]
    fn moments_are_read_as_people_write_them() {
        let table = [
            ("45", Some(45_000)),
            ("2:03", Some(123_000)),
            ("1:02:03.4", Some(3_723_400)),
            (" 0:00 ", Some(0)),
            ("75:00", Some(4_500_000)),
            ("1:75", None),
            ("-1", None),
            ("1:2:3:4", None),
            ("nan", None),
            ("", None),
            ("1:", None),
        ];
        for (text, want) in table {
            assert_eq!(moment(text), want, "{text:?}");
        }
        assert_eq!((clock(3_723_400), clock(45_000), clock(0)), ("1:02:03.4".into(), "0:45".into(), "0:00".into()));
    }

    #[test]
    fn moments_move_with_a_cut() {
        let kept = [piece(10_000, 20_000), piece(30_000, 60_000)];
        for (at, want) in [(9_999, None), (10_000, Some(0)), (19_999, Some(9_999)), (25_000, None), (30_000, Some(10_000)), (60_000, None)]
        {
            assert_eq!(after_cut(&kept, at), want, "{at}");
        }
        assert_eq!(before_cut(&kept, 10_000), 30_000);
        assert_eq!(before_cut(&kept, 50_000), 70_000, "past the end");
        assert_eq!(before_cut(&[], 5), 5);
    }

    proptest! {
        #[test]
        fn a_moment_that_stays_is_found_again(at in 0_i64..60_000, cuts in prop::collection::vec((0_i64..60_000, 0_i64..60_000), 0..8)) {
            let cuts: Vec<_> = cuts.into_iter().filter(|(a, b)| a < b).map(|(a, b)| piece(a, b)).collect();
            let Ok(pieces) = kept(60_000, piece(0, 60_000), &cuts) else { return Ok(()) };
            if let Some(moved) = after_cut(&pieces, at) {
                prop_assert_eq!(before_cut(&pieces, moved), at);
            } else {
                prop_assert!(cuts.iter().any(|cut| (cut.from_ms..cut.until_ms).contains(&at)));
            }
        }

        #[test]
        fn nothing_that_was_cut_out_stays_and_all_else_does(
            cuts in prop::collection::vec((0_i64..60_000, 0_i64..60_000), 0..8), moments in prop::collection::vec(0_i64..60_000, 20)
        ) {
            let cuts: Vec<_> = cuts.into_iter().filter(|(a, b)| a < b).map(|(a, b)| piece(a, b)).collect();
            let Ok(pieces) = kept(60_000, piece(0, 60_000), &cuts) else { return Ok(()) };
            prop_assert!(pieces.windows(2).all(|pair| pair[0].until_ms < pair[1].from_ms), "{pieces:?}");
            let holds = |pieces: &[Piece], at: i64| pieces.iter().any(|p| (p.from_ms..p.until_ms).contains(&at));
            for at in moments {
                prop_assert_eq!(holds(&pieces, at), !holds(&cuts, at));
            }
        }
    }
}

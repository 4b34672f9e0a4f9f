//! What may become of the tree, and when: pure decisions over dates and facts that were read.

use crate::problem::FieldError;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use kernel::{OrganisationId, Timestamp};

/// Characters a name may have.
pub const NAME_MAX: usize = 200;
/// Characters a code may have.
pub const CODE_MAX: usize = 64;
/// Members one organisation may have itself.
pub const MEMBERS_MAX: i64 = 10_000_000;
/// How far ahead a change may be dated, so that a mistyped year is noticed.
pub const DAYS_AHEAD: i64 = 366;

/// A change that the history of an organisation does not allow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotPossible {
    /// It has a change that begins later than the wanted one; holds that moment.
    #[error("a later change is known")]
    LaterChange(Timestamp),
    /// It is closed, or will be.
    #[error("it is closed")]
    Closed,
    /// The superior or target is closed, or will be.
    #[error("the superior is closed")]
    ClosedParent,
    /// The superior or target begins to exist later; holds that moment.
    #[error("the superior is not there yet")]
    NotYetThere(Timestamp),
    /// It would stand under itself.
    #[error("it would stand under itself")]
    UnderItself,
    /// It still has open subordinates.
    #[error("it has subordinates")]
    HasChildren,
    /// The root stays where it is.
    #[error("the root stays")]
    RootStays,
}

impl NotPossible {
    /// The code of the problem that tells it.
    pub const fn code(self) -> &'static str {
        match self {
            Self::LaterChange(_) => "later-change",
            Self::Closed => "organisation-closed",
            Self::ClosedParent => "closed-parent",
            Self::NotYetThere(_) => "not-yet-there",
            Self::UnderItself => "under-itself",
            Self::HasChildren => "has-children",
            Self::RootStays => "root-stays",
        }
    }
}

/// Whether `id` is `above` or stands below it along `edges` (child, superior).
pub fn stands_below(edges: &[(OrganisationId, OrganisationId)], id: OrganisationId, above: OrganisationId) -> bool {
    let mut seen = vec![id];
    while let Some(at) = seen.last().copied().filter(|at| *at != above) {
        match edges.iter().find(|(child, _)| *child == at) {
            Some((_, parent)) if !seen.contains(parent) => seen.push(*parent),
            _ => return false,
        }
    }
    true
}

/// Everybody who stands below `above` along `edges`, in the order of their ids.
pub fn attached_to(edges: &[(OrganisationId, OrganisationId)], above: OrganisationId) -> Vec<OrganisationId> {
    let mut found: Vec<_> =
        edges.iter().map(|(child, _)| *child).filter(|child| *child != above && stands_below(edges, *child, above)).collect();
    found.sort_unstable();
    found
}

/// The start of the day `text` (`2026-11-30`) in `zone`, or of today when it is empty.
///
/// Changes begin with a day, so that the figures of every day belong to one structure.
pub fn effective(text: &str, zone: &TimeZone, now: Timestamp) -> Result<Timestamp, FieldError> {
    let start = if text.trim().is_empty() {
        let today = jiff::ZonedDateTime::new(now.to_jiff(), zone.clone()).date();
        day(&today.to_string(), zone)
    } else {
        day(text, zone)
    };
    let start = start.map_err(|fault| FieldError { field: "effective".into(), ..fault })?;
    if start > now.plus_days(DAYS_AHEAD) {
        return Err(FieldError::new("effective", "date-too-far", text, DAYS_AHEAD));
    }
    Ok(start)
}

/// The start of the day `text` in `zone`.
pub fn day(text: &str, zone: &TimeZone) -> Result<Timestamp, FieldError> {
    let fault = || FieldError::new("day", "date", text, "2026-11-30");
    let day: Date = text.trim().parse().map_err(|_| fault())?;
    let start = day.to_zoned_datetime(zone.clone()).map_err(|_| fault())?;
    Ok(Timestamp(start.timestamp().as_millisecond()))
}

/// A fact that began at `since` may be followed by another at `from`, or be replaced at that very moment.
pub fn follows(since: Timestamp, from: Timestamp) -> Result<(), NotPossible> {
    if from < since { Err(NotPossible::LaterChange(since)) } else { Ok(()) }
}

/// An organisation that began at `began` can take subordinates from `from` on.
pub fn takes_children(began: Timestamp, closed_at: Option<Timestamp>, from: Timestamp) -> Result<(), NotPossible> {
    if closed_at.is_some() {
        Err(NotPossible::ClosedParent)
    } else if began > from {
        Err(NotPossible::NotYetThere(began))
    } else {
        Ok(())
    }
}

/// What a code breaks: 1 to 64 letters, digits, `-`, `_`, `.`, `/`.
pub fn code_fault(code: &str) -> Option<FieldError> {
    let length = code.chars().count();
    if length == 0 {
        return Some(FieldError::new("code", "required", "", CODE_MAX));
    }
    let good = length <= CODE_MAX && code.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | '/'));
    (!good).then(|| FieldError::new("code", "code", code, CODE_MAX))
}

/// What a name breaks.
pub fn name_fault(name: &str) -> Option<FieldError> {
    crate::texts::check("name", name, 1, NAME_MAX).err()
}

/// What a number of members breaks.
pub fn members_fault(members: i64) -> Option<FieldError> {
    (!(0..=MEMBERS_MAX).contains(&members)).then(|| FieldError::new("members", "range", members.to_string(), format!("0–{MEMBERS_MAX}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2026-11-23T09:00:00+08:00
    const NOW: Timestamp = Timestamp(1_795_395_600_000);

    #[test]
    fn a_change_begins_with_its_day_in_the_zone_of_the_installation() {
        let zone = TimeZone::get("Asia/Shanghai").unwrap();
        let start = Timestamp(NOW.0 - 9 * 3_600_000);
        let table = [
            ("", Ok(start)),
            ("2026-11-23", Ok(start)),
            ("2026-11-30", Ok(start.plus_days(7))),
            ("1999-01-01", Ok(Timestamp(915_120_000_000))),
            ("2027-11-25", Err("date-too-far")),
            ("30.11.2026", Err("date")),
            ("2026-02-30", Err("date")),
        ];
        for (text, want) in table {
            assert_eq!(effective(text, &zone, NOW).map_err(|e| e.rule), want, "{text}");
        }
    }

    #[test]
    fn facts_follow_one_another() {
        assert_eq!(follows(NOW, NOW), Ok(()));
        assert_eq!(follows(NOW, NOW.plus_ms(1)), Ok(()));
        assert_eq!(follows(NOW, NOW.plus_ms(-1)), Err(NotPossible::LaterChange(NOW)));
    }

    #[test]
    fn a_superior_is_there_and_stays_open() {
        assert_eq!(takes_children(NOW, None, NOW), Ok(()));
        assert_eq!(takes_children(NOW, None, NOW.plus_ms(-1)), Err(NotPossible::NotYetThere(NOW)));
        assert_eq!(takes_children(NOW, Some(NOW.plus_days(9)), NOW), Err(NotPossible::ClosedParent));
    }

    #[test]
    fn codes_follow_the_table() {
        let long = "x".repeat(65);
        for (code, rule) in [("a-1", None), ("省委/组织部.1_a", None), ("", Some("required")), ("a b", Some("code")), (&long, Some("code"))]
        {
            assert_eq!(code_fault(code).map(|f| f.rule), rule, "{code}");
        }
        assert!(members_fault(-1).is_some() && members_fault(0).is_none());
    }
}

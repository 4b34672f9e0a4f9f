//! Whether something may be done now, or not yet, or no more.

use crate::campaigns::{Extension, SUBMIT_DEPTH, Stage, StageKind};
use kernel::Timestamp;

/// The answer for one organisation at one instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gate {
    /// It begins later.
    NotYet {
        /// Then.
        opens_at: Timestamp,
    },
    /// It may be done.
    Open {
        /// Up to, but not including, then.
        until: Timestamp,
    },
    /// It is late and still taken.
    Grace {
        /// Up to, but not including, then.
        until: Timestamp,
    },
    /// It is over.
    Closed {
        /// Since then; the beginning of time when there never was such a stage.
        at: Timestamp,
    },
}

impl Gate {
    /// Whether it may be done.
    pub const fn permits(self) -> bool {
        matches!(self, Self::Open { .. } | Self::Grace { .. })
    }
}

/// The gate of `kind` for an organisation at `depth` (ignored for submit), `extensions` being those granted to it.
///
/// A review depth without a stage of its own follows the nearest stage above it. An extension never brings the opening
/// forward and never takes anything away; after it there is no further grace.
pub fn gate(stages: &[Stage], extensions: &[Extension], kind: StageKind, depth: i64, now: Timestamp) -> Gate {
    let Some(stage) = stage_for(stages, kind, depth) else { return Gate::Closed { at: Timestamp(0) } };
    if now < stage.opens_at {
        return Gate::NotYet { opens_at: stage.opens_at };
    }
    let extended = extensions.iter().filter(|e| e.kind == kind).map(|e| e.until_at).max();
    let open_until = extended.map_or(stage.closes_at, |e| e.max(stage.closes_at));
    let taken_until = open_until.max(stage.closes_at.plus_ms(stage.grace_s.max(0).saturating_mul(1000)));
    if now < open_until {
        Gate::Open { until: open_until }
    } else if now < taken_until {
        Gate::Grace { until: taken_until }
    } else {
        Gate::Closed { at: taken_until }
    }
}

/// The stage that holds for `kind` at `depth`.
pub fn stage_for(stages: &[Stage], kind: StageKind, depth: i64) -> Option<&Stage> {
    let depth = if kind == StageKind::Submit { SUBMIT_DEPTH } else { depth };
    stages.iter().filter(|s| s.kind == kind && s.depth <= depth).max_by_key(|s| s.depth)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::datetime;
    use kernel::Id;
    use proptest::prelude::*;

    fn stage(kind: StageKind, depth: i64, opens: i64, closes: i64, grace_s: i64) -> Stage {
        Stage { id: Id::from_u128(1), kind, depth, opens_at: Timestamp(opens), closes_at: Timestamp(closes), grace_s }
    }

    fn extension(kind: StageKind, until: i64) -> Extension {
        Extension {
            id: Id::from_u128(1),
            campaign: Id::from_u128(2),
            organisation: Id::from_u128(3),
            kind,
            until_at: Timestamp(until),
            reason: "flood".into(),
            granted_by: Id::from_u128(4),
            created_at: Timestamp(0),
        }
    }

    #[test]
    fn the_gate_follows_the_table() {
        use StageKind::Submit;
        let stages = [stage(Submit, SUBMIT_DEPTH, 1000, 2000, 1)];
        let at = |now, extended: Option<i64>| {
            let extensions: Vec<_> = extended.map(|until| extension(Submit, until)).into_iter().collect();
            gate(&stages, &extensions, Submit, 4, Timestamp(now))
        };
        let table = [
            (999, None, Gate::NotYet { opens_at: Timestamp(1000) }),
            (1000, None, Gate::Open { until: Timestamp(2000) }),
            (1999, None, Gate::Open { until: Timestamp(2000) }),
            (2000, None, Gate::Grace { until: Timestamp(3000) }),
            (3000, None, Gate::Closed { at: Timestamp(3000) }),
            (999, Some(9000), Gate::NotYet { opens_at: Timestamp(1000) }),
            (2000, Some(2500), Gate::Open { until: Timestamp(2500) }),
            (2500, Some(2500), Gate::Grace { until: Timestamp(3000) }),
            (8999, Some(9000), Gate::Open { until: Timestamp(9000) }),
            (9000, Some(9000), Gate::Closed { at: Timestamp(9000) }),
            (1500, Some(10), Gate::Open { until: Timestamp(2000) }),
        ];
        for (now, extended, want) in table {
            assert_eq!(at(now, extended), want, "at {now}, extended to {extended:?}");
        }
    }

    #[test]
    fn an_extension_of_another_kind_changes_nothing() {
        let stages = [stage(StageKind::Submit, SUBMIT_DEPTH, 0, 10, 0)];
        let others = [extension(StageKind::Review, 100)];
        assert_eq!(gate(&stages, &others, StageKind::Submit, 0, Timestamp(50)), Gate::Closed { at: Timestamp(10) });
    }

    #[test]
    fn a_depth_without_a_stage_follows_the_nearest_above() {
        let stages = [stage(StageKind::Review, 0, 0, 400, 0), stage(StageKind::Review, 2, 0, 200, 0)];
        let until = |depth| match gate(&stages, &[], StageKind::Review, depth, Timestamp(1)) {
            Gate::Open { until } => until.0,
            other => panic!("{other:?}"),
        };
        assert_eq!([until(0), until(1), until(2), until(7)], [400, 400, 200, 200]);
        assert_eq!(gate(&[], &[], StageKind::Review, 0, Timestamp(1)), Gate::Closed { at: Timestamp(0) });
        assert!(!gate(&stages, &[], StageKind::Submit, 0, Timestamp(1)).permits(), "a review stage is no submit stage");
    }

    /// "30 November, 18:00" is another instant in each zone, and the gate closes at that instant.
    #[test]
    fn a_deadline_falls_in_the_zone_of_the_campaign() {
        for (zone, hours) in [("Asia/Shanghai", 8), ("UTC", 0), ("America/New_York", -5)] {
            let closes = datetime(2026, 11, 30, 18, 0, 0, 0).in_tz(zone).expect("a zone").timestamp().as_millisecond();
            let utc = datetime(2026, 11, 30, 18, 0, 0, 0).in_tz("UTC").expect("a zone").timestamp().as_millisecond();
            assert_eq!(closes, utc - hours * 3_600_000, "{zone}");
            let stages = [stage(StageKind::Submit, SUBMIT_DEPTH, 0, closes, 0)];
            assert!(gate(&stages, &[], StageKind::Submit, 0, Timestamp(closes - 1)).permits());
            assert!(!gate(&stages, &[], StageKind::Submit, 0, Timestamp(closes)).permits());
        }
    }

    proptest! {
        /// More time, by extension or grace, never shuts a gate that was open without it; and time only moves forwards through the gate.
        #[test]
        fn more_time_never_shuts(opens in 0..1000_i64, length in 1..1000_i64, grace in 0..5_i64, extra in 0..5_i64, until in 0..5000_i64, now in 0..6000_i64) {
            let closes = opens + length;
            let kind = StageKind::Review;
            let plain = gate(&[stage(kind, 1, opens, closes, grace)], &[], kind, 1, Timestamp(now));
            let extended = gate(&[stage(kind, 1, opens, closes, grace)], &[extension(kind, until)], kind, 1, Timestamp(now));
            let graced = gate(&[stage(kind, 1, opens, closes, grace + extra)], &[], kind, 1, Timestamp(now));
            prop_assert!(!plain.permits() || (extended.permits() && graced.permits()));
            prop_assert_eq!(matches!(plain, Gate::NotYet { .. }), matches!(extended, Gate::NotYet { .. }));
            let rank = |g: Gate| match g { Gate::NotYet { .. } => 0, Gate::Open { .. } => 1, Gate::Grace { .. } => 2, Gate::Closed { .. } => 3 };
            let later = gate(&[stage(kind, 1, opens, closes, grace)], &[extension(kind, until)], kind, 1, Timestamp(now + extra));
            prop_assert!(rank(later) >= rank(extended));
        }
    }
}

//! Who reads what in the programme, and how each broadcast stands there.

use crate::broadcasts::{Admission, Broadcast, BroadcastId, Kind, State};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use kernel::Timestamp;
use serde::Serialize;

/// A programme is read at most so many days around today.
const MOST_DAYS: i64 = 400;

/// How a broadcast stands in the programme.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Standing {
    /// It is sent now.
    Live,
    /// A recording is shown now.
    Showing,
    /// The first that is to come.
    Next,
    /// It comes after that.
    Later,
    /// It is over, or did not take place.
    Over,
}

impl Standing {
    /// Code, also in the addresses of words.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Live => "live",
            Self::Showing => "showing",
            Self::Next => "next",
            Self::Later => "later",
            Self::Over => "over",
        }
    }
}

/// Whether a reader finds it in the programme.
pub fn is_listed(broadcast: &Broadcast, signed_in: bool) -> bool {
    broadcast.state != State::Cancelled && is_admitted(broadcast, signed_in)
}

/// Whether a reader may know of it at all.
pub fn is_admitted(broadcast: &Broadcast, signed_in: bool) -> bool {
    signed_in || broadcast.admission == Admission::Everybody
}

/// The first that is to come; its host may be late.
pub fn next_of(broadcasts: &[Broadcast], now: Timestamp) -> Option<BroadcastId> {
    let to_come = broadcasts.iter().filter(|b| is_to_come(b, now));
    to_come.min_by_key(|b| (b.starts_at, b.id)).map(|b| b.id)
}

fn is_to_come(broadcast: &Broadcast, now: Timestamp) -> bool {
    matches!(broadcast.state, State::Planned | State::Testing) && now < broadcast.ends_at
}

/// How it stands, when `next` is the first to come.
pub fn standing(broadcast: &Broadcast, next: Option<BroadcastId>, now: Timestamp) -> Standing {
    match broadcast.state {
        State::OnAir | State::Dropped { .. } if broadcast.kind == Kind::Showing => Standing::Showing,
        State::OnAir | State::Dropped { .. } => Standing::Live,
        _ if !is_to_come(broadcast, now) => Standing::Over,
        _ if next == Some(broadcast.id) => Standing::Next,
        _ => Standing::Later,
    }
}

/// The first day that is shown: the one that was asked for, unless it is no day or far away.
pub fn first_day(asked: &str, today: Date) -> Date {
    let near = |day: &Date| day.duration_since(today).as_hours().abs() <= MOST_DAYS * 24;
    asked.parse().ok().filter(near).unwrap_or(today)
}

/// `count` days from `first`, each with its beginning; and the end of the last.
pub fn days(first: Date, count: usize, zone: &TimeZone) -> (Vec<(Date, Timestamp)>, Timestamp) {
    let begins = |day: Date| day.to_zoned_datetime(zone.clone()).map_or(Timestamp(0), |z| Timestamp(z.timestamp().as_millisecond()));
    let after = |n: usize| first.saturating_add(jiff::Span::new().days(n as i64));
    ((0..count).map(after).map(|day| (day, begins(day))).collect(), begins(after(count)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::broadcasts::{Plan, Profile};
    use kernel::Id;

    const NOW: Timestamp = Timestamp(1_795_395_600_000);

    fn broadcast(id: u128, kind: Kind, state: State, starts_in_min: i64) -> Broadcast {
        let plan = Plan::example();
        Broadcast {
            id: Id::from_u128(id),
            organisation: plan.organisation,
            lesson: Id::from_u128(1),
            campaign: None,
            kind,
            title: plan.title,
            lecturer: plan.lecturer,
            abstract_: String::new(),
            admission: plan.admission,
            host: None,
            starts_at: NOW.plus_ms(starts_in_min * 60_000),
            ends_at: NOW.plus_ms((starts_in_min + 30) * 60_000),
            state,
            profile: Profile::Interactive,
            on_air_at: None,
            ended_at: None,
            held_at: None,
            held_ms: 0,
            key_hint: None,
            material: None,
            keeps_recording: false,
            external_url: None,
            pinned_stage: None,
            series: None,
            created_by: Id::from_u128(1),
            created_at: NOW,
            version: 1,
        }
    }

    #[test]
    fn standings_follow_the_table() {
        let table = [
            (broadcast(1, Kind::Live, State::OnAir, -10), Standing::Live),
            (broadcast(2, Kind::Live, State::Dropped { since: NOW }, -10), Standing::Live),
            (broadcast(3, Kind::External, State::OnAir, -10), Standing::Live),
            (broadcast(4, Kind::Showing, State::OnAir, -10), Standing::Showing),
            (broadcast(5, Kind::Live, State::Planned, -40), Standing::Over),
            (broadcast(6, Kind::Live, State::Testing, -5), Standing::Next),
            (broadcast(7, Kind::Showing, State::Planned, 20), Standing::Later),
            (broadcast(8, Kind::Showing, State::Ended, -40), Standing::Over),
        ];
        let all: Vec<_> = table.iter().map(|(b, _)| b.clone()).collect();
        let next = next_of(&all, NOW);
        for (broadcast, want) in table {
            assert_eq!(standing(&broadcast, next, NOW), want, "{broadcast:?}");
        }
    }

    #[test]
    fn only_who_is_signed_in_finds_what_is_for_them() {
        let own = Broadcast { admission: Admission::SignedIn, ..broadcast(1, Kind::Live, State::Planned, 5) };
        let cancelled = broadcast(2, Kind::Live, State::Cancelled, 5);
        assert_eq!((is_listed(&own, false), is_listed(&own, true), is_listed(&cancelled, true)), (false, true, false));
    }

    #[test]
    fn days_begin_at_midnight_of_their_zone_also_when_the_clock_is_changed() {
        let zone = TimeZone::get("Europe/Berlin").unwrap_or_else(|_| TimeZone::fixed(jiff::tz::offset(1)));
        let (days, end) = days(jiff::civil::date(2026, 10, 24), 2, &zone);
        assert_eq!(days[1].1 - days[0].1, 24 * 3_600_000);
        assert_eq!(end - days[1].1, 25 * 3_600_000);
        let today = jiff::civil::date(2026, 11, 23);
        for (asked, want) in [("2026-11-28", "2026-11-28"), ("", "2026-11-23"), ("soon", "2026-11-23"), ("1970-01-01", "2026-11-23")] {
            assert_eq!(first_day(asked, today).to_string(), want);
        }
    }
}

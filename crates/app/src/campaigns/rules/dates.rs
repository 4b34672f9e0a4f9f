//! Moving the dates of a copy: last year's "30 November, 18:00" becomes this year's.

use jiff::{Span, ZonedDateTime, tz::TimeZone};
use kernel::Timestamp;

/// `at` moved by calendar years and then days, at the same time of the clock in `zone`; none beyond the calendar's end.
///
/// 29 February becomes the 28th in a year that has none.
pub fn shifted(at: Timestamp, zone: &TimeZone, years: i64, days: i64) -> Option<Timestamp> {
    let moved = ZonedDateTime::new(at.to_jiff(), zone.clone());
    let moved = moved.checked_add(Span::new().try_years(years).ok()?).ok()?;
    let moved = moved.checked_add(Span::new().try_days(days).ok()?).ok()?;
    Some(Timestamp(moved.timestamp().as_millisecond()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::{DateTime, date};
    use proptest::prelude::*;

    fn at(when: DateTime, zone: &str) -> Timestamp {
        Timestamp(when.in_tz(zone).expect("a zone").timestamp().as_millisecond())
    }

    #[test]
    fn dates_keep_the_time_of_the_clock() {
        let table = [
            ("Asia/Shanghai", date(2026, 11, 30).at(18, 0, 0, 0), 1, 0, date(2027, 11, 30).at(18, 0, 0, 0)),
            ("Asia/Shanghai", date(2028, 2, 29).at(8, 0, 0, 0), 1, 0, date(2029, 2, 28).at(8, 0, 0, 0)),
            ("Asia/Shanghai", date(2026, 12, 31).at(23, 59, 0, 0), 0, 1, date(2027, 1, 1).at(23, 59, 0, 0)),
            ("America/New_York", date(2026, 3, 7).at(18, 0, 0, 0), 0, 1, date(2026, 3, 8).at(18, 0, 0, 0)),
            ("UTC", date(2026, 6, 1).at(0, 0, 0, 0), 1, -7, date(2027, 5, 25).at(0, 0, 0, 0)),
        ];
        for (zone, from, years, days, to) in table {
            let tz = TimeZone::get(zone).expect("a zone");
            assert_eq!(shifted(at(from, zone), &tz, years, days), Some(at(to, zone)), "{zone} {from}");
        }
        assert_eq!(shifted(Timestamp(i64::MAX), &TimeZone::UTC, 1, 0), None);
    }

    proptest! {
        /// A copy keeps the order of its dates, but for the day that a leap year has more.
        #[test]
        fn a_shift_keeps_the_order_but_for_a_leap_day(a in 0..2_000_000_000_000_i64, later in 0..100_000_000_000_i64, years in 0..20_i64, days in -3660..3660_i64) {
            let tz = TimeZone::get("Europe/Berlin").expect("a zone");
            let (a, b) = (shifted(Timestamp(a), &tz, years, days), shifted(Timestamp(a + later), &tz, years, days));
            // Two instants an hour apart may meet where a clock is put forward, and 28 and 29 February where there is no 29th.
            prop_assert!(a <= b || b.expect("a date") - a.expect("a date") > -86_400_000);
        }
    }
}

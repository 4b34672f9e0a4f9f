//! Stretches of whole days, and how few spans of the tables make them up.

use crate::deltas::Day;
use jiff::civil::Date;

/// Whole days, both ends included. `first` is never later than `last`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Period {
    /// First day.
    pub first: Day,
    /// Last day.
    pub last: Day,
}

/// Values of the column `day` that make up (a part of) a period: days, or months.
pub type Span = (i32, i32);

/// All days and no month.
pub const ALL_DAYS: Span = (10_000_101, 99_991_231);

/// The days of a span of days or of months.
pub const fn days_of((first, last): Span) -> (i32, i32) {
    if last < ALL_DAYS.0 / 10 { (first * 100, last * 100 + 99) } else { (first, last) }
}

impl Period {
    /// From `first` to `last`; none when that is no stretch of calendar days.
    pub fn new(first: Day, last: Day) -> Option<Self> {
        (first.date()? <= last.date()?).then_some(Self { first, last })
    }

    /// The days that both have.
    pub fn within(self, first: Day, last: Day) -> Option<Self> {
        let (first, last) = (self.first.max(first), self.last.min(last));
        (first <= last).then_some(Self { first, last })
    }

    /// Whether `day` is one of its days.
    pub fn has(self, day: Day) -> bool {
        (self.first..=self.last).contains(&day)
    }

    /// How many days it has.
    pub fn days(self) -> i64 {
        match (self.first.date(), self.last.date()) {
            (Some(first), Some(last)) => i64::from((last - first).get_days()) + 1,
            _ => 0,
        }
    }

    /// The equally long period that ends the day before this one.
    #[must_use]
    pub fn previous(self) -> Self {
        Self { first: self.first.plus(-self.days()), last: self.first.plus(-1) }
    }

    /// Its whole months as one span, and the days at its edges: at most three spans.
    pub fn spans(self) -> Vec<Span> {
        let begins = is_first_of_month(self.first);
        let ends = is_first_of_month(self.last.plus(1));
        let first_month = if begins { self.first.month() } else { next_month(self.first.month()) };
        let last_month = if ends { self.last.month() } else { previous_month(self.last.month()) };
        if first_month > last_month && self.first.month() == self.last.month() {
            return vec![(self.first.0, self.last.0)];
        }
        let mut spans = Vec::with_capacity(3);
        if !begins {
            spans.push((self.first.0, first_month * 100));
        }
        if first_month <= last_month {
            spans.push((first_month, last_month));
        }
        if !ends {
            spans.push((self.last.month() * 100, self.last.0));
        }
        spans
    }

    /// Its days, one by one.
    pub fn each_day(self) -> Vec<Self> {
        (0..self.days()).map(|n| self.first.plus(n)).map(|day| Self { first: day, last: day }).collect()
    }

    /// Its months, the first and last cut to its days.
    pub fn months(self) -> Vec<Self> {
        let mut months = Vec::new();
        let mut first = self.first;
        while first <= self.last {
            let next = Day(next_month(first.month()) * 100 + 1);
            let last = self.last.min(next.plus(-1));
            months.push(Self { first, last });
            first = next;
        }
        months
    }

    /// The calendar month of `day`.
    pub fn month_of(day: Date) -> Self {
        Self { first: day.first_of_month().into(), last: day.last_of_month().into() }
    }

    /// The quarter of `day`.
    pub fn quarter_of(day: Date) -> Self {
        let first = Day(i32::from(day.year()) * 10_000 + (i32::from((day.month() - 1) / 3) * 3 + 1) * 100 + 1);
        let last_month = Day(first.0 + 200);
        Self { first, last: last_month.date().map_or(last_month, |date| date.last_of_month().into()) }
    }

    /// The year of `day`.
    pub fn year_of(day: Date) -> Self {
        Self { first: day.first_of_year().into(), last: day.last_of_year().into() }
    }
}

fn is_first_of_month(day: Day) -> bool {
    day.0 % 100 == 1
}

const fn next_month(month: i32) -> i32 {
    if month % 100 == 12 { month + 89 } else { month + 1 }
}

const fn previous_month(month: i32) -> i32 {
    if month % 100 == 1 { month - 89 } else { month - 1 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn period(first: i32, last: i32) -> Period {
        Period::new(Day(first), Day(last)).expect("days of the calendar")
    }

    #[test]
    fn a_period_is_whole_months_and_the_days_at_its_edges() {
        let table: [(i32, i32, &[Span]); 6] = [
            (20_261_101, 20_261_130, &[(202_611, 202_611)]),
            (20_261_102, 20_261_130, &[(20_261_102, 20_261_130)]),
            (20_261_102, 20_261_105, &[(20_261_102, 20_261_105)]),
            (20_261_015, 20_261_130, &[(20_261_015, 20_261_100), (202_611, 202_611)]),
            (20_261_130, 20_270_101, &[(20_261_130, 20_261_200), (202_612, 202_612), (20_270_100, 20_270_101)]),
            (20_260_101, 20_261_231, &[(202_601, 202_612)]),
        ];
        for (first, last, spans) in table {
            assert_eq!(period(first, last).spans(), spans, "{first} to {last}");
        }
    }

    #[test]
    fn named_periods_are_those_of_the_calendar() {
        let day = jiff::civil::date(2026, 11, 23);
        assert_eq!(Period::month_of(day), period(20_261_101, 20_261_130));
        assert_eq!(Period::quarter_of(day), period(20_261_001, 20_261_231));
        assert_eq!(Period::year_of(day), period(20_260_101, 20_261_231));
        assert_eq!(Period::month_of(day).previous(), period(20_261_002, 20_261_031));
        assert_eq!(period(20_261_030, 20_270_102).months().len(), 4);
    }

    proptest! {
        /// Every day of three years is in exactly one span if it is in the period, by itself or by its month.
        #[test]
        fn spans_hold_each_day_once(from in 0i64..1_000, length in 0i64..500) {
            let start = Day(20_250_101);
            let period = Period { first: start.plus(from), last: start.plus(from + length) };
            prop_assert_eq!(period.days(), length + 1);
            let spans = period.spans();
            for n in 0..1_600 {
                let day = start.plus(n);
                let held = |(first, last): &&Span| (*first..=*last).contains(&day.0) || (*first..=*last).contains(&day.month());
                prop_assert_eq!(spans.iter().filter(held).count(), usize::from(period.has(day)), "{:?}", day);
            }
            prop_assert_eq!(period.each_day().len() as i64, period.days());
            let months = period.months();
            prop_assert_eq!(months.iter().map(|m| m.days()).sum::<i64>(), period.days());
        }
    }
}

//! How people and spreadsheet programs write a moment.

use jiff::civil::{Date, DateTime, Time};

/// What may stand between the numbers of a moment.
const BETWEEN: &str = "-/.年月日号时点分秒:：T ";

/// A day with or without its time, by numbers in the order of the calendar: `2026-11-20 19:30`, `2026/11/20`, `2026年11月20日19时30分`.
/// A day alone is its first minute. None for anything else.
pub fn moment_written(text: &str) -> Option<DateTime> {
    let (mut numbers, mut count, mut inside) = ([0_u32; 6], 0, false);
    for c in text.trim().chars() {
        match c.to_digit(10) {
            Some(digit) => {
                count += usize::from(!inside);
                inside = true;
                let number = numbers.get_mut(count - 1)?;
                *number = number.checked_mul(10)?.checked_add(digit)?;
            }
            None if BETWEEN.contains(c) => inside = false,
            None => return None,
        }
    }
    let small = |at: usize| i8::try_from(numbers[at]).ok();
    let date = Date::new(i16::try_from(numbers[0]).ok()?, small(1)?, small(2)?).ok()?;
    match count {
        3 => Some(date.to_datetime(Time::midnight())),
        5 | 6 => Some(date.to_datetime(Time::new(small(3)?, small(4)?, small(5)?, 0).ok()?)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn f13_moments_are_read_as_people_write_them() {
        let half_past_seven = Some(jiff::civil::date(2026, 11, 20).at(19, 30, 0, 0));
        let table = [
            ("2026-11-20 19:30", half_past_seven),
            ("2026-11-20T19:30", half_past_seven),
            ("2026-11-20 19:30:00", half_past_seven),
            (" 2026/11/20 19:30 ", half_past_seven),
            ("2026年11月20日 19:30", half_past_seven),
            ("2026年11月20日19时30分", half_past_seven),
            ("2026.11.20", Some(jiff::civil::date(2026, 11, 20).at(0, 0, 0, 0))),
            ("2026-11-31 19:30", None),
            ("2026-11-20 25:00", None),
            ("2026-11-20 19", None),
            ("20 Nov 2026", None),
            ("99999999999-1-1", None),
            ("1-2-3-4-5-6-7", None),
            ("", None),
        ];
        for (text, want) in table {
            assert_eq!(moment_written(text), want, "{text}");
        }
    }

    proptest! {
        #[test]
        fn f13_nothing_that_is_written_breaks_the_reader(text in "[-0-9年月日:/ T.a]{0,30}") {
            if let Some(at) = moment_written(&text) {
                prop_assert_eq!(moment_written(&at.strftime("%Y-%m-%d %H:%M:%S").to_string()), Some(at));
            }
        }
    }
}

//! Groups before one screen.

use crate::problem::FieldError;

/// Fewer is no group.
const FEWEST: i64 = 2;
/// More than any hall that has one screen.
const MOST: i64 = 5_000;

/// What is wrong with the number of people before a screen.
pub fn group_fault(people: i64) -> Option<FieldError> {
    let wanted = format!("{FEWEST}–{MOST}");
    (!(FEWEST..=MOST).contains(&people)).then(|| FieldError::new("people", "range", people.to_string(), wanted))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_group_is_more_than_one_and_fits_before_a_screen() {
        for (people, good) in [(-3, false), (0, false), (1, false), (2, true), (5_000, true), (5_001, false)] {
            assert_eq!(group_fault(people).is_none(), good, "{people}");
        }
    }
}

//! The way of a booking, and what a request must say.

use crate::lecturers::Request;
use crate::problem::FieldError;
use crate::texts;
use kernel::Timestamp;
use serde::{Deserialize, Serialize};

/// Longest lecture, in milliseconds.
const LONGEST_MS: i64 = 24 * 3_600_000;
/// How far ahead somebody is booked, in days.
const DAYS_AHEAD: i64 = 731;
/// Most people a hall takes.
const PEOPLE_MAX: i64 = 1_000_000;
/// Characters of a reason or comment.
pub const ANSWER_MAX: usize = 500;
/// From so many ratings on an average says something and nobody's single voice shows.
pub const RATINGS_LEAST: i64 = 3;

/// How far a booking is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = BookingState)]
pub enum State {
    /// Waits for an answer.
    Requested,
    /// The lecturer comes.
    Accepted,
    /// The lecturer's side said no, perhaps after it had accepted.
    Declined,
    /// The asking side took it back.
    Cancelled,
    /// It took place and was rated.
    Rated,
}

/// What somebody does with a booking.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Move {
    /// The lecturer's side says yes.
    Accept,
    /// The lecturer's side says no, or calls off what it accepted.
    Decline,
    /// The asking side takes it back.
    Cancel,
    /// The asking side says how it was; again to correct it.
    Rate,
}

/// Why not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Another answer was given before.
    #[error("not in this state")]
    Answered,
    /// It has begun.
    #[error("it has begun")]
    Begun,
    /// It is not over yet.
    #[error("it is not over")]
    NotOver,
}

impl Refusal {
    /// The code of the problem that tells it.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Answered => "booking-answered",
            Self::Begun => "booking-begun",
            Self::NotOver => "booking-not-over",
        }
    }
}

/// When a booking begins and ends, and what time it is.
#[derive(Debug, Clone, Copy)]
pub struct Times {
    /// It begins.
    pub starts_at: Timestamp,
    /// It ends.
    pub ends_at: Timestamp,
    /// Now.
    pub now: Timestamp,
}

impl State {
    /// All of them, in the order in which a booking comes to them.
    pub const ALL: [Self; 5] = [Self::Requested, Self::Accepted, Self::Declined, Self::Cancelled, Self::Rated];

    /// The stable code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Requested => "requested",
            Self::Accepted => "accepted",
            Self::Declined => "declined",
            Self::Cancelled => "cancelled",
            Self::Rated => "rated",
        }
    }

    /// Reads a code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.code() == code)
    }

    /// The state after `mv`.
    ///
    /// # Errors
    ///
    /// [`Refusal`] says what is in the way.
    pub fn after(self, mv: Move, times: Times) -> Result<Self, Refusal> {
        let begun = times.now >= times.starts_at;
        match (self, mv) {
            (Self::Requested, Move::Accept) | (Self::Accepted, Move::Decline | Move::Cancel) if begun => Err(Refusal::Begun),
            (Self::Requested, Move::Accept) => Ok(Self::Accepted),
            (Self::Requested | Self::Accepted, Move::Decline) => Ok(Self::Declined),
            (Self::Requested | Self::Accepted, Move::Cancel) => Ok(Self::Cancelled),
            (Self::Accepted, Move::Rate) if times.now < times.ends_at => Err(Refusal::NotOver),
            (Self::Accepted | Self::Rated, Move::Rate) => Ok(Self::Rated),
            _ => Err(Refusal::Answered),
        }
    }

    /// The lecturer is or was expected.
    pub const fn holds_time(self) -> bool {
        matches!(self, Self::Accepted | Self::Rated)
    }
}

/// Whether two stretches of time share a moment: each lasts up to, not including, its end.
pub fn overlap(a: (Timestamp, Timestamp), b: (Timestamp, Timestamp)) -> bool {
    a.0 < b.1 && b.0 < a.1
}

/// The average of `count` ratings with this `sum`; none while they are too few.
pub fn average(count: i64, sum: i64) -> Option<f64> {
    (count >= RATINGS_LEAST).then(|| sum as f64 / count as f64)
}

/// The request with its texts trimmed, or everything that is wrong with it.
pub fn request(mut new: Request, now: Timestamp) -> Result<Request, Vec<FieldError>> {
    let mut faults = Vec::new();
    let checked = [
        (texts::check("title", &new.title, 1, 200), &mut new.title),
        (texts::check("place", &new.place, 0, 200), &mut new.place),
        (texts::check_lines("note", &new.note, 0, 1_000), &mut new.note),
    ];
    for (checked, text) in checked {
        super::keep(text, checked, &mut faults);
    }
    if !(0..=PEOPLE_MAX).contains(&new.people) {
        faults.push(FieldError::new("people", "range", new.people.to_string(), format!("0–{PEOPLE_MAX}")));
    }
    if new.starts_at <= now {
        faults.push(FieldError::new("starts_at", "in-future", "", ""));
    } else if new.starts_at > now.plus_days(DAYS_AHEAD) {
        faults.push(FieldError::new("starts_at", "booking-too-far", "", DAYS_AHEAD));
    }
    if new.ends_at <= new.starts_at || new.ends_at - new.starts_at > LONGEST_MS {
        faults.push(FieldError::new("ends_at", "booking-length", "", ""));
    }
    if faults.is_empty() { Ok(new) } else { Err(faults) }
}

/// A reason or comment, trimmed.
///
/// # Errors
///
/// The broken field.
pub fn answer(field: &str, text: &str, least: usize) -> Result<String, FieldError> {
    texts::check_lines(field, text, least, ANSWER_MAX)
}

/// 1 to 5 stars.
///
/// # Errors
///
/// The broken field.
pub fn stars(given: i64) -> Result<i64, FieldError> {
    if (1..=5).contains(&given) { Ok(given) } else { Err(FieldError::new("stars", "range", given.to_string(), "1–5")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moves_follow_the_table() {
        use {Move::*, Refusal::*, State::*};
        let (before, during, over) = (0, 15, 20);
        let table = [
            (Requested, Accept, before, Ok(Accepted)),
            (Requested, Accept, during, Err(Begun)),
            (Requested, Decline, over, Ok(Declined)),
            (Requested, Cancel, over, Ok(Cancelled)),
            (Requested, Rate, over, Err(Answered)),
            (Accepted, Accept, before, Err(Answered)),
            (Accepted, Decline, before, Ok(Declined)),
            (Accepted, Decline, during, Err(Begun)),
            (Accepted, Cancel, before, Ok(Cancelled)),
            (Accepted, Cancel, during, Err(Begun)),
            (Accepted, Rate, during, Err(NotOver)),
            (Accepted, Rate, over, Ok(Rated)),
            (Rated, Rate, over, Ok(Rated)),
            (Rated, Cancel, over, Err(Answered)),
            (Declined, Accept, before, Err(Answered)),
            (Cancelled, Decline, before, Err(Answered)),
        ];
        for (from, mv, now, want) in table {
            let times = Times { starts_at: Timestamp(10), ends_at: Timestamp(20), now: Timestamp(now) };
            assert_eq!(from.after(mv, times), want, "{from:?} then {mv:?} at {now}");
        }
    }

    #[test]
    fn one_lecture_may_begin_when_another_ends() {
        let at = |a, b| (Timestamp(a), Timestamp(b));
        assert!(!overlap(at(0, 10), at(10, 20)));
        assert!(overlap(at(0, 11), at(10, 20)));
        assert!(overlap(at(12, 13), at(10, 20)));
    }

    #[test]
    fn two_ratings_say_nothing() {
        assert_eq!((average(2, 10), average(3, 12)), (None, Some(4.0)));
    }
}

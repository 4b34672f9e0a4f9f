//! Pages about bookings.

use super::{Choice, Line};
use crate::i18n::Texts;
use crate::lecturers::rules::{State, booking};
use crate::lecturers::{Booking, BookingRow, Stars};
use crate::organisations::Tree;
use crate::web::{Form, Page};
use askama::Template;

/// A booking in a list.
#[derive(Debug, Clone)]
pub struct BookingLine {
    /// Its page.
    pub href: String,
    /// What it is about.
    pub title: String,
    /// Code of the state, for its colour.
    pub tone: &'static str,
    /// The state in words.
    pub state: String,
    /// When, in words.
    pub when: String,
    /// Name of the lecturer.
    pub lecturer: String,
    /// Who asks.
    pub organisation: String,
    /// Where.
    pub place: String,
    /// `★★★★☆`; empty before it is rated.
    pub stars: String,
}

/// The colour of a state, as badges have it.
fn tone(state: State) -> &'static str {
    match state {
        State::Requested => "waiting",
        State::Accepted => "ready",
        State::Declined => "rejected",
        State::Cancelled => "withdrawn",
        State::Rated => "kept",
    }
}

/// Five stars, some of them filled.
pub fn stars(given: i64) -> String {
    (1..=5).map(|n| if n <= given { '★' } else { '☆' }).collect()
}

/// When a booking is, in words, with the end's day only when it is another.
fn when(texts: &Texts, of: &Booking) -> String {
    texts.span(of.starts_at, of.ends_at)
}

impl BookingLine {
    /// A booking in the words of a reader.
    pub fn of(texts: &Texts, tree: &Tree, row: &BookingRow) -> Self {
        let of = &row.booking;
        Self {
            href: format!("/desk/bookings/{}", of.id),
            title: of.title.clone(),
            tone: tone(of.state),
            state: texts.coded("booking-state", of.state.code()),
            when: when(texts, of),
            lecturer: row.name.clone(),
            organisation: tree.name(of.organisation),
            place: of.place.clone(),
            stars: of.stars.map(stars).unwrap_or_default(),
        }
    }
}

/// How a person was rated, in words; empty while too few said so.
pub fn rated(texts: &Texts, of: Stars) -> String {
    booking::average(of.count, of.sum).map_or_else(String::new, |average| {
        texts.args("rated-average", &[("average", format!("{average:.1}")), ("n", of.count.to_string())])
    })
}

/// The form of a request.
#[derive(Debug, Template)]
#[template(path = "lecturers/views/request.html")]
pub struct RequestPage {
    /// The frame.
    pub p: Page,
    /// Why it was refused; empty otherwise.
    pub error: String,
    /// Whom it asks for.
    pub line: Line,
    /// Its id.
    pub id: String,
    /// In whose name.
    pub organisations: Vec<Choice>,
    /// Zone of the times.
    pub zone: String,
    /// What stands in the fields.
    pub f: Form,
    /// When the lecturer is expected elsewhere, in the coming weeks.
    pub busy: Vec<String>,
}

/// A list of bookings.
#[derive(Debug, Template)]
#[template(path = "lecturers/views/bookings.html")]
pub struct BookingsPage {
    /// The frame.
    pub p: Page,
    /// Sides: address, words, whether it is shown.
    pub sides: Vec<Choice>,
    /// The bookings.
    pub lines: Vec<BookingLine>,
    /// Key of what stands there when there are none.
    pub empty: String,
    /// The next page; empty on the last.
    pub next: String,
}

/// The page of one booking.
#[derive(Debug, Template)]
#[template(path = "lecturers/views/booking.html")]
pub struct BookingPage {
    /// The frame.
    pub p: Page,
    /// What was just done.
    pub notice: String,
    /// Why something was refused.
    pub error: String,
    /// Its id.
    pub id: String,
    /// As in a list.
    pub line: BookingLine,
    /// Page of the lecturer.
    pub lecturer_href: String,
    /// People expected, in words.
    pub people: String,
    /// What the lecturer should know.
    pub note: String,
    /// Why it was declined or cancelled.
    pub answer: String,
    /// What was said with the stars.
    pub comment: String,
    /// Other requests and bookings at the same time.
    pub clashes: Vec<BookingLine>,
    /// What the reader may do: `accept`, `decline`, `cancel`, `rate`.
    pub acts: Vec<&'static str>,
    /// What stands in the fields.
    pub f: Form,
    /// The version that forms are made from.
    pub version: i64,
}

/// A day of a month.
#[derive(Debug, Clone)]
pub struct DayCell {
    /// 1 to 31; empty outside the month.
    pub number: String,
    /// `2026-11-28`.
    pub iso: String,
    /// Weekday and date in words.
    pub words: String,
    /// It is today.
    pub today: bool,
    /// What there is on it: hour, and the booking.
    pub lines: Vec<(String, BookingLine)>,
}

/// A month of bookings.
#[derive(Debug, Template)]
#[template(path = "lecturers/views/calendar.html")]
pub struct CalendarPage {
    /// The frame.
    pub p: Page,
    /// What was just done.
    pub notice: String,
    /// The month in words.
    pub month: String,
    /// Addresses of the months before and after.
    pub earlier: String,
    /// And after.
    pub later: String,
    /// Names of weekdays, Monday first.
    pub weekdays: Vec<String>,
    /// Weeks of seven days.
    pub weeks: Vec<Vec<DayCell>>,
    /// Whose bookings, when they are of one person: name and page.
    pub person: Option<(String, String)>,
    /// Calendars that the reader may subscribe to: id, name, address (empty before it is made).
    pub feeds: Vec<(String, String, String)>,
}

//! What pages about lecturers and bookings show: finished strings.

use super::rules::{LECTURER_KINDS, State, TOPICS, booking};
use super::{BookingRow, Lecturer};
use crate::i18n::Texts;
use crate::organisations::Tree;
use crate::web::{Form, Page};
use askama::Template;

/// A choice of a select.
#[derive(Debug, Clone)]
pub struct Choice {
    /// What is sent.
    pub value: String,
    /// Its words.
    pub label: String,
    /// It is the one that holds.
    pub chosen: bool,
}

impl Choice {
    /// A choice, chosen when `now` is its value.
    pub fn new(value: impl Into<String>, label: impl Into<String>, now: &str) -> Self {
        let value = value.into();
        Self { chosen: value == now, value, label: label.into() }
    }
}

/// Every kind of lecturer.
pub fn kinds(texts: &Texts, now: &str) -> Vec<Choice> {
    LECTURER_KINDS.iter().map(|code| Choice::new(*code, texts.coded("lecturer-kind", code), now)).collect()
}

/// Every topic.
pub fn topics(texts: &Texts, now: &str) -> Vec<Choice> {
    TOPICS.iter().map(|code| Choice::new(*code, texts.coded("topic", code), now)).collect()
}

/// Topics in words, in one line.
pub fn topic_words(texts: &Texts, of: &Lecturer) -> String {
    let words: Vec<_> = of.topics.iter().map(|code| texts.coded("topic", code)).collect();
    words.join(texts.s("list-comma").as_str())
}

/// The first letter of a name, for who has no photo.
pub fn initial(name: &str) -> String {
    name.chars().next().map(String::from).unwrap_or_default()
}

/// A term in words; empty without one.
pub fn term(texts: &Texts, of: &Lecturer) -> String {
    let day = |text: &str| text.parse().map_or_else(|_| text.to_owned(), |date| texts.civil(date));
    match (of.term_from.as_str(), of.term_to.as_str()) {
        ("", "") => String::new(),
        (from, "") => texts.with("term-since", "day", day(from)),
        ("", to) => texts.with("term-until", "day", day(to)),
        (from, to) => format!("{} – {}", day(from), day(to)),
    }
}

/// Address of the photo; empty without one.
pub fn photo(of: &Lecturer) -> String {
    of.photo.map(|photo| format!("/lecturers/{}/photo/{photo}", of.id)).unwrap_or_default()
}

/// A lecturer in a list.
#[derive(Debug, Clone)]
pub struct Line {
    /// Its page.
    pub href: String,
    /// Name.
    pub name: String,
    /// First letter of the name.
    pub initial: String,
    /// In words.
    pub kind: String,
    /// In words.
    pub topics: String,
    /// In words.
    pub occupation: String,
    /// Name of the organisation.
    pub organisation: String,
    /// In words; empty without one.
    pub term: String,
    /// No longer lectures.
    pub retired: bool,
    /// Has a public page.
    pub public: bool,
}

impl Line {
    /// A lecturer in the words of a reader.
    pub fn of(texts: &Texts, tree: &Tree, of: &Lecturer) -> Self {
        Self {
            href: format!("/desk/lecturers/{}", of.id),
            name: of.name.clone(),
            initial: initial(&of.name),
            kind: texts.coded("lecturer-kind", &of.kind),
            topics: topic_words(texts, of),
            occupation: of.occupation.clone(),
            organisation: tree.name(of.organisation),
            term: term(texts, of),
            retired: of.retired,
            public: of.consent_at.is_some(),
        }
    }
}

/// The list.
#[derive(Debug, Template)]
#[template(path = "lecturers/views/list.html")]
pub struct ListPage {
    /// The frame.
    pub p: Page,
    /// The reader may register lecturers.
    pub keeps: bool,
    /// Words searched for.
    pub q: String,
    /// Kinds, one of them chosen.
    pub kinds: Vec<Choice>,
    /// Topics, one of them chosen.
    pub topics: Vec<Choice>,
    /// Whether the term holds.
    pub terms: Vec<Choice>,
    /// Still lecturing or not.
    pub states: Vec<Choice>,
    /// The organisation that it is narrowed to: id and name.
    pub organisation: (String, String),
    /// Something is narrowed.
    pub filtered: bool,
    /// The lecturers.
    pub lines: Vec<Line>,
    /// The next page; empty on the last.
    pub next: String,
}

/// The form of a lecturer, new or known.
#[derive(Debug, Template)]
#[template(path = "lecturers/views/form.html")]
pub struct FormPage {
    /// The frame.
    pub p: Page,
    /// Why it was refused; empty otherwise.
    pub error: String,
    /// Id; empty for a new one.
    pub id: String,
    /// Name of who is changed.
    pub name: String,
    /// What stands in the fields.
    pub f: Form,
    /// Every kind.
    pub kinds: Vec<Choice>,
    /// Every topic.
    pub topics: Vec<Choice>,
}

/// Where somebody belonged.
#[derive(Debug, Clone)]
pub struct PostLine {
    /// Name of the organisation.
    pub organisation: String,
    /// Since and until when.
    pub span: String,
}

/// Somebody who was merged into a person.
#[derive(Debug, Clone)]
pub struct MergedLine {
    /// Its id.
    pub id: String,
    /// Name and organisation.
    pub name: String,
    /// When.
    pub at: String,
}

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
pub fn when(texts: &Texts, of: &super::Booking) -> String {
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
pub fn rated(texts: &Texts, of: super::Stars) -> String {
    booking::average(of.count, of.sum).map_or_else(String::new, |average| {
        texts.args("rated-average", &[("average", format!("{average:.1}")), ("n", of.count.to_string())])
    })
}

/// The page of one lecturer.
#[derive(Debug, Template)]
#[template(path = "lecturers/views/person.html")]
pub struct PersonPage {
    /// The frame.
    pub p: Page,
    /// What was just done.
    pub notice: String,
    /// Why something was refused.
    pub error: String,
    /// Its id.
    pub id: String,
    /// As in a list.
    pub line: Line,
    /// Address of the photo.
    pub photo: String,
    /// Paragraphs about the person.
    pub about: Vec<String>,
    /// The reader sees everything.
    pub full: bool,
    /// The reader may change it.
    pub keeps: bool,
    /// The reader may book in the name of an organisation.
    pub books: bool,
    /// How to reach the person; empty for who may not know.
    pub contact: String,
    /// Sign-in name of who answers.
    pub account: String,
    /// When and how the person agreed; empty without consent.
    pub consent: String,
    /// The reader may withdraw the consent.
    pub withdraws: bool,
    /// Average of ratings.
    pub rated: String,
    /// What was said with ratings, each with its stars.
    pub comments: Vec<(String, String)>,
    /// Where the person belonged.
    pub posts: Vec<PostLine>,
    /// Who was merged into this person.
    pub merged: Vec<MergedLine>,
    /// Bookings to come and lately.
    pub bookings: Vec<BookingLine>,
    /// Lectures given, as the feature that knows them shows them.
    pub lectures: String,
    /// The version that forms are made from.
    pub version: i64,
}

/// Two rows that may be one person.
#[derive(Debug, Clone)]
pub struct PairLine {
    /// The one registered first.
    pub older: Line,
    /// The other.
    pub newer: Line,
    /// Why, in words.
    pub why: Vec<String>,
    /// Where both are compared.
    pub href: String,
}

/// The list of possible duplicates.
#[derive(Debug, Template)]
#[template(path = "lecturers/views/duplicates.html")]
pub struct DuplicatesPage {
    /// The frame.
    pub p: Page,
    /// What was just done.
    pub notice: String,
    /// The pairs.
    pub pairs: Vec<PairLine>,
}

/// A field of two people that may be one.
#[derive(Debug, Clone)]
pub struct FieldLine {
    /// Its code.
    pub code: &'static str,
    /// Its name.
    pub name: String,
    /// Of who remains.
    pub stays: String,
    /// Of who is merged.
    pub taken: String,
    /// Both say the same.
    pub same: bool,
    /// Taking over is proposed: the one that remains says nothing.
    pub proposed: bool,
}

/// The comparison of two people.
#[derive(Debug, Template)]
#[template(path = "lecturers/views/merge.html")]
pub struct MergePage {
    /// The frame.
    pub p: Page,
    /// Who is merged.
    pub merged: Line,
    /// Its id.
    pub merged_id: String,
    /// Who remains.
    pub remains: Line,
    /// Its id.
    pub remains_id: String,
    /// Field by field.
    pub fields: Vec<FieldLine>,
    /// Accepted bookings of both that overlap.
    pub clashes: Vec<BookingLine>,
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

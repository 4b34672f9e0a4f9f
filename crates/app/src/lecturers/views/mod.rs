//! What pages about lecturers and bookings show: finished strings.

mod bookings;
mod people;

pub use bookings::{BookingLine, BookingPage, BookingsPage, CalendarPage, DayCell, RequestPage, rated, stars};
pub use people::{DuplicatesPage, FieldLine, FormPage, ListPage, MergePage, MergedLine, PairLine, PersonPage, PostLine};

use super::Lecturer;
use super::rules::{LECTURER_KINDS, TOPICS};
use crate::i18n::Texts;
use crate::organisations::Tree;

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

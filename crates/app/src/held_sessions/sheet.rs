//! The columns of files of held sessions: what goes out can come in again, and the blank file has the same.

use super::{HeldSession, State};
use crate::i18n::Texts;
use crate::organisations::Tree;
use crate::spreadsheets::Value;
use jiff::ToSpan;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use kernel::Timestamp;
use std::collections::HashMap;

/// Codes of the columns that are read; the first [`REQUIRED`] must be there. Their names are the messages `held-column-CODE`, the
/// first of which stands over the column in what goes out.
pub const COLUMNS: [&str; 14] = [
    ORGANISATION,
    HELD_AT,
    TITLE,
    LECTURER,
    MINUTES,
    PEOPLE,
    "lecturer-kind",
    "form",
    "venue-kind",
    "topic",
    "place",
    "note",
    CAMPAIGN,
    REFERENCE,
];
/// How many columns must be there.
pub const REQUIRED: usize = 6;
/// Code of the organisation.
pub const ORGANISATION: &str = "organisation";
/// When it began.
pub const HELD_AT: &str = "held-at";
/// What it was called.
pub const TITLE: &str = "title";
/// Who spoke.
pub const LECTURER: &str = "lecturer";
/// How long it took.
pub const MINUTES: &str = "minutes";
/// Head count.
pub const PEOPLE: &str = "people";
/// Title, code or id of the campaign.
pub const CAMPAIGN: &str = "campaign";
/// The sender's own number of the session, or ours.
pub const REFERENCE: &str = "reference";
/// Position of [`REFERENCE`] among the columns.
pub const REFERENCE_AT: usize = 13;

/// Columns that go out, with how many characters wide they are.
const OUT: [(&str, u16); 17] = [
    (REFERENCE, 38),
    (ORGANISATION, 14),
    ("organisation-name", 24),
    (HELD_AT, 17),
    (TITLE, 36),
    (LECTURER, 14),
    (MINUTES, 8),
    (PEOPLE, 8),
    ("lecturer-kind", 16),
    ("form", 14),
    ("venue-kind", 14),
    ("topic", 18),
    ("place", 24),
    ("note", 30),
    (CAMPAIGN, 24),
    ("state", 10),
    ("recorded-at", 17),
];

/// What a column is called in files.
pub fn name(texts: &Texts, code: &str) -> String {
    let names = texts.coded("held-column", code);
    names.split('|').next().unwrap_or_default().to_owned()
}

/// What rows are written with.
#[derive(Debug)]
pub struct Sheet<'a> {
    /// The reader's words.
    pub texts: &'a Texts,
    /// Codes and names of organisations.
    pub tree: &'a Tree,
    /// Zone of the times.
    pub zone: &'a TimeZone,
    /// Titles of campaigns by their ids.
    pub campaigns: &'a HashMap<String, String>,
}

/// Names and widths of the columns that go out.
pub fn head(texts: &Texts) -> Vec<(String, u16)> {
    OUT.iter().map(|(code, width)| (name(texts, code), *width)).collect()
}

impl Sheet<'_> {
    fn local(&self, at: Timestamp) -> DateTime {
        let local = jiff::ZonedDateTime::new(at.to_jiff(), self.zone.clone()).datetime();
        // Cells show minutes.
        local.checked_sub(i64::from(local.second()).seconds()).unwrap_or(local)
    }

    fn word(&self, family: &str, code: &str) -> Value {
        if code.is_empty() { Value::from("") } else { self.texts.coded(family, code).into() }
    }

    /// The cells of one row.
    pub fn row(&self, one: &HeldSession) -> Vec<Value> {
        let (told, node) = (&one.told, self.tree.get(one.organisation));
        let campaign = told.campaign.as_ref().map(|id| self.campaigns.get(id).unwrap_or(id));
        vec![
            one.id.to_string().into(),
            node.map(|node| node.code.as_str()).unwrap_or_default().into(),
            node.map(|node| node.name.as_str()).unwrap_or_default().into(),
            Value::Moment(self.local(told.held_at)),
            told.title.as_str().into(),
            told.lecturer.as_str().into(),
            told.minutes.into(),
            told.people.into(),
            self.word("lecturer-kind", &told.lecturer_kind),
            self.word("form", &told.form),
            self.word("venue", &told.venue_kind),
            self.word("topic", &told.topic),
            told.place.as_str().into(),
            told.note.as_str().into(),
            campaign.map(String::as_str).unwrap_or_default().into(),
            state_word(self.texts, one.state).into(),
            Value::Moment(self.local(one.created_at)),
        ]
    }
}

fn state_word(texts: &Texts, state: State) -> String {
    texts.coded("held-state", state.code())
}

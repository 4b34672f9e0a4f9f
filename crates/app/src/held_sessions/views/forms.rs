//! The form of a held session.

use crate::held_sessions::rules::{Conflict, VENUES};
use crate::i18n::Texts;
use crate::lecturers::picks::Proposal;
use crate::lessons::rules::{FORMS, LECTURER_KINDS, TOPICS};
use crate::web::{Form, Page};
use askama::Template;
use kernel::{AccountId, Timestamp};

/// Name of a field, its label, and its codes with their words.
pub type Choices = (&'static str, String, Vec<(&'static str, String)>);

/// A field that somebody else changed meanwhile.
#[derive(Debug)]
pub struct ConflictLine {
    /// Name of the field in the form.
    pub field: String,
    /// What it is called.
    pub label: String,
    /// What was typed.
    pub mine: String,
    /// What it says now.
    pub theirs: String,
}

/// `GET /held-sessions/new` and `…/edit`
#[derive(Template)]
#[template(path = "held_sessions/views/form.html")]
pub struct FormPage {
    /// The frame.
    pub p: Page,
    /// The fields, called as those of the API.
    pub f: Form,
    /// Where the form goes.
    pub action: String,
    /// Of the held session; made by us for a browser without script.
    pub id: String,
    /// It is new.
    pub is_new: bool,
    /// What it is called; empty for a new one.
    pub heading: String,
    /// Who may have held it: id, name; one for what is recorded already.
    pub organisations: Vec<(String, String)>,
    /// Lecturers of the register who may have spoken.
    pub lecturers: Vec<Proposal>,
    /// Coded fields.
    pub choices: Vec<Choices>,
    /// What somebody else changed meanwhile.
    pub conflicts: Vec<ConflictLine>,
    /// Why it was refused, in a sentence; empty when it was not.
    pub refusal: String,
    /// A reason is asked for.
    pub asks_reason: bool,
    /// Why it came back; empty when it did not.
    pub returned: String,
    /// The zone that times are entered in.
    pub zone: String,
    /// Most photos, and most bytes of each.
    pub photos: (usize, usize),
    /// Whose form it is: a phone keeps what one person typed from the next.
    pub account: AccountId,
    /// When it was made: what the phone saved later is newer than what we suggest.
    pub made: Timestamp,
}

/// The coded fields with their words.
pub fn choices(texts: &Texts) -> Vec<Choices> {
    let words = |family: &str, codes: &[&'static str]| codes.iter().map(|code| (*code, texts.coded(family, code))).collect();
    vec![
        ("lecturer_kind", texts.s("field-lecturer-kind"), words("lecturer-kind", &LECTURER_KINDS)),
        ("form", texts.s("field-form"), words("form", &FORMS)),
        ("topic", texts.s("field-topic"), words("topic", &TOPICS)),
        ("venue_kind", texts.s("field-venue-kind"), words("venue", &VENUES)),
    ]
}

impl ConflictLine {
    /// In words.
    pub fn new(texts: &Texts, conflict: &Conflict) -> Self {
        Self {
            label: super::field_name(texts, &conflict.field),
            mine: super::said(texts, &conflict.field, &conflict.mine),
            theirs: super::said(texts, &conflict.field, &conflict.theirs),
            field: conflict.field.clone(),
        }
    }
}

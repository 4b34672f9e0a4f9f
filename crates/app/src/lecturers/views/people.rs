//! Pages about lecturers.

use super::{BookingLine, Choice, Line};
use crate::web::{Form, Page};
use askama::Template;

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

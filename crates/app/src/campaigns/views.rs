//! What the pages of campaigns show, as finished strings.

mod words;

pub use words::{Words, consents, countdown};

use super::forms::Form;
use super::rules::SlotKind;
use crate::web::Page;
use askama::Template;

/// One campaign of the list.
#[derive(Debug)]
pub struct Line {
    pub id: String,
    pub title: String,
    pub state: &'static str,
    pub state_name: String,
    pub run_by: String,
    pub period: String,
}

/// Campaigns that stand alike to the reader.
#[derive(Debug)]
pub struct Group {
    pub title: String,
    pub lines: Vec<Line>,
}

#[derive(Debug, Template)]
#[template(path = "campaigns/views/list.html")]
pub struct ListPage {
    pub p: Page,
    pub groups: Vec<Group>,
    pub next: String,
    pub may_create: bool,
}

#[derive(Debug, Template)]
#[template(path = "campaigns/views/new.html")]
pub struct NewPage {
    pub p: Page,
    pub f: Form,
    pub organisations: Vec<(String, String)>,
    pub fixed: bool,
}

/// A row of a table of levels.
#[derive(Debug)]
pub struct Level {
    pub row: usize,
    pub depth: i64,
    pub name: String,
}

/// A stage in words.
#[derive(Debug)]
pub struct StageLine {
    pub name: String,
    pub opens: String,
    pub closes: String,
    pub grace: String,
}

/// A category in words.
#[derive(Debug)]
pub struct CategoryLine {
    pub id: String,
    pub code: String,
    pub name: String,
    pub asked: Vec<String>,
    pub places: String,
}

/// A consent in words.
#[derive(Debug)]
pub struct ConsentLine {
    pub code: String,
    pub title: String,
    pub body: String,
    pub revision: i64,
    pub required: bool,
}

/// An extension in words.
#[derive(Debug)]
pub struct ExtensionLine {
    pub organisation: String,
    pub what: String,
    pub until: String,
    pub reason: String,
}

/// Somebody who alone acts, in words.
#[derive(Debug)]
pub struct NarrowedLine {
    pub id: String,
    pub role: String,
    pub organisation: String,
    pub name: String,
}

/// What the head of a campaign's page says.
#[derive(Debug)]
pub struct Head {
    pub id: String,
    pub title: String,
    pub code: String,
    pub theme: String,
    pub state: &'static str,
    pub state_name: String,
    pub run_by: String,
    pub version: i64,
    pub period: String,
}

/// The countdown to the end of what may be done.
#[derive(Debug, Default)]
pub struct Countdown {
    pub iso: String,
    pub days: i64,
    pub hours: i64,
    pub minutes: i64,
    pub seconds: i64,
}

#[derive(Debug, Template)]
#[template(path = "campaigns/views/show.html")]
pub struct ShowPage {
    pub p: Page,
    pub notice: String,
    pub head: Head,
    pub manages: bool,
    pub may_submit: bool,
    pub gate: String,
    pub gate_open: bool,
    pub countdown: Option<Countdown>,
    pub stages: Vec<StageLine>,
    pub categories: Vec<CategoryLine>,
    pub consents: Vec<ConsentLine>,
    pub extensions: Vec<ExtensionLine>,
}

/// A row of the table of quotas.
#[derive(Debug)]
pub struct QuotaLine {
    pub row: usize,
    pub category: String,
    pub category_name: String,
    pub depth: i64,
    pub level: String,
}

#[derive(Debug, Template)]
#[template(path = "campaigns/views/edit.html")]
pub struct EditPage {
    pub p: Page,
    pub notice: String,
    pub error: String,
    pub head: Head,
    pub f: Form,
    pub fixed: bool,
    pub short: bool,
    pub zone: String,
    pub categories: Vec<CategoryLine>,
    pub levels: Vec<Level>,
    pub quotas: Vec<QuotaLine>,
    pub consents: Vec<ConsentLine>,
    pub extensions: Vec<ExtensionLine>,
    pub narrowed: Vec<NarrowedLine>,
    /// What it asks of those who may hand in; empty while there is no category.
    pub burden: String,
    /// The same for each category.
    pub burdens: Vec<String>,
}

/// A slot of the editor of material rules.
#[derive(Debug)]
pub struct SlotForm {
    pub kind: &'static SlotKind,
    pub name: String,
}

#[derive(Debug, Template)]
#[template(path = "campaigns/views/category.html")]
pub struct CategoryPage {
    pub p: Page,
    pub error: String,
    pub head: Head,
    pub f: Form,
    pub action: String,
    pub slots: Vec<SlotForm>,
    pub removable: bool,
}

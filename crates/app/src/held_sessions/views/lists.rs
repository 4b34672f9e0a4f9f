//! The ledger, and what waits to be verified.

use super::{Choices, choices, coded, look, state_name};
use crate::held_sessions::{HeldSession, State};
use crate::i18n::Texts;
use crate::organisations::Tree;
use crate::web::Page;
use askama::Template;

/// A held session in a list.
#[derive(Debug)]
pub struct Line {
    /// Its page.
    pub href: String,
    /// What it was called.
    pub title: String,
    state: &'static str,
    state_name: String,
    facts: Vec<String>,
    /// What was counted, in words.
    pub(super) people: String,
    /// Why it was returned or voided.
    reason: String,
    /// Id and version, as a batch sends it.
    chosen: String,
}

/// A held session in a list.
pub fn line(texts: &Texts, tree: &Tree, one: &HeldSession) -> Line {
    let told = &one.told;
    let mut facts = vec![
        texts.time(told.held_at),
        tree.name(one.organisation),
        told.lecturer.clone(),
        coded(texts, "form", &told.form),
        coded(texts, "venue", &told.venue_kind),
        coded(texts, "topic", &told.topic),
    ];
    facts.retain(|fact| !fact.is_empty());
    Line {
        href: format!("/held-sessions/{}", one.id),
        title: told.title.clone(),
        state: look(one.state),
        state_name: state_name(texts, one.state),
        facts,
        people: texts.with("held-people", "n", told.people),
        reason: one.reason.clone(),
        chosen: format!("{}~{}", one.id, one.version),
    }
}

/// An option of a filter.
#[derive(Debug)]
pub struct Choice {
    /// As in the address.
    pub value: String,
    /// Its words.
    pub label: String,
    /// It is set.
    pub chosen: bool,
}

/// A filter with a few options.
#[derive(Debug)]
pub struct Filter {
    /// As in the address.
    pub name: &'static str,
    /// What it is called.
    pub label: String,
    /// Its options.
    pub options: Vec<Choice>,
}

/// The filters for states and codes, of which `set` tells what the address says.
pub fn filters<'a>(texts: &Texts, set: impl Fn(&str) -> &'a str) -> Vec<Filter> {
    let options = |name: &str, codes: Vec<(&str, String)>| {
        codes.into_iter().map(|(code, label)| Choice { value: code.to_owned(), label, chosen: set(name) == code }).collect()
    };
    let states = State::ALL.iter().map(|state| (state.code(), state_name(texts, *state))).collect();
    let mut filters = vec![Filter { name: "state", label: texts.s("field-state"), options: options("state", states) }];
    filters.extend(choices(texts).into_iter().map(|(field, label, codes): Choices| {
        let name = if field == "venue_kind" { "venue" } else { field };
        Filter { name, label, options: options(name, codes) }
    }));
    filters
}

/// `GET /held-sessions`
#[derive(Template)]
#[template(path = "held_sessions/views/ledger.html")]
pub struct LedgerPage {
    /// The frame.
    pub p: Page,
    /// What was done.
    pub notice: String,
    /// Filters with options.
    pub filters: Vec<Filter>,
    /// First day.
    pub from: String,
    /// Last day.
    pub to: String,
    /// Lecturer.
    pub lecturer: String,
    /// Campaign that a link narrowed to.
    pub campaign: String,
    /// Some filter is set.
    pub filtered: bool,
    /// The reader may record.
    pub may_record: bool,
    /// The reader may verify.
    pub may_verify: bool,
    /// The page.
    pub lines: Vec<Line>,
    /// Address of the first page; empty when this is it.
    pub first: String,
    /// Address of the next page; empty when there is none.
    pub next: String,
    /// Address of what is shown as text.
    pub csv: String,
    /// The filters that are set, for a workbook of what is shown.
    pub narrowing: Vec<(&'static str, String)>,
}

/// `GET /held-sessions/verification`
#[derive(Template)]
#[template(path = "held_sessions/views/verification.html")]
pub struct VerificationPage {
    /// The frame.
    pub p: Page,
    /// What was done.
    pub notice: String,
    /// Why something was not done.
    pub error: String,
    /// Organisations to narrow to.
    pub filters: Vec<Filter>,
    /// Some filter is set.
    pub filtered: bool,
    /// What waits.
    pub lines: Vec<Line>,
    /// Address of the first page; empty when this is it.
    pub first: String,
    /// Address of the next page; empty when there is none.
    pub next: String,
}

/// What a batch would change, before it is confirmed.
#[derive(Template)]
#[template(path = "held_sessions/views/preview.html")]
pub struct PreviewPage {
    /// The frame.
    pub p: Page,
    /// What it does, in a sentence.
    pub lead: String,
    /// Code of the verdict.
    pub verdict: &'static str,
    /// Words of the button.
    pub confirm: String,
    /// Why.
    pub reason: String,
    /// A reason is needed.
    pub needs_reason: bool,
    /// The chosen that still wait.
    pub lines: Vec<Line>,
    /// Chosen that do not wait any more, in words; empty for none.
    pub gone: String,
}

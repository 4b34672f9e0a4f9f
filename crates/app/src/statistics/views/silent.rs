//! Who held nothing, in finished strings.

use super::period_words;
use crate::organisations::lines::OrganisationLine;
use crate::statistics::silent::Silent;
use crate::web::{Page, percent_encode};
use askama::Template;

/// An organisation.
#[derive(Debug)]
pub struct Line {
    /// Its name.
    pub name: String,
    /// Those above it.
    pub path: String,
    /// Its code.
    pub code: String,
}

/// `GET /statistics/silent`
#[derive(Debug, Template)]
#[template(path = "statistics/views/silent.html")]
pub struct SilentPage {
    /// The frame.
    pub p: Page,
    /// The statistics that it came from.
    pub back: String,
    /// The period in words.
    pub period: String,
    /// How many.
    pub lead: String,
    /// Those of this page.
    pub lines: Vec<Line>,
    /// The text file.
    pub export: String,
    /// The next page; empty on the last.
    pub next: String,
}

impl SilentPage {
    /// Puts a page in words.
    pub fn new(p: Page, found: &Silent) -> Self {
        let line = |one: &OrganisationLine| Line { name: one.name.clone(), path: one.path.clone(), code: one.code.clone() };
        let here = found.choice.href("/statistics/silent");
        Self {
            back: found.choice.href("/statistics"),
            period: period_words(found.choice.period, &p),
            lead: p.with("silent-lead", "n", p.number(found.count as i64)),
            lines: found.page.items.iter().map(line).collect(),
            export: found.choice.href("/statistics/silent.csv"),
            next: found.page.next.as_ref().map(|after| format!("{here}&after={}", percent_encode(after))).unwrap_or_default(),
            p,
        }
    }
}

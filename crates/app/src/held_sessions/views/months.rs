//! Closed months and their adjustments.

use crate::web::{Form, Page};
use askama::Template;

/// A closed month.
#[derive(Debug)]
pub struct ClosedLine {
    /// `2026-10`.
    pub month: String,
    /// Who closed it.
    pub organisation: String,
    /// By whom and when, in words.
    pub closed: String,
}

/// A change in a closed month.
#[derive(Debug)]
pub struct AdjustmentLine {
    /// The day whose figures changed.
    pub day: String,
    /// Whose figures.
    pub organisation: String,
    /// Sessions more or fewer.
    pub sessions: String,
    /// People more or fewer.
    pub people: String,
    /// Why.
    pub reason: String,
    /// When.
    pub when: String,
    /// The held session.
    pub href: String,
}

/// `GET /held-sessions/months`
#[derive(Template)]
#[template(path = "held_sessions/views/months.html")]
pub struct MonthsPage {
    /// The frame.
    pub p: Page,
    /// What was done.
    pub notice: String,
    /// Why something was not done.
    pub error: String,
    /// The form that closes.
    pub f: Form,
    /// Whose months may be looked at: id, name.
    pub organisations: Vec<(String, String)>,
    /// The one that is looked at.
    pub organisation: String,
    /// Its name.
    pub name: String,
    /// The reader may close months here.
    pub may_close: bool,
    /// The latest first.
    pub closed: Vec<ClosedLine>,
    /// The latest last.
    pub adjustments: Vec<AdjustmentLine>,
}

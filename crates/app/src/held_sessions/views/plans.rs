//! Plans of a month.

use super::Filter;
use crate::held_sessions::rules::Outcome;
use crate::held_sessions::{HeldSession, Plan};
use crate::i18n::Texts;
use crate::organisations::Tree;
use crate::web::{Form, Page};
use askama::Template;
use jiff::tz::TimeZone;

/// A plan, or what was held without one.
#[derive(Debug)]
pub struct PlanLine {
    /// For sorting.
    pub day: i32,
    id: String,
    version: i64,
    title: String,
    outcome: &'static str,
    state: &'static str,
    outcome_name: String,
    facts: Vec<String>,
    why: String,
    /// The held session, where there is one.
    href: String,
    /// Where the form filled in from it is; empty when it cannot be recorded.
    record: String,
    may_change: bool,
    /// The fields of its form.
    f: Form,
}

const fn look(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Planned => "draft",
        Outcome::Held => "published",
        Outcome::Missed => "returned",
        Outcome::Cancelled => "withdrawn",
        Outcome::Added => "ready",
    }
}

fn shown(texts: &Texts, day: crate::deltas::Day, zone: &TimeZone) -> String {
    texts.date(day.start(zone))
}

/// A line of a plan.
pub fn plan_line(texts: &Texts, tree: &Tree, zone: &TimeZone, plan: &Plan, outcome: Outcome, may_change: bool) -> PlanLine {
    let mut f = Form::default();
    f.set("title", &plan.title);
    f.set("lecturer", &plan.lecturer);
    f.set("note", &plan.note);
    f.set("day", plan.day.date().map(|date| date.to_string()).unwrap_or_default());
    let open = matches!(outcome, Outcome::Planned | Outcome::Missed);
    let mut facts = vec![shown(texts, plan.day, zone), tree.name(plan.organisation), plan.lecturer.clone(), plan.note.clone()];
    facts.retain(|fact| !fact.is_empty());
    PlanLine {
        day: plan.day.0,
        id: plan.id.to_string(),
        version: plan.version,
        title: plan.title.clone(),
        outcome: outcome.code(),
        state: look(outcome),
        outcome_name: texts.coded("plan-outcome", outcome.code()),
        facts,
        why: plan.cancelled_why.clone().unwrap_or_default(),
        href: plan.held_session.map(|id| format!("/held-sessions/{id}")).unwrap_or_default(),
        record: if may_change && open { format!("/held-sessions/new?plan={}", plan.id) } else { String::new() },
        may_change: may_change && open,
        f,
    }
}

impl PlanLine {
    /// Of what was held without a plan.
    pub fn added(texts: &Texts, tree: &Tree, one: &HeldSession) -> Self {
        Self {
            day: one.day.0,
            id: String::new(),
            version: 0,
            title: one.told.title.clone(),
            outcome: Outcome::Added.code(),
            state: look(Outcome::Added),
            outcome_name: texts.coded("plan-outcome", Outcome::Added.code()),
            facts: vec![texts.time(one.told.held_at), tree.name(one.organisation), one.told.lecturer.clone()],
            why: String::new(),
            href: format!("/held-sessions/{}", one.id),
            record: String::new(),
            may_change: false,
            f: Form::default(),
        }
    }

    /// Code of what became of it.
    pub fn outcome(&self) -> &'static str {
        self.outcome
    }
}

/// `GET /held-sessions/plans`
#[derive(Template)]
#[template(path = "held_sessions/views/plans.html")]
pub struct PlansPage {
    /// The frame.
    pub p: Page,
    /// What was done.
    pub notice: String,
    /// Why something was not done.
    pub error: String,
    /// The form of a new plan, or of the one that was refused.
    pub f: Form,
    /// The month as `2026-11`.
    pub month: String,
    /// The month before and after.
    pub around: (String, String),
    /// Organisations to narrow to.
    pub filters: Vec<Filter>,
    /// How many of each outcome, in words.
    pub counts: Vec<String>,
    /// Who may plan: id, name.
    pub organisations: Vec<(String, String)>,
    /// In the order of their days.
    pub lines: Vec<PlanLine>,
}

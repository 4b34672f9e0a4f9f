//! What the pages of held sessions show, in finished strings.

mod bulk;
mod forms;
mod lists;
mod months;
mod plans;
mod show;

pub use bulk::{BlankPage, ExportPage};
pub use forms::{Choices, ConflictLine, FormPage, choices};
pub use lists::{Choice, Filter, LedgerPage, Line, PreviewPage, VerificationPage, filters, line};
pub use months::{AdjustmentLine, ClosedLine, MonthsPage};
pub use plans::{PlanLine, PlansPage, plan_line};
pub use show::{ShowPage, show};

use super::State;
use crate::i18n::Texts;
use crate::lessons::rules::{FORMS, LECTURER_KINDS, TOPICS};
use serde_json::Value;

/// How CSS knows a state: colours are shared with the states of other things.
const fn look(state: State) -> &'static str {
    match state {
        State::Registered => "in_review",
        State::Verified => "published",
        State::Returned => "returned",
        State::Void => "withdrawn",
    }
}

fn state_name(texts: &Texts, state: State) -> String {
    texts.coded("held-state", state.code())
}

/// The word of a code; empty for none.
fn coded(texts: &Texts, family: &str, code: &str) -> String {
    if code.is_empty() { String::new() } else { texts.coded(family, code) }
}

/// The value of a field as people read it.
pub fn said(texts: &Texts, field: &str, value: &Value) -> String {
    let text = match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => texts.number(number.as_i64().unwrap_or_default()),
        _ => String::new(),
    };
    let known = |family: &str, codes: &[&str]| if codes.contains(&text.as_str()) { texts.coded(family, &text) } else { text.clone() };
    match field {
        "lecturer_kind" => known("lecturer-kind", &LECTURER_KINDS),
        "form" => known("form", &FORMS),
        "venue_kind" => known("venue", &super::rules::VENUES),
        "topic" => known("topic", &TOPICS),
        "held_at" => text.replace('T', " "),
        _ => text,
    }
}

/// What a field is called.
pub fn field_name(texts: &Texts, field: &str) -> String {
    texts.s(&format!("field-{}", field.replace('_', "-")))
}

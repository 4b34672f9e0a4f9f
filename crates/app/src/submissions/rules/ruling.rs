//! What a verdict must say.

use crate::problem::FieldError;
use crate::submissions::{Remark, Verdict};
use kernel::Timestamp;
use serde::{Deserialize, Serialize};

/// Codes of the reasons for a return or a rejection; their words are `reason-CODE`.
pub const REASONS: [&str; 9] = ["incomplete", "picture", "sound", "content", "facts", "rights", "format", "duplicate", "other"];

/// Remarks of one verdict at most.
const MOST_REMARKS: usize = 100;
/// A due date lies at most so many days ahead.
const DUE_DAYS: i64 = 366;

/// What a holder can decide.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Decision {
    /// Send it on; at the top: choose it.
    Recommend,
    /// Send it back to its owner.
    Return,
    /// Keep it here.
    Keep,
    /// Refuse it.
    Reject,
}

impl Decision {
    /// All of them, in the order of the verdict bar.
    pub const ALL: [Self; 4] = [Self::Recommend, Self::Return, Self::Keep, Self::Reject];

    /// The stable code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Recommend => "recommend",
            Self::Return => "return",
            Self::Keep => "keep",
            Self::Reject => "reject",
        }
    }

    /// How the hop ends; `top` when the holder runs the campaign.
    pub const fn verdict(self, top: bool) -> Verdict {
        match self {
            Self::Recommend if top => Verdict::Selected,
            Self::Recommend => Verdict::Recommended,
            Self::Return => Verdict::Returned,
            Self::Keep => Verdict::Kept,
            Self::Reject => Verdict::Rejected,
        }
    }

    /// The move that it is.
    pub const fn mv(self, top: bool) -> super::Move {
        match self {
            Self::Recommend if top => super::Move::Select,
            Self::Recommend => super::Move::Recommend,
            Self::Return => super::Move::Return,
            Self::Keep => super::Move::Keep,
            Self::Reject => super::Move::Reject,
        }
    }
}

/// A verdict with its reasons.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Ruling {
    /// What was decided.
    pub decision: Decision,
    /// The opinion in words, at most 2,000 characters.
    #[serde(default)]
    pub note: String,
    /// Code of [`REASONS`]: needed for a return and a rejection, refused otherwise.
    #[serde(default)]
    pub reason: Option<String>,
    /// What should be changed; only with a return.
    #[serde(default)]
    pub remarks: Vec<Remark>,
    /// Until when it should come back, in milliseconds; only with a return.
    #[serde(default)]
    #[schema(value_type = Option<i64>)]
    pub due_at: Option<Timestamp>,
}

impl Ruling {
    /// A verdict without more words.
    pub fn plain(decision: Decision) -> Self {
        Self { decision, note: String::new(), reason: None, remarks: Vec::new(), due_at: None }
    }
}

/// What a ruling breaks; its free texts are checked by `texts`.
pub fn ruling_faults(ruling: &Ruling, now: Timestamp) -> Vec<FieldError> {
    let mut faults = Vec::new();
    let needs_reason = matches!(ruling.decision, Decision::Return | Decision::Reject);
    match ruling.reason.as_deref() {
        None if needs_reason => faults.push(FieldError::new("reason", "required", "", REASONS.join(", "))),
        Some(code) if !needs_reason => faults.push(FieldError::new("reason", "not-with-this-verdict", code, ruling.decision.code())),
        Some(code) if !REASONS.contains(&code) => faults.push(FieldError::new("reason", "one-of", code, REASONS.join(", "))),
        _ => {}
    }
    if ruling.decision != Decision::Return && !ruling.remarks.is_empty() {
        faults.push(FieldError::new("remarks", "not-with-this-verdict", ruling.remarks.len().to_string(), ruling.decision.code()));
    }
    if ruling.remarks.len() > MOST_REMARKS {
        faults.push(FieldError::new("remarks", "too-many", ruling.remarks.len().to_string(), MOST_REMARKS));
    }
    faults.extend(ruling.remarks.iter().enumerate().filter_map(|(n, r)| remark_fault(n, r)));
    faults.extend(ruling.due_at.and_then(|due| due_fault(ruling.decision, due, now)));
    faults
}

fn remark_fault(n: usize, remark: &Remark) -> Option<FieldError> {
    if let Some(at) = remark.at_ms.filter(|at| *at < 0) {
        return Some(FieldError::new(format!("remarks/{n}/at_ms"), "range", at.to_string(), "≥ 0"));
    }
    let unknown = remark.field.as_deref().filter(|f| !super::checklist::FIELDS.contains(f) && *f != "chapters" && *f != "script");
    unknown.map(|field| FieldError::new(format!("remarks/{n}/field"), "one-of", field, super::checklist::FIELDS.join(", ")))
}

fn due_fault(decision: Decision, due: Timestamp, now: Timestamp) -> Option<FieldError> {
    if decision != Decision::Return {
        return Some(FieldError::new("due_at", "not-with-this-verdict", due.to_string(), decision.code()));
    }
    let good = now < due && due <= now.plus_days(DUE_DAYS);
    (!good).then(|| FieldError::new("due_at", "due-date", due.to_string(), DUE_DAYS))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ruling(decision: Decision, reason: Option<&str>) -> Ruling {
        Ruling { reason: reason.map(str::to_owned), ..Ruling::plain(decision) }
    }

    fn remark(field: Option<&str>, at_ms: Option<i64>) -> Remark {
        Remark { field: field.map(str::to_owned), at_ms, text: "louder".into() }
    }

    #[test]
    fn rulings_follow_the_table() {
        let now = Timestamp(1_000);
        let back = || ruling(Decision::Return, Some("sound"));
        let table = [
            (ruling(Decision::Recommend, None), None),
            (ruling(Decision::Keep, None), None),
            (ruling(Decision::Recommend, Some("sound")), Some("reason")),
            (ruling(Decision::Return, None), Some("reason")),
            (ruling(Decision::Reject, None), Some("reason")),
            (ruling(Decision::Reject, Some("boring")), Some("reason")),
            (ruling(Decision::Reject, Some("rights")), None),
            (back(), None),
            (Ruling { remarks: vec![remark(Some("title"), None), remark(None, Some(61_000))], ..back() }, None),
            (Ruling { remarks: vec![remark(Some("titel"), None)], ..back() }, Some("remarks/0/field")),
            (Ruling { remarks: vec![remark(None, Some(-1))], ..back() }, Some("remarks/0/at_ms")),
            (Ruling { remarks: vec![remark(None, None); 101], ..back() }, Some("remarks")),
            (Ruling { remarks: vec![remark(None, None)], ..Ruling::plain(Decision::Keep) }, Some("remarks")),
            (Ruling { due_at: Some(Timestamp(1_001)), ..back() }, None),
            (Ruling { due_at: Some(Timestamp(1_000)), ..back() }, Some("due_at")),
            (Ruling { due_at: Some(now.plus_days(400)), ..back() }, Some("due_at")),
            (Ruling { due_at: Some(Timestamp(2_000)), ..Ruling::plain(Decision::Keep) }, Some("due_at")),
        ];
        for (ruling, want) in table {
            let faults = ruling_faults(&ruling, now);
            assert_eq!(faults.iter().map(|f| f.field.as_str()).next(), want, "{ruling:?}: {faults:?}");
            assert!(faults.len() <= 1, "{faults:?}");
        }
    }
}

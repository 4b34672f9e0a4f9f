//! Pure decisions about lecturers and bookings.

pub mod booking;
pub mod feed;
pub mod merging;
pub mod same;

pub use booking::{Move, Refusal, State, Times};
pub use same::{Why, plain};

use super::Fields;
use crate::problem::FieldError;
use crate::texts;

/// Codes of who speaks; words are `lecturer-kind-CODE` of the pack.
pub const LECTURER_KINDS: [&str; 5] = ["secretary", "official", "teacher", "model", "member"];
/// Codes of what it is about; words are `topic-CODE` of the pack.
pub const TOPICS: [&str; 8] = ["theory", "history", "law", "economy", "village", "service", "culture", "safety"];

/// Characters of a name.
pub const NAME_MAX: usize = 100;
/// Characters of a position.
pub const OCCUPATION_MAX: usize = 100;
/// Characters about a person.
pub const ABOUT_MAX: usize = 2_000;
/// Characters of a contact.
pub const CONTACT_MAX: usize = 200;
/// Characters of how somebody agreed.
pub const CONSENT_MAX: usize = 500;
/// Bytes of a photo.
pub const PHOTO_MAX: usize = 2 << 20;
/// Pixels of a photo's longer side.
pub const PHOTO_SIDE: u32 = 6_000;

/// The fields with their texts trimmed, or everything that is wrong with them.
pub fn checked(mut fields: Fields) -> Result<Fields, Vec<FieldError>> {
    let mut faults = Vec::new();
    let lines = [
        ("name", &mut fields.name, 1, NAME_MAX),
        ("occupation", &mut fields.occupation, 0, OCCUPATION_MAX),
        ("contact", &mut fields.contact, 0, CONTACT_MAX),
    ];
    for (name, value, min, max) in lines {
        if let Some(text) = value {
            keep(text, texts::check(name, text, min, max), &mut faults);
        }
    }
    if let Some(text) = &mut fields.about {
        keep(text, texts::check_lines("about", text, 0, ABOUT_MAX), &mut faults);
    }
    if let Some(kind) = fields.kind.as_deref() {
        faults.extend(code_fault("kind", kind, &LECTURER_KINDS));
    }
    if let Some(topics) = &mut fields.topics {
        topics.sort();
        topics.dedup();
        faults.extend(topics.iter().find_map(|topic| code_fault("topics", topic, &TOPICS)));
    }
    for (name, value) in [("term_from", &mut fields.term_from), ("term_to", &mut fields.term_to)] {
        if let Some(text) = value {
            keep(text, day(name, text), &mut faults);
        }
    }
    if let (Some(from), Some(to)) = (&fields.term_from, &fields.term_to)
        && let Some(fault) = term_fault(from, to)
    {
        faults.push(fault);
    }
    if faults.is_empty() { Ok(fields) } else { Err(faults) }
}

fn keep(text: &mut String, checked: Result<String, FieldError>, faults: &mut Vec<FieldError>) {
    match checked {
        Ok(trimmed) => *text = trimmed,
        Err(fault) => faults.push(fault),
    }
}

fn code_fault(name: &'static str, value: &str, known: &[&str]) -> Option<FieldError> {
    let rule = if value.is_empty() { "required" } else { "one-of" };
    (!known.contains(&value)).then(|| FieldError::new(name, rule, value, known.join(", ")))
}

/// A day as `2026-01-31`, or empty.
fn day(name: &str, text: &str) -> Result<String, FieldError> {
    let text = text.trim();
    let good = text.is_empty() || (text.len() == 10 && text.parse::<jiff::civil::Date>().is_ok_and(|d| (1900..=2200).contains(&d.year())));
    if good { Ok(text.to_owned()) } else { Err(FieldError::new(name, "day", text, "2026-11-20")) }
}

/// A term ends after it begins.
pub fn term_fault(from: &str, to: &str) -> Option<FieldError> {
    (!from.is_empty() && !to.is_empty() && to < from).then(|| FieldError::new("term_to", "term-order", to, from))
}

/// Whether somebody lectures on `day`, as far as the term says.
pub fn in_term(from: &str, to: &str, day: &str) -> bool {
    (from.is_empty() || from <= day) && (to.is_empty() || day <= to)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_broken_field_is_named() {
        let some = |text: &str| Some(text.to_owned());
        let table = [
            (Fields::default(), vec![]),
            (Fields { name: some(" 李桂芳 "), kind: some("teacher"), topics: Some(vec!["law".into()]), ..Fields::default() }, vec![]),
            (Fields { name: some(" "), ..Fields::default() }, vec!["name"]),
            (Fields { kind: some(""), ..Fields::default() }, vec!["kind"]),
            (Fields { topics: Some(vec!["law".into(), "x".into()]), ..Fields::default() }, vec!["topics"]),
            (Fields { term_from: some("2026-02-30"), ..Fields::default() }, vec!["term_from"]),
            (Fields { term_from: some("2026-02-03"), term_to: some("2026-02-02"), ..Fields::default() }, vec!["term_to"]),
            (Fields { contact: Some("x".repeat(201)), ..Fields::default() }, vec!["contact"]),
        ];
        for (fields, want) in table {
            let faults = checked(fields.clone()).err().unwrap_or_default();
            assert_eq!(faults.iter().map(|f| f.field.as_str()).collect::<Vec<_>>(), want, "{fields:?}");
        }
    }

    #[test]
    fn a_term_without_bounds_lasts() {
        let table =
            [("", "", true), ("2026-01-01", "", true), ("2026-06-02", "", false), ("", "2026-06-01", true), ("", "2026-05-31", false)];
        for (from, to, want) in table {
            assert_eq!(in_term(from, to, "2026-06-01"), want, "{from}–{to}");
        }
    }
}

//! Pure rules of a lesson's fields.

use super::{Chapter, LessonFields};
use crate::problem::FieldError;

pub use crate::lecturers::rules::{LECTURER_KINDS, TOPICS};

/// Codes of how it is told; words are `form-CODE` of the pack.
pub const FORMS: [&str; 5] = ["lecture", "story", "dialogue", "on-site", "micro"];

/// Most chapters of one lesson.
pub const MOST_CHAPTERS: usize = 200;
/// Most characters of a chapter's title.
pub const CHAPTER_TITLE: usize = 120;
/// Most people that can have listened.
const AUDIENCE: i64 = 100_000_000;

/// A text field: its name, and how many characters it may have at least and at most.
pub type TextLimit = (&'static str, usize, usize);
/// Limits of the free texts.
pub const TITLE: TextLimit = ("title", 1, 200);
/// Of the lecturer's name.
pub const LECTURER: TextLimit = ("lecturer", 0, 100);
/// Of the abstract.
pub const ABSTRACT: TextLimit = ("abstract", 0, 2_000);
/// Of the script.
pub const SCRIPT: TextLimit = ("script", 0, 60_000);

/// What the coded and numeric fields break; free texts are checked by `texts::check`.
pub fn faults(fields: &LessonFields) -> Vec<FieldError> {
    let coded =
        [("lecturer_kind", &fields.lecturer_kind, &LECTURER_KINDS[..]), ("topic", &fields.topic, &TOPICS), ("form", &fields.form, &FORMS)];
    let mut faults: Vec<_> = coded.into_iter().filter_map(|(name, value, known)| code_fault(name, value.as_deref()?, known)).collect();
    faults.extend(fields.held_on.as_deref().and_then(day_fault));
    faults.extend(
        fields
            .audience
            .flatten()
            .filter(|n| !(0..=AUDIENCE).contains(n))
            .map(|n| FieldError::new("audience", "range", n.to_string(), format!("0–{AUDIENCE}"))),
    );
    faults.extend(fields.chapters.as_deref().map(chapter_faults).unwrap_or_default());
    faults
}

fn code_fault(name: &'static str, value: &str, known: &[&str]) -> Option<FieldError> {
    (!value.is_empty() && !known.contains(&value)).then(|| FieldError::new(name, "one-of", value, known.join(", ")))
}

fn day_fault(day: &str) -> Option<FieldError> {
    let good = day.is_empty() || (day.len() == 10 && day.parse::<jiff::civil::Date>().is_ok_and(|d| (1900..=2200).contains(&d.year())));
    (!good).then(|| FieldError::new("held_on", "day", day, "2026-11-20"))
}

/// Chapters rise in time, and there are not too many.
pub fn chapter_faults(chapters: &[Chapter]) -> Vec<FieldError> {
    let mut faults = Vec::new();
    if chapters.len() > MOST_CHAPTERS {
        faults.push(FieldError::new("chapters", "too-many", chapters.len().to_string(), MOST_CHAPTERS));
    }
    let rises = chapters.first().is_none_or(|c| c.at_ms >= 0) && chapters.windows(2).all(|pair| pair[0].at_ms < pair[1].at_ms);
    if !rises {
        faults.push(FieldError::new("chapters", "chapters-rise", "", ""));
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chapter(at_ms: i64) -> Chapter {
        Chapter { at_ms, title: "t".into() }
    }

    #[test]
    fn each_broken_field_is_named() {
        let some = |text: &str| Some(text.to_owned());
        let table = [
            (LessonFields::default(), vec![]),
            (LessonFields { topic: some("history"), form: some(""), held_on: some("2026-11-20"), ..Default::default() }, vec![]),
            (LessonFields { topic: some("x"), ..Default::default() }, vec!["topic"]),
            (LessonFields { held_on: some("2026-02-30"), ..Default::default() }, vec!["held_on"]),
            (LessonFields { held_on: some("20261120"), ..Default::default() }, vec!["held_on"]),
            (LessonFields { audience: Some(Some(-1)), ..Default::default() }, vec!["audience"]),
            (LessonFields { audience: Some(None), ..Default::default() }, vec![]),
            (LessonFields { chapters: Some(vec![chapter(0), chapter(5)]), ..Default::default() }, vec![]),
            (LessonFields { chapters: Some(vec![chapter(5), chapter(5)]), ..Default::default() }, vec!["chapters"]),
            (LessonFields { chapters: Some(vec![chapter(-1)]), ..Default::default() }, vec!["chapters"]),
        ];
        for (fields, want) in table {
            assert_eq!(faults(&fields).iter().map(|f| f.field.as_str()).collect::<Vec<_>>(), want, "{fields:?}");
        }
    }
}

//! The editor of a draft and its checklist.

use super::journey::RemarkLine;
use super::slots::SlotView;
use super::{ChecklistView, Choice, Said, Step, words};
use crate::campaigns::{Category, Consent};
use crate::i18n::Texts;
use crate::lessons::rules::{FORMS, LECTURER_KINDS, TOPICS};
use crate::lessons::{Chapter, Lesson, LessonId};
use crate::problem::FieldError;
use crate::recordings::Caption;
use crate::submissions::rules::{Checklist, Item, ItemKind};
use crate::submissions::{ConsentGiven, SubmissionId};
use crate::web::Page;
use askama::Template;

/// The page.
#[derive(Debug, Template)]
#[template(path = "submissions/views/editor.html")]
pub struct EditorPage {
    /// The frame.
    pub p: Page,
    /// What was just done, or why not.
    pub said: Said,
    /// The submission.
    pub id: SubmissionId,
    /// Its lesson, for uploads.
    pub lesson: LessonId,
    /// Campaign and category.
    pub crumb: String,
    /// Of the lesson.
    pub title: String,
    /// When it was last saved.
    pub saved_at: String,
    /// Until when it can be handed in.
    pub deadline: String,
    /// The versions that this page shows.
    pub version: String,
    /// Who else has it open; empty for nobody.
    pub others: String,
    /// Why it came back.
    pub returned: Option<Returned>,
    /// The fields.
    pub draft: DraftFields,
    /// What is asked for, slot by slot.
    pub slots: Vec<SlotView>,
    /// How long the script may be.
    pub script_help: String,
    /// What is to be agreed to.
    pub consents: Vec<ConsentLine>,
    /// What is still missing.
    pub checklist: ChecklistView,
    /// Captions that are there.
    pub captions: Vec<CaptionLine>,
}

/// Why a submission came back.
#[derive(Debug, Clone)]
pub struct Returned {
    /// Who returned it, and until when it should be back.
    pub title: String,
    /// Reason and opinion.
    pub note: String,
    /// Field by field, moment by moment.
    pub remarks: Vec<RemarkLine>,
}

/// The fields of the form as they are filled in.
#[derive(Debug, Clone, Default)]
pub struct DraftFields {
    /// What it is called.
    pub title: String,
    /// Who speaks.
    pub lecturer: String,
    /// The person who speaks, as the field of proposals writes it; empty for nobody.
    pub lecturer_link: String,
    /// Whom the field proposes.
    pub lecturers: Vec<String>,
    /// By kind.
    pub lecturer_kinds: Vec<Choice>,
    /// What it is about.
    pub topics: Vec<Choice>,
    /// How it is told.
    pub forms: Vec<Choice>,
    /// `2026-11-20`, or empty.
    pub held_on: String,
    /// A number, or empty.
    pub audience: String,
    /// A few sentences.
    pub abstract_: String,
    /// The text as spoken.
    pub script: String,
    /// One chapter a line.
    pub chapters: String,
}

impl DraftFields {
    /// The fields of a lesson.
    pub fn of(texts: &Texts, lesson: &Lesson) -> Self {
        Self {
            title: lesson.title.clone(),
            lecturer: lesson.lecturer.clone(),
            lecturer_link: String::new(),
            lecturers: Vec::new(),
            lecturer_kinds: coded(texts, "lecturer-kind", &LECTURER_KINDS, &lesson.lecturer_kind),
            topics: coded(texts, "topic", &TOPICS, &lesson.topic),
            forms: coded(texts, "form", &FORMS, &lesson.form),
            held_on: lesson.held_on.clone(),
            audience: lesson.audience.map(|n| n.to_string()).unwrap_or_default(),
            abstract_: lesson.abstract_.clone(),
            script: lesson.script.clone(),
            chapters: chapter_lines(texts, &lesson.chapters),
        }
    }
}

fn coded(texts: &Texts, kind: &str, codes: &[&str], now: &str) -> Vec<Choice> {
    codes.iter().map(|code| Choice::new(*code, words::coded(texts, kind, code), now)).collect()
}

fn chapter_lines(texts: &Texts, chapters: &[Chapter]) -> String {
    chapters.iter().map(|c| format!("{} {}", texts.duration(c.at_ms), c.title)).collect::<Vec<_>>().join("\n")
}

/// The checklist alone, for renewal.
#[derive(Debug, Template)]
#[template(path = "submissions/views/parts/checklist.html")]
pub struct ChecklistFragment {
    /// The frame, for icons and words.
    pub p: Page,
    /// What is still missing.
    pub checklist: ChecklistView,
}

/// How long the script may be; empty when nothing bounds it.
pub fn script_help(texts: &Texts, category: &Category) -> String {
    let rule = category.rules.slots.iter().find(|s| s.min_chars.is_some() || s.max_chars.is_some());
    let number = |n: Option<u32>| texts.number(i64::from(n.unwrap_or(0)));
    match rule.map(|r| (r.min_chars, r.max_chars)) {
        Some((Some(_), Some(_))) => {
            let rule = rule.map(|r| (number(r.min_chars), number(r.max_chars))).unwrap_or_default();
            texts.args("script-between", &[("least", rule.0), ("most", rule.1)])
        }
        Some((least @ Some(_), None)) => texts.with("script-at-least", "least", number(least)),
        Some((None, most @ Some(_))) => texts.with("script-at-most", "most", number(most)),
        _ => texts.s("script-free"),
    }
}

/// A text that is to be agreed to.
#[derive(Debug, Clone)]
pub struct ConsentLine {
    /// Its code.
    pub code: String,
    /// What it is about.
    pub title: String,
    /// The text.
    pub body: String,
    /// Which revision.
    pub revision: String,
    /// Nothing can be submitted without it.
    pub required: bool,
    /// It was given for this revision.
    pub given: bool,
}

impl ConsentLine {
    /// A text and whether it was agreed to.
    pub fn new(texts: &Texts, consent: &Consent, given: &[ConsentGiven]) -> Self {
        Self {
            code: consent.code.clone(),
            title: consent.title.clone(),
            body: consent.body.clone(),
            revision: texts.with("consent-revision", "revision", consent.revision),
            required: consent.required,
            given: given.iter().any(|g| g.code == consent.code && g.revision == consent.revision),
        }
    }
}

/// Captions that are there.
#[derive(Debug, Clone)]
pub struct CaptionLine {
    /// What menus call them.
    pub label: String,
    /// BCP 47 tag.
    pub language: String,
}

impl CaptionLine {
    /// Captions in one language.
    pub fn of(caption: &Caption) -> Self {
        Self { label: caption.label.clone(), language: caption.language.clone() }
    }
}

/// The checklist with links into the form at `page` (empty for the same page).
pub fn checklist(texts: &Texts, list: &Checklist, consents: &[Consent], page: &str) -> ChecklistView {
    let items: Vec<_> = list
        .items
        .iter()
        .filter(|item| item.required || item.done || !item.problems.is_empty())
        .map(|item| step(texts, item, consents, page))
        .collect();
    let missing = items.iter().filter(|s| s.state != "done").count();
    ChecklistView { complete: list.is_complete(), missing, items }
}

fn step(texts: &Texts, item: &Item, consents: &[Consent], page: &str) -> Step {
    let (name, anchor) = match item.kind {
        ItemKind::Field => (words::field(texts, &item.name), format!("f-{}", item.name)),
        ItemKind::Slot => (words::slot(texts, &item.name), format!("f-{}", item.name)),
        ItemKind::Script => (words::field(texts, "script"), "f-script".into()),
        ItemKind::Consent => {
            let title = consents.iter().find(|c| c.code == item.name).map_or_else(|| item.name.clone(), |c| c.title.clone());
            (title, format!("f-consent-{}", item.name))
        }
    };
    let missing = item.problems.iter().all(|p| matches!(p.rule, "required" | "file-missing" | "consent-missing"));
    let state = if item.done {
        "done"
    } else if missing {
        "missing"
    } else {
        "wrong"
    };
    let detail = if state == "wrong" { item.problems.iter().map(|p| fault(texts, p)).collect::<Vec<_>>().join(" ") } else { String::new() };
    let href = if item.done { String::new() } else { format!("{page}#{anchor}") };
    Step::new(state, name, href, detail)
}

fn fault(texts: &Texts, fault: &FieldError) -> String {
    texts.args(&format!("rule-{}", fault.rule), &[("found", fault.found.clone()), ("wanted", fault.wanted.clone())])
}

//! The editor of a draft, its checklist and its files.

use super::journey::RemarkLine;
use super::{ChecklistView, Choice, Said, Step, words};
use crate::campaigns::{Category, Consent, SlotRule};
use crate::i18n::Texts;
use crate::lessons::rules::{FORMS, LECTURER_KINDS, TOPICS};
use crate::lessons::{Chapter, Lesson, LessonId};
use crate::problem::FieldError;
use crate::recordings::{Caption, Material, MaterialState};
use crate::submissions::rules::{Checklist, Item, ItemKind};
use crate::submissions::{ConsentGiven, SubmissionId};
use crate::web::Page;
use askama::Template;
use serde_json::json;

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

/// What one slot asks for and what is there.
#[derive(Debug, Clone)]
pub struct SlotView {
    /// Its code.
    pub code: String,
    /// What people call it.
    pub name: String,
    /// Nothing can be submitted without it.
    pub required: bool,
    /// What to do.
    pub invitation: String,
    /// What is wanted, in a sentence.
    pub wanted: String,
    /// File endings for the file chooser.
    pub accept: String,
    /// JSON for the look at the file before it is sent.
    pub rules: String,
    /// Seconds between looks at what became of the files; 0 for never.
    pub refresh_s: i64,
    /// The files.
    pub uploads: Uploads,
}

/// The files of a slot.
#[derive(Debug, Clone)]
pub struct Uploads {
    /// Some are still being worked on.
    pub running: bool,
    /// Newest last.
    pub files: Vec<UploadedFile>,
}

/// One uploaded file.
#[derive(Debug, Clone)]
pub struct UploadedFile {
    /// Name of the icon.
    pub icon: &'static str,
    /// As its owner named it.
    pub name: String,
    /// Version, size, length, picture.
    pub facts: String,
    /// Code of the badge's colour.
    pub state: &'static str,
    /// The state in words.
    pub badge: String,
    /// How far the work on it is.
    pub percent: Option<i64>,
    /// What is being done.
    pub note: String,
    /// SHA-256; empty until it is known.
    pub hash: String,
    /// The rules that it breaks.
    pub problems: Vec<RuleLine>,
}

/// One broken rule.
#[derive(Debug, Clone)]
pub struct RuleLine {
    /// Which file or field.
    pub title: String,
    /// The value found and the value wanted.
    pub detail: String,
}

/// The list of files alone, for renewal.
#[derive(Debug, Template)]
#[template(path = "submissions/views/uploads.html")]
pub struct UploadsFragment {
    /// The frame, for icons and words.
    pub p: Page,
    /// The files.
    pub uploads: Uploads,
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

/// What is being made of a file, as far as jobs tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Making {
    /// Nothing is under way.
    Idle,
    /// So many percent are done.
    Running(i64),
    /// It can be played.
    Playable,
}

impl Uploads {
    /// The files of `slot`, with what is being made of each.
    pub fn of(texts: &Texts, files: &[(Material, Making, Vec<FieldError>)]) -> Self {
        let running = files.iter().any(|(m, making, _)| m.state == MaterialState::Checking || matches!(making, Making::Running(_)));
        Self { running, files: files.iter().map(|(m, making, faults)| uploaded(texts, m, *making, faults)).collect() }
    }
}

fn uploaded(texts: &Texts, m: &Material, making: Making, faults: &[FieldError]) -> UploadedFile {
    let (state, key) = match m.state {
        MaterialState::Checking => ("running", "file-checking"),
        MaterialState::Refused => ("failed", "file-refused"),
        MaterialState::Ready if !faults.is_empty() => ("failed", "file-unfit"),
        MaterialState::Ready => ("ready", "file-ready"),
    };
    let note = match making {
        Making::Running(_) => texts.s("file-making"),
        Making::Playable if m.slot == "video" => texts.s("file-playable"),
        _ if m.state == MaterialState::Checking => texts.s("file-checking-note"),
        _ if m.sent_sha256.is_some() => texts.s("file-cleaned"),
        _ => String::new(),
    };
    let refused = m.problems.iter().map(|p| rule_line(texts, &p.rule, &p.found, &p.wanted));
    let unfit = faults.iter().map(|f| rule_line(texts, f.rule, &f.found, &f.wanted));
    UploadedFile {
        icon: if m.slot == "video" { "file-video" } else { "file-text" },
        name: m.filename.clone(),
        facts: facts(texts, m),
        state,
        badge: texts.s(key),
        percent: if let Making::Running(percent) = making { Some(percent) } else { None },
        note,
        hash: m.sha256.clone().unwrap_or_default(),
        problems: refused.chain(unfit).collect(),
    }
}

fn rule_line(texts: &Texts, rule: &str, found: &str, wanted: &str) -> RuleLine {
    let detail = texts.args(&format!("rule-{rule}"), &[("found", found.to_owned()), ("wanted", wanted.to_owned())]);
    RuleLine { title: texts.s("file-breaks"), detail }
}

fn facts(texts: &Texts, m: &Material) -> String {
    let mut facts = vec![texts.bytes(m.bytes)];
    if let Some(source) = &m.source {
        facts.push(texts.duration(i64::try_from(source.duration_ms).unwrap_or(i64::MAX)));
        facts.extend(source.video.as_ref().map(|v| format!("{}×{}", v.width, v.height)));
    }
    if m.slot == "video" {
        facts.push(words::coded(texts, "variant", m.variant.code()));
    }
    facts.push(texts.time(m.created_at));
    facts.join(" · ")
}

impl SlotView {
    /// A slot of a category.
    pub fn new(texts: &Texts, rule: &SlotRule, uploads: Uploads) -> Self {
        Self {
            code: rule.slot.clone(),
            name: words::slot(texts, &rule.slot),
            required: rule.required,
            invitation: texts.s(if uploads.files.is_empty() { "upload-choose" } else { "upload-another" }),
            wanted: wanted(texts, rule),
            accept: rule.kinds.iter().map(|kind| format!(".{kind}")).collect::<Vec<_>>().join(","),
            rules: precheck(rule),
            refresh_s: if uploads.running { 3 } else { 0 },
            uploads,
        }
    }
}

/// The rules that a browser can look at, as the attribute of the upload element.
fn precheck(rule: &SlotRule) -> String {
    let mut rules = json!({ "containers": rule.kinds });
    let bounds = [
        ("max_bytes", rule.max_bytes),
        ("min_seconds", rule.min_seconds.map(u64::from)),
        ("max_seconds", rule.max_seconds.map(u64::from)),
        ("min_width", rule.min_width.map(u64::from)),
        ("min_height", rule.min_height.map(u64::from)),
    ];
    for (name, bound) in bounds {
        if let Some(bound) = bound {
            rules[name] = bound.into();
        }
    }
    if rule.aspect.as_deref().and_then(|a| a.split_once(':')).is_some_and(|(w, h)| w.parse::<u32>().ok() > h.parse().ok()) {
        rules["landscape"] = true.into();
    }
    rules.to_string()
}

/// What a slot wants, in one sentence of short parts.
fn wanted(texts: &Texts, rule: &SlotRule) -> String {
    let minutes = |seconds: u32| texts.duration(i64::from(seconds) * 1000);
    let mut parts = vec![rule.kinds.iter().map(|k| k.to_uppercase()).collect::<Vec<_>>().join(", ")];
    match (rule.min_seconds, rule.max_seconds) {
        (Some(least), Some(most)) => parts.push(texts.args("wanted-between", &[("least", minutes(least)), ("most", minutes(most))])),
        (Some(least), None) => parts.push(texts.with("wanted-at-least", "least", minutes(least))),
        (None, Some(most)) => parts.push(texts.with("wanted-at-most", "most", minutes(most))),
        (None, None) => {}
    }
    if let (Some(width), Some(height)) = (rule.min_width, rule.min_height) {
        parts.push(texts.with("wanted-at-least", "least", format!("{width}×{height}")));
    }
    parts.extend(rule.aspect.clone());
    if let Some(bytes) = rule.max_bytes {
        parts.push(texts.with("wanted-at-most", "most", texts.bytes(i64::try_from(bytes).unwrap_or(i64::MAX))));
    }
    if rule.most > 1 {
        parts.push(texts.with("wanted-files", "most", rule.most));
    }
    parts.retain(|part| !part.is_empty());
    parts.join(" · ")
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

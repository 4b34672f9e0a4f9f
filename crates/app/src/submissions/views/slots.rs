//! The files of a draft: what each slot asks for, version by version, and what is there.

use super::words;
use crate::campaigns::SlotRule;
use crate::campaigns::rules::codec_name;
use crate::i18n::Texts;
use crate::problem::FieldError;
use crate::recordings::{Material, MaterialId, MaterialState, Variant, rules};
use crate::submissions::SubmissionId;
use crate::web::Page;
use askama::Template;
use serde_json::json;

/// What one slot asks for and what is there.
#[derive(Debug, Clone)]
pub struct SlotView {
    /// Its code.
    pub code: String,
    /// What people call it.
    pub name: String,
    /// Nothing can be submitted without it.
    pub required: bool,
    /// What its versions are for; empty when there is but one.
    pub help: String,
    /// What is wanted, in a sentence.
    pub wanted: String,
    /// File endings for the file chooser.
    pub accept: String,
    /// JSON for the look at the file before it is sent.
    pub rules: String,
    /// How a file is sent without script, and how large it may be.
    pub plain_help: String,
    /// As filmed, polished, for broadcast; one without a name where a slot has no versions.
    pub versions: Vec<VersionView>,
}

/// One version of what a slot takes.
#[derive(Debug, Clone)]
pub struct VersionView {
    /// Code of the variant.
    pub code: &'static str,
    /// What people call it; empty where a slot has no versions.
    pub name: String,
    /// What to do.
    pub invitation: String,
    /// The way to upload it is folded away: most lessons never have it.
    pub folded: bool,
    /// Where the list of its files is renewed.
    pub refresh: String,
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
    /// What to say of a version without files; empty where nothing need be said.
    pub none: String,
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
    /// Of several versions, reviewers and viewers see this one.
    pub shown: bool,
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

impl SlotView {
    /// A slot of a category with its files; `most` is the size up to which one is taken without script.
    pub fn new(texts: &Texts, id: SubmissionId, rule: &SlotRule, files: &[Examined], shown: Option<MaterialId>, most: u64) -> Self {
        let all: &[Variant] = if has_versions(&rule.slot) { &Variant::ALL } else { &[Variant::Field] };
        Self {
            code: rule.slot.clone(),
            name: words::slot(texts, &rule.slot),
            required: rule.required,
            help: if all.len() > 1 { texts.s("versions-help") } else { String::new() },
            wanted: wanted(texts, rule),
            accept: rule.kinds.iter().map(|kind| format!(".{kind}")).collect::<Vec<_>>().join(","),
            rules: precheck(rule),
            plain_help: texts.with("upload-plain-help", "most", texts.bytes(most.cast_signed())),
            versions: all.iter().map(|variant| VersionView::new(texts, id, &rule.slot, *variant, files, shown)).collect(),
        }
    }
}

/// Whether a lesson may have several versions of what a slot takes.
fn has_versions(slot: &str) -> bool {
    rules::slot(slot).is_some_and(|slot| slot.takes == rules::Takes::Media)
}

impl VersionView {
    /// One version of a slot, with those of `files` that are of it.
    pub fn new(texts: &Texts, id: SubmissionId, slot: &str, variant: Variant, files: &[Examined], shown: Option<MaterialId>) -> Self {
        let (code, several) = (variant.code(), has_versions(slot));
        let own: Vec<_> = files.iter().filter(|(m, _, _)| !several || m.variant == variant).collect();
        let mut uploads = Uploads::of(texts, &own, shown.filter(|_| several));
        let (folded, there) = (variant != Variant::Field, !own.is_empty());
        if folded && !there {
            uploads.none = texts.s("version-none");
        }
        Self {
            code,
            name: if several { words::coded(texts, "variant", code) } else { String::new() },
            invitation: texts.s(&match (folded, there) {
                (true, true) => format!("version-replace-{code}"),
                (true, false) => format!("version-upload-{code}"),
                (false, true) => "upload-another".to_owned(),
                (false, false) => "upload-choose".to_owned(),
            }),
            folded,
            refresh: format!("/submissions/{id}/files/{slot}?variant={code}"),
            refresh_s: if uploads.running { 3 } else { 0 },
            uploads,
        }
    }
}

/// A file with what is being made of it and the rules that it breaks.
pub type Examined = (Material, Making, Vec<FieldError>);

impl Uploads {
    /// The files of one version of a slot; `shown` is the recording that reviewers and viewers see.
    pub fn of(texts: &Texts, files: &[&Examined], shown: Option<MaterialId>) -> Self {
        let running = files.iter().any(|(m, making, _)| m.state == MaterialState::Checking || matches!(making, Making::Running(_)));
        let files =
            files.iter().map(|(m, making, faults)| UploadedFile { shown: shown == Some(m.id), ..uploaded(texts, m, *making, faults) });
        Self { running, files: files.collect(), none: String::new() }
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
        shown: false,
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
    facts.push(texts.time(m.created_at));
    facts.join(" · ")
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
    let codecs = |codes: &[String]| codes.iter().map(|code| codec_name(code)).collect::<Vec<_>>().join(" / ");
    parts.extend([codecs(&rule.video_codecs), codecs(&rule.audio_codecs)]);
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

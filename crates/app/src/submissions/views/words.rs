//! Words that several pages share: states, deadlines, sizes, codes of the vocabulary pack.

use super::{Answer, FileLine};
use crate::campaigns::rules::Gate;
use crate::i18n::Texts;
use crate::lessons::Lesson;
use crate::submissions::{FileSeen, State};
use kernel::Timestamp;
use serde_json::Value;

/// A deadline nearer than this is urgent.
const URGENT_MS: i64 = 48 * 3_600_000;

/// A state in words.
pub fn state(texts: &Texts, state: State) -> String {
    texts.s(&format!("state-{}", dashed(state.code())))
}

/// A code as keys of translations have it.
pub fn dashed(code: &str) -> String {
    code.replace('_', "-")
}

/// The word for a code of the vocabulary pack; the code itself when the pack has none, nothing for none.
pub fn coded(texts: &Texts, kind: &str, code: &str) -> String {
    let key = format!("{kind}-{code}");
    if code.is_empty() {
        String::new()
    } else if texts.has(&key) {
        texts.s(&key)
    } else {
        code.to_owned()
    }
}

/// Name of a field of the lesson.
pub fn field(texts: &Texts, name: &str) -> String {
    let key = format!("field-{}", dashed(name));
    if texts.has(&key) { texts.s(&key) } else { name.to_owned() }
}

/// Name of a slot.
pub fn slot(texts: &Texts, code: &str) -> String {
    coded(texts, "slot", code)
}

/// `until` with how long that is: "in 5 hours · 30 Nov 2026 18:00 (UTC+8)".
pub fn deadline(texts: &Texts, until: Timestamp, now: Timestamp) -> String {
    format!("{} · {}", remaining(texts, until, now), texts.time(until))
}

/// How long until `until`, in one unit: "in 5 hours", "in 3 days", "over".
pub fn remaining(texts: &Texts, until: Timestamp, now: Timestamp) -> String {
    let left = until - now;
    if left <= 0 {
        texts.s("time-over")
    } else if left < 3_600_000 {
        texts.with("time-minutes", "n", left.div_euclid(60_000) + 1)
    } else if left < URGENT_MS {
        texts.with("time-hours", "n", left / 3_600_000)
    } else {
        texts.with("time-days", "n", left / Timestamp::DAY_MS)
    }
}

/// Whether a deadline deserves a colour.
pub fn is_urgent(until: Timestamp, now: Timestamp) -> bool {
    until - now < URGENT_MS
}

/// What a gate means for the reader.
pub fn gate(texts: &Texts, gate: Gate, now: Timestamp) -> String {
    match gate {
        Gate::NotYet { opens_at } => texts.with("gate-not-yet", "at", texts.time(opens_at)),
        Gate::Open { until } => texts.with("gate-open", "until", deadline(texts, until, now)),
        Gate::Grace { until } => texts.with("gate-grace", "until", deadline(texts, until, now)),
        Gate::Closed { at: Timestamp(0) } => texts.s("gate-never"),
        Gate::Closed { at } => texts.with("gate-closed", "at", texts.time(at)),
    }
}

/// The fields of a lesson as a reviewer reads them.
pub fn answers(texts: &Texts, lesson: &Lesson) -> Vec<Answer> {
    let audience = lesson.audience.map(|n| texts.number(n)).unwrap_or_default();
    let chapters = lesson.chapters.iter().map(|c| format!("{}  {}", texts.duration(c.at_ms), c.title)).collect::<Vec<_>>().join("\n");
    let all = [
        ("lecturer", lesson.lecturer.clone(), false),
        ("lecturer_kind", coded(texts, "lecturer-kind", &lesson.lecturer_kind), false),
        ("topic", coded(texts, "topic", &lesson.topic), false),
        ("form", coded(texts, "form", &lesson.form), false),
        ("held_on", lesson.held_on.clone(), false),
        ("audience", audience, false),
        ("abstract", lesson.abstract_.clone(), true),
        ("chapters", chapters, true),
        ("script", lesson.script.clone(), true),
    ];
    all.into_iter().map(|(name, value, long)| Answer { name: field(texts, name), value, long }).collect()
}

/// The answers of a revision, as they were handed in.
pub fn revision_answers(texts: &Texts, answers: &Value) -> Vec<Answer> {
    const ORDER: [&str; 9] = ["lecturer", "lecturer_kind", "topic", "form", "held_on", "audience", "abstract", "chapters", "script"];
    let long = |name: &str| matches!(name, "abstract" | "chapters" | "script");
    ORDER.iter().map(|name| Answer { name: field(texts, name), value: value(texts, name, &answers[*name]), long: long(name) }).collect()
}

/// One stored value as people read it.
pub fn value(texts: &Texts, name: &str, value: &Value) -> String {
    let kind = match name {
        "lecturer_kind" => "lecturer-kind",
        "topic" => "topic",
        "form" => "form",
        _ => "",
    };
    match value {
        Value::String(code) if !kind.is_empty() => coded(texts, kind, code),
        Value::String(text) => text.clone(),
        Value::Number(n) => n.as_i64().map_or_else(|| n.to_string(), |n| texts.number(n)),
        Value::Array(chapters) => chapters.iter().map(|c| chapter(texts, c)).collect::<Vec<_>>().join("\n"),
        _ => String::new(),
    }
}

fn chapter(texts: &Texts, chapter: &Value) -> String {
    format!("{}  {}", texts.duration(chapter["at_ms"].as_i64().unwrap_or(0)), chapter["title"].as_str().unwrap_or_default())
}

/// A file of a revision.
pub fn file(texts: &Texts, seen: &FileSeen) -> FileLine {
    let mut facts = vec![slot(texts, &seen.slot)];
    if seen.slot == "video" {
        facts.push(coded(texts, "variant", &seen.variant));
    }
    facts.push(texts.bytes(seen.bytes));
    FileLine {
        name: seen.filename.clone(),
        facts: facts.join(" · "),
        hash: seen.sha256.clone(),
        sent_hash: seen.sent_sha256.clone().unwrap_or_default(),
    }
}

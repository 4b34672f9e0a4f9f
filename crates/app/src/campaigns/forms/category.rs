//! The fields of a category: its name, and for each slot what is to be handed in.

use super::{Form, Reader};
use crate::campaigns::input::CategoryFields;
use crate::campaigns::rules::SLOTS;
use crate::campaigns::{Category, MaterialRules, SlotRule};
use crate::problem::FieldError;

/// Fills the fields of a category.
pub fn fill_category(form: &mut Form, category: &Category) {
    form.set("code", &category.code);
    form.set("name", &category.name);
    form.set("position", category.position);
    for rule in &category.rules.slots {
        fill_slot(form, rule);
    }
}

/// Fills what the fields of a slot say before it is asked for: one file of any kind.
pub fn fill_slot_defaults(form: &mut Form) {
    for slot in SLOTS {
        form.set(format!("/rules/slots/{}/most", slot.slot), 1);
        form.set_all(format!("/rules/slots/{}/kinds", slot.slot), slot.kinds.iter().map(ToString::to_string).collect());
    }
}

fn fill_slot(form: &mut Form, rule: &SlotRule) {
    let at = |name: &str| format!("/rules/slots/{}/{name}", rule.slot);
    form.set(at("required"), if rule.required { "yes" } else { "may" });
    form.set(at("most"), rule.most);
    form.set_all(at("kinds"), rule.kinds.clone());
    form.set_all(at("video_codecs"), rule.video_codecs.clone());
    form.set_all(at("audio_codecs"), rule.audio_codecs.clone());
    let mut some = |name: &str, value: Option<String>| form.set(at(name), value.unwrap_or_default());
    let duration = |s: u32| format!("{}:{:02}", s / 60, s % 60);
    some("max_bytes", rule.max_bytes.map(|b| (b as f64 / 1e6).to_string()));
    some("min_seconds", rule.min_seconds.map(duration));
    some("max_seconds", rule.max_seconds.map(duration));
    some("aspect", rule.aspect.clone());
    let numbers = [
        ("min_width", rule.min_width),
        ("min_height", rule.min_height),
        ("min_kbps", rule.min_kbps),
        ("max_kbps", rule.max_kbps),
        ("min_chars", rule.min_chars),
        ("max_chars", rule.max_chars),
    ];
    for (name, value) in numbers {
        some(name, value.map(|n| n.to_string()));
    }
}

/// Reads a category: each slot that is asked for.
pub fn read_category(reader: &mut Reader<'_>) -> CategoryFields {
    let asked = |reader: &Reader<'_>, slot: &str| matches!(reader.text(&format!("/rules/slots/{slot}/required")).as_str(), "yes" | "may");
    let slots = SLOTS.iter().filter(|s| asked(reader, s.slot)).map(|s| s.slot).collect::<Vec<_>>();
    CategoryFields {
        code: reader.text("code").trim().to_owned(),
        name: reader.text("name"),
        position: reader.number("position"),
        rules: MaterialRules { slots: slots.into_iter().map(|slot| read_slot(reader, slot)).collect() },
    }
}

fn read_slot(reader: &mut Reader<'_>, slot: &str) -> SlotRule {
    let at = |name: &str| format!("/rules/slots/{slot}/{name}");
    SlotRule {
        slot: slot.to_owned(),
        required: reader.text(&at("required")) == "yes",
        most: reader.number(&at("most")),
        kinds: reader.form.all(&at("kinds")),
        video_codecs: reader.form.all(&at("video_codecs")),
        audio_codecs: reader.form.all(&at("audio_codecs")),
        max_bytes: reader.megabytes(&at("max_bytes")),
        min_seconds: reader.duration(&at("min_seconds")),
        max_seconds: reader.duration(&at("max_seconds")),
        min_width: reader.optional(&at("min_width"), "number"),
        min_height: reader.optional(&at("min_height"), "number"),
        aspect: reader.optional(&at("aspect"), "aspect"),
        min_kbps: reader.optional(&at("min_kbps"), "number"),
        max_kbps: reader.optional(&at("max_kbps"), "number"),
        min_chars: reader.optional(&at("min_chars"), "number"),
        max_chars: reader.optional(&at("max_chars"), "number"),
    }
}

impl Reader<'_> {
    /// Minutes and seconds, `8` or `8:30`.
    fn duration(&mut self, name: &str) -> Option<u32> {
        let text = self.text(name);
        let text = text.trim();
        if text.is_empty() {
            return None;
        }
        let (minutes, seconds) = text.split_once([':', '：']).unwrap_or((text, "0"));
        let read = minutes.parse::<u32>().ok().zip(seconds.parse::<u32>().ok().filter(|s| *s < 60));
        let read = read.and_then(|(m, s)| m.checked_mul(60)?.checked_add(s));
        if read.is_none() {
            self.faults.push(FieldError::new(name, "duration", text, "8:30"));
        }
        read
    }

    fn megabytes(&mut self, name: &str) -> Option<u64> {
        let value: f64 = self.optional(name, "number")?;
        Some((value.clamp(0.0, 1e9) * 1e6).round() as u64)
    }
}

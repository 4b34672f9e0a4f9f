//! What is still missing before something can be handed in.

use super::file_faults;
use crate::campaigns::{Call, Category, Consent, SlotRule};
use crate::lessons::Lesson;
use crate::problem::FieldError;
use crate::recordings::{Material, MaterialState};
use crate::submissions::ConsentGiven;
use serde::Serialize;

/// Fields of a lesson that a checklist or a remark may name.
pub(super) const FIELDS: [&str; 8] = ["title", "lecturer", "lecturer_kind", "topic", "form", "abstract", "held_on", "audience"];
/// How many of [`FIELDS`], from the first, nothing can be submitted without.
const REQUIRED_FIELDS: usize = 6;

/// What an item of the list is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ItemKind {
    /// A field of the lesson.
    Field,
    /// The files of a slot.
    Slot,
    /// The text of the script.
    Script,
    /// A consent.
    Consent,
}

/// One line of the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Item {
    /// What it is about.
    pub kind: ItemKind,
    /// Name of the field, the slot or the consent.
    pub name: String,
    /// Nothing can be submitted without it.
    pub required: bool,
    /// It is there and breaks no rule.
    pub done: bool,
    /// The rules that it breaks: code, what was found, what is wanted.
    #[schema(value_type = Vec<Object>)]
    pub problems: Vec<FieldError>,
}

/// Everything that is asked for, and how much of it is there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Checklist {
    /// Fields, files, then consents.
    pub items: Vec<Item>,
    /// How many required items are done.
    pub done: usize,
    /// How many items are required.
    pub total: usize,
}

impl Checklist {
    /// Nothing required is missing and nothing that is there breaks a rule.
    pub fn is_complete(&self) -> bool {
        self.items.iter().all(|item| item.done || (!item.required && item.problems.is_empty()))
    }

    /// Every broken rule of every item.
    pub fn faults(&self) -> Vec<FieldError> {
        self.items.iter().flat_map(|item| item.problems.iter().cloned()).collect()
    }
}

/// What `category` and `call` ask for, against what there is.
pub fn checklist(call: &Call, category: &Category, lesson: &Lesson, materials: &[Material], given: &[ConsentGiven]) -> Checklist {
    let mut items = field_items(lesson);
    for rule in &category.rules.slots {
        items.extend(script_item(rule, lesson));
        items.push(slot_item(rule, materials));
    }
    items.extend(call.consents.iter().map(|consent| consent_item(consent, given)));
    let required = || items.iter().filter(|item| item.required);
    let (done, total) = (required().filter(|item| item.done).count(), required().count());
    Checklist { items, done, total }
}

fn field_items(lesson: &Lesson) -> Vec<Item> {
    let audience = lesson.audience.map(|n| n.to_string()).unwrap_or_default();
    let values = [
        &lesson.title,
        &lesson.lecturer,
        &lesson.lecturer_kind,
        &lesson.topic,
        &lesson.form,
        &lesson.abstract_,
        &lesson.held_on,
        &audience,
    ];
    let item = |(n, value): (usize, &String)| {
        let (done, required) = (!value.trim().is_empty(), n < REQUIRED_FIELDS);
        let missing = (required && !done).then(|| FieldError::new(FIELDS[n], "required", "", ""));
        Item { kind: ItemKind::Field, name: FIELDS[n].into(), required, done, problems: missing.into_iter().collect() }
    };
    values.into_iter().enumerate().map(item).collect()
}

/// A script whose length is bounded is text of the lesson; a file of it is then welcome and not needed.
fn bounds_text(rule: &SlotRule) -> bool {
    rule.min_chars.is_some() || rule.max_chars.is_some()
}

fn script_item(rule: &SlotRule, lesson: &Lesson) -> Option<Item> {
    if !bounds_text(rule) {
        return None;
    }
    let length = u32::try_from(lesson.script.trim().chars().count()).unwrap_or(u32::MAX);
    let broken = |name, wanted: u32| FieldError::new("script", name, length.to_string(), wanted);
    let too_short = rule.min_chars.filter(|least| length < *least && (rule.required || length > 0));
    let too_long = rule.max_chars.filter(|most| length > *most);
    let mut problems: Vec<_> = too_short.map(|least| broken("script-too-short", least)).into_iter().collect();
    problems.extend(too_long.map(|most| broken("script-too-long", most)));
    Some(Item { kind: ItemKind::Script, name: "script".into(), required: rule.required, done: problems.is_empty() && length > 0, problems })
}

fn slot_item(rule: &SlotRule, materials: &[Material]) -> Item {
    let here: Vec<_> = materials.iter().filter(|m| m.slot == rule.slot && m.replaced_at.is_none()).collect();
    let required = rule.required && !bounds_text(rule);
    let mut problems: Vec<_> = here.iter().flat_map(|m| material_faults(rule, m)).collect();
    if here.is_empty() && required {
        problems.push(FieldError::new(&rule.slot, "file-missing", "", rule.kinds.join(", ")));
    }
    // One lesson may come in several versions; each of them has the slot's number of files.
    let most_of_one = here.iter().map(|m| here.iter().filter(|other| other.variant == m.variant).count()).max().unwrap_or(0);
    if most_of_one > rule.most as usize {
        problems.push(FieldError::new(&rule.slot, "too-many-files", most_of_one.to_string(), rule.most));
    }
    Item { kind: ItemKind::Slot, name: rule.slot.clone(), required, done: !here.is_empty() && problems.is_empty(), problems }
}

fn material_faults(rule: &SlotRule, material: &Material) -> Vec<FieldError> {
    match (material.state, &material.sha256) {
        (MaterialState::Refused, _) => vec![FieldError::new(&rule.slot, "file-refused", &material.filename, "")],
        (MaterialState::Ready, Some(_)) => file_faults(rule, material),
        _ => vec![FieldError::new(&rule.slot, "still-checking", &material.filename, "")],
    }
}

fn consent_item(consent: &Consent, given: &[ConsentGiven]) -> Item {
    let done = given.iter().any(|g| g.code == consent.code && g.revision == consent.revision);
    let missing = (consent.required && !done).then(|| FieldError::new(&consent.code, "consent-missing", "", &consent.title));
    Item { kind: ItemKind::Consent, name: consent.code.clone(), required: consent.required, done, problems: missing.into_iter().collect() }
}

#[cfg(test)]
#[path = "checklist_tests.rs"]
mod tests;

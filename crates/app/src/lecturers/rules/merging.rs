//! Which of two people's fields remain when they turn out to be one.

use crate::lecturers::Lecturer;
use crate::problem::FieldError;
use serde_json::{Map, Value, json};

/// The fields that are chosen one by one. The organisation, the consent and the state of who remains stay as they are.
pub const FIELDS: [&str; 8] = ["name", "kind", "topics", "occupation", "about", "contact", "term", "photo"];

/// The value of a field.
pub fn value(of: &Lecturer, field: &str) -> Value {
    match field {
        "name" => json!(of.name),
        "kind" => json!(of.kind),
        "topics" => json!(of.topics),
        "occupation" => json!(of.occupation),
        "about" => json!(of.about),
        "contact" => json!(of.contact),
        "term" => json!([of.term_from, of.term_to]),
        "photo" => json!(of.photo),
        _ => Value::Null,
    }
}

/// Puts a value back that [`value`] told.
pub fn set(to: &mut Lecturer, field: &str, value: &Value) {
    let text = || value.as_str().unwrap_or_default().to_owned();
    match field {
        "name" => to.name = text(),
        "kind" => to.kind = text(),
        "topics" => to.topics = serde_json::from_value(value.clone()).unwrap_or_default(),
        "occupation" => to.occupation = text(),
        "about" => to.about = text(),
        "contact" => to.contact = text(),
        "term" => {
            let (from, to_) = serde_json::from_value(value.clone()).unwrap_or_default();
            (to.term_from, to.term_to) = (from, to_);
        }
        "photo" => to.photo = value.as_str().and_then(|id| id.parse().ok()),
        _ => {}
    }
}

/// Gives `remains` the `chosen` fields of `merged`; what was taken over, as `field: [before, after]`.
///
/// # Errors
///
/// The name of a field that can't be chosen.
pub fn take(remains: &mut Lecturer, merged: &Lecturer, chosen: &[String]) -> Result<Value, FieldError> {
    let mut taken = Map::new();
    for field in chosen {
        if !FIELDS.contains(&field.as_str()) {
            return Err(FieldError::new("take", "one-of", field, FIELDS.join(", ")));
        }
        let (before, after) = (value(remains, field), value(merged, field));
        if before != after {
            set(remains, field, &after);
            taken.insert(field.clone(), json!([before, after]));
        }
    }
    Ok(Value::Object(taken))
}

/// Gives back what was taken over, where nobody changed it since.
pub fn give_back(remains: &mut Lecturer, taken: &Value) {
    for (field, pair) in taken.as_object().into_iter().flatten() {
        if value(remains, field) == pair[1] {
            set(remains, field, &pair[0]);
        }
    }
}

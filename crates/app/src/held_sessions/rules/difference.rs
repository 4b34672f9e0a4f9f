//! What two versions of a held session say differently.

use crate::held_sessions::SessionFields;
use serde::Serialize;
use serde_json::Value;

/// One field that was changed from one revision to the next.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Alteration {
    /// The field.
    pub field: String,
    /// What it said.
    #[schema(value_type = Object)]
    pub before: Value,
    /// What it says.
    #[schema(value_type = Object)]
    pub after: Value,
}

/// One field of a save that came too late.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Conflict {
    /// The field.
    pub field: String,
    /// What was sent.
    #[schema(value_type = Object)]
    pub mine: Value,
    /// What it says now.
    #[schema(value_type = Object)]
    pub theirs: Value,
}

/// Fields that differ, in the order of the form.
pub fn differences(before: &SessionFields, after: &SessionFields) -> Vec<Alteration> {
    let (Ok(Value::Object(before)), Ok(Value::Object(mut after))) = (serde_json::to_value(before), serde_json::to_value(after)) else {
        return Vec::new();
    };
    let pairs = before.into_iter().filter_map(|(field, before)| {
        let after = after.remove(&field).unwrap_or_default();
        (before != after).then_some(Alteration { field, before, after })
    });
    let mut found: Vec<_> = pairs.collect();
    found.sort_by_key(|one| ORDER.iter().position(|field| *field == one.field));
    found
}

/// Fields in which what was sent differs from what is there now.
pub fn conflicts(mine: &SessionFields, theirs: &SessionFields) -> Vec<Conflict> {
    differences(mine, theirs).into_iter().map(|d| Conflict { field: d.field, mine: d.before, theirs: d.after }).collect()
}

const ORDER: [&str; 14] = [
    "title",
    "held_at",
    "minutes",
    "lecturer",
    "lecturer_id",
    "lecturer_kind",
    "form",
    "venue_kind",
    "topic",
    "people",
    "place",
    "note",
    "campaign",
    "plan",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn f4_only_what_differs_is_told_in_the_order_of_the_form() {
        let before = SessionFields { title: "a".into(), people: 3, ..SessionFields::default() };
        let after = SessionFields { title: "b".into(), people: 3, campaign: Some("c".into()), place: "hall".into(), ..before.clone() };
        let told = differences(&before, &after);
        assert_eq!(told.iter().map(|d| d.field.as_str()).collect::<Vec<_>>(), ["title", "place", "campaign"]);
        assert_eq!(conflicts(&before, &after)[0], Conflict { field: "title".into(), mine: "a".into(), theirs: "b".into() });
        assert!(differences(&after, &after).is_empty());
    }

    #[test]
    fn every_field_has_its_place_in_the_order() {
        let Ok(Value::Object(fields)) = serde_json::to_value(SessionFields::default()) else { panic!("fields are an object") };
        assert_eq!(fields.len(), ORDER.len());
        assert!(fields.keys().all(|field| ORDER.contains(&field.as_str())));
    }
}

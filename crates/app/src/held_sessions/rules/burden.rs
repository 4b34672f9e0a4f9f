//! What held sessions ask of a clerk (B7). What is filled in from the last session is not asked again.

use crate::campaigns::rules::burden::{Cost, Input};

/// Required fields of a session that differ each time.
pub const ASKED: [(&str, Input); 3] = [("title", Input::Line), ("people", Input::Number), ("held_at", Input::Moment)];

/// Fields that the form fills in from what the organisation held last.
pub const FILLED_IN: [&str; 7] = ["minutes", "lecturer", "lecturer_kind", "form", "venue_kind", "topic", "place"];

/// Recording one session.
pub fn session() -> Cost {
    Cost::of(ASKED.map(|(_, input)| input))
}

/// Entering one plan: title and day.
pub fn plan() -> Cost {
    Cost::of([Input::Line, Input::Moment])
}

/// Correcting one session: what was wrong.
pub fn correction() -> Cost {
    Cost::of([Input::Line])
}

/// Closing one month.
pub fn month() -> Cost {
    Cost::of([Input::Choice])
}

/// The middle of some times, in seconds; none of fewer than `least`.
pub fn usual(mut seconds: Vec<i64>, least: usize) -> Option<i64> {
    seconds.sort_unstable();
    (seconds.len() >= least).then(|| seconds[seconds.len() / 2])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::held_sessions::SessionFields;

    #[test]
    fn b7_every_field_is_asked_filled_in_or_left_to_the_clerk() {
        let Ok(serde_json::Value::Object(fields)) = serde_json::to_value(SessionFields::default()) else { panic!("fields are an object") };
        let free = ["note", "lecturer_id", "campaign", "plan"];
        let known: Vec<_> = ASKED.iter().map(|(field, _)| *field).chain(FILLED_IN).chain(free).collect();
        assert_eq!(fields.len(), known.len());
        assert!(fields.keys().all(|field| known.contains(&field.as_str())));
        assert_eq!((session().fields, plan().fields), (3, 2));
    }

    #[test]
    fn b7_the_usual_time_is_the_middle_one() {
        assert_eq!(usual(vec![], 1), None);
        assert_eq!(usual(vec![30, 10], 3), None);
        assert_eq!(usual(vec![900, 10, 30], 3), Some(30));
    }
}

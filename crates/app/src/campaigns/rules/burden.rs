//! What a request costs whoever has to fill it in (B7): fields that are asked anew, and about how long they take.
//!
//! What the system fills in by itself is not asked. Seconds are estimates of a practised clerk on a phone; where the time between
//! opening a form and saving it is known, that is used in their place.

use crate::campaigns::{Call, Category, Consent, SlotRule};
use serde::Serialize;
use std::ops::{Add, Mul};

/// How something is filled in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Input {
    /// One tap of a few.
    Choice,
    /// A number.
    Number,
    /// A day, or a day and an hour.
    Moment,
    /// A line of text.
    Line,
    /// Some sentences.
    Text,
    /// A text that fills pages, usually pasted.
    Pages,
    /// A file that is chosen and checked.
    File,
    /// A text that is read and agreed to.
    Consent,
}

impl Input {
    /// About how long it takes.
    pub const fn seconds(self) -> i64 {
        match self {
            Self::Choice | Self::Number => 6,
            Self::Moment => 10,
            Self::Line => 15,
            Self::Text => 120,
            Self::Pages => 180,
            Self::File => 90,
            Self::Consent => 20,
        }
    }
}

/// Fields, and about how long all of them take.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Cost {
    /// Fields that are asked.
    pub fields: i64,
    /// Seconds.
    pub seconds: i64,
}

impl Cost {
    /// Of one field each.
    pub fn of(inputs: impl IntoIterator<Item = Input>) -> Self {
        inputs.into_iter().fold(Self::default(), |sum, input| sum + Self { fields: 1, seconds: input.seconds() })
    }

    /// Hours, rounded to the nearest; a part of one counts as one.
    pub const fn hours(self) -> i64 {
        let nearest = (self.seconds.saturating_add(1_800)) / 3_600;
        if nearest == 0 && self.seconds > 0 { 1 } else { nearest }
    }

    /// Minutes, rounded up.
    pub const fn minutes(self) -> i64 {
        self.seconds.saturating_add(59) / 60
    }
}

impl Add for Cost {
    type Output = Self;
    fn add(self, more: Self) -> Self {
        Self { fields: self.fields.saturating_add(more.fields), seconds: self.seconds.saturating_add(more.seconds) }
    }
}

impl Mul<i64> for Cost {
    type Output = Self;
    fn mul(self, times: i64) -> Self {
        Self { fields: self.fields.saturating_mul(times), seconds: self.seconds.saturating_mul(times) }
    }
}

/// Fields of a lesson without which nothing can be submitted, and how they are filled in.
pub const LESSON: [(&str, Input); 6] = [
    ("title", Input::Line),
    ("lecturer", Input::Line),
    ("lecturer_kind", Input::Choice),
    ("topic", Input::Choice),
    ("form", Input::Choice),
    ("abstract", Input::Text),
];

/// What one entry in `category` asks: the lesson, its required files, and the required consents.
pub fn of_category(category: &Category, consents: &[Consent]) -> Cost {
    let slot = |rule: &SlotRule| {
        let is_text = rule.min_chars.is_some() || rule.max_chars.is_some();
        rule.required.then_some(if is_text { Input::Pages } else { Input::File })
    };
    let files = category.rules.slots.iter().filter_map(slot);
    let consents = consents.iter().filter(|consent| consent.required).map(|_| Input::Consent);
    Cost::of(LESSON.iter().map(|(_, input)| *input).chain(files).chain(consents))
}

/// What one entry asks in the category that asks most; none without categories.
pub fn heaviest(call: &Call) -> Option<Cost> {
    call.categories.iter().map(|category| of_category(category, &call.consents)).max_by_key(|cost| (cost.fields, cost.seconds))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::campaigns::{CategoryId, MaterialRules};
    use kernel::Id;
    use proptest::prelude::*;

    fn category(slots: Vec<SlotRule>) -> Category {
        let id: CategoryId = Id::from_u128(1);
        Category { id, campaign: Id::from_u128(1), code: "c".into(), name: "c".into(), position: 0, rules: MaterialRules { slots } }
    }

    fn slot(slot: &str, required: bool, min_chars: Option<u32>) -> SlotRule {
        SlotRule { slot: slot.into(), required, min_chars, ..SlotRule::default() }
    }

    fn consent(required: bool) -> Consent {
        Consent { id: Id::from_u128(1), code: "c".into(), revision: 1, title: "c".into(), body: String::new(), required }
    }

    #[test]
    fn b7_only_what_must_be_given_is_asked() {
        let bare = of_category(&category(vec![]), &[]);
        assert_eq!((bare.fields, bare.seconds), (6, 15 + 15 + 6 + 6 + 6 + 120));
        let slots = vec![slot("video", true, None), slot("script", true, Some(1_000)), slot("photos", false, None)];
        let more = of_category(&category(slots), &[consent(true), consent(false)]);
        assert_eq!((more.fields - bare.fields, more.seconds - bare.seconds), (3, 90 + 180 + 20));
    }

    #[test]
    fn b7_hours_and_minutes_are_round() {
        let table = [(0, 0, 0), (1, 1, 1), (60, 1, 1), (61, 2, 1), (5_399, 90, 1), (5_400, 90, 2), (36_000, 600, 10)];
        for (seconds, minutes, hours) in table {
            let cost = Cost { fields: 1, seconds };
            assert_eq!((cost.minutes(), cost.hours()), (minutes, hours), "{seconds}");
        }
    }

    proptest! {
        /// More that is required never costs less, and times many organisations never wraps around.
        #[test]
        fn b7_more_is_never_less(required in prop::collection::vec(any::<bool>(), 0..8), times in 0i64..i64::MAX) {
            let slots: Vec<_> = required.iter().map(|required| slot("video", *required, None)).collect();
            let (less, more) = (of_category(&category(vec![]), &[]), of_category(&category(slots), &[]));
            prop_assert_eq!(more.fields - less.fields, required.iter().filter(|r| **r).count() as i64);
            prop_assert!(more.seconds >= less.seconds && (more * times).seconds >= 0 && (more * times).fields >= 0);
        }
    }
}

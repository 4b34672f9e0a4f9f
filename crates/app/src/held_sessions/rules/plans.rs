//! What a plan may say, and what became of it.

use crate::problem::FieldError;
use crate::texts;
use jiff::ToSpan;
use jiff::civil::Date;
use serde::Deserialize;

/// The fields of a plan.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, utoipa::ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct PlanFields {
    /// 1 to 200 characters.
    pub title: String,
    /// `2026-11-20`.
    pub day: String,
    /// At most 100 characters.
    pub lecturer: String,
    /// The lecturer's id, when the register has one.
    pub lecturer_id: Option<String>,
    /// The campaign it belongs to.
    pub campaign: Option<String>,
    /// At most 2,000 characters.
    pub note: String,
}

/// What became of a plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Its day is today or to come.
    Planned,
    /// It was held.
    Held,
    /// Its day has passed, and nothing was held from it.
    Missed,
    /// It was called off.
    Cancelled,
    /// Held without a plan.
    Added,
}

impl Outcome {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Planned, Self::Held, Self::Missed, Self::Cancelled, Self::Added];

    /// The stable code; its words are `plan-outcome-CODE`.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Planned => "planned",
            Self::Held => "held",
            Self::Missed => "missed",
            Self::Cancelled => "cancelled",
            Self::Added => "added",
        }
    }

    /// Of a plan for `day` (`yyyymmdd`) on the day `today`.
    pub const fn of(held: bool, cancelled: bool, day: i32, today: i32) -> Self {
        match (held, cancelled) {
            (true, _) => Self::Held,
            (_, true) => Self::Cancelled,
            _ if day < today => Self::Missed,
            _ => Self::Planned,
        }
    }
}

impl PlanFields {
    /// The fields, trimmed, and the day.
    ///
    /// # Errors
    ///
    /// Every field that breaks a rule.
    pub fn checked(self) -> Result<(Self, Date), Vec<FieldError>> {
        let mut faults = Vec::new();
        let mut keep = |checked: Result<String, FieldError>| {
            checked.unwrap_or_else(|fault| {
                faults.push(fault);
                String::new()
            })
        };
        let mut id =
            |field, text: Option<String>| Some(keep(texts::check(field, &text.unwrap_or_default(), 0, 40))).filter(|id| !id.is_empty());
        let (lecturer_id, campaign) = (id("lecturer_id", self.lecturer_id), id("campaign", self.campaign));
        let title = keep(texts::check("title", &self.title, 1, 200));
        let lecturer = keep(texts::check("lecturer", &self.lecturer, 0, 100));
        let note = keep(texts::check_lines("note", &self.note, 0, 2_000));
        let date = self.day.trim().parse::<Date>().ok().filter(|date| (2000..=2100).contains(&date.year()));
        let Some(date) = date else {
            faults.push(FieldError::new("day", "day", &self.day, "2026-11-20"));
            return Err(faults);
        };
        let checked = Self { title, lecturer, lecturer_id, campaign, note, day: date.to_string() };
        if faults.is_empty() { Ok((checked, date)) } else { Err(faults) }
    }
}

/// The first and last day of a month written `2026-11`; none when it is no month.
pub fn month(text: &str) -> Option<(Date, Date)> {
    let first: Date = (text.len() == 7).then(|| format!("{text}-01"))?.parse().ok()?;
    let next = first.checked_add(1.month()).ok()?;
    Some((first, next.checked_sub(1.day()).ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn f3_what_became_of_a_plan_follows_the_table() {
        let table = [
            ((false, false, 20_261_123, 20_261_123), Outcome::Planned),
            ((false, false, 20_261_122, 20_261_123), Outcome::Missed),
            ((false, true, 20_261_122, 20_261_123), Outcome::Cancelled),
            ((true, false, 20_261_122, 20_261_123), Outcome::Held),
            ((true, false, 20_261_130, 20_261_123), Outcome::Held),
        ];
        for ((held, cancelled, day, today), want) in table {
            assert_eq!(Outcome::of(held, cancelled, day, today), want, "{day} on {today}");
        }
    }

    #[test]
    fn months_and_fields_are_read_or_named() {
        let days = month("2028-02").map(|(first, last)| (first.to_string(), last.to_string()));
        assert_eq!(days, Some(("2028-02-01".into(), "2028-02-29".into())));
        assert!(["2026-13", "2026-1", "november", ""].iter().all(|text| month(text).is_none()));
        let bad = PlanFields { day: "soon".into(), ..PlanFields::default() };
        let named: Vec<_> = bad.checked().unwrap_err().into_iter().map(|fault| fault.field).collect();
        assert_eq!(named, ["title", "day"]);
    }
}

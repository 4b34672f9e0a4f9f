//! What a clerk fills in: eleven fields and, unseen, the campaign and plan they were filled in from.

use super::PlanId;
use jiff::tz::TimeZone;
use kernel::Timestamp;
use serde::{Deserialize, Serialize};

/// The fields, as a form or a program sends them and as a revision keeps them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct SessionFields {
    /// 1 to 200 characters.
    pub title: String,
    /// When it began, in the zone of the installation: `2026-11-20T19:30`. Not to come, and not before 2000.
    pub held_at: String,
    /// How long it took, 1 to 1,440.
    pub minutes: i64,
    /// Who spoke, 1 to 100 characters.
    pub lecturer: String,
    /// The lecturer's id in the register. Left out: the only one nearby who is called so, if there is one; empty: nobody of the
    /// register.
    pub lecturer_id: Option<String>,
    /// Code, or empty.
    pub lecturer_kind: String,
    /// Code, or empty.
    pub form: String,
    /// Code, or empty.
    pub venue_kind: String,
    /// Code, or empty.
    pub topic: String,
    /// Head count, 0 to 100,000.
    pub people: i64,
    /// At most 200 characters.
    pub place: String,
    /// At most 2,000 characters.
    pub note: String,
    /// The campaign it belongs to.
    pub campaign: Option<String>,
    /// The plan that it carries out.
    pub plan: Option<String>,
}

/// The fields, checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// What it was called.
    pub title: String,
    /// When it began.
    pub held_at: Timestamp,
    /// How long it took.
    pub minutes: i64,
    /// Who spoke.
    pub lecturer: String,
    /// The lecturer's id, when the register has one.
    pub lecturer_id: Option<String>,
    /// Code of `lessons::rules::LECTURER_KINDS`, or empty.
    pub lecturer_kind: String,
    /// Code of `lessons::rules::FORMS`, or empty.
    pub form: String,
    /// Code of [`super::rules::VENUES`], or empty.
    pub venue_kind: String,
    /// Code of `lessons::rules::TOPICS`, or empty.
    pub topic: String,
    /// Head count.
    pub people: i64,
    /// Where it was.
    pub place: String,
    /// Whatever else.
    pub note: String,
    /// Id of a campaign.
    pub campaign: Option<String>,
    /// The plan that it carries out.
    pub plan: Option<PlanId>,
}

impl Told {
    /// As a form shows it again.
    pub fn fields(&self, zone: &TimeZone) -> SessionFields {
        SessionFields {
            title: self.title.clone(),
            held_at: jiff::ZonedDateTime::new(self.held_at.to_jiff(), zone.clone()).strftime("%Y-%m-%dT%H:%M").to_string(),
            minutes: self.minutes,
            lecturer: self.lecturer.clone(),
            lecturer_id: self.lecturer_id.clone(),
            lecturer_kind: self.lecturer_kind.clone(),
            form: self.form.clone(),
            venue_kind: self.venue_kind.clone(),
            topic: self.topic.clone(),
            people: self.people,
            place: self.place.clone(),
            note: self.note.clone(),
            campaign: self.campaign.clone(),
            plan: self.plan.map(|plan| plan.to_string()),
        }
    }
}

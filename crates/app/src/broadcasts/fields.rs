//! What a person fills in to plan a broadcast.

use super::{Admission, Broadcast, Kind};
use crate::campaigns::CampaignId;
use crate::lessons::LessonId;
use kernel::{AccountId, OrganisationId, Timestamp};
use serde::Deserialize;

/// A plan, as a form or a program sends it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Plan {
    /// Who holds it; fixed once it is planned.
    #[schema(value_type = String)]
    pub organisation: OrganisationId,
    /// Where the picture comes from; fixed once it is planned.
    pub kind: Kind,
    /// The lesson that is shown, or that a live broadcast becomes; of a live broadcast none makes a new one. Fixed once it is planned.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub lesson: Option<LessonId>,
    /// The campaign it belongs to.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub campaign: Option<CampaignId>,
    /// At most 200 characters; of a showing, empty takes the lesson's.
    #[serde(default)]
    pub title: String,
    /// At most 100 characters; of a showing, empty takes the lesson's.
    #[serde(default)]
    pub lecturer: String,
    /// At most 2,000 characters.
    #[serde(rename = "abstract", default)]
    pub abstract_: String,
    /// Who may watch.
    pub admission: Admission,
    /// The account that runs it.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub host: Option<AccountId>,
    /// When it begins, milliseconds since 1970.
    #[schema(value_type = i64)]
    pub starts_at: Timestamp,
    /// When it ends by plan; of a showing this is computed from the recording.
    #[serde(default)]
    #[schema(value_type = i64)]
    pub ends_at: Timestamp,
    /// Whether the recording goes into the library when it ends.
    #[serde(default)]
    pub keeps_recording: bool,
    /// Of somebody else's stream: where its playlist is.
    #[serde(default)]
    pub external_url: Option<String>,
}

impl Plan {
    /// What was planned, for a form or a change.
    pub fn of(broadcast: &Broadcast) -> Self {
        Self {
            organisation: broadcast.organisation,
            kind: broadcast.kind,
            lesson: Some(broadcast.lesson),
            campaign: broadcast.campaign,
            title: broadcast.title.clone(),
            lecturer: broadcast.lecturer.clone(),
            abstract_: broadcast.abstract_.clone(),
            admission: broadcast.admission,
            host: broadcast.host,
            starts_at: broadcast.starts_at,
            ends_at: broadcast.ends_at,
            keeps_recording: broadcast.keeps_recording,
            external_url: broadcast.external_url.clone(),
        }
    }
}

#[cfg(test)]
impl Plan {
    /// A plan of a live broadcast with nothing wrong but its times.
    pub fn example() -> Self {
        Self {
            organisation: kernel::Id::from_u128(1),
            kind: Kind::Live,
            lesson: None,
            campaign: None,
            title: "秋收里的一堂课".into(),
            lecturer: "李桂芳".into(),
            abstract_: String::new(),
            admission: Admission::Everybody,
            host: None,
            starts_at: Timestamp(0),
            ends_at: Timestamp(0),
            keeps_recording: true,
            external_url: None,
        }
    }
}

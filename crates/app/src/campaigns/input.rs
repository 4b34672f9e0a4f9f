//! What people and programs hand in to change a campaign.

use super::{CampaignState, CategoryId, MaterialRules, QuotaKind, Stage, StageKind};
use kernel::{OrganisationId, Timestamp};
use serde::Deserialize;
use utoipa::ToSchema;

/// What every campaign says about itself.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub struct Basics {
    /// What people call it, 2 to 80 characters.
    pub title: String,
    /// What it is about, up to 2,000 characters in several lines.
    #[serde(default)]
    pub theme: String,
    /// IANA name of a time zone.
    pub zone: String,
    /// From when lessons may be handed in; milliseconds UTC.
    #[schema(value_type = i64)]
    pub opens_at: Timestamp,
    /// When everything is over; milliseconds UTC.
    #[schema(value_type = i64)]
    pub closes_at: Timestamp,
    /// How many editors approve, 1 to 5.
    #[serde(default = "three")]
    pub approvals: i64,
}

const fn three() -> i64 {
    3
}

/// A new campaign.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub struct NewCampaign {
    /// Who runs it.
    #[schema(value_type = String)]
    pub organisation: OrganisationId,
    /// 2 to 40 lower-case letters, digits and hyphens, unique.
    pub code: String,
    /// The rest.
    #[serde(flatten)]
    pub basics: Basics,
}

/// A category, new or changed.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub struct CategoryFields {
    /// 2 to 40 lower-case letters, digits and hyphens, unique in the campaign.
    pub code: String,
    /// What people call it, 1 to 40 characters.
    pub name: String,
    /// Its place in lists, 0 to 999.
    #[serde(default)]
    pub position: i64,
    /// What is to be handed in.
    pub rules: MaterialRules,
}

/// One stage of the whole table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
pub struct StageFields {
    /// What is done.
    pub kind: StageKind,
    /// Steps below the campaign's organisation; -1 for submit.
    pub depth: i64,
    /// Milliseconds UTC.
    #[schema(value_type = i64)]
    pub opens_at: Timestamp,
    /// Milliseconds UTC.
    #[schema(value_type = i64)]
    pub closes_at: Timestamp,
    /// Seconds after the close, up to 30 days.
    #[serde(default)]
    pub grace_s: i64,
}

impl From<&Stage> for StageFields {
    fn from(s: &Stage) -> Self {
        Self { kind: s.kind, depth: s.depth, opens_at: s.opens_at, closes_at: s.closes_at, grace_s: s.grace_s }
    }
}

/// The whole table of stages.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub struct StageTable {
    /// One submit stage, and review stages by depth.
    pub stages: Vec<StageFields>,
}

/// One quota of the whole table.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
pub struct QuotaFields {
    /// In which category.
    #[schema(value_type = String)]
    pub category: CategoryId,
    /// Of the organisation that recommends or, at 0, selects.
    pub depth: i64,
    /// How the places are computed.
    pub kind: QuotaKind,
    /// Places, percent, or members per place.
    pub amount: i64,
}

/// The whole table of quotas; a category and depth that is absent has no limit.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub struct QuotaTable {
    /// Each category and depth at most once.
    pub quotas: Vec<QuotaFields>,
}

/// A consent, new or with a changed text.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub struct ConsentFields {
    /// 2 to 40 lower-case letters, digits and hyphens; the same code means a new revision.
    pub code: String,
    /// What it is about, 2 to 80 characters.
    pub title: String,
    /// The text, 2 to 4,000 characters in several lines.
    pub body: String,
    /// Nothing can be submitted without it.
    #[serde(default)]
    pub required: bool,
}

/// More time for one organisation.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub struct ExtensionFields {
    /// For whom.
    #[schema(value_type = String)]
    pub organisation: OrganisationId,
    /// For what.
    pub kind: StageKind,
    /// Milliseconds UTC.
    #[schema(value_type = i64)]
    pub until_at: Timestamp,
    /// Why, 3 to 500 characters.
    pub reason: String,
}

/// A copy of a campaign with its dates moved.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub struct CloneFields {
    /// Code of the copy.
    pub code: String,
    /// Title of the copy; absent means the same.
    #[serde(default)]
    pub title: Option<String>,
    /// Who runs the copy; absent means the same.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub organisation: Option<OrganisationId>,
    /// Calendar years to move every date by, 0 to 20.
    #[serde(default)]
    pub years: i64,
    /// Days to move every date by after that, -3,660 to 3,660.
    #[serde(default)]
    pub days: i64,
}

/// Opening, closing, reopening.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub struct StateChange {
    /// The state wanted.
    pub state: CampaignState,
    /// Needed to reopen, 3 to 500 characters.
    #[serde(default)]
    pub reason: String,
}

/// Somebody who alone acts in a role for an organisation.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub struct NarrowFields {
    /// `reviewer`: gives the organisation's verdicts. `editor`: clears; only for the organisation that runs the campaign.
    pub role: String,
    /// For whom.
    #[schema(value_type = String)]
    pub organisation: OrganisationId,
    /// Sign-in name of somebody who holds that role there.
    pub login: String,
}

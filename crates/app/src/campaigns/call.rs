//! What a campaign consists of.

use super::narrowing::Narrowed;
use super::{CampaignId, CategoryId, ConsentId, ExtensionId, QuotaRuleId, StageId};
use kernel::{AccountId, OrganisationId, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

macro_rules! coded {
    ($($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $code:literal),* $(,)? })*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
        pub enum $name { $($(#[$vdoc])* #[serde(rename = $code)] $variant),* }
        impl $name {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];
            /// The stable code.
            pub const fn code(self) -> &'static str { match self { $(Self::$variant => $code),* } }
            /// Reads the stable code.
            pub fn from_code(code: &str) -> Option<Self> { match code { $($code => Some(Self::$variant),)* _ => None } }
        }
    )*};
}

coded! {
    /// Where a campaign stands.
    CampaignState {
        /// Being written; nobody else sees it.
        Draft = "draft",
        /// Published: its stages decide what may be done when.
        Open = "open",
        /// Over.
        Closed = "closed",
    }
    /// What is done in a stage.
    StageKind {
        /// Lessons are handed in.
        Submit = "submit",
        /// An organisation gives its verdicts.
        Review = "review",
    }
    /// How the places of a quota are computed.
    QuotaKind {
        /// `amount` places.
        Number = "number",
        /// `amount` percent of the submissions that arrived, rounded up.
        Percent = "percent",
        /// One place per `amount` members, at least one.
        Members = "members",
    }
}

/// One call for lectures.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Campaign {
    /// Its id.
    #[schema(value_type = String)]
    pub id: CampaignId,
    /// Who runs it.
    #[schema(value_type = String)]
    pub organisation: OrganisationId,
    /// Short unique name for programs and file names.
    pub code: String,
    /// What people call it.
    pub title: String,
    /// What it is about, in some sentences.
    pub theme: String,
    /// Where it stands.
    pub state: CampaignState,
    /// From when lessons may be handed in.
    #[schema(value_type = i64)]
    pub opens_at: Timestamp,
    /// When everything is over.
    #[schema(value_type = i64)]
    pub closes_at: Timestamp,
    /// IANA name of the time zone in which its deadlines are entered and shown.
    pub zone: String,
    /// How many editors approve before something is published.
    pub approvals: i64,
    /// The campaign it was copied from.
    #[schema(value_type = Option<String>)]
    pub cloned_from: Option<CampaignId>,
    /// Who wrote it.
    #[schema(value_type = String)]
    pub created_by: AccountId,
    /// When it was written.
    #[schema(value_type = i64)]
    pub created_at: Timestamp,
    /// Counts changes of the campaign and everything in it.
    pub version: i64,
}

/// One track of a campaign.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Category {
    /// Its id.
    #[schema(value_type = String)]
    pub id: CategoryId,
    /// Of which campaign.
    #[schema(value_type = String)]
    pub campaign: CampaignId,
    /// Unique within the campaign.
    pub code: String,
    /// What people call it.
    pub name: String,
    /// Its place in lists.
    pub position: i64,
    /// What is to be handed in.
    pub rules: MaterialRules,
}

/// What is to be handed in, slot by slot.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MaterialRules {
    /// Each slot at most once.
    pub slots: Vec<SlotRule>,
}

/// What one slot takes. A bound that is absent does not bind.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SlotRule {
    /// `video`, `script`, `slides`, `photos` or `supplement`.
    pub slot: String,
    /// Nothing can be submitted without it.
    #[serde(default)]
    pub required: bool,
    /// Files it takes at most.
    #[serde(default = "one")]
    pub most: u32,
    /// Endings of the kinds of file it takes, such as `mp4`.
    #[serde(default)]
    pub kinds: Vec<String>,
    /// How the picture may be coded, such as `h264`; empty means in any way.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub video_codecs: Vec<String>,
    /// How the sound may be coded, such as `aac`; empty means in any way.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub audio_codecs: Vec<String>,
    /// Size of a file in bytes, at most.
    #[serde(default)]
    pub max_bytes: Option<u64>,
    /// Playing time in seconds, at least.
    #[serde(default)]
    pub min_seconds: Option<u32>,
    /// Playing time in seconds, at most.
    #[serde(default)]
    pub max_seconds: Option<u32>,
    /// Width of the picture in pixels, at least.
    #[serde(default)]
    pub min_width: Option<u32>,
    /// Height of the picture in pixels, at least.
    #[serde(default)]
    pub min_height: Option<u32>,
    /// Shape of the picture, such as `16:9`.
    #[serde(default)]
    pub aspect: Option<String>,
    /// Bit rate in kilobits a second, at least.
    #[serde(default)]
    pub min_kbps: Option<u32>,
    /// Bit rate in kilobits a second, at most.
    #[serde(default)]
    pub max_kbps: Option<u32>,
    /// Characters of the lesson's script text, at least.
    #[serde(default)]
    pub min_chars: Option<u32>,
    /// Characters of the lesson's script text, at most.
    #[serde(default)]
    pub max_chars: Option<u32>,
}

const fn one() -> u32 {
    1
}

/// The depth under which the one submit stage is kept: it holds for every organisation.
pub const SUBMIT_DEPTH: i64 = -1;

/// When something may be done: by everybody (submit), or by the organisations of one depth (review).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Stage {
    /// Its id.
    #[schema(value_type = String)]
    pub id: StageId,
    /// What is done.
    pub kind: StageKind,
    /// Steps below the campaign's own organisation; [`SUBMIT_DEPTH`] for submit.
    pub depth: i64,
    /// From then on.
    #[schema(value_type = i64)]
    pub opens_at: Timestamp,
    /// Up to, but not including, then.
    #[schema(value_type = i64)]
    pub closes_at: Timestamp,
    /// Seconds after the close in which it is still possible.
    pub grace_s: i64,
}

/// How many may be recommended (or, at depth 0, selected) in a category by each organisation of a depth. No rule, no limit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct QuotaRule {
    /// Its id.
    #[schema(value_type = String)]
    pub id: QuotaRuleId,
    /// In which category.
    #[schema(value_type = String)]
    pub category: CategoryId,
    /// Of the organisation that recommends or selects.
    pub depth: i64,
    /// How the places are computed.
    pub kind: QuotaKind,
    /// Places, percent, or members per place.
    pub amount: i64,
}

/// One revision of a text to which a submitter agrees.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Consent {
    /// Its id.
    #[schema(value_type = String)]
    pub id: ConsentId,
    /// The same in all revisions.
    pub code: String,
    /// Counts from 1; a submission keeps the one it was given for.
    pub revision: i64,
    /// What it is about.
    pub title: String,
    /// The text.
    pub body: String,
    /// Nothing can be submitted without it.
    pub required: bool,
}

/// More time for one organisation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Extension {
    /// Its id.
    #[schema(value_type = String)]
    pub id: ExtensionId,
    /// In which campaign.
    #[schema(value_type = String)]
    pub campaign: CampaignId,
    /// For whom.
    #[schema(value_type = String)]
    pub organisation: OrganisationId,
    /// For what.
    pub kind: StageKind,
    /// Up to, but not including, then.
    #[schema(value_type = i64)]
    pub until_at: Timestamp,
    /// Why.
    pub reason: String,
    /// By whom.
    #[schema(value_type = String)]
    pub granted_by: AccountId,
    /// When it was granted.
    #[schema(value_type = i64)]
    pub created_at: Timestamp,
}

/// Everything of one campaign.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Call {
    /// The campaign itself.
    pub campaign: Campaign,
    /// In the order of lists.
    pub categories: Vec<Category>,
    /// Submit first, then review from the deepest up.
    pub stages: Vec<Stage>,
    /// By category and depth.
    pub quota_rules: Vec<QuotaRule>,
    /// The newest revision of each that is still asked for.
    pub consents: Vec<Consent>,
    /// Who alone acts, by role and organisation; where nobody is named, the tree decides. Only those who manage the campaign are
    /// told.
    pub narrowed: Vec<Narrowed>,
}

impl Call {
    /// The category with this id.
    pub fn category(&self, id: CategoryId) -> Option<&Category> {
        self.categories.iter().find(|c| c.id == id)
    }

    /// The quota of a category at a depth; none means no limit.
    pub fn quota(&self, category: CategoryId, depth: i64) -> Option<&QuotaRule> {
        self.quota_rules.iter().find(|q| q.category == category && q.depth == depth)
    }
}

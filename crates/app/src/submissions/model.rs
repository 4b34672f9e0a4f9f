//! What a submission consists of, as the tables keep it and the API shows it.

use super::{ApprovalStep, HopId, SubmissionId};
use crate::campaigns::{CampaignId, CategoryId};
use crate::lessons::LessonId;
use crate::recordings::MaterialId;
use kernel::{AccountId, OrganisationId, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Where a submission stands. Which level has it is the holder, never the state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Its owner works on it.
    Draft,
    /// The holder decides; exactly one hop is open.
    InReview,
    /// Its owner works on it again; the holder is who returned it and gets it back.
    Returned,
    /// It stays with the holder and climbs no further.
    Kept,
    /// Refused for good.
    Rejected,
    /// Chosen by the organisation that runs the campaign; waits for its clearance.
    Selected,
    /// In the public library.
    Published,
    /// Taken back by its owner for good.
    Withdrawn,
}

impl State {
    /// All of them, in the order in which pages show them.
    pub const ALL: [Self; 8] =
        [Self::Draft, Self::InReview, Self::Returned, Self::Kept, Self::Rejected, Self::Selected, Self::Published, Self::Withdrawn];

    /// The stable code, in tables, statistics and the API; its words are [`State::key`].
    pub const fn code(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::InReview => "in_review",
            Self::Returned => "returned",
            Self::Kept => "kept",
            Self::Rejected => "rejected",
            Self::Selected => "selected",
            Self::Published => "published",
            Self::Withdrawn => "withdrawn",
        }
    }

    /// Whether the campaign chose it, so that it may give it an award.
    pub const fn is_chosen(self) -> bool {
        matches!(self, Self::Selected | Self::Published)
    }

    /// The key of its words.
    pub fn key(self) -> String {
        format!("state-{}", self.code().replace('_', "-"))
    }

    /// Reads [`State::code`].
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|s| s.code() == code)
    }
}

/// What a campaign gives to its best, the highest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum AwardLevel {
    /// Above the first.
    Special,
    /// First prize.
    First,
    /// Second prize.
    Second,
    /// Third prize.
    Third,
    /// Named with honour.
    Merit,
}

impl AwardLevel {
    /// All of them, in the order in which pages show them.
    pub const ALL: [Self; 5] = [Self::Special, Self::First, Self::Second, Self::Third, Self::Merit];

    /// The stable code, in tables, statistics and the API; its words are [`AwardLevel::key`].
    pub const fn code(self) -> &'static str {
        match self {
            Self::Special => "special",
            Self::First => "first",
            Self::Second => "second",
            Self::Third => "third",
            Self::Merit => "merit",
        }
    }

    /// The key of its words.
    pub fn key(self) -> String {
        format!("award-{}", self.code())
    }

    /// Reads [`AwardLevel::code`].
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|level| level.code() == code)
    }
}

/// The award of a submission.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Award {
    /// Which.
    pub level: AwardLevel,
    /// Who gave it first.
    #[schema(value_type = String)]
    pub given_by: AccountId,
    /// When: the day that it is counted on, whatever its level is changed to.
    #[schema(value_type = i64)]
    pub given_at: Timestamp,
}

/// How a hop ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Sent on to the superior; took a place.
    Recommended,
    /// Chosen at the top; took a place.
    Selected,
    /// Sent back to its owner.
    Returned,
    /// Stays here.
    Kept,
    /// Refused.
    Rejected,
    /// The sender took it back before it was opened.
    PulledBack,
    /// The owner took it back for good.
    Withdrawn,
}

impl Verdict {
    /// All of them.
    pub const ALL: [Self; 7] =
        [Self::Recommended, Self::Selected, Self::Returned, Self::Kept, Self::Rejected, Self::PulledBack, Self::Withdrawn];

    /// The stable code; its words are [`Verdict::key`].
    pub const fn code(self) -> &'static str {
        match self {
            Self::Recommended => "recommended",
            Self::Selected => "selected",
            Self::Returned => "returned",
            Self::Kept => "kept",
            Self::Rejected => "rejected",
            Self::PulledBack => "pulled_back",
            Self::Withdrawn => "withdrawn",
        }
    }

    /// The key of its words.
    pub fn key(self) -> String {
        format!("verdict-{}", self.code().replace('_', "-"))
    }

    /// Reads [`Verdict::code`].
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|v| v.code() == code)
    }
}

/// One lesson's journey through one campaign.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct Submission {
    /// Its id.
    #[schema(value_type = String)]
    pub id: SubmissionId,
    /// The call it answers.
    #[schema(value_type = String)]
    pub campaign: CampaignId,
    /// Whose rules it follows.
    #[schema(value_type = String)]
    pub category: CategoryId,
    /// The work.
    #[schema(value_type = String)]
    pub lesson: LessonId,
    /// Whose work it is.
    #[schema(value_type = String)]
    pub organisation: OrganisationId,
    /// Where it stands.
    pub state: State,
    /// On whose desk it lies: the owner's, or that of an organisation above it.
    #[schema(value_type = String)]
    pub holder: OrganisationId,
    /// Number of the newest revision; 0 before the first.
    pub revision: i64,
    /// What its owner agreed to.
    pub consents: Vec<ConsentGiven>,
    /// Until when a returned one should come back.
    #[schema(value_type = Option<i64>)]
    pub due_at: Option<Timestamp>,
    /// When it was first submitted: the day that its figures are counted on.
    #[schema(value_type = Option<i64>)]
    pub submitted_at: Option<Timestamp>,
    /// Who started it.
    #[schema(value_type = String)]
    pub created_by: AccountId,
    /// When.
    #[schema(value_type = i64)]
    pub created_at: Timestamp,
    /// When it last changed.
    #[schema(value_type = i64)]
    pub updated_at: Timestamp,
    /// Counts changes; a write names the version it saw.
    pub version: i64,
}

/// A consent as it was given: which text, and when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct ConsentGiven {
    /// Code of the text.
    pub code: String,
    /// Its revision.
    pub revision: i64,
    /// When it was agreed to.
    #[schema(value_type = i64)]
    pub at: Timestamp,
}

/// One stay at one organisation.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct Hop {
    /// Its id.
    #[schema(value_type = String)]
    pub id: HopId,
    /// Its place in the journey, from 1.
    pub seq: i64,
    /// Where.
    #[schema(value_type = String)]
    pub holder: OrganisationId,
    /// The revision that was to be judged there.
    pub revision: i64,
    /// When it came.
    #[schema(value_type = i64)]
    pub arrived_at: Timestamp,
    /// When a reviewer first opened it; from then on nobody pulls it back.
    #[schema(value_type = Option<i64>)]
    pub opened_at: Option<Timestamp>,
    /// When it left or was decided.
    #[schema(value_type = Option<i64>)]
    pub closed_at: Option<Timestamp>,
    /// How it ended.
    pub verdict: Option<Verdict>,
    /// Code of the reason, for a return or a rejection.
    pub reason: Option<String>,
    /// The opinion in words.
    pub note: Option<String>,
    /// What should be changed, field by field and moment by moment.
    pub remarks: Vec<Remark>,
    /// Place in the holder's order of this category, from 1.
    pub rank: Option<i64>,
    /// On the holder's reserve list.
    pub reserve: bool,
    /// Who decided.
    #[schema(value_type = Option<String>)]
    pub account: Option<AccountId>,
}

impl Hop {
    /// Nobody decided yet.
    pub fn is_open(&self) -> bool {
        self.closed_at.is_none()
    }
}

/// Something that should be changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Remark {
    /// Which field of the lesson, if one is meant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// Which moment of the recording, in milliseconds from its start, if one is meant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_ms: Option<i64>,
    /// What to do about it.
    pub text: String,
}

/// What was handed in, as it was: never changed afterwards.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct Revision {
    /// From 1.
    pub number: i64,
    /// The fields of the lesson by name.
    #[schema(value_type = Object)]
    pub answers: Value,
    /// The files with their hashes.
    pub files: Vec<FileSeen>,
    /// What had been agreed to.
    pub consents: Vec<ConsentGiven>,
    /// Number of the receipt.
    pub receipt: String,
    /// Who submitted it.
    #[schema(value_type = String)]
    pub created_by: AccountId,
    /// When.
    #[schema(value_type = i64)]
    pub created_at: Timestamp,
}

/// A file as it was handed in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct FileSeen {
    /// The stored original.
    #[schema(value_type = String)]
    pub material: MaterialId,
    /// What it is for.
    pub slot: String,
    /// Which version of the recording: field, polished, broadcast.
    pub variant: String,
    /// As its owner named it.
    pub filename: String,
    /// Size.
    pub bytes: i64,
    /// SHA-256 in lower-case hex, of the file as it is kept.
    pub sha256: String,
    /// SHA-256 of the file as it came, where it is kept without something: a photo without place, time and owner.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sent_sha256: Option<String>,
}

/// One of the approvals that a publication needs.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct Approval {
    /// From 1: initial, second, final.
    pub step: ApprovalStep,
    /// Who.
    #[schema(value_type = String)]
    pub account: AccountId,
    /// In words.
    pub note: Option<String>,
    /// When.
    #[schema(value_type = i64)]
    pub created_at: Timestamp,
}

/// The places that an organisation has for one category.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Quota {
    /// The category.
    #[schema(value_type = String)]
    pub category: CategoryId,
    /// How many there are; none means no limit.
    pub places: Option<i64>,
    /// How many are taken. More than there are only when they were lowered later.
    pub used: i64,
}

//! Lessons: the works themselves, before and beside every campaign.
//!
//! ```text
//! registered (a title, an organisation) ─autosave─► described ─► handed in by `submissions`
//!                                                       └─published─► publication (what the portal shows)
//! ```
//!
//! * A lesson belongs to one organisation; rights are asked there.
//! * Every save names the version it has seen; the second of two editors loses cleanly.
//! * Kinds of lecturer, topics and forms are words of the vocabulary pack; tables keep their codes.
//! * Not here: files (`recordings`), verdicts (`submissions`), views (`watching`).

pub mod actions;
pub mod api;
mod catalogue;
mod facts;
mod register;
pub mod rules;
mod store;

pub use catalogue::{Catalogue, Facet, FacetValue, Wanted};
pub use facts::LessonFact;
pub use register::{LessonFilter, Publicity};
pub use store::Lessons;

use crate::lecturers::LecturerId;
use kernel::{AccountId, Id, Identified, OrganisationId, Timestamp};
use serde::{Deserialize, Deserializer, Serialize};

/// What a [`LessonId`] names.
#[derive(Debug)]
pub struct LessonRow;
impl Identified for LessonRow {
    const PREFIX: &'static str = "lsn";
}
/// Names a lesson.
pub type LessonId = Id<LessonRow>;

/// A named moment of the recording.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Chapter {
    /// Milliseconds from the start.
    pub at_ms: i64,
    /// What begins there.
    pub title: String,
}

/// A lesson as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lesson {
    /// Its id.
    pub id: LessonId,
    /// Whose work it is.
    pub organisation: OrganisationId,
    /// What it is called.
    pub title: String,
    /// Who speaks; empty until it is told.
    pub lecturer: String,
    /// The person who speaks, when it is known who that is.
    pub lecturer_id: Option<LecturerId>,
    /// Code of [`rules::LECTURER_KINDS`], or empty.
    pub lecturer_kind: String,
    /// Code of [`rules::TOPICS`], or empty.
    pub topic: String,
    /// Code of [`rules::FORMS`], or empty.
    pub form: String,
    /// The day it was held, `2026-11-20`, or empty.
    pub held_on: String,
    /// How many people listened, when it is known.
    pub audience: Option<i64>,
    /// A few sentences for the library.
    pub abstract_: String,
    /// The text as it was spoken.
    pub script: String,
    /// In the order of their moments.
    pub chapters: Vec<Chapter>,
    /// Who registered it.
    pub created_by: AccountId,
    /// When.
    pub created_at: Timestamp,
    /// Grows with every save.
    pub version: i64,
}

/// What an editor may change, each part only when it is given.
#[allow(clippy::option_option, reason = "absent, null and a number are three answers")]
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, utoipa::ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct LessonFields {
    /// At most 200 characters.
    pub title: Option<String>,
    /// At most 100 characters.
    pub lecturer: Option<String>,
    /// Id of the person who speaks; empty takes it back.
    pub lecturer_id: Option<String>,
    /// Code, or empty.
    pub lecturer_kind: Option<String>,
    /// Code, or empty.
    pub topic: Option<String>,
    /// Code, or empty.
    pub form: Option<String>,
    /// `yyyy-mm-dd`, or empty.
    pub held_on: Option<String>,
    /// A number; null takes it back.
    #[serde(deserialize_with = "given")]
    #[schema(value_type = Option<i64>)]
    pub audience: Option<Option<i64>>,
    /// At most 2,000 characters.
    #[serde(rename = "abstract")]
    pub abstract_: Option<String>,
    /// At most 60,000 characters.
    pub script: Option<String>,
    /// At most 200.
    pub chapters: Option<Vec<Chapter>>,
}

/// Tells null from absent.
#[allow(clippy::option_option, reason = "absent, null and a number are three answers")]
fn given<'de, D: Deserializer<'de>>(d: D) -> Result<Option<Option<i64>>, D::Error> {
    Option::deserialize(d).map(Some)
}

/// The public face of a lesson: a copy, so that later edits change nothing that was cleared.
///
/// Ids of features that build on this one are text here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Publication {
    /// Which lesson.
    pub lesson: LessonId,
    /// Whose.
    pub organisation: OrganisationId,
    /// The submission that was cleared.
    pub submission: String,
    /// The campaign it was handed in to.
    pub campaign: String,
    /// And its category.
    pub category: String,
    /// The recording that plays.
    pub material: String,
    /// As on the lesson.
    pub title: String,
    /// As on the lesson.
    pub lecturer: String,
    /// As on the lesson.
    pub lecturer_kind: String,
    /// As on the lesson.
    pub topic: String,
    /// As on the lesson.
    pub form: String,
    /// Depth of the organisation in the tree, for the facet of levels.
    pub level: i64,
    /// The year it was held in or, when that is unknown, published.
    pub year: i64,
    /// Length of the recording.
    pub duration_ms: i64,
    /// As on the lesson.
    pub abstract_: String,
    /// As on the lesson.
    pub script: String,
    /// As on the lesson.
    pub chapters: Vec<Chapter>,
    /// Lower-case text that the simple search looks through.
    pub search: String,
    /// Code of the award that its submission was given; empty without one.
    pub award: String,
    /// When it went live.
    pub published_at: Timestamp,
    /// When it was taken back, if it was.
    pub unpublished_at: Option<Timestamp>,
}

//! Lecturers as people: who they are, where they belong, how they are booked.
//!
//! ```text
//! registered ─describe, photo, consent─► known to everybody below the same root ─consent recorded─► public page (`watching`)
//!      │ ▲ retire / return                    merge ⇄ unmerge: `merged_into` says into whom, `root` who stands for all of them
//! booking: requested ─accept─► accepted ─after the end─► rated        (decline, cancel before it begins)
//! ```
//!
//! * A change of organisation ends one post and begins another; nothing is forgotten.
//! * A merge rewrites no reference: lessons and bookings keep the lecturer they were made with, and readers ask for everybody
//!   with the same root. So a merge can be undone, however much happened since.
//! * Two accepted bookings of one person never overlap: accepting locks the person before it looks.
//! * Contact is for those who keep lecturers, never for the public.
//! * Not here: the lectures themselves (`lessons`, `held_sessions`), the public page and the list of lectures (`watching`).

pub mod actions;
pub mod api;
pub mod pages;
pub mod picks;
mod reading;
pub mod register;
pub mod rules;
pub mod sent;
mod store;
mod views;
pub mod work;

pub use reading::{Filter, Sight, may_name, position_after, public, public_list, seen, sight};
pub use store::{BookingRow, Bookings, Lecturers, Merge, Narrowed, Photo, Post, Stars, Which};
pub use views::term as term_words;

use kernel::{AccountId, Id, Identified, OrganisationId, Timestamp};
use rules::State;
use serde::{Deserialize, Serialize};

/// What a [`LecturerId`] names.
#[derive(Debug)]
pub struct LecturerRow;
impl Identified for LecturerRow {
    const PREFIX: &'static str = "ltr";
}
/// Names a lecturer.
pub type LecturerId = Id<LecturerRow>;

/// What a [`BookingId`] names.
#[derive(Debug)]
pub struct Booked;
impl Identified for Booked {
    const PREFIX: &'static str = "bkg";
}
/// Names a booking.
pub type BookingId = Id<Booked>;

/// What a [`PhotoId`] names.
#[derive(Debug)]
pub struct Portrait;
impl Identified for Portrait {
    const PREFIX: &'static str = "lph";
}
/// Names a photo of a lecturer.
pub type PhotoId = Id<Portrait>;

/// What a [`MergeId`] names.
#[derive(Debug)]
pub struct Merged;
impl Identified for Merged {
    const PREFIX: &'static str = "lmg";
}
/// Names a merge.
pub type MergeId = Id<Merged>;

/// A lecturer as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lecturer {
    /// Its id.
    pub id: LecturerId,
    /// Where this person belongs now.
    pub organisation: OrganisationId,
    /// Name.
    pub name: String,
    /// Code of [`rules::LECTURER_KINDS`].
    pub kind: String,
    /// Codes of [`rules::TOPICS`].
    pub topics: Vec<String>,
    /// Post or profession in words.
    pub occupation: String,
    /// A few sentences about the person.
    pub about: String,
    /// How to reach the person; never public.
    pub contact: String,
    /// First day as a lecturer, `2026-01-31`, or empty.
    pub term_from: String,
    /// Last day, or empty.
    pub term_to: String,
    /// The photo in use.
    pub photo: Option<PhotoId>,
    /// The account that answers bookings.
    pub account: Option<AccountId>,
    /// When it was recorded that the person agrees to a public page.
    pub consent_at: Option<Timestamp>,
    /// How the person agreed.
    pub consent_text: String,
    /// No longer lectures.
    pub retired: bool,
    /// Into whom this one was merged.
    pub merged_into: Option<LecturerId>,
    /// Who stands for this person: itself, unless it was merged.
    pub root: LecturerId,
    /// Who registered it.
    pub created_by: AccountId,
    /// When.
    pub created_at: Timestamp,
    /// Grows with every change.
    pub version: i64,
}

/// What may be told of a lecturer, each part only when it is given.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, utoipa::ToSchema)]
#[serde(default, deny_unknown_fields)]
#[schema(as = LecturerFields)]
pub struct Fields {
    /// 1 to 100 characters.
    pub name: Option<String>,
    /// Where the person belongs; a change keeps what was before.
    #[schema(value_type = Option<String>)]
    pub organisation: Option<OrganisationId>,
    /// Code of a kind of lecturer.
    pub kind: Option<String>,
    /// Codes of topics.
    pub topics: Option<Vec<String>>,
    /// At most 100 characters.
    pub occupation: Option<String>,
    /// At most 2,000 characters.
    pub about: Option<String>,
    /// At most 200 characters; never public.
    pub contact: Option<String>,
    /// `yyyy-mm-dd`, or empty.
    pub term_from: Option<String>,
    /// `yyyy-mm-dd`, or empty.
    pub term_to: Option<String>,
    /// Sign-in name of the account that answers bookings; empty takes it back.
    pub account: Option<String>,
}

/// A booking as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Booking {
    /// Its id.
    pub id: BookingId,
    /// Who is asked for, as it was asked; the person is its root.
    pub lecturer: LecturerId,
    /// Who asks.
    pub organisation: OrganisationId,
    /// When the lecture begins.
    pub starts_at: Timestamp,
    /// When it ends.
    pub ends_at: Timestamp,
    /// What it is about.
    pub title: String,
    /// Where.
    pub place: String,
    /// For how many people.
    pub people: i64,
    /// What the lecturer should know.
    pub note: String,
    /// How far it is.
    pub state: State,
    /// Why it was declined or cancelled.
    pub answer: String,
    /// Who answered last.
    pub answered_by: Option<AccountId>,
    /// When.
    pub answered_at: Option<Timestamp>,
    /// 1 to 5, once it was rated.
    pub stars: Option<i64>,
    /// What was said with the stars.
    pub comment: String,
    /// Who asked.
    pub created_by: AccountId,
    /// When.
    pub created_at: Timestamp,
    /// Grows with every change.
    pub version: i64,
}

/// A request for a lecture.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = BookingRequest)]
pub struct Request {
    /// Who asks.
    #[schema(value_type = String)]
    pub organisation: OrganisationId,
    /// When it begins, milliseconds since 1970.
    #[schema(value_type = i64)]
    pub starts_at: Timestamp,
    /// When it ends.
    #[schema(value_type = i64)]
    pub ends_at: Timestamp,
    /// 1 to 200 characters.
    pub title: String,
    /// At most 200 characters.
    #[serde(default)]
    pub place: String,
    /// How many are expected.
    #[serde(default)]
    pub people: i64,
    /// At most 1,000 characters.
    #[serde(default)]
    pub note: String,
}

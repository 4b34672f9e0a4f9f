//! Held sessions: lectures that were held before people, as an organisation's clerk records them.
//!
//! ```text
//! registered ─verify─► verified        registered and verified count, returned and void do not
//!   ▲  │ │                │
//!   │  │ └─void─► void    │
//!   │  └─return─► returned│
//!   └──────── correct ────┴──          every save is a revision; nothing is overwritten
//! ```
//!
//! * A save carries the id that the phone made and an operation: repeated, it answers as the first time and changes nothing.
//! * Record, revision, audit record, figures and, for a closed month, the adjustment commit together.
//! * Figures post to the day it was held; a correction takes back the old and adds the new.
//! * Who recorded it does not verify it: that right comes from above ([`crate::organisations::Action::VerifySession`]).
//! * Not here: lecturers themselves (`lecturers`), figures (`statistics`), other people's calendars (`broadcasts`).

pub mod actions;
pub mod api;
mod blank;
mod counted;
mod crossed;
mod fields;
mod filters;
pub mod pages;
pub mod register;
mod requests;
pub mod rules;
pub mod sent;
mod sheet;
mod store;
mod views;
pub mod work;

pub use counted::{Counted, CountedSession, CountedSum};
pub use crossed::{CrossedSum, Has, TraitKind};
pub use fields::{SessionFields, Told};
pub use requests::Request;
pub use rules::State;
pub use store::{HeldSessions, ListFilter, Revision};

use crate::deltas::{Day, Traits};
use kernel::{AccountId, Id, Identified, OrganisationId, Timestamp};

/// What a [`HeldSessionId`] names.
#[derive(Debug)]
pub struct HeldSessionRow;
impl Identified for HeldSessionRow {
    const PREFIX: &'static str = "hs";
}
/// Names a held session.
pub type HeldSessionId = Id<HeldSessionRow>;

/// What a [`PlanId`] names.
#[derive(Debug)]
pub struct PlanRow;
impl Identified for PlanRow {
    const PREFIX: &'static str = "pln";
}
/// Names a planned session.
pub type PlanId = Id<PlanRow>;

/// What a [`PhotoId`] names.
#[derive(Debug)]
pub struct PhotoRow;
impl Identified for PhotoRow {
    const PREFIX: &'static str = "pho";
}
/// Names a photo of a held session.
pub type PhotoId = Id<PhotoRow>;

/// Something that speaks against a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    /// `two-places`, `same-photo`, `crowded` or `twin`; its words are `held-check-CODE`.
    pub code: &'static str,
    /// The other record; none when it stands alone, or when the reader may not see it.
    pub other: Option<(HeldSessionId, String)>,
    /// The number that is meant: members of the organisation.
    pub number: i64,
}

/// A photo of a held session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Photo {
    /// Its id, made by whoever added it.
    pub id: PhotoId,
    /// Of what.
    pub held_session: HeldSessionId,
    /// Of the bytes that are kept.
    pub sha256: String,
    /// The same for photos that are the same to the eye; for now those with the same bytes.
    pub look: String,
    /// Size of the file.
    pub bytes: i64,
    /// Pixels across.
    pub width: i64,
    /// Pixels down.
    pub height: i64,
    /// Who added it.
    pub added_by: AccountId,
    /// When.
    pub added_at: Timestamp,
}

impl Photo {
    /// The name of its file among the originals: of other bytes under the same id it is another.
    pub fn file(&self) -> String {
        format!("{}-{}", self.id, self.sha256)
    }
}

/// A held session as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeldSession {
    /// Its id, made by whoever recorded it.
    pub id: HeldSessionId,
    /// Who held it.
    pub organisation: OrganisationId,
    /// The day it counts for.
    pub day: Day,
    /// What was recorded.
    pub told: Told,
    /// Where it stands.
    pub state: State,
    /// Why it was returned or voided; empty otherwise.
    pub reason: String,
    /// Who verified, returned or voided it.
    pub decided_by: Option<AccountId>,
    /// When.
    pub decided_at: Option<Timestamp>,
    /// Who recorded it first.
    pub created_by: AccountId,
    /// When.
    pub created_at: Timestamp,
    /// The last save or verdict.
    pub changed_at: Timestamp,
    /// Grows with every save and verdict.
    pub version: i64,
}

impl HeldSession {
    /// What it counts for, in a state that counts.
    pub fn figure(&self) -> Option<Figure> {
        self.state.counts().then(|| Figure { day: self.day, dimension: self.told.traits().dimension(), people: self.told.people })
    }
}

/// A month that an organisation closed for itself and everything below it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClosedMonth {
    /// Who closed it.
    pub organisation: OrganisationId,
    /// `yyyymm`.
    pub month: i64,
    /// Whose act.
    pub closed_by: AccountId,
    /// When.
    pub closed_at: Timestamp,
}

/// What a later change did to the figures of a closed month.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Adjustment {
    /// Its id.
    pub id: String,
    /// Whose figures.
    pub organisation: OrganisationId,
    /// The day whose figures changed.
    pub day: Day,
    /// What was changed.
    pub held_session: HeldSessionId,
    /// Sessions more, or fewer.
    pub sessions: i64,
    /// People more, or fewer.
    pub people: i64,
    /// Why.
    pub reason: String,
    /// Whose act.
    pub account: AccountId,
    /// When.
    pub at: Timestamp,
}

/// A session that is planned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// Its id.
    pub id: PlanId,
    /// Who plans it.
    pub organisation: OrganisationId,
    /// Id of the campaign it belongs to.
    pub campaign: Option<String>,
    /// The day.
    pub day: Day,
    /// What it will be called.
    pub title: String,
    /// Who will speak; may be empty.
    pub lecturer: String,
    /// The lecturer's id, when the register has one.
    pub lecturer_id: Option<String>,
    /// Whatever else.
    pub note: String,
    /// What was held from it.
    pub held_session: Option<HeldSessionId>,
    /// When it was called off.
    pub cancelled_at: Option<Timestamp>,
    /// Why.
    pub cancelled_why: Option<String>,
    /// Who planned it.
    pub created_by: AccountId,
    /// When.
    pub created_at: Timestamp,
    /// Grows with every change.
    pub version: i64,
}

impl Told {
    /// What it is counted by.
    pub fn traits(&self) -> Traits<'_> {
        Traits { form: &self.form, lecturer: &self.lecturer_kind, venue: &self.venue_kind, topic: &self.topic }
    }
}

/// What one held session adds to the figures of its organisation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Figure {
    /// The day it was held.
    pub day: Day,
    /// [`Traits::dimension`].
    pub dimension: String,
    /// Head count.
    pub people: i64,
}

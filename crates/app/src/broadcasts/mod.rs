//! Broadcasts: a lecture that everybody watches at the same moment, from a hall, a studio or a recording.
//!
//! ```text
//! planned ─publisher─► testing ─go on air─► on air ─link lost─► dropped ─publisher─► on air
//!    │ ▲                  │                    │                   │ grace over
//!    │ └──publisher left──┘                    └───────end─────────┴──► ended (its recording is a lesson)
//!    ├─its time comes (a showing)─► on air
//!    └─cancel─► cancelled
//! ```
//!
//! * One enum, one function: [`rules::State::after`]. A step and its audit record commit together.
//! * A broadcast is about one lesson: of a showing the recording, of a live broadcast the lesson that it becomes.
//! * What a publisher sends is in a [`studio`]; a restart finds the row, waits for the publisher and numbers on.
//! * Not here: who watched (`watching`), what they say to each other (`rooms`), the wire (`crates/live`).

pub mod actions;
pub mod addresses;
pub mod api;
pub mod calendar;
mod fields;
pub mod pages;
pub mod poster;
pub mod programme;
pub mod rules;
pub mod showing;
mod store;
pub mod studio;
mod views;
pub mod work;

pub use fields::Plan;
pub use rules::{Showing, State};
pub use showing::Showings;
pub use store::{Broadcasts, RecordedSegments, Unbroken, Wanted};
pub use studio::Studios;

use crate::campaigns::CampaignId;
use crate::lessons::LessonId;
use crate::machine::LoadStage;
use crate::state::App;
use kernel::{AccountId, Id, Identified, OrganisationId, Timestamp};
use serde::{Deserialize, Serialize};

/// What a [`BroadcastId`] names.
#[derive(Debug)]
pub struct BroadcastRow;
impl Identified for BroadcastRow {
    const PREFIX: &'static str = "brd";
}
/// Names a broadcast.
pub type BroadcastId = Id<BroadcastRow>;

/// The job that makes a lesson of what was on air; its subject is the broadcast.
pub const RECORDING: &str = "broadcasts.recording";

/// The job that cuts a recording; its subject is the broadcast.
pub const TRIM: &str = "broadcasts.trim";

/// Where the picture comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// A publisher sends it: OBS, a phone, a camera.
    Live,
    /// A recorded lesson, shown to everyone at the same moment (G6).
    Showing,
    /// A stream of somebody else's, by its address.
    External,
}

impl Kind {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Live, Self::Showing, Self::External];

    /// Stored code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Live => "live",
            Self::Showing => "showing",
            Self::External => "external",
        }
    }

    /// Reads [`Kind::code`].
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|k| k.code() == code)
    }
}

/// Who may watch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Admission {
    /// Everybody.
    Everybody,
    /// Whoever is signed in.
    SignedIn,
}

impl Admission {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::Everybody, Self::SignedIn];

    /// Stored code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Everybody => "everybody",
            Self::SignedIn => "signed-in",
        }
    }

    /// Reads [`Admission::code`].
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|a| a.code() == code)
    }
}

/// How the picture and the talk reach people; may be switched while on air.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Profile {
    /// Close to the lecturer: parts of segments, sockets.
    Interactive,
    /// Behind caches: whole segments, talk in files, fewer reports.
    Mass,
}

impl Profile {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Interactive, Self::Mass];

    /// Stored code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Interactive => "interactive",
            Self::Mass => "mass",
        }
    }

    /// Reads [`Profile::code`].
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|p| p.code() == code)
    }
}

/// A broadcast as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Broadcast {
    /// Its id.
    pub id: BroadcastId,
    /// Who holds it.
    pub organisation: OrganisationId,
    /// The lesson it shows or becomes.
    pub lesson: LessonId,
    /// The campaign it belongs to.
    pub campaign: Option<CampaignId>,
    /// Where the picture comes from.
    pub kind: Kind,
    /// What it is called.
    pub title: String,
    /// Who speaks.
    pub lecturer: String,
    /// A few sentences for the programme.
    pub abstract_: String,
    /// Who may watch.
    pub admission: Admission,
    /// Who runs it, when somebody was named; others with the right still may.
    pub host: Option<AccountId>,
    /// When it begins by plan.
    pub starts_at: Timestamp,
    /// When it ends by plan; of a showing the end of its recording.
    pub ends_at: Timestamp,
    /// Where it stands.
    pub state: State,
    /// How it reaches people.
    pub profile: Profile,
    /// When it went on air.
    pub on_air_at: Option<Timestamp>,
    /// When it ended.
    pub ended_at: Option<Timestamp>,
    /// Since when a showing is held at a moment.
    pub held_at: Option<Timestamp>,
    /// How long it was held before, milliseconds.
    pub held_ms: i64,
    /// The last characters of the stream key, so that a host knows which one is in force.
    pub key_hint: Option<String>,
    /// Id of the recording: what is shown, or what a live broadcast is being kept as.
    pub material: Option<String>,
    /// Whether the recording goes into the library when the broadcast ends.
    pub keeps_recording: bool,
    /// Address of somebody else's stream.
    pub external_url: Option<String>,
    /// How much is given up whatever the load is; none leaves it to what is measured.
    pub pinned_stage: Option<LoadStage>,
    /// What repeats of one showing have in common.
    pub series: Option<String>,
    /// Who planned it.
    pub created_by: AccountId,
    /// When.
    pub created_at: Timestamp,
    /// Grows with each change.
    pub version: i64,
}

impl Broadcast {
    /// How much is given up of it now: as pinned, else as the load of this machine asks.
    pub fn stage(&self, app: &App) -> LoadStage {
        self.pinned_stage.unwrap_or_else(|| app.machine.stage())
    }

    /// How it reaches people now: as its host chose, but as for the masses when pages show the picture alone.
    pub fn profile_now(&self, app: &App) -> Profile {
        if self.stage(app).is_static() { Profile::Mass } else { self.profile }
    }
}

#[cfg(test)]
impl Broadcast {
    /// A planned live broadcast for everybody.
    pub fn example() -> Self {
        Self {
            id: Id::from_u128(1),
            organisation: Id::from_u128(2),
            lesson: Id::from_u128(3),
            campaign: None,
            kind: Kind::Live,
            title: "秋收里的一堂课".into(),
            lecturer: "李桂芳".into(),
            abstract_: String::new(),
            admission: Admission::Everybody,
            host: None,
            starts_at: Timestamp(0),
            ends_at: Timestamp(3_600_000),
            state: State::Planned,
            profile: Profile::Interactive,
            on_air_at: None,
            ended_at: None,
            held_at: None,
            held_ms: 0,
            key_hint: None,
            material: None,
            keeps_recording: true,
            external_url: None,
            pinned_stage: None,
            series: None,
            created_by: Id::from_u128(4),
            created_at: Timestamp(0),
            version: 1,
        }
    }
}

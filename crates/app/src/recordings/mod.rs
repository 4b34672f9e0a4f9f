//! Recordings: files on their way in, originals with their hashes, and what players are given of them.
//!
//! ```text
//! tus upload ─spool file─► complete ─recordings.ingest─► hashed, examined ─┬─► refused (with its reasons)
//!                                                                          └─► ready (original) ─recordings.renditions─►
//!   copied rung ─► sound ─► lower rungs ─► poster ─► storyboard ─► loudness        (master.m3u8 grows with each)
//! ```
//!
//! * An upload belongs to a lesson, a slot and a variant; its offset is the length of its spool file and nothing else.
//! * A byte is acknowledged after it was synced; what was acknowledged survives `kill -9` and a full disk (S14).
//! * Files are named by ids. What a person called a file is kept in the row and never becomes a path (S3, S4).
//! * Photos are kept without place, time and owner; what came is forgotten once its hash is known (S20).
//! * Addresses of media are signed for an audience and name one material (S5); whether the audience still may have it is
//!   asked every 20 seconds, not for each segment (S19).
//! * Not here: which files a campaign wants (`submissions::rules`), codecs (`crates/media`).

pub mod actions;
pub mod api;
mod checksum;
mod doors;
pub mod rules;
mod shelf;
mod spool;
mod standing;
mod store;
mod toolbox;
pub mod work;

pub use doors::Doors;
pub use rules::Audience;
pub use shelf::{Shelf, Shelved};
pub use standing::Standing;
pub use store::{Recordings, Uploads};
pub use toolbox::Toolbox;

use crate::lessons::LessonId;
use crate::problem::Problem;
use crate::state::App;
use kernel::{AccountId, Id, Identified, Timestamp};
use serde::{Deserialize, Serialize};

/// What an [`UploadId`] names.
#[derive(Debug)]
pub struct UploadRow;
impl Identified for UploadRow {
    const PREFIX: &'static str = "upl";
}
/// Names an upload.
pub type UploadId = Id<UploadRow>;

/// What a [`MaterialId`] names.
#[derive(Debug)]
pub struct MaterialRow;
impl Identified for MaterialRow {
    const PREFIX: &'static str = "mat";
}
/// Names a file of a lesson, also the folder of what was made of it.
pub type MaterialId = Id<MaterialRow>;

/// What a [`CaptionId`] names.
#[derive(Debug)]
pub struct CaptionRow;
impl Identified for CaptionRow {
    const PREFIX: &'static str = "cap";
}
/// Names captions in one language.
pub type CaptionId = Id<CaptionRow>;

/// The job that hashes and examines a complete upload; its subject is the material.
pub const INGEST: &str = "recordings.ingest";
/// The job that makes a material playable; its subject is the material.
pub const RENDITIONS: &str = "recordings.renditions";

/// Which making of a recording a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Variant {
    /// As it was filmed.
    Field,
    /// Cut and cleaned.
    Polished,
    /// As it is broadcast.
    Broadcast,
}

impl Variant {
    /// All of them, in the order in which a recording ripens.
    pub const ALL: [Self; 3] = [Self::Field, Self::Polished, Self::Broadcast];

    /// Stored code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Field => "field",
            Self::Polished => "polished",
            Self::Broadcast => "broadcast",
        }
    }

    /// Reads [`Variant::code`].
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|v| v.code() == code)
    }
}

/// Where a file stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum MaterialState {
    /// Complete, and being hashed and examined.
    Checking,
    /// Good: hash and facts are known.
    Ready,
    /// Not what its slot takes; `problems` say why.
    Refused,
}

impl MaterialState {
    /// Stored code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Checking => "checking",
            Self::Ready => "ready",
            Self::Refused => "refused",
        }
    }

    /// Reads [`MaterialState::code`].
    pub fn from_code(code: &str) -> Option<Self> {
        [Self::Checking, Self::Ready, Self::Refused].into_iter().find(|s| s.code() == code)
    }
}

/// A rule that a file breaks; its words are `rule-RULE` with both values.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Broken {
    /// Stable code.
    pub rule: String,
    /// What was found.
    pub found: String,
    /// What is wanted.
    pub wanted: String,
}

/// A file of a lesson.
#[derive(Debug, Clone, PartialEq)]
pub struct Material {
    /// Its id.
    pub id: MaterialId,
    /// Whose.
    pub lesson: LessonId,
    /// Name of [`rules::SLOTS`].
    pub slot: String,
    /// Which making.
    pub variant: Variant,
    /// What its owner called it: shown, never a path.
    pub filename: String,
    /// Its size.
    pub bytes: i64,
    /// SHA-256 in hex of what is kept, once it was hashed.
    pub sha256: Option<String>,
    /// SHA-256 in hex of what came, where that is not what is kept: a photo loses what cameras write beside the picture.
    pub sent_sha256: Option<String>,
    /// Where it stands.
    pub state: MaterialState,
    /// Facts of a video or sound file that is ready.
    pub source: Option<media::SourceInfo>,
    /// Why it was refused.
    pub problems: Vec<Broken>,
    /// Who uploaded it.
    pub created_by: AccountId,
    /// When its last byte arrived.
    pub created_at: Timestamp,
    /// When a newer file took its place.
    pub replaced_at: Option<Timestamp>,
}

/// Something made from an original that can be made again.
#[derive(Debug, Clone, PartialEq)]
pub struct Rendition {
    /// Unique within its material: a folder, or `master`.
    pub name: String,
    /// `rung`, `audio`, `poster`, `storyboard`, `loudness` or `master`.
    pub kind: String,
    /// What the step that made it reported.
    pub detail: serde_json::Value,
    /// Size on disk.
    pub bytes: i64,
}

/// Captions in one language, as strict WebVTT.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caption {
    /// Their id.
    pub id: CaptionId,
    /// Whose.
    pub lesson: LessonId,
    /// BCP 47 tag.
    pub language: String,
    /// What a menu calls them.
    pub label: String,
    /// WebVTT that was written anew by `media::captions`.
    pub body: String,
    /// When they were handed in.
    pub created_at: Timestamp,
}

/// Where an upload stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UploadState {
    /// Bytes are missing, or the last request has not been answered.
    Open,
    /// Complete; the material has its own state.
    Done,
    /// Left alone too long; its bytes are gone.
    Expired,
}

impl UploadState {
    /// Stored code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Done => "done",
            Self::Expired => "expired",
        }
    }

    /// Reads [`UploadState::code`].
    pub fn from_code(code: &str) -> Option<Self> {
        [Self::Open, Self::Done, Self::Expired].into_iter().find(|s| s.code() == code)
    }
}

/// A file on its way in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Upload {
    /// Its id, also the name of its spool file.
    pub id: UploadId,
    /// Who began it.
    pub account: AccountId,
    /// For which lesson; none for a part that will be concatenated.
    pub lesson: Option<LessonId>,
    /// For which slot; empty for a part.
    pub slot: String,
    /// Which making.
    pub variant: Variant,
    /// What its owner calls the file.
    pub filename: String,
    /// Declared size in bytes.
    pub length: i64,
    /// Where it stands.
    pub state: UploadState,
    /// Its `Upload-Concat`, if it is a part or was put together from parts.
    pub concat: Option<String>,
    /// The file it became.
    pub material: Option<MaterialId>,
    /// When it began.
    pub created_at: Timestamp,
    /// When it is forgotten unless bytes arrive.
    pub expires_at: Timestamp,
}

/// The signed address below which the players of `audience` find `material`: `master.m3u8`, `poster.jpg`, `storyboard.vtt`.
///
/// Good for at least the configured time and at most an eighth longer; within that eighth the same address is given
/// again, so that browsers find in their cache what they fetched for the page before.
pub fn media_base(app: &App, audience: Audience, material: MaterialId, now: Timestamp) -> String {
    signed_at(app, "media", audience, &material.to_string(), now)
}

/// The same for something else that is played, below another first segment of the path.
pub fn signed_base(app: &App, door: &str, audience: Audience, id: &str) -> String {
    signed_at(app, door, audience, id, app.clock.now())
}

fn signed_at(app: &App, door: &str, audience: Audience, id: &str, now: Timestamp) -> String {
    let grant = rules::MediaGrant { expiry: rules::media_expiry(now, app.config.media_url_s), audience };
    format!("/{door}/{}/{id}", rules::sign_media(&app.secret, grant, id))
}

/// Whom a signed address of `id` was given to, and until when.
///
/// # Errors
///
/// `media-forged`, `media-expired` (403).
pub fn read_grant(app: &App, grant: &str, id: &str) -> Result<rules::MediaGrant, Problem> {
    rules::read_media(&app.secret, grant, id, app.clock.now()).map_err(|bad| match bad {
        rules::BadAddress::Forged => Problem::denied("media-forged"),
        rules::BadAddress::Expired => Problem::denied("media-expired"),
    })
}

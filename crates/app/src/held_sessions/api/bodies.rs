//! Held sessions as programs see them.

use super::photos::PhotoBody;
use crate::held_sessions::Check;
use crate::held_sessions::rules::{Alteration, Conflict, conflicts, differences};
use crate::held_sessions::{HeldSession, HeldSessionId, Photo, Revision, SessionFields};
use crate::i18n::Texts;
use crate::organisations::OrganisationId;
use crate::state::App;
use kernel::{AccountId, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A held session.
#[derive(Debug, Serialize, ToSchema)]
pub struct HeldSessionBody {
    #[schema(value_type = String)]
    id: HeldSessionId,
    #[schema(value_type = String)]
    organisation: OrganisationId,
    organisation_name: String,
    /// `registered`, `verified`, `returned` or `void`.
    state: &'static str,
    /// Whether figures count it.
    counted: bool,
    /// Why it was returned or voided.
    reason: String,
    /// The day it counts for, `yyyymmdd`.
    day: i32,
    /// When it began, milliseconds since 1970.
    #[schema(value_type = i64)]
    at: Timestamp,
    fields: SessionFields,
    #[schema(value_type = Option<String>)]
    decided_by: Option<AccountId>,
    #[schema(value_type = Option<i64>)]
    decided_at: Option<Timestamp>,
    #[schema(value_type = String)]
    created_by: AccountId,
    #[schema(value_type = i64)]
    created_at: Timestamp,
    #[schema(value_type = i64)]
    changed_at: Timestamp,
    version: i64,
}

impl HeldSessionBody {
    /// As it stands.
    pub fn new(app: &App, one: &HeldSession) -> Self {
        Self {
            id: one.id,
            organisation: one.organisation,
            organisation_name: app.tree.load().name(one.organisation),
            state: one.state.code(),
            counted: one.state.counts(),
            reason: one.reason.clone(),
            day: one.day.0,
            at: one.told.held_at,
            fields: one.told.fields(&app.zone),
            decided_by: one.decided_by,
            decided_at: one.decided_at,
            created_by: one.created_by,
            created_at: one.created_at,
            changed_at: one.changed_at,
            version: one.version,
        }
    }
}

/// One page of held sessions.
#[derive(Debug, Serialize, ToSchema)]
pub struct HeldSessionPage {
    /// The page.
    pub items: Vec<HeldSessionBody>,
    /// Pass as `after` for the next.
    pub next: Option<String>,
}

/// One version that a held session had.
#[derive(Debug, Serialize, ToSchema)]
pub struct RevisionBody {
    version: i64,
    state: &'static str,
    /// Why, where a verdict or a closed month asked for it.
    reason: String,
    #[schema(value_type = String)]
    account: AccountId,
    #[schema(value_type = i64)]
    at: Timestamp,
    fields: SessionFields,
    /// What it says differently from the version before.
    changed: Vec<Alteration>,
}

/// A held session with its history.
#[derive(Debug, Serialize, ToSchema)]
pub struct HeldSessionWhole {
    #[serde(flatten)]
    now: HeldSessionBody,
    /// The newest first.
    revisions: Vec<RevisionBody>,
    photos: Vec<PhotoBody>,
    /// What speaks against it; it stands in nobody's way.
    checks: Vec<CheckBody>,
}

/// Something that speaks against a record.
#[derive(Debug, Serialize, ToSchema)]
pub struct CheckBody {
    /// `two-places`, `same-photo`, `crowded` or `twin`.
    code: &'static str,
    /// The other record, if the reader may see it.
    #[schema(value_type = Option<String>)]
    other: Option<HeldSessionId>,
}

impl HeldSessionWhole {
    /// With what is known of its versions, the newest first.
    pub fn new(app: &App, one: &HeldSession, revisions: Vec<Revision>) -> Self {
        let before = |n: usize| revisions.get(n + 1).map(|older| older.fields.clone());
        let changed: Vec<_> =
            revisions.iter().enumerate().map(|(n, r)| before(n).map_or(Vec::new(), |before| differences(&before, &r.fields))).collect();
        let body = |(r, changed): (Revision, Vec<Alteration>)| RevisionBody {
            version: r.version,
            state: r.state.code(),
            reason: r.reason,
            account: r.account,
            at: r.at,
            fields: r.fields,
            changed,
        };
        Self {
            now: HeldSessionBody::new(app, one),
            revisions: revisions.into_iter().zip(changed).map(body).collect(),
            photos: Vec::new(),
            checks: Vec::new(),
        }
    }

    /// With its photos and what speaks against it.
    #[must_use]
    pub fn with(self, photos: Vec<Photo>, checks: Vec<Check>) -> Self {
        let check = |check: Check| CheckBody { code: check.code, other: check.other.map(|(id, _)| id) };
        Self { photos: photos.into_iter().map(PhotoBody::from).collect(), checks: checks.into_iter().map(check).collect(), ..self }
    }
}

/// What a phone saves.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SaveBody {
    /// Who held it; fixed once it is recorded.
    #[schema(value_type = String)]
    pub organisation: OrganisationId,
    /// Made by the sender for this save and never again, such as a UUID: 16 to 64 letters, digits and hyphens.
    pub operation: String,
    /// The version that the sender has seen; 0 for a new one.
    pub based_on: i64,
    /// All of them: what is left out is empty.
    pub fields: SessionFields,
    /// Why; needed where the month is closed.
    #[serde(default)]
    pub reason: String,
    /// Seconds from opening the form to saving it, for the burden meter.
    #[serde(default)]
    pub took_s: Option<i64>,
}

/// Somebody else was quicker: a problem with what is there now.
#[derive(Debug, Serialize, ToSchema)]
pub struct MeanwhileBody {
    r#type: &'static str,
    title: String,
    status: u16,
    /// `changed-meanwhile`.
    code: &'static str,
    detail: String,
    current: HeldSessionBody,
    /// Fields in which what was sent differs from what is there.
    fields: Vec<Conflict>,
}

impl MeanwhileBody {
    /// What was sent beside what is there.
    pub fn new(app: &App, texts: &Texts, mine: &SessionFields, current: &HeldSession) -> Self {
        Self {
            r#type: "/problems/changed-meanwhile",
            title: texts.s("problem-title"),
            status: 409,
            code: "changed-meanwhile",
            detail: texts.s("problem-changed-meanwhile"),
            fields: conflicts(mine, &current.told.fields(&app.zone)),
            current: HeldSessionBody::new(app, current),
        }
    }
}

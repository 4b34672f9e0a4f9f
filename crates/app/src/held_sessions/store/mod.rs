//! SQL for held sessions.

mod checks;
mod lists;
mod many;
mod months;
mod photos;
mod plans;
mod revisions;
mod staged;

pub use lists::ListFilter;
pub use revisions::Revision;
pub use staged::{Mark, Staged};

use super::{HeldSession, HeldSessionId, State, Told};
use crate::db::{DbError, Row, Tx, args, assembled};
use kernel::OrganisationId;

/// SQL over an open transaction.
#[derive(Debug)]
pub struct HeldSessions<'t>(pub &'t mut Tx);

pub(super) fn held_session(row: &Row) -> Result<HeldSession, DbError> {
    Ok(HeldSession {
        id: row.id("id")?,
        organisation: row.id("organisation")?,
        day: crate::deltas::day(row)?,
        told: Told {
            title: row.text("title")?,
            held_at: row.time("held_at")?,
            minutes: row.int("minutes")?,
            lecturer: row.text("lecturer")?,
            lecturer_id: row.opt_text("lecturer_id")?,
            lecturer_kind: row.text("lecturer_kind")?,
            form: row.text("form")?,
            venue_kind: row.text("venue_kind")?,
            topic: row.text("topic")?,
            people: row.int("people")?,
            place: row.text("place")?,
            note: row.text("note")?,
            campaign: row.opt_text("campaign")?,
            plan: row.opt_id("plan")?,
        },
        state: row.code("state", State::from_code)?,
        reason: row.text("reason")?,
        decided_by: row.opt_id("decided_by")?,
        decided_at: row.opt_time("decided_at")?,
        created_by: row.id("created_by")?,
        created_at: row.time("created_at")?,
        changed_at: row.time("changed_at")?,
        version: row.int("version")?,
    })
}

impl HeldSessions<'_> {
    /// By id.
    pub async fn find(&mut self, id: HeldSessionId) -> Result<Option<HeldSession>, DbError> {
        self.0.fetch_optional("select * from held_session where id = $1", args![id]).await?.as_ref().map(held_session).transpose()
    }

    /// Those of `ids` that exist, in no order; give it at most a page of them.
    pub async fn several(&mut self, ids: &[HeldSessionId]) -> Result<Vec<HeldSession>, DbError> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let sql = format!("select * from held_session where id in ({})", crate::db::places(1, ids.len()));
        self.0.fetch_all(assembled(sql), ids.iter().map(|id| (*id).into()).collect()).await?.iter().map(held_session).collect()
    }

    /// The last one that `organisation` held: what the next is filled in from.
    pub async fn latest(&mut self, organisation: OrganisationId) -> Result<Option<HeldSession>, DbError> {
        let sql = "select * from held_session where organisation = $1 order by held_at desc, id desc limit 1";
        self.0.fetch_optional(sql, args![organisation]).await?.as_ref().map(held_session).transpose()
    }

    /// Adds it as it stands; false when there is one with its id.
    pub async fn insert(&mut self, new: &HeldSession) -> Result<bool, DbError> {
        let told = &new.told;
        let args = args![
            new.id,
            new.organisation,
            told.campaign.as_deref(),
            told.plan,
            new.day.0,
            told.held_at,
            told.minutes,
            &told.title,
            &told.lecturer,
            told.lecturer_id.as_deref(),
            &told.lecturer_kind,
            &told.form,
            &told.venue_kind,
            &told.topic,
            told.people,
            &told.place,
            &told.note,
            new.state.code(),
            new.state.counts(),
            &new.reason,
            new.created_by,
            new.created_at,
            new.changed_at,
            new.version
        ];
        let sql = "insert into held_session (id, organisation, campaign, plan, day, held_at, minutes, title, lecturer, lecturer_id,
                     lecturer_kind, form, venue_kind, topic, people, place, note, state, counted, reason, created_by, created_at,
                     changed_at, version)
                   values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24)
                   on conflict (id) do nothing";
        Ok(self.0.execute(sql, args).await? == 1)
    }

    /// Replaces what is stored by `next`, whose version is one more than that of the row; false when somebody was quicker.
    pub async fn replace(&mut self, next: &HeldSession) -> Result<bool, DbError> {
        let told = &next.told;
        let args = args![
            next.id,
            next.version - 1,
            told.campaign.as_deref(),
            told.plan,
            next.day.0,
            told.held_at,
            told.minutes,
            &told.title,
            &told.lecturer,
            told.lecturer_id.as_deref(),
            &told.lecturer_kind,
            &told.form,
            &told.venue_kind,
            &told.topic,
            told.people,
            &told.place,
            &told.note,
            next.state.code(),
            next.state.counts(),
            &next.reason,
            next.decided_by,
            next.decided_at,
            next.changed_at
        ];
        let sql = "update held_session set campaign = $3, plan = $4, day = $5, held_at = $6, minutes = $7, title = $8, lecturer = $9,
                     lecturer_id = $10, lecturer_kind = $11, form = $12, venue_kind = $13, topic = $14, people = $15, place = $16,
                     note = $17, state = $18, counted = $19, reason = $20, decided_by = $21, decided_at = $22, changed_at = $23,
                     version = version + 1
                   where id = $1 and version = $2";
        Ok(self.0.execute(sql, args).await? == 1)
    }
}

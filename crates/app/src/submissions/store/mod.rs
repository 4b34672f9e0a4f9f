//! SQL for submissions, over an open transaction.

mod awards;
mod clearance;
mod facts;
mod hops;
mod lists;
mod many;
mod quotas;
mod requests;
mod revisions;

pub use facts::{PlaceFact, SubmissionFact};
pub use hops::Closing;
pub use lists::{Filter, Line, Within};
pub use quotas::{Placed, Taken};

use super::{ConsentGiven, State, Submission, SubmissionId};
use crate::campaigns::{CampaignId, CategoryId};
use crate::db::{DbError, Row, Tx, args, assembled};
use crate::lessons::LessonId;
use kernel::{AccountId, OrganisationId, Timestamp};
use serde_json::json;

/// SQL over an open transaction.
#[derive(Debug)]
pub struct Submissions<'t>(pub &'t mut Tx);

fn submission(row: &Row) -> Result<Submission, DbError> {
    Ok(Submission {
        id: row.id("id")?,
        campaign: row.id("campaign")?,
        category: row.id("category")?,
        lesson: row.id("lesson")?,
        organisation: row.id("organisation")?,
        state: row.code("state", State::from_code)?,
        holder: row.id("holder")?,
        revision: row.int("revision")?,
        consents: row.json("consents")?,
        due_at: row.opt_time("due_at")?,
        submitted_at: row.opt_time("submitted_at")?,
        created_by: row.id("created_by")?,
        created_at: row.time("created_at")?,
        updated_at: row.time("updated_at")?,
        version: row.int("version")?,
    })
}

/// Where a submission stands after a change.
#[derive(Debug, Clone)]
pub struct Moved {
    /// Its state.
    pub state: State,
    /// On whose desk.
    pub holder: OrganisationId,
    /// Its newest revision.
    pub revision: i64,
    /// Until when it should come back.
    pub due_at: Option<Timestamp>,
    /// When it was first submitted.
    pub submitted_at: Option<Timestamp>,
    /// What its owner agreed to.
    pub consents: Vec<ConsentGiven>,
}

impl Moved {
    /// Nothing changes but the version.
    pub fn nowhere(seen: &Submission) -> Self {
        Self {
            state: seen.state,
            holder: seen.holder,
            revision: seen.revision,
            due_at: seen.due_at,
            submitted_at: seen.submitted_at,
            consents: seen.consents.clone(),
        }
    }
}

impl Submissions<'_> {
    /// By id.
    pub async fn find(&mut self, id: SubmissionId) -> Result<Option<Submission>, DbError> {
        self.0.fetch_optional("select * from submission where id = $1", args![id]).await?.as_ref().map(submission).transpose()
    }

    /// The submission of a lesson in a campaign: there is at most one.
    pub async fn of_lesson(&mut self, campaign: CampaignId, lesson: LessonId) -> Result<Option<Submission>, DbError> {
        let sql = "select * from submission where campaign = $1 and lesson = $2";
        self.0.fetch_optional(sql, args![campaign, lesson]).await?.as_ref().map(submission).transpose()
    }

    /// Every submission of a lesson, newest first.
    pub async fn all_of_lesson(&mut self, lesson: LessonId) -> Result<Vec<Submission>, DbError> {
        let sql = "select * from submission where lesson = $1 order by created_at desc, id desc";
        self.0.fetch_all(sql, args![lesson]).await?.iter().map(submission).collect()
    }

    /// Locks the rows of `ids` until the commit, in the order of their ids, so that two batches never wait for each other.
    pub async fn lock(&mut self, ids: &[SubmissionId]) -> Result<(), DbError> {
        let mut sorted = ids.to_vec();
        sorted.sort();
        sorted.dedup();
        for chunk in sorted.chunks(500) {
            let places: Vec<_> = (1..=chunk.len()).map(|n| format!("${n}")).collect();
            let sql = format!("select id from submission where id in ({}) order by id{}", places.join(", "), self.0.for_update());
            self.0.fetch_all(assembled(sql), chunk.iter().map(|id| (*id).into()).collect()).await?;
        }
        Ok(())
    }

    /// Adds a draft; a second one of the same lesson in the same campaign is [`DbError::is_duplicate`].
    pub async fn insert(&mut self, new: &Submission) -> Result<(), DbError> {
        self.0
            .execute(
                "insert into submission (id, campaign, category, lesson, organisation, state, holder, revision, consents, due_at,
                                         submitted_at, created_by, created_at, updated_at, version)
                 values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)",
                args![
                    new.id,
                    new.campaign,
                    new.category,
                    new.lesson,
                    new.organisation,
                    new.state.code(),
                    new.holder,
                    new.revision,
                    &json!(new.consents),
                    new.due_at,
                    new.submitted_at,
                    new.created_by,
                    new.created_at,
                    new.updated_at,
                    new.version
                ],
            )
            .await?;
        Ok(())
    }

    /// Moves a submission from where it was seen; false when it is no longer there, and then nothing changed.
    pub async fn advance(&mut self, seen: &Submission, to: &Moved, now: Timestamp) -> Result<bool, DbError> {
        let sql = "update submission set state = $1, holder = $2, revision = $3, due_at = $4, submitted_at = $5, consents = $6,
                     updated_at = $7, version = version + 1
                   where id = $8 and version = $9 and state = $10 and holder = $11";
        let args = args![
            to.state.code(),
            to.holder,
            to.revision,
            to.due_at,
            to.submitted_at,
            &json!(to.consents),
            now,
            seen.id,
            seen.version,
            seen.state.code(),
            seen.holder
        ];
        Ok(self.0.execute(sql, args).await? == 1)
    }

    /// Puts a draft into another category.
    pub async fn set_category(&mut self, id: SubmissionId, category: CategoryId) -> Result<(), DbError> {
        self.0.execute("update submission set category = $1 where id = $2", args![category, id]).await?;
        Ok(())
    }

    /// Remembers that `account` has the submission open for editing.
    pub async fn touch_editing(&mut self, id: SubmissionId, account: AccountId, now: Timestamp) -> Result<(), DbError> {
        let sql = "insert into editing (submission, account, seen_at) values ($1, $2, $3)
                   on conflict (submission, account) do update set seen_at = excluded.seen_at";
        self.0.execute(sql, args![id, account, now]).await?;
        Ok(())
    }

    /// Who else has had it open for editing since `since`, the latest first, at most 20.
    pub async fn others_editing(&mut self, id: SubmissionId, me: AccountId, since: Timestamp) -> Result<Vec<AccountId>, DbError> {
        let sql = "select account from editing where submission = $1 and account <> $2 and seen_at >= $3 order by seen_at desc limit 20";
        self.0.fetch_all(sql, args![id, me, since]).await?.iter().map(|row| Ok(row.id("account")?)).collect()
    }
}

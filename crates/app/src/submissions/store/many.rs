//! SQL for the submissions of one page: each thing is asked for once, however many there are.

use super::hops::hop;
use super::{Submissions, submission};
use crate::db::{DbError, Value, assembled, places};
use crate::lessons::LessonId;
use crate::submissions::{Hop, Submission, SubmissionId};
use kernel::AccountId;
use std::collections::HashMap;

impl Submissions<'_> {
    /// Those of `ids` that exist; give it at most a page of them.
    pub async fn several(&mut self, ids: &[SubmissionId]) -> Result<HashMap<SubmissionId, Submission>, DbError> {
        if ids.is_empty() {
            return Ok(HashMap::new());
        }
        let sql = format!("select * from submission where id in ({})", places(1, ids.len()));
        let rows = self.0.fetch_all(assembled(sql), values(ids)).await?;
        rows.iter().map(|row| submission(row).map(|found| (found.id, found))).collect()
    }

    /// The newest submission of each of these lessons that has one.
    pub async fn newest_of(&mut self, lessons: &[LessonId]) -> Result<HashMap<LessonId, Submission>, DbError> {
        if lessons.is_empty() {
            return Ok(HashMap::new());
        }
        let sql = format!("select * from submission where lesson in ({}) order by created_at, id", places(1, lessons.len()));
        let rows = self.0.fetch_all(assembled(sql), lessons.iter().map(|id| Value::from(*id)).collect()).await?;
        rows.iter().map(|row| submission(row).map(|found| (found.lesson, found))).collect()
    }

    /// The journeys of these submissions, each in the order of its hops.
    pub async fn hops_of(&mut self, ids: &[SubmissionId]) -> Result<HashMap<SubmissionId, Vec<Hop>>, DbError> {
        let mut found: HashMap<_, Vec<_>> = HashMap::new();
        if !ids.is_empty() {
            let sql = format!("select * from hop where submission in ({}) order by submission, seq", places(1, ids.len()));
            for row in self.0.fetch_all(assembled(sql), values(ids)).await? {
                found.entry(row.id("submission")?).or_default().push(hop(&row)?);
            }
        }
        Ok(found)
    }

    /// Who approved the newest revision of each of these submissions.
    pub async fn approvers_of(&mut self, ids: &[SubmissionId]) -> Result<HashMap<SubmissionId, Vec<AccountId>>, DbError> {
        let mut found: HashMap<_, Vec<_>> = HashMap::new();
        if !ids.is_empty() {
            let sql = format!(
                "select a.submission, a.account from approval a join submission s on s.id = a.submission and s.revision = a.revision
                 where a.submission in ({})",
                places(1, ids.len())
            );
            for row in self.0.fetch_all(assembled(sql), values(ids)).await? {
                found.entry(row.id("submission")?).or_default().push(row.id("account")?);
            }
        }
        Ok(found)
    }
}

fn values(ids: &[SubmissionId]) -> Vec<Value> {
    ids.iter().map(|id| Value::from(*id)).collect()
}

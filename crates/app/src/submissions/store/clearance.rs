//! SQL for the approvals of a clearance.

use super::Submissions;
use crate::db::{DbError, args};
use crate::submissions::{Approval, SubmissionId};

impl Submissions<'_> {
    /// The approvals of one revision, the first first.
    pub async fn approvals(&mut self, id: SubmissionId, revision: i64) -> Result<Vec<Approval>, DbError> {
        let sql = "select * from approval where submission = $1 and revision = $2 order by step";
        let rows = self.0.fetch_all(sql, args![id, revision]).await?;
        let read = |row: &crate::db::Row| {
            Ok(Approval {
                step: row.int("step")?,
                account: row.id("account")?,
                note: row.opt_text("note")?,
                created_at: row.time("created_at")?,
            })
        };
        rows.iter().map(read).collect()
    }

    /// Adds one; a second of the same account is [`DbError::is_duplicate`].
    pub async fn insert_approval(&mut self, id: SubmissionId, revision: i64, new: &Approval) -> Result<(), DbError> {
        let sql = "insert into approval (submission, revision, step, account, note, created_at) values ($1, $2, $3, $4, $5, $6)";
        self.0.execute(sql, args![id, revision, new.step, new.account, new.note.as_deref(), new.created_at]).await?;
        Ok(())
    }

    /// Takes all approvals of a revision back; the audit trail keeps who gave them.
    pub async fn drop_approvals(&mut self, id: SubmissionId, revision: i64) -> Result<(), DbError> {
        self.0.execute("delete from approval where submission = $1 and revision = $2", args![id, revision]).await?;
        Ok(())
    }
}

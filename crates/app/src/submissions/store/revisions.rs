//! SQL for revisions and their receipts.

use super::Submissions;
use crate::db::{DbError, Row, args};
use crate::submissions::{Revision, SubmissionId};
use serde_json::json;

fn revision(row: &Row) -> Result<Revision, DbError> {
    Ok(Revision {
        number: row.int("number")?,
        answers: row.json("answers")?,
        files: row.json("files")?,
        consents: row.json("consents")?,
        receipt: row.text("receipt")?,
        created_by: row.id("created_by")?,
        created_at: row.time("created_at")?,
    })
}

impl Submissions<'_> {
    /// Everything that was handed in, the oldest first.
    pub async fn revisions(&mut self, id: SubmissionId) -> Result<Vec<Revision>, DbError> {
        self.0.fetch_all("select * from revision where submission = $1 order by number", args![id]).await?.iter().map(revision).collect()
    }

    /// One revision.
    pub async fn revision(&mut self, id: SubmissionId, number: i64) -> Result<Option<Revision>, DbError> {
        let sql = "select * from revision where submission = $1 and number = $2";
        self.0.fetch_optional(sql, args![id, number]).await?.as_ref().map(revision).transpose()
    }

    /// Keeps what was handed in; it is never changed afterwards.
    pub async fn insert_revision(&mut self, id: SubmissionId, new: &Revision) -> Result<(), DbError> {
        let sql = "insert into revision (submission, number, answers, files, consents, receipt, created_by, created_at)
                   values ($1, $2, $3, $4, $5, $6, $7, $8)";
        let args =
            args![id, new.number, &new.answers, &json!(new.files), &json!(new.consents), &new.receipt, new.created_by, new.created_at];
        self.0.execute(sql, args).await?;
        Ok(())
    }

    /// What a receipt stands for.
    pub async fn by_receipt(&mut self, number: &str) -> Result<Option<(SubmissionId, Revision)>, DbError> {
        let row = self.0.fetch_optional("select * from revision where receipt = $1", args![number]).await?;
        row.map(|row| Ok((row.id("submission")?, revision(&row)?))).transpose()
    }
}

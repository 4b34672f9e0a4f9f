//! SQL for revisions: one row for every version that a record ever had.

use super::HeldSessions;
use crate::db::{DbError, Row, args};
use crate::held_sessions::{HeldSessionId, SessionFields, State};
use kernel::{AccountId, Timestamp};
use serde_json::json;

/// One version of a held session, and the operation that made it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Revision {
    /// Of what.
    pub held_session: HeldSessionId,
    /// The version that it made.
    pub version: i64,
    /// Chosen by whoever saved; met once in all time.
    pub operation: String,
    /// Hash of what was sent.
    pub fingerprint: String,
    /// As they were saved.
    pub fields: SessionFields,
    /// Where it then stood.
    pub state: State,
    /// Why, where a verdict or a closed month asked for it.
    pub reason: String,
    /// Whose act.
    pub account: AccountId,
    /// When.
    pub at: Timestamp,
}

fn revision(row: &Row) -> Result<Revision, DbError> {
    Ok(Revision {
        held_session: row.id("held_session")?,
        version: row.int("version")?,
        operation: row.text("operation")?,
        fingerprint: row.text("fingerprint")?,
        fields: row.json("fields")?,
        state: row.code("state", State::from_code)?,
        reason: row.text("reason")?,
        account: row.id("account")?,
        at: row.time("at")?,
    })
}

impl HeldSessions<'_> {
    /// Adds a revision. An operation that is known already is a duplicate ([`DbError::is_duplicate`]).
    pub async fn add_revision(&mut self, new: &Revision) -> Result<(), DbError> {
        let args = args![
            new.held_session,
            new.version,
            &new.operation,
            &new.fingerprint,
            &json!(new.fields),
            new.state.code(),
            &new.reason,
            new.account,
            new.at
        ];
        let sql = "insert into held_session_revision (held_session, version, operation, fingerprint, fields, state, reason, account, at)
                   values ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
        self.0.execute(sql, args).await.map(drop)
    }

    /// What the operation made, if it was ever done.
    pub async fn operation(&mut self, operation: &str) -> Result<Option<Revision>, DbError> {
        let sql = "select * from held_session_revision where operation = $1";
        self.0.fetch_optional(sql, args![operation]).await?.as_ref().map(revision).transpose()
    }

    /// The latest `most` revisions of one, the newest first.
    pub async fn revisions(&mut self, id: HeldSessionId, most: usize) -> Result<Vec<Revision>, DbError> {
        let sql = "select * from held_session_revision where held_session = $1 order by version desc limit $2";
        self.0.fetch_all(sql, args![id, most]).await?.iter().map(revision).collect()
    }
}

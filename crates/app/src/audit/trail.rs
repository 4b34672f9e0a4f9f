//! Reading the trail: batches of it, and the lines of its exports.

use crate::db::{DbError, Row, Tx, args};
use kernel::Timestamp;
use serde::Serialize;

/// A record as readers see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Record {
    /// Its id; ids sort by time.
    pub id: String,
    /// Its place in the chain; none while it waits for its seal.
    pub seq: Option<i64>,
    /// When it happened, milliseconds UTC.
    #[schema(value_type = i64)]
    pub at: Timestamp,
    /// Id of who acted; none for the system or someone not signed in.
    pub account: Option<String>,
    /// Id of the organisation it was done for.
    pub organisation: Option<String>,
    /// `subject.verb`.
    pub action: String,
    /// Id or path of what was acted on.
    pub object: String,
    /// `done` or `refused`.
    pub outcome: String,
    /// Further facts.
    pub detail: serde_json::Value,
    /// Its seal.
    pub hash: Option<String>,
}

/// Which records are wanted. Every part that is given narrows.
#[derive(Debug, Clone)]
pub struct Wanted {
    /// Id of who acted.
    pub account: Option<String>,
    /// Id or path of what was acted on.
    pub object: Option<String>,
    /// Beginning of the action, such as `submission.`.
    pub action: String,
    /// From this instant on.
    pub from: Timestamp,
    /// Before this instant.
    pub until: Timestamp,
}

impl Default for Wanted {
    fn default() -> Self {
        Self { account: None, object: None, action: String::new(), from: Timestamp(i64::MIN), until: Timestamp(i64::MAX) }
    }
}

fn record(row: &Row) -> Result<Record, DbError> {
    Ok(Record {
        id: row.text("id")?,
        seq: row.opt_int("seq")?,
        at: row.time("at")?,
        account: row.opt_text("account")?,
        organisation: row.opt_text("organisation")?,
        action: row.text("action")?,
        object: row.text("object")?,
        outcome: row.text("outcome")?,
        detail: row.json("detail")?,
        hash: row.opt_text("hash")?,
    })
}

/// Up to `most` records older than the one with the id `before` (empty: from the newest on), newest first.
///
/// Who may see them is not asked here.
pub async fn older(tx: &mut Tx, wanted: &Wanted, before: &str, most: usize) -> Result<Vec<Record>, DbError> {
    let sql = "select * from audit_record
               where (id < $1 or $1 = '') and at >= $2 and at < $3
                 and (account = $4 or $4 is null) and (object = $5 or $5 is null) and substr(action, 1, length($6)) = $6
               order by id desc limit $7";
    let bound = args![before, wanted.from, wanted.until, wanted.account.as_deref(), wanted.object.as_deref(), wanted.action.as_str(), most];
    tx.fetch_all(sql, bound).await?.iter().map(record).collect()
}

/// Up to `most` records after the one with the id `after` (empty: from the first on), oldest first.
pub async fn newer(tx: &mut Tx, after: &str, most: usize) -> Result<Vec<Record>, DbError> {
    let rows = tx.fetch_all("select * from audit_record where id > $1 order by id limit $2", args![after, most]).await?;
    rows.iter().map(record).collect()
}

/// The columns of [`Record::cells`].
pub const COLUMNS: [&str; 10] = ["seq", "at", "account", "organisation", "action", "object", "outcome", "detail", "id", "hash"];

impl Record {
    /// The record as one line of JSON, with its end of line.
    pub fn json_line(&self) -> serde_json::Result<String> {
        serde_json::to_string(self).map(|line| line + "\n")
    }

    /// The record as a row of a table; times in RFC 3339, UTC.
    pub fn cells(&self) -> [String; 10] {
        let text = |field: &Option<String>| field.clone().unwrap_or_default();
        [
            self.seq.map(|seq| seq.to_string()).unwrap_or_default(),
            self.at.to_string(),
            text(&self.account),
            text(&self.organisation),
            self.action.clone(),
            self.object.clone(),
            self.outcome.clone(),
            self.detail.to_string(),
            self.id.clone(),
            text(&self.hash),
        ]
    }
}

/// Whether the chain holds a record with this seal.
pub async fn holds(tx: &mut Tx, hash: &str) -> Result<bool, DbError> {
    Ok(tx.fetch_int("select count(*) from audit_record where hash = $1", args![hash]).await? > 0)
}

/// Place and seal of the newest sealed record; 0 and nothing when there is none.
pub async fn head(tx: &mut Tx) -> Result<(i64, String), DbError> {
    let last = tx.fetch_optional("select seq, hash from audit_record where seq is not null order by seq desc limit 1", vec![]).await?;
    last.map_or(Ok((0, String::new())), |row| Ok((row.int("seq")?, row.text("hash")?)))
}

//! SQL for blank workbooks.

use super::{Workbook, WorkbookId};
use crate::db::{DbError, Row, Tx, Value, args, assembled, places};
use kernel::OrganisationId;
use serde_json::json;

/// SQL over an open transaction.
#[derive(Debug)]
pub struct Workbooks<'t>(pub &'t mut Tx);

fn workbook(row: &Row) -> Result<Workbook, DbError> {
    Ok(Workbook {
        id: row.id("id")?,
        organisation: row.id("organisation")?,
        title: row.text("title")?,
        marks: row.json("marks")?,
        created_by: row.id("created_by")?,
        created_at: row.time("created_at")?,
        version: row.int("version")?,
    })
}

impl Workbooks<'_> {
    /// By id.
    pub async fn find(&mut self, id: WorkbookId) -> Result<Option<Workbook>, DbError> {
        self.0.fetch_optional("select * from statistics_workbook where id = $1", args![id]).await?.as_ref().map(workbook).transpose()
    }

    /// Up to `most` of these organisations, the latest first; give it at most a thousand.
    pub async fn of(&mut self, organisations: &[OrganisationId], most: usize) -> Result<Vec<Workbook>, DbError> {
        if organisations.is_empty() {
            return Ok(Vec::new());
        }
        let mut values = args![most];
        values.extend(organisations.iter().map(|id| Value::from(*id)));
        let chosen = places(2, organisations.len());
        let sql = format!("select * from statistics_workbook where organisation in ({chosen}) order by id desc limit $1");
        self.0.fetch_all(assembled(sql), values).await?.iter().map(workbook).collect()
    }

    /// Adds one.
    pub async fn insert(&mut self, new: &Workbook) -> Result<(), DbError> {
        let args = args![new.id, new.organisation, &new.title, &json!(new.marks), new.created_by, new.created_at, new.version];
        let sql = "insert into statistics_workbook (id, organisation, title, marks, created_by, created_at, version)
                   values ($1, $2, $3, $4, $5, $6, $7)";
        self.0.execute(sql, args).await.map(drop)
    }

    /// Keeps other marks over the version that was seen; false when somebody was quicker.
    pub async fn mark(&mut self, seen: &Workbook, marks: &[super::Mark]) -> Result<bool, DbError> {
        let sql = "update statistics_workbook set marks = $1, version = version + 1 where id = $2 and version = $3";
        Ok(self.0.execute(sql, args![&json!(marks), seen.id, seen.version]).await? == 1)
    }

    /// Removes one; false when it was gone.
    pub async fn remove(&mut self, id: WorkbookId) -> Result<bool, DbError> {
        Ok(self.0.execute("delete from statistics_workbook where id = $1", args![id]).await? == 1)
    }
}

//! SQL for files on their way in.

use super::super::{MaterialId, Upload, UploadId, UploadState, Variant};
use crate::db::{DbError, Row, Tx, args};
use crate::lessons::LessonId;
use kernel::Timestamp;

/// SQL over an open transaction.
#[derive(Debug)]
pub struct Uploads<'t>(pub &'t mut Tx);

fn upload(row: &Row) -> Result<Upload, DbError> {
    Ok(Upload {
        id: row.id("id")?,
        account: row.id("account")?,
        lesson: row.opt_id("lesson")?,
        slot: row.text("slot")?,
        variant: row.code("variant", Variant::from_code)?,
        filename: row.text("filename")?,
        length: row.int("length")?,
        state: row.code("state", UploadState::from_code)?,
        concat: row.opt_text("concat")?,
        material: row.opt_id("material")?,
        created_at: row.time("created_at")?,
        expires_at: row.time("expires_at")?,
    })
}

impl Uploads<'_> {
    /// By id.
    pub async fn find(&mut self, id: UploadId) -> Result<Option<Upload>, DbError> {
        self.0.fetch_optional("select * from upload where id = $1", args![id]).await?.as_ref().map(upload).transpose()
    }

    /// Adds an upload as it stands.
    pub async fn insert(&mut self, new: &Upload) -> Result<(), DbError> {
        self.0
            .execute(
                "insert into upload (id, account, lesson, slot, variant, filename, length, state, concat, material, created_at, expires_at)
                 values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
                args![
                    new.id,
                    new.account,
                    new.lesson,
                    &new.slot,
                    new.variant.code(),
                    &new.filename,
                    new.length,
                    new.state.code(),
                    new.concat.as_deref(),
                    new.material,
                    new.created_at,
                    new.expires_at
                ],
            )
            .await?;
        Ok(())
    }

    /// Uploads of a lesson that can be continued, newest first, at most 50.
    pub async fn unfinished(&mut self, lesson: LessonId, slot: &str, now: Timestamp) -> Result<Vec<Upload>, DbError> {
        let sql = "select * from upload where lesson = $1 and slot = $2 and state = 'open' and expires_at > $3
                   order by created_at desc, id desc limit 50";
        self.0.fetch_all(sql, args![lesson, slot, now]).await?.iter().map(upload).collect()
    }

    /// Marks an upload complete; false when another request did.
    pub async fn done(&mut self, id: UploadId, material: MaterialId) -> Result<bool, DbError> {
        let sql = "update upload set state = 'done', material = $1 where id = $2 and state = 'open'";
        Ok(self.0.execute(sql, args![material, id]).await? == 1)
    }

    /// The upload that became `material`.
    pub async fn behind(&mut self, material: MaterialId) -> Result<Option<Upload>, DbError> {
        self.0.fetch_optional("select * from upload where material = $1", args![material]).await?.as_ref().map(upload).transpose()
    }

    /// Gives an open upload more time.
    pub async fn prolong(&mut self, id: UploadId, until: Timestamp) -> Result<(), DbError> {
        self.0.execute("update upload set expires_at = $1 where id = $2 and state = 'open'", args![until, id]).await?;
        Ok(())
    }

    /// Forgets an open upload; false when it is open no more.
    pub async fn remove(&mut self, id: UploadId) -> Result<bool, DbError> {
        Ok(self.0.execute("delete from upload where id = $1 and state = 'open'", args![id]).await? == 1)
    }

    /// Open uploads whose time is over, at most 200.
    pub async fn overdue(&mut self, now: Timestamp) -> Result<Vec<UploadId>, DbError> {
        let sql = "select id from upload where state = 'open' and expires_at <= $1 order by expires_at limit 200";
        self.0.fetch_all(sql, args![now]).await?.iter().map(|row| Ok(row.id("id")?)).collect()
    }

    /// Marks an upload as left alone; false when bytes came meanwhile.
    pub async fn expire(&mut self, id: UploadId, now: Timestamp) -> Result<bool, DbError> {
        let sql = "update upload set state = 'expired' where id = $1 and state = 'open' and expires_at <= $2";
        Ok(self.0.execute(sql, args![id, now]).await? == 1)
    }
}

//! SQL for merges.

use super::{Lecturers, lecturer};
use crate::db::{DbError, Row, args};
use crate::lecturers::{Lecturer, LecturerId, MergeId};
use kernel::{AccountId, Timestamp};

/// A merge that holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Merge {
    /// Its id.
    pub id: MergeId,
    /// Who was merged.
    pub merged: LecturerId,
    /// Into whom.
    pub remains: LecturerId,
    /// What the latter took over, as `field: [before, after]`.
    pub taken: serde_json::Value,
    /// By whom.
    pub by: AccountId,
    /// When.
    pub at: Timestamp,
}

fn merge(row: &Row) -> Result<Merge, DbError> {
    Ok(Merge {
        id: row.id("id")?,
        merged: row.id("merged")?,
        remains: row.id("remains")?,
        taken: row.json("taken")?,
        by: row.id("merged_by")?,
        at: row.time("merged_at")?,
    })
}

impl Lecturers<'_> {
    /// Makes `merged`, read at version `seen`, part of `remains`; false when somebody changed or merged it meanwhile. Whoever
    /// calls has saved `remains` in the same transaction, which keeps it from being merged itself.
    pub async fn merge(&mut self, new: &Merge, seen: i64) -> Result<bool, DbError> {
        let sql = "update lecturer set merged_into = $1, version = version + 1 where id = $2 and version = $3 and merged_into is null";
        if self.0.execute(sql, args![new.remains, new.merged, seen]).await? != 1 {
            return Ok(false);
        }
        self.0.execute("update lecturer set root = $1 where root = $2", args![new.remains, new.merged]).await?;
        let sql = "insert into lecturer_merge (id, merged, remains, taken, merged_by, merged_at) values ($1, $2, $3, $4, $5, $6)";
        self.0.execute(sql, args![new.id, new.merged, new.remains, &new.taken, new.by, new.at]).await?;
        Ok(true)
    }

    /// Lets `merged` stand for itself again, with everybody who was merged into it; false when somebody else was quicker.
    pub async fn unmerge(&mut self, of: &Merge, by: AccountId, now: Timestamp) -> Result<bool, DbError> {
        let sql = "update lecturer_merge set undone_by = $1, undone_at = $2 where id = $3 and undone_at is null";
        if self.0.execute(sql, args![by, now, of.id]).await? != 1 {
            return Ok(false);
        }
        let sql = "update lecturer set merged_into = null, version = version + 1 where id = $1";
        self.0.execute(sql, args![of.merged]).await?;
        let sql = "with recursive part (id) as (select id from lecturer where id = $1
                     union select l.id from lecturer l join part on l.merged_into = part.id)
                   update lecturer set root = $1 where id in (select id from part)";
        self.0.execute(sql, args![of.merged]).await?;
        Ok(true)
    }

    /// The merge by which somebody became part of another.
    pub async fn merge_of(&mut self, merged: LecturerId) -> Result<Option<Merge>, DbError> {
        let sql = "select * from lecturer_merge where merged = $1 and undone_at is null";
        self.0.fetch_optional(sql, args![merged]).await?.as_ref().map(merge).transpose()
    }

    /// Who was merged into this person, at whatever step, with the merges; the latest first.
    pub async fn merged_into(&mut self, root: LecturerId) -> Result<Vec<(Lecturer, Merge)>, DbError> {
        let sql = "select * from lecturer_merge m where undone_at is null
                   and exists (select 1 from lecturer l where l.id = m.merged and l.root = $1) order by merged_at desc, id desc limit 100";
        let merges: Vec<_> = self.0.fetch_all(sql, args![root]).await?.iter().map(merge).collect::<Result<_, _>>()?;
        let rows = self.0.fetch_all("select * from lecturer where root = $1 and id <> $1", args![root]).await?;
        let people: Vec<_> = rows.iter().map(lecturer).collect::<Result<_, _>>()?;
        let with = |m: Merge| people.iter().find(|l| l.id == m.merged).map(|l| (l.clone(), m));
        Ok(merges.into_iter().filter_map(with).collect())
    }
}

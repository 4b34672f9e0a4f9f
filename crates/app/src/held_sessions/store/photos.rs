//! SQL for photos.

use super::HeldSessions;
use crate::db::{DbError, Row, args};
use crate::held_sessions::{HeldSessionId, Photo, PhotoId};
use kernel::OrganisationId;

fn photo(row: &Row) -> Result<Photo, DbError> {
    Ok(Photo {
        id: row.id("id")?,
        held_session: row.id("held_session")?,
        sha256: row.text("sha256")?,
        look: row.text("look")?,
        bytes: row.int("bytes")?,
        width: row.int("width")?,
        height: row.int("height")?,
        added_by: row.id("added_by")?,
        added_at: row.time("added_at")?,
    })
}

impl HeldSessions<'_> {
    /// A photo by id.
    pub async fn photo(&mut self, id: PhotoId) -> Result<Option<Photo>, DbError> {
        self.0.fetch_optional("select * from session_photo where id = $1", args![id]).await?.as_ref().map(photo).transpose()
    }

    /// All of one held session, the first that was added first.
    pub async fn photos(&mut self, of: HeldSessionId) -> Result<Vec<Photo>, DbError> {
        let sql = "select * from session_photo where held_session = $1 order by added_at, id";
        self.0.fetch_all(sql, args![of]).await?.iter().map(photo).collect()
    }

    /// Adds a photo unless there are `most`; false then, or when there is one with its id.
    pub async fn add_photo(&mut self, new: &Photo, most: usize) -> Result<bool, DbError> {
        // The row is locked so that two phones do not both add the last one.
        let sql = format!("select version from held_session where id = $1{}", self.0.for_update());
        self.0.fetch_optional(crate::db::assembled(sql), args![new.held_session]).await?;
        let there = self.0.fetch_int("select count(*) from session_photo where held_session = $1", args![new.held_session]).await?;
        if usize::try_from(there).unwrap_or(usize::MAX) >= most {
            return Ok(false);
        }
        let args = args![new.id, new.held_session, &new.sha256, &new.look, new.bytes, new.width, new.height, new.added_by, new.added_at];
        let sql = "insert into session_photo (id, held_session, sha256, look, bytes, width, height, added_by, added_at)
                   values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict (id) do nothing";
        Ok(self.0.execute(sql, args).await? == 1)
    }

    /// Removes a photo; false when it was gone.
    pub async fn remove_photo(&mut self, id: PhotoId) -> Result<bool, DbError> {
        Ok(self.0.execute("delete from session_photo where id = $1", args![id]).await? == 1)
    }

    /// Other held sessions, not void, that have a photo which looks like one of this; whose they are, at most `most`.
    pub async fn same_photos(&mut self, of: HeldSessionId, most: usize) -> Result<Vec<(HeldSessionId, OrganisationId)>, DbError> {
        let sql = "select distinct h.id, h.organisation from session_photo mine
                   join session_photo other on other.look = mine.look and other.held_session <> mine.held_session
                   join held_session h on h.id = other.held_session
                   where mine.held_session = $1 and h.state <> 'void' order by h.id limit $2";
        let rows = self.0.fetch_all(sql, args![of, most]).await?;
        rows.iter().map(|row| Ok((row.id("id")?, row.id("organisation")?))).collect()
    }
}

//! SQL for photos and for the numbers of calendars.

use super::Lecturers;
use crate::db::{DbError, args};
use crate::lecturers::PhotoId;
use kernel::{AccountId, Timestamp};

/// A photo, without what cameras write beside the picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Photo {
    /// `jpg` or `png`.
    pub format: String,
    /// The file.
    pub bytes: Vec<u8>,
}

impl Lecturers<'_> {
    /// Keeps a photo.
    pub async fn add_photo(&mut self, id: PhotoId, photo: &Photo, now: Timestamp) -> Result<(), DbError> {
        let sql = "insert into lecturer_photo (id, format, bytes, added_at) values ($1, $2, $3, $4)";
        self.0.execute(sql, args![id, &photo.format, photo.bytes.as_slice(), now]).await?;
        Ok(())
    }

    /// A photo.
    pub async fn photo(&mut self, id: PhotoId) -> Result<Option<Photo>, DbError> {
        let row = self.0.fetch_optional("select format, bytes from lecturer_photo where id = $1", args![id]).await?;
        row.map(|row| Ok(Photo { format: row.text("format")?, bytes: row.bytes("bytes")? })).transpose()
    }

    /// Forgets a photo that nobody uses any more: of two rows of one person both may have used it.
    pub async fn forget_photo(&mut self, id: PhotoId) -> Result<(), DbError> {
        let sql = "delete from lecturer_photo where id = $1 and not exists (select 1 from lecturer where photo = $1)";
        self.0.execute(sql, args![id]).await?;
        Ok(())
    }

    /// How often the address of the calendar of `subject` was made; none when it has no calendar.
    pub async fn feed(&mut self, subject: &str) -> Result<Option<i64>, DbError> {
        let row = self.0.fetch_optional("select number from calendar_feed where subject = $1", args![subject]).await?;
        row.map(|row| Ok(row.int("number")?)).transpose()
    }

    /// Makes an address for the calendar of `subject`, which ends the one before.
    pub async fn renew_feed(&mut self, subject: &str, by: AccountId, now: Timestamp) -> Result<(), DbError> {
        let sql = "insert into calendar_feed (subject, number, made_by, made_at) values ($1, 1, $2, $3)
                   on conflict (subject) do update set number = calendar_feed.number + 1, made_by = $2, made_at = $3";
        self.0.execute(sql, args![subject, by, now]).await?;
        Ok(())
    }
}

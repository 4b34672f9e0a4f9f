//! All originals and renditions at once, for backup and restore.

use super::Recordings;
use crate::db::DbError;
use crate::recordings::MaterialId;

impl Recordings<'_> {
    /// The SHA-256 of every original that was found good.
    pub async fn hashes(&mut self) -> Result<Vec<(MaterialId, String)>, DbError> {
        let rows = self.0.fetch_all("select id, sha256 from material where state = 'ready' and sha256 is not null", vec![]).await?;
        rows.iter().map(|row| Ok((row.id("id")?, row.text("sha256")?))).collect()
    }

    /// Forgets every rendition, since their files are gone; whose they were.
    pub async fn forget_renditions(&mut self) -> Result<Vec<MaterialId>, DbError> {
        let rows = self.0.fetch_all("select distinct material from rendition order by material", vec![]).await?;
        self.0.execute("delete from rendition", vec![]).await?;
        rows.iter().map(|row| Ok(row.id("material")?)).collect()
    }
}

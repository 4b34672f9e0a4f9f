//! SQL for the burden meter: which campaign a category belongs to, and which of them end.

use super::Campaigns;
use crate::campaigns::{CampaignId, CategoryId};
use crate::db::{DbError, args};
use kernel::Timestamp;

impl Campaigns<'_> {
    /// The campaign that a category belongs to.
    pub async fn of_category(&mut self, category: CategoryId) -> Result<Option<CampaignId>, DbError> {
        let row = self.0.fetch_optional("select campaign from category where id = $1", args![category]).await?;
        row.map(|row| Ok(row.id("campaign")?)).transpose()
    }

    /// Campaigns, but for drafts, in which handing in ends from `from` to `to`.
    pub async fn due_between(&mut self, from: Timestamp, to: Timestamp) -> Result<Vec<CampaignId>, DbError> {
        let sql = "select c.id from campaign c join stage s on s.campaign = c.id
                   where s.kind = 'submit' and s.closes_at between $1 and $2 and c.state <> 'draft' order by s.closes_at, c.id";
        self.0.fetch_all(sql, args![from, to]).await?.iter().map(|row| Ok(row.id("id")?)).collect()
    }
}

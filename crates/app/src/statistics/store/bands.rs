//! SQL for the limits of bands that organisations chose.

use super::Statistics;
use crate::db::{DbError, Value, args};
use kernel::{AccountId, OrganisationId, Timestamp};
use serde_json::json;

/// Limits that an organisation chose, in hundredths.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChosenLimits {
    /// From the lowest up.
    pub limits: Vec<i64>,
    /// Whose choice.
    pub by: AccountId,
    /// When.
    pub at: Timestamp,
}

impl Statistics<'_> {
    /// What `organisation` chose for an indicator; none when it chose nothing.
    pub async fn limits(&mut self, organisation: OrganisationId, indicator: &str) -> Result<Option<ChosenLimits>, DbError> {
        let sql = "select limits, set_by, set_at from stat_band where organisation = $1 and indicator = $2";
        let row = self.0.fetch_optional(sql, args![organisation, indicator]).await?;
        row.map(|row| Ok(ChosenLimits { limits: row.json("limits")?, by: row.id("set_by")?, at: row.time("set_at")? })).transpose()
    }

    /// Keeps what `organisation` chose, in the place of what it chose before.
    pub async fn set_limits(&mut self, organisation: OrganisationId, indicator: &str, chosen: &ChosenLimits) -> Result<(), DbError> {
        let sql = "insert into stat_band (organisation, indicator, limits, set_by, set_at) values ($1, $2, $3, $4, $5)
                   on conflict (organisation, indicator) do update set limits = excluded.limits, set_by = excluded.set_by, set_at = excluded.set_at";
        self.0.execute(sql, args![organisation, indicator, &json!(chosen.limits), chosen.by, chosen.at]).await.map(drop)
    }

    /// Forgets what `organisation` chose; false when it chose nothing.
    pub async fn forget_limits(&mut self, organisation: OrganisationId, indicator: &str) -> Result<bool, DbError> {
        let values: Vec<Value> = args![organisation, indicator];
        Ok(self.0.execute("delete from stat_band where organisation = $1 and indicator = $2", values).await? == 1)
    }
}

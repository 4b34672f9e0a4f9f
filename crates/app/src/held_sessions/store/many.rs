//! SQL that looks for what many rows of a file are about.

use super::{HeldSessions, held_session};
use crate::db::{DbError, Value, args, assembled, places, tuples};
use crate::held_sessions::HeldSession;
use kernel::{OrganisationId, Timestamp};

impl HeldSessions<'_> {
    /// What these organisations held at these moments; give it at most a thousand.
    pub async fn held_at(&mut self, wanted: &[(OrganisationId, Timestamp)]) -> Result<Vec<HeldSession>, DbError> {
        if wanted.is_empty() {
            return Ok(Vec::new());
        }
        let sql = format!(
            "with wanted (organisation, held_at) as (values {})
             select s.* from wanted w join held_session s on s.organisation = w.organisation and s.held_at = w.held_at",
            tuples(1, wanted.len(), 2)
        );
        let values = wanted.iter().flat_map(|(organisation, at)| args![*organisation, *at]).collect();
        self.0.fetch_all(assembled(sql), values).await?.iter().map(held_session).collect()
    }

    /// Which of `organisations` closed which months (`yyyymm`) from `first` to `last`.
    pub async fn closed_by(
        &mut self,
        organisations: &[OrganisationId],
        (first, last): (i32, i32),
    ) -> Result<Vec<(OrganisationId, i32)>, DbError> {
        let mut found = Vec::new();
        for some in organisations.chunks(1_000) {
            let sql = format!(
                "select organisation, month from closed_month where organisation in ({}) and month between $1 and $2",
                places(3, some.len())
            );
            let mut values = args![first, last];
            values.extend(some.iter().map(|id| Value::from(*id)));
            let rows = self.0.fetch_all(assembled(sql), values).await?;
            found.extend(
                rows.iter().map(|row| Ok((row.id("organisation")?, row.int("month")? as i32))).collect::<Result<Vec<_>, DbError>>()?,
            );
        }
        Ok(found)
    }

    /// How many months were closed by anybody: none is ever opened again, so an equal number means that nothing was closed.
    pub async fn closed_count(&mut self) -> Result<i64, DbError> {
        self.0.fetch_int("select count(*) from closed_month", vec![]).await
    }
}

//! What campaigns asked of organisations, for the burden meter (B7).

use super::Submissions;
use crate::campaigns::CategoryId;
use crate::db::{DbError, Row, assembled};
use crate::deltas::{Day, Search};
use crate::submissions::Verdict;
use kernel::OrganisationId;

impl Submissions<'_> {
    /// Hand-ins on the days that are searched: whose, when, in which category.
    pub async fn entries_in(&mut self, search: &Search) -> Result<Vec<(OrganisationId, Day, CategoryId)>, DbError> {
        let (clause, values) = search.whole("submitted_at", "organisation");
        let sql = format!("select organisation, category, submitted_at as at from submission where {clause}");
        let read = |row: &Row| Ok((row.id("organisation")?, Day::of(row.time("at")?, &search.zone), row.id("category")?));
        self.0.fetch_all(assembled(sql), values).await?.iter().map(read).collect()
    }

    /// Submissions that were sent back on those days: whose, when.
    pub async fn returned_in(&mut self, search: &Search) -> Result<Vec<(OrganisationId, Day)>, DbError> {
        let (clause, values) = search.whole("h.closed_at", "s.organisation");
        let verdict = Verdict::Returned.code();
        let sql = format!(
            "select s.organisation, h.closed_at as at from hop h join submission s on s.id = h.submission where h.verdict = '{verdict}' and {clause}"
        );
        let read = |row: &Row| Ok((row.id("organisation")?, Day::of(row.time("at")?, &search.zone)));
        self.0.fetch_all(assembled(sql), values).await?.iter().map(read).collect()
    }
}

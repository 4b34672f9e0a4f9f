//! What was asked of organisations and what they gave, for the burden meter (B7): whose, on which day, how often.

use super::store::HeldSessions;
use crate::db::{DbError, Row, Value, args, assembled};
use crate::deltas::{self, Day, Search};
use crate::held_sessions::HeldSessionId;
use kernel::OrganisationId;

/// Whose, on which day, how often.
pub type Request = (OrganisationId, Day, i64);

/// Records whose time is known that are looked at: the latest.
const TIMED: usize = 500;

impl HeldSessions<'_> {
    /// Plans for the days that are searched.
    pub async fn planned_in(&mut self, search: &Search) -> Result<Vec<Request>, DbError> {
        let (first, last) = search.days;
        let mut values = args![first.0, last.0];
        let whose = search.whose("organisation", &mut values);
        let sql = format!(
            "select organisation, day, count(*) as n from session_plan where {whose}day between $1 and $2 group by organisation, day"
        );
        let read = |row: &Row| Ok((row.id("organisation")?, deltas::day(row)?, row.int("n")?));
        self.0.fetch_all(assembled(sql), values).await?.iter().map(read).collect()
    }

    /// Months that were closed on those days.
    pub async fn months_closed_in(&mut self, search: &Search) -> Result<Vec<Request>, DbError> {
        let (clause, values) = search.whole("closed_at", "organisation");
        self.requests(format!("select organisation, closed_at as at from closed_month where {clause}"), values, search).await
    }

    /// Sessions that were sent back on those days.
    pub async fn returned_in(&mut self, search: &Search) -> Result<Vec<Request>, DbError> {
        self.again(search, "returned").await
    }

    /// Corrections that were saved on those days.
    pub async fn corrected_in(&mut self, search: &Search) -> Result<Vec<Request>, DbError> {
        self.again(search, "registered").await
    }

    /// Later versions that came into `state`; what was verified as it stood asks nobody for anything.
    async fn again(&mut self, search: &Search, state: &'static str) -> Result<Vec<Request>, DbError> {
        let (clause, values) = search.whole("r.at", "h.organisation");
        let sql = format!(
            "select h.organisation, r.at from held_session_revision r join held_session h on h.id = r.held_session
             where r.version > 1 and r.state <> 'verified' and r.state = '{state}' and {clause}"
        );
        self.requests(sql, values, search).await
    }

    async fn requests(&mut self, sql: String, values: Vec<Value>, search: &Search) -> Result<Vec<Request>, DbError> {
        let read = |row: &Row| Ok((row.id("organisation")?, Day::of(row.time("at")?, &search.zone), 1));
        self.0.fetch_all(assembled(sql), values).await?.iter().map(read).collect()
    }

    /// Keeps how long it took from opening the form to saving a new record.
    pub async fn set_seconds(&mut self, of: HeldSessionId, seconds: i64) -> Result<(), DbError> {
        let sql = "update held_session_revision set took_s = $1 where held_session = $2 and version = 1";
        self.0.execute(sql, args![seconds, of]).await.map(drop)
    }

    /// How long the latest new records took whose time is known.
    pub async fn seconds(&mut self) -> Result<Vec<i64>, DbError> {
        let sql = "select took_s from held_session_revision where took_s is not null order by at desc limit $1";
        self.0.fetch_all(sql, args![TIMED]).await?.iter().map(|row| Ok(row.int("took_s")?)).collect()
    }
}

//! SQL for closed months and what changed in them afterwards.

use super::HeldSessions;
use crate::db::{DbError, Row, Value, args, assembled, places};
use crate::deltas::Day;
use crate::held_sessions::{Adjustment, ClosedMonth};
use kernel::OrganisationId;

fn closed_month(row: &Row) -> Result<ClosedMonth, DbError> {
    Ok(ClosedMonth {
        organisation: row.id("organisation")?,
        month: row.int("month")?,
        closed_by: row.id("closed_by")?,
        closed_at: row.time("closed_at")?,
    })
}

fn adjustment(row: &Row) -> Result<Adjustment, DbError> {
    Ok(Adjustment {
        id: row.text("id")?,
        organisation: row.id("organisation")?,
        day: crate::deltas::day(row)?,
        held_session: row.id("held_session")?,
        sessions: row.int("sessions")?,
        people: row.int("people")?,
        reason: row.text("reason")?,
        account: row.id("account")?,
        at: row.time("at")?,
    })
}

impl HeldSessions<'_> {
    /// Closes a month; false when it was closed already.
    pub async fn close_month(&mut self, new: &ClosedMonth) -> Result<bool, DbError> {
        let sql = "insert into closed_month (organisation, month, closed_by, closed_at) values ($1, $2, $3, $4) on conflict do nothing";
        Ok(self.0.execute(sql, args![new.organisation, new.month, new.closed_by, new.closed_at]).await? == 1)
    }

    /// The latest `most` months that one of these organisations (a way up the tree, or one page of them) closed.
    pub async fn closed_months(&mut self, organisations: &[OrganisationId], most: usize) -> Result<Vec<ClosedMonth>, DbError> {
        if organisations.is_empty() {
            return Ok(Vec::new());
        }
        let mut values = args![most];
        values.extend(organisations.iter().map(|id| Value::from(*id)));
        let chosen = places(2, organisations.len());
        let sql = format!("select * from closed_month where organisation in ({chosen}) order by month desc, organisation limit $1");
        self.0.fetch_all(assembled(sql), values).await?.iter().map(closed_month).collect()
    }

    /// Whether one of `path` (an organisation and its superiors) closed the month of `day`.
    pub async fn is_closed(&mut self, path: &[OrganisationId], day: Day) -> Result<bool, DbError> {
        let mut values = args![day.month()];
        values.extend(path.iter().map(|id| Value::from(*id)));
        let sql = format!("select 1 as one from closed_month where month = $1 and organisation in ({}) limit 1", places(2, path.len()));
        Ok(self.0.fetch_optional(assembled(sql), values).await?.is_some())
    }

    /// Adds what a later change did to a closed month.
    pub async fn add_adjustment(&mut self, new: &Adjustment) -> Result<(), DbError> {
        let args =
            args![&new.id, new.organisation, new.day.0, new.held_session, new.sessions, new.people, &new.reason, new.account, new.at];
        let sql = "insert into session_adjustment (id, organisation, day, held_session, sessions, people, reason, account, at)
                   values ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
        self.0.execute(sql, args).await.map(drop)
    }

    /// What changed in closed months on the days from `first` to `last`: as they were closed is what is now, less these.
    pub async fn adjustments(&mut self, organisations: &[OrganisationId], first: Day, last: Day) -> Result<Vec<Adjustment>, DbError> {
        let mut found = Vec::new();
        for some in organisations.chunks(500) {
            let mut values = args![first.0, last.0];
            values.extend(some.iter().map(|id| Value::from(*id)));
            let sql = format!(
                "select * from session_adjustment where organisation in ({}) and day between $1 and $2 order by at, id",
                places(3, some.len())
            );
            found.extend(self.0.fetch_all(assembled(sql), values).await?.iter().map(adjustment).collect::<Result<Vec<_>, _>>()?);
        }
        Ok(found)
    }
}

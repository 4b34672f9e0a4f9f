//! SQL for plans and what became of them.

use super::HeldSessions;
use crate::db::{DbError, Row, Value, args, assembled, places};
use crate::deltas::Day;
use crate::held_sessions::{HeldSessionId, Plan, PlanId};
use kernel::OrganisationId;

fn plan(row: &Row) -> Result<Plan, DbError> {
    Ok(Plan {
        id: row.id("id")?,
        organisation: row.id("organisation")?,
        campaign: row.opt_text("campaign")?,
        day: crate::deltas::day(row)?,
        title: row.text("title")?,
        lecturer: row.text("lecturer")?,
        lecturer_id: row.opt_text("lecturer_id")?,
        note: row.text("note")?,
        held_session: row.opt_id("held_session")?,
        cancelled_at: row.opt_time("cancelled_at")?,
        cancelled_why: row.opt_text("cancelled_why")?,
        created_by: row.id("created_by")?,
        created_at: row.time("created_at")?,
        version: row.int("version")?,
    })
}

impl HeldSessions<'_> {
    /// A plan by id.
    pub async fn plan(&mut self, id: PlanId) -> Result<Option<Plan>, DbError> {
        self.0.fetch_optional("select * from session_plan where id = $1", args![id]).await?.as_ref().map(plan).transpose()
    }

    /// Plans of these organisations for the days from `first` to `last`, at most `most`, in the order of their days.
    pub async fn plans(&mut self, organisations: &[OrganisationId], first: Day, last: Day, most: usize) -> Result<Vec<Plan>, DbError> {
        let mut found = Vec::new();
        for some in organisations.chunks(500) {
            let mut values = args![first.0, last.0, most];
            values.extend(some.iter().map(|id| Value::from(*id)));
            let sql = format!(
                "select * from session_plan where organisation in ({}) and day between $1 and $2 order by day, id limit $3",
                places(4, some.len())
            );
            found.extend(self.0.fetch_all(assembled(sql), values).await?.iter().map(plan).collect::<Result<Vec<_>, _>>()?);
        }
        found.sort_by_key(|plan| (plan.day, plan.id));
        found.truncate(most);
        Ok(found)
    }

    /// Adds a plan.
    pub async fn insert_plan(&mut self, new: &Plan) -> Result<(), DbError> {
        let args = args![
            new.id,
            new.organisation,
            new.campaign.as_deref(),
            new.day.0,
            &new.title,
            &new.lecturer,
            new.lecturer_id.as_deref(),
            &new.note,
            new.created_by,
            new.created_at,
            new.version
        ];
        let sql = "insert into session_plan (id, organisation, campaign, day, title, lecturer, lecturer_id, note, created_by, created_at,
                     version)
                   values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
        self.0.execute(sql, args).await.map(drop)
    }

    /// Replaces a plan by `next`, whose version is one more than that of the row; false when somebody was quicker.
    pub async fn replace_plan(&mut self, next: &Plan) -> Result<bool, DbError> {
        let args = args![
            next.id,
            next.version - 1,
            next.campaign.as_deref(),
            next.day.0,
            &next.title,
            &next.lecturer,
            next.lecturer_id.as_deref(),
            &next.note,
            next.cancelled_at,
            next.cancelled_why.as_deref()
        ];
        let sql = "update session_plan set campaign = $3, day = $4, title = $5, lecturer = $6, lecturer_id = $7, note = $8,
                     cancelled_at = $9, cancelled_why = $10, version = version + 1
                   where id = $1 and version = $2";
        Ok(self.0.execute(sql, args).await? == 1)
    }

    /// Removes a plan that nothing was held from; false when somebody was quicker.
    pub async fn delete_plan(&mut self, id: PlanId, seen: i64) -> Result<bool, DbError> {
        let sql = "delete from session_plan where id = $1 and version = $2 and held_session is null";
        Ok(self.0.execute(sql, args![id, seen]).await? == 1)
    }

    /// Links a plan of `organisation` that is not cancelled to what was held from it; false when there is none such, or another
    /// session was held from it.
    pub async fn carry_out(&mut self, plan: PlanId, organisation: OrganisationId, held: HeldSessionId) -> Result<bool, DbError> {
        let sql = "update session_plan set held_session = $1 where id = $2 and organisation = $3 and cancelled_at is null
                   and (held_session is null or held_session = $1)";
        Ok(self.0.execute(sql, args![held, plan, organisation]).await? == 1)
    }

    /// Makes a plan open again whose held session names it no longer, or was none.
    pub async fn reopen(&mut self, plan: PlanId, held: HeldSessionId) -> Result<(), DbError> {
        let sql = "update session_plan set held_session = null where id = $1 and held_session = $2";
        self.0.execute(sql, args![plan, held]).await.map(drop)
    }
}

//! SQL for groups before one screen.

use crate::broadcasts::BroadcastId;
use crate::db::{DbError, Row, Tx, args};
use crate::deltas::{Day, day};
use crate::lessons::LessonId;
use crate::rooms::model::{GroupCount, GroupViewing};
use kernel::AccountId;

/// SQL over an open transaction.
#[derive(Debug)]
pub struct Groups<'t>(pub &'t mut Tx);

fn read(row: &Row) -> Result<GroupViewing, DbError> {
    Ok(GroupViewing {
        account: row.id("account")?,
        lesson: row.id("lesson")?,
        day: day(row)?,
        broadcast: row.opt_id("broadcast")?,
        organisation: row.id("organisation")?,
        people: row.int("people")?,
        started_at: row.time("started_at")?,
        changed_at: row.time("changed_at")?,
    })
}

const SUM: &str = "select count(*) as groups, cast(coalesce(sum(people), 0) as bigint) as people from group_viewing where ";

impl Groups<'_> {
    /// What an account said of a lesson on a day.
    pub async fn own(&mut self, account: AccountId, lesson: LessonId, day: Day) -> Result<Option<GroupViewing>, DbError> {
        let sql = "select * from group_viewing where account = $1 and lesson = $2 and day = $3";
        self.0.fetch_optional(sql, args![account, lesson, day.0]).await?.as_ref().map(read).transpose()
    }

    /// Keeps it; when it was said before, the number of people is corrected.
    pub async fn keep(&mut self, is: &GroupViewing) -> Result<(), DbError> {
        let sql = "insert into group_viewing (account, lesson, day, broadcast, organisation, people, started_at, changed_at)
                   values ($1, $2, $3, $4, $5, $6, $7, $8)
                   on conflict (account, lesson, day) do update set people = excluded.people, changed_at = excluded.changed_at,
                     broadcast = coalesce(group_viewing.broadcast, excluded.broadcast)";
        let args = args![is.account, is.lesson, is.day.0, is.broadcast, is.organisation, is.people, is.started_at, is.changed_at];
        self.0.execute(sql, args).await.map(drop)
    }

    /// Takes it back; false when there was nothing.
    pub async fn remove(&mut self, account: AccountId, lesson: LessonId, day: Day) -> Result<bool, DbError> {
        let sql = "delete from group_viewing where account = $1 and lesson = $2 and day = $3";
        Ok(self.0.execute(sql, args![account, lesson, day.0]).await? == 1)
    }

    /// How many watched a lesson in groups so far.
    pub async fn of_lesson(&mut self, lesson: LessonId) -> Result<GroupCount, DbError> {
        let row = self.0.fetch_optional(crate::db::assembled(format!("{SUM}lesson = $1")), args![lesson]).await?;
        count(row.as_ref())
    }

    /// How many watch a broadcast in groups.
    pub async fn of_broadcast(&mut self, broadcast: BroadcastId) -> Result<GroupCount, DbError> {
        let row = self.0.fetch_optional(crate::db::assembled(format!("{SUM}broadcast = $1")), args![broadcast]).await?;
        count(row.as_ref())
    }
}

fn count(row: Option<&Row>) -> Result<GroupCount, DbError> {
    let Some(row) = row else { return Ok(GroupCount::default()) };
    Ok(GroupCount { groups: row.int("groups")?, people: row.int("people")? })
}

//! SQL that looks for what speaks against a record: each look is bounded and goes by an index.

use super::{HeldSessions, held_session};
use crate::db::{DbError, Value, args, assembled, places};
use crate::held_sessions::HeldSession;
use crate::lecturers::LecturerId;
use kernel::OrganisationId;

/// Longest that a session takes, in milliseconds: what began earlier is over.
const LONGEST: i64 = 24 * 3_600_000;
/// Rows that one look reads.
const MOST: usize = 50;

impl HeldSessions<'_> {
    /// Others, not void, that `one`'s lecturer held at about that time: anywhere when the register knows the lecturer, under
    /// whichever row of the `person`, else by the name among `near`, which names at most a thousand.
    pub async fn of_lecturer_near(
        &mut self,
        one: &HeldSession,
        person: &[LecturerId],
        near: &[OrganisationId],
    ) -> Result<Vec<HeldSession>, DbError> {
        let from = one.told.held_at.plus_ms(-LONGEST);
        let until = one.told.held_at.plus_ms(one.told.minutes.saturating_mul(60_000));
        let mut values = args![one.id, from, until, MOST];
        let whose = if !person.is_empty() {
            values.extend(person.iter().map(|id| Value::from(*id)));
            format!("lecturer_id in ({})", places(5, person.len()))
        } else if near.is_empty() {
            return Ok(Vec::new());
        } else {
            values.push((&one.told.lecturer).into());
            values.extend(near.iter().map(|id| Value::from(*id)));
            format!("lecturer = $5 and organisation in ({})", places(6, near.len()))
        };
        let sql = format!(
            "select * from held_session where {whose} and held_at between $2 and $3 and id <> $1 and state <> 'void' order by held_at limit $4"
        );
        self.0.fetch_all(assembled(sql), values).await?.iter().map(held_session).collect()
    }

    /// Others, not void, of the same organisation with the same start and title.
    pub async fn twins(&mut self, one: &HeldSession) -> Result<Vec<HeldSession>, DbError> {
        let sql = "select * from held_session where organisation = $1 and held_at = $2 and title = $3 and id <> $4 and state <> 'void'
                   order by id limit $5";
        let args = args![one.organisation, one.told.held_at, &one.told.title, one.id, MOST];
        self.0.fetch_all(sql, args).await?.iter().map(held_session).collect()
    }
}

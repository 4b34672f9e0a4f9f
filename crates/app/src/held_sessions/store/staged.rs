//! SQL that writes the sessions of a whole file at once.
//!
//! Rows are staged in short transactions, during which others write as always, and applied by a few statements over all of them.

use super::HeldSessions;
use crate::audit;
use crate::db::{DbError, args, assembled, tuples};
use crate::deltas;
use crate::held_sessions::{Figure, HeldSession, HeldSessionId, State};
use crate::jobs::{JobId, JobRow};
use jiff::tz::TimeZone;
use kernel::{AccountId, Clock, Id, Identified, OrganisationId, Timestamp};
use serde_json::json;

/// Ends the ids of what is written beside a session.
#[derive(Debug)]
struct Fact;
impl Identified for Fact {
    const PREFIX: &'static str = "fct";
}

/// One session of a file that waits to be written.
#[derive(Debug, Clone)]
pub struct Staged {
    /// Row as the spreadsheet program numbers it.
    pub row: u32,
    /// As it will be.
    pub next: HeldSession,
    /// It is new.
    pub is_new: bool,
    /// What it counted before.
    pub before: Option<Figure>,
}

/// How far a file is staged, and what that was planned against.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Mark {
    /// The last row that was looked at.
    pub until: u32,
    /// Sessions added, corrected, left as they are by the rows up to it.
    pub counts: [usize; 3],
    /// How many months were closed.
    pub closed: i64,
    /// Revision of the tree.
    pub revision: i64,
}

/// Columns of a staged row.
const COLUMNS: usize = 28;

impl HeldSessions<'_> {
    /// Stages sessions of the import `id`, at most a thousand.
    pub async fn stage(&mut self, id: JobId, sessions: &[Staged], zone: &TimeZone, clock: &dyn Clock) -> Result<(), DbError> {
        let row = |staged: &Staged| {
            let (next, told) = (&staged.next, &staged.next.told);
            let (after, before) = (next.figure(), staged.before.as_ref());
            args![
                id,
                staged.row,
                if staged.is_new { "add" } else { "correct" },
                format!("{:032x}", Id::<Fact>::new(clock).as_u128()),
                next.id,
                next.organisation,
                told.campaign.as_deref(),
                told.plan,
                next.day.0,
                told.held_at,
                told.minutes,
                &told.title,
                &told.lecturer,
                told.lecturer_id.as_deref(),
                &told.lecturer_kind,
                &told.form,
                &told.venue_kind,
                &told.topic,
                told.people,
                &told.place,
                &told.note,
                next.version,
                &json!(told.fields(zone)),
                told.traits().dimension(),
                before.map(|figure| figure.day.0),
                before.map(|figure| figure.dimension.as_str()),
                before.map(|figure| figure.people),
                before != after.as_ref()
            ]
        };
        let sql = format!(
            "insert into held_session_staged (import, row, act, fact, id, organisation, campaign, plan, day, held_at, minutes, title,
               lecturer, lecturer_id, lecturer_kind, form, venue_kind, topic, people, place, note, version, fields, dimension, was_day,
               was_dimension, was_people, moved)
             values {}",
            tuples(1, sessions.len(), COLUMNS)
        );
        self.0.execute(assembled(sql), sessions.iter().flat_map(row).collect()).await.map(drop)
    }

    /// How far the import `id` is staged; none when it has not begun.
    pub async fn mark(&mut self, id: JobId) -> Result<Option<Mark>, DbError> {
        let row = self.0.fetch_optional("select * from held_session_staging where import = $1", args![id]).await?;
        let read = |row: crate::db::Row| {
            let counts = [row.int("added")? as usize, row.int("corrected")? as usize, row.int("unchanged")? as usize];
            Ok(Mark { until: row.int("until")? as u32, counts, closed: row.int("closed")?, revision: row.int("revision")? })
        };
        row.map(read).transpose()
    }

    /// Notes how far it is, in the transaction that stages the rows up to there.
    pub async fn set_mark(&mut self, id: JobId, mark: Mark) -> Result<(), DbError> {
        let sql = "insert into held_session_staging (import, until, added, corrected, unchanged, closed, revision)
                   values ($1, $2, $3, $4, $5, $6, $7)
                   on conflict (import) do update set until = excluded.until, added = excluded.added, corrected = excluded.corrected,
                     unchanged = excluded.unchanged";
        let [added, corrected, unchanged] = mark.counts;
        self.0.execute(sql, args![id, mark.until, added, corrected, unchanged, mark.closed, mark.revision]).await.map(drop)
    }

    /// Rows staged by the import `id`: whom each is about, and whose that is.
    pub async fn staged_rows(&mut self, id: JobId) -> Result<Vec<(HeldSessionId, u32, OrganisationId)>, DbError> {
        let sql = "select id, row, organisation from held_session_staged where import = $1";
        self.0.fetch_each(sql, args![id], |row| Ok((row.id("id")?, row.int("row")? as u32, row.id("organisation")?))).await
    }

    /// Adds and corrects what was staged, with every revision; how many of each. Fewer than were staged when somebody was quicker.
    pub async fn apply_staged(&mut self, id: JobId, account: AccountId, now: Timestamp) -> Result<(u64, u64), DbError> {
        let registered = State::Registered.code();
        let add = "insert into held_session (id, organisation, campaign, plan, day, held_at, minutes, title, lecturer, lecturer_id,
                     lecturer_kind, form, venue_kind, topic, people, place, note, state, counted, reason, created_by, created_at,
                     changed_at, version)
                   select id, organisation, campaign, plan, day, held_at, minutes, title, lecturer, lecturer_id, lecturer_kind, form,
                     venue_kind, topic, people, place, note, $4, 1, '', $2, $3, $3, version
                   from held_session_staged where import = $1 and act = 'add'
                   on conflict (id) do nothing";
        let added = self.0.execute(add, args![id, account, now, registered]).await?;
        let correct =
            "update held_session set campaign = s.campaign, day = s.day, held_at = s.held_at, minutes = s.minutes, title = s.title,
                         lecturer = s.lecturer, lecturer_id = s.lecturer_id, lecturer_kind = s.lecturer_kind, form = s.form,
                         venue_kind = s.venue_kind, topic = s.topic, people = s.people, place = s.place, note = s.note, state = $3,
                         counted = 1, reason = '', decided_by = null, decided_at = null, changed_at = $2, version = s.version
                       from held_session_staged s
                       where s.import = $1 and s.act = 'correct' and held_session.id = s.id and held_session.version = s.version - 1";
        let corrected = self.0.execute(correct, args![id, now, registered]).await?;
        let revisions =
            "insert into held_session_revision (held_session, version, operation, fingerprint, fields, state, reason, account, at)
                         select id, version, 'import-' || fact, '', fields, $4, '', $2, $3 from held_session_staged where import = $1";
        self.0.execute(revisions, args![id, account, now, registered]).await?;
        Ok((added, corrected))
    }

    /// Writes the audit record of every staged session.
    pub async fn tell_staged(&mut self, id: JobId, account: AccountId, now: Timestamp) -> Result<(), DbError> {
        let records = "select 'aud_' || fact, $3, $2, organisation,
                         case act when 'add' then 'held-session.recorded' else 'held-session.corrected' end, id, 'done', $4
                       from held_session_staged where import = $1";
        audit::record_selected(self.0, records, args![id, account, now, &json!({ "import": id })]).await
    }

    /// Posts what the staged sessions count, and takes back what they counted; sums, so that one delta stands for many sessions.
    pub async fn count_staged(&mut self, id: JobId) -> Result<(), DbError> {
        let sums = "select 'dlt_' || min(fact), organisation, day, 'sessions', dimension, count(*)
                      from held_session_staged where import = $1 and moved = 1 group by organisation, day, dimension
                    union all
                    select 'dlt_' || min(fact) || '-people', organisation, day, 'attendances', dimension, cast(sum(people) as bigint)
                      from held_session_staged where import = $1 and moved = 1 group by organisation, day, dimension having sum(people) <> 0
                    union all
                    select 'dlt_' || min(fact) || '-were', organisation, was_day, 'sessions', was_dimension, -count(*)
                      from held_session_staged where import = $1 and moved = 1 and was_day is not null
                      group by organisation, was_day, was_dimension
                    union all
                    select 'dlt_' || min(fact) || '-were-people', organisation, was_day, 'attendances', was_dimension, cast(-sum(was_people) as bigint)
                      from held_session_staged where import = $1 and moved = 1 and was_day is not null
                      group by organisation, was_day, was_dimension having sum(was_people) <> 0";
        deltas::post_selected(self.0, sums, args![id]).await
    }

    /// Forgets what was staged by the import `id`.
    pub async fn unstage(&mut self, id: JobId) -> Result<(), DbError> {
        self.0.execute("delete from held_session_staging where import = $1", args![id]).await?;
        self.0.execute("delete from held_session_staged where import = $1", args![id]).await.map(drop)
    }

    /// Forgets what was staged before `at`, by imports that a crash ended.
    pub async fn unstage_before(&mut self, at: Timestamp) -> Result<(), DbError> {
        // An id begins with its time.
        let first = format!("{}_{:012x}", JobRow::PREFIX, at.0.max(0));
        self.0.execute("delete from held_session_staging where import < $1", args![&first]).await?;
        self.0.execute("delete from held_session_staged where import < $1", args![first]).await.map(drop)
    }
}

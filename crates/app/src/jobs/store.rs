//! SQL for job rows.

use super::{ATTEMPTS, JobId};
use crate::db::{DbError, Row, Tx, args};
use kernel::{AccountId, Clock, Timestamp};

/// Where a job stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum JobState {
    /// Waits for its time or for a worker.
    Queued,
    /// A worker holds its lease.
    Running,
    /// Finished well.
    Done,
    /// Failed three times; `error` says why.
    Parked,
    /// Somebody stopped it.
    Cancelled,
}

impl JobState {
    /// Stored code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Running => "running",
            Self::Done => "done",
            Self::Parked => "parked",
            Self::Cancelled => "cancelled",
        }
    }

    /// All of them, in the order in which pages show them.
    pub const ALL: [Self; 5] = [Self::Running, Self::Queued, Self::Parked, Self::Done, Self::Cancelled];

    /// Reads [`JobState::code`].
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|s| s.code() == code)
    }
}

/// A job as stored.
#[derive(Debug, Clone)]
pub struct Job {
    /// Its id.
    pub id: JobId,
    /// Which handler does it.
    pub kind: String,
    /// Id of what it is about.
    pub subject: String,
    /// What the handler needs.
    pub payload: serde_json::Value,
    /// Where it stands.
    pub state: JobState,
    /// Leases taken so far.
    pub attempts: i64,
    /// 0 to 100.
    pub percent: i64,
    /// What it is doing or waiting for, in words for an administrator.
    pub note: Option<String>,
    /// Why the last attempt failed.
    pub error: Option<String>,
    /// When it was queued.
    pub created_at: Timestamp,
}

pub(super) fn read(row: &Row) -> Result<Job, DbError> {
    Ok(Job {
        id: row.id("id")?,
        kind: row.text("kind")?,
        subject: row.text("subject")?,
        payload: row.json("payload")?,
        state: row.code("state", JobState::from_code)?,
        attempts: row.int("attempts")?,
        percent: row.int("percent")?,
        note: row.opt_text("note")?,
        error: row.opt_text("error")?,
        created_at: row.time("created_at")?,
    })
}

/// Queues work in the open transaction; it starts after the commit, at the earliest at `run_at`.
pub async fn enqueue(
    tx: &mut Tx,
    clock: &dyn Clock,
    kind: &str,
    subject: &str,
    payload: &serde_json::Value,
    account: Option<AccountId>,
) -> Result<JobId, DbError> {
    let id = JobId::new(clock);
    tx.execute(
        "insert into job (id, kind, subject, payload, state, run_at, account, created_at) values ($1, $2, $3, $4, 'queued', $5, $6, $5)",
        args![id, kind, subject, payload, clock.now(), account],
    )
    .await?;
    Ok(id)
}

/// One job.
pub async fn find(tx: &mut Tx, id: JobId) -> Result<Option<Job>, DbError> {
    tx.fetch_optional("select * from job where id = $1", args![id]).await?.as_ref().map(read).transpose()
}

/// The newest job of a kind about `subject`.
pub async fn latest_for(tx: &mut Tx, kind: &str, subject: &str) -> Result<Option<Job>, DbError> {
    let sql = "select * from job where subject = $1 and kind = $2 order by created_at desc, id desc limit 1";
    tx.fetch_optional(sql, args![subject, kind]).await?.as_ref().map(read).transpose()
}

/// Jobs of a kind that are not finished, the oldest first.
pub async fn unfinished(tx: &mut Tx, kind: &str) -> Result<Vec<Job>, DbError> {
    let sql = "select * from job where kind = $1 and state in ('queued', 'running') order by created_at, id";
    tx.fetch_all(sql, args![kind]).await?.iter().map(read).collect()
}

/// Up to `most` jobs older than the one with the id `before` (empty: from the newest on), newest first; with a state only that.
pub async fn older(tx: &mut Tx, state: Option<JobState>, before: &str, most: usize) -> Result<Vec<Job>, DbError> {
    let sql = "select * from job where (state = $1 or $1 is null) and (id < $2 or $2 = '') order by id desc limit $3";
    tx.fetch_all(sql, args![state.map(JobState::code), before, most]).await?.iter().map(read).collect()
}

/// How many jobs are in each state, by its code.
pub async fn counts(tx: &mut Tx) -> Result<std::collections::BTreeMap<String, i64>, DbError> {
    let rows = tx.fetch_all("select state, count(*) as jobs from job group by state", vec![]).await?;
    rows.iter().map(|row| Ok((row.text("state")?, row.int("jobs")?))).collect()
}

/// Stops a job that is not finished; true if it was.
pub async fn cancel(tx: &mut Tx, clock: &dyn Clock, id: JobId) -> Result<bool, DbError> {
    let sql = "update job set state = 'cancelled', finished_at = $1, lease_until = null where id = $2 and state in ('queued', 'running')";
    Ok(tx.execute(sql, args![clock.now(), id]).await? == 1)
}

/// Gives a parked or cancelled job its three attempts anew; true if it was one.
pub async fn retry(tx: &mut Tx, clock: &dyn Clock, id: JobId) -> Result<bool, DbError> {
    let sql = "update job set state = 'queued', attempts = 0, run_at = $1, error = null, finished_at = null
               where id = $2 and state in ('parked', 'cancelled')";
    Ok(tx.execute(sql, args![clock.now(), id]).await? == 1)
}

/// Takes the lease of the job that waited longest among `kinds`; counts the attempt. Parks what was tried too often.
pub(super) async fn lease(tx: &mut Tx, now: Timestamp, until: Timestamp, kinds: &[&'static str]) -> Result<Option<Job>, DbError> {
    tx.execute(
        "update job set state = 'parked', finished_at = $1, error = coalesce(error, 'the worker died each time')
         where state = 'running' and lease_until < $1 and attempts >= $2",
        args![now, ATTEMPTS],
    )
    .await?;
    let list = kinds.iter().map(|kind| format!("'{kind}'")).collect::<Vec<_>>().join(", ");
    let sql = format!(
        "select * from job where ((state = 'queued' and run_at <= $1) or (state = 'running' and lease_until < $1)) and kind in ({list})
         order by run_at, id limit 1{}",
        tx.skip_locked()
    );
    let Some(row) = tx.fetch_optional(crate::db::assembled(sql), args![now]).await? else { return Ok(None) };
    let mut job = read(&row)?;
    tx.execute(
        "update job set state = 'running', lease_until = $1, attempts = attempts + 1, note = null where id = $2",
        args![until, job.id],
    )
    .await?;
    job.attempts += 1;
    Ok(Some(job))
}

/// Renews the lease and tells the progress; false when the job was cancelled or taken over.
pub(super) async fn renew(tx: &mut Tx, job: &Job, until: Timestamp, percent: i64) -> Result<bool, DbError> {
    let sql = "update job set lease_until = $1, percent = $2 where id = $3 and state = 'running' and attempts = $4";
    Ok(tx.execute(sql, args![until, percent.clamp(0, 100), job.id, job.attempts]).await? == 1)
}

/// Ends an attempt: done, back in the queue, or parked. Nothing happens to a job that was cancelled meanwhile.
pub(super) async fn finish(tx: &mut Tx, job: &Job, now: Timestamp, outcome: &super::Outcome) -> Result<(), DbError> {
    use super::Outcome::{Done, Failed, Later};
    let (state, run_at, percent, attempts, note, error) = match outcome {
        Done => ("done", now, 100, job.attempts, None, None),
        Later { ms, why } => ("queued", now.plus_ms(*ms), job.percent, 0, Some(why.clone()), None),
        Failed(why) if job.attempts >= ATTEMPTS => ("parked", now, job.percent, job.attempts, None, Some(why.clone())),
        Failed(why) => ("queued", now.plus_ms(2_000 << job.attempts), job.percent, job.attempts, None, Some(why.clone())),
    };
    let finished = matches!(state, "done" | "parked").then_some(now);
    tx.execute(
        "update job set state = $1, run_at = $2, percent = $3, attempts = $4, note = $5, error = $6, finished_at = $7, lease_until = null
         where id = $8 and state = 'running' and attempts = $9",
        args![state, run_at, percent, attempts, note, error, finished, job.id, job.attempts],
    )
    .await?;
    Ok(())
}

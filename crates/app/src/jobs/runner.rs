//! Workers: lease, work while renewing, finish.

use super::store::{self, Job};
use crate::state::App;
use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// How an attempt ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// It is done.
    Done,
    /// It can't be done now and this is nobody's fault (a program is missing): try again without counting.
    Later {
        /// Wait this long.
        ms: i64,
        /// What it waits for.
        why: String,
    },
    /// It failed; counts as an attempt.
    Failed(String),
}

/// Any error of a job body: its text goes into the row.
pub type Failure = Box<dyn std::error::Error + Send + Sync>;

/// What a job body is given.
#[derive(Debug, Clone)]
pub struct Context {
    /// The job.
    pub job: Job,
    /// Fires when the job is cancelled, taken over or the server stops.
    pub cancelled: CancellationToken,
    percent: Arc<AtomicI64>,
}

impl Context {
    /// Tells how far it is, 0 to 100.
    pub fn progress(&self, percent: i64) {
        self.percent.store(percent, Ordering::Relaxed);
    }
}

type Body = Arc<dyn Fn(App, Context) -> Pin<Box<dyn Future<Output = Result<Outcome, Failure>> + Send>> + Send + Sync>;

/// Which function does which kind of job.
#[derive(Default, Clone)]
pub struct Handlers(BTreeMap<&'static str, Body>);

impl std::fmt::Debug for Handlers {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.0.keys()).finish()
    }
}

impl Handlers {
    /// Adds the body of a kind.
    #[must_use]
    pub fn with<F, Fut>(mut self, kind: &'static str, body: F) -> Self
    where
        F: Fn(App, Context) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<Outcome, Failure>> + Send + 'static,
    {
        self.0.insert(kind, Arc::new(move |app, context| Box::pin(body(app, context))));
        self
    }
}

const LEASE_MS: i64 = 30_000;
const RENEW_EVERY: Duration = Duration::from_secs(1);
const IDLE: Duration = Duration::from_millis(500);

/// Works on jobs of `handlers`, one at a time, until `stop` fires. A worker that is stopped leaves its job to be resumed.
pub async fn run(app: App, handlers: Handlers, stop: CancellationToken) {
    while !stop.is_cancelled() {
        match work_once(&app, &handlers, &stop).await {
            Ok(true) => {}
            Ok(false) => {
                tokio::select! { () = stop.cancelled() => {}, () = tokio::time::sleep(IDLE) => {}, () = app.wake.notified() => {} }
            }
            Err(cause) => {
                tracing::error!(%cause, "the job queue can't be read");
                tokio::time::sleep(Duration::from_secs(2)).await;
            }
        }
    }
}

async fn work_once(app: &App, handlers: &Handlers, stop: &CancellationToken) -> Result<bool, crate::db::DbError> {
    let kinds: Vec<_> = handlers.0.keys().copied().collect();
    let now = app.clock.now();
    let mut tx = app.db.begin().await?;
    let Some(job) = store::lease(&mut tx, now, now.plus_ms(LEASE_MS), &kinds).await? else { return Ok(false) };
    tx.commit().await?;
    let body = handlers.0[job.kind.as_str()].clone();
    let context = Context { job: job.clone(), cancelled: stop.child_token(), percent: Arc::new(AtomicI64::new(job.percent)) };
    // A task of its own, so that a panic in a body is a failed attempt and not the end of the worker.
    let mut task = tokio::spawn(body(app.clone(), context.clone()));
    let outcome = loop {
        tokio::select! {
            ended = &mut task => break match ended {
                Ok(Ok(outcome)) => outcome,
                Ok(Err(failure)) => Outcome::Failed(failure.to_string()),
                Err(panic) => Outcome::Failed(panic.to_string()),
            },
            () = tokio::time::sleep(RENEW_EVERY) => {
                if !still_ours(app, &context).await? { context.cancelled.cancel(); }
            }
        }
    };
    if stop.is_cancelled() && outcome != Outcome::Done {
        return Ok(true);
    }
    if let Outcome::Failed(reason) = &outcome {
        tracing::warn!(job = %job.id, kind = job.kind, reason, attempt = job.attempts, "job attempt failed");
    }
    let mut tx = app.db.begin().await?;
    store::finish(&mut tx, &job, app.clock.now(), &outcome).await?;
    tx.commit().await?;
    Ok(true)
}

async fn still_ours(app: &App, context: &Context) -> Result<bool, crate::db::DbError> {
    let mut tx = app.db.begin().await?;
    let until = app.clock.now().plus_ms(LEASE_MS);
    let ours = store::renew(&mut tx, &context.job, until, context.percent.load(Ordering::Relaxed)).await?;
    tx.commit().await?;
    Ok(ours)
}

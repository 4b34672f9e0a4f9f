//! Folding the ledger into numbers, and counting it all anew.

use super::rules::estimate::spread;
use super::{Counts, DayOf, PLAY, Played, Reader, SPREAD, Spread, VIEW, WATCHED, Watching, actions};
use crate::db::DbError;
use crate::deltas::{self, Day, Metric};
use crate::lessons::LessonId;
use crate::state::App;
use kernel::{Id, OrganisationId};
use ledger::{Event, Ledger, LedgerError, Offset};
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use tokio_util::sync::CancellationToken;

/// Folding failed: the ledger or the database.
#[derive(Debug, thiserror::Error)]
pub enum FoldError {
    /// The ledger can't be read.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// The database refused.
    #[error(transparent)]
    Db(#[from] DbError),
    /// The reading task died.
    #[error("reading the ledger: {0}")]
    Task(#[from] tokio::task::JoinError),
    /// This program does not hold the ledger.
    #[error("the view ledger is not open here")]
    NoLedger,
}

/// Events that one transaction folds at most.
const BATCH: usize = 20_000;

/// The chore: folds whenever there is something new, looking each second.
pub async fn keep_folding(app: App, ledger: Arc<Ledger>, stop: CancellationToken) {
    while !stop.is_cancelled() {
        match fold(&app, &ledger).await {
            Ok(folded) if folded == BATCH => continue,
            Ok(_) => {}
            Err(cause) => tracing::error!(%cause, "views could not be folded"),
        }
        tokio::select! { () = stop.cancelled() => {}, () = tokio::time::sleep(std::time::Duration::from_secs(1)) => {} }
    }
}

/// The chore: looks at the audiences of broadcasts each second.
pub async fn keep_sampling(app: App, stop: CancellationToken) {
    while !stop.is_cancelled() {
        if let Err(problem) = actions::sampling::look(&app).await {
            tracing::warn!(code = problem.code, "audiences could not be looked at");
        }
        tokio::select! { () = stop.cancelled() => {}, () = tokio::time::sleep(std::time::Duration::from_secs(1)) => {} }
    }
}

/// Sums of a stretch of the ledger.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Sums {
    /// By lesson.
    pub lessons: HashMap<LessonId, Counts>,
    /// By lesson, day and organisation.
    pub days: BTreeMap<DayOf, Played>,
    /// By organisation, day and metric.
    pub figures: BTreeMap<(OrganisationId, Day, Metric), i64>,
    /// How sure the numbers of lessons are, where they were counted from samples.
    pub spreads: BTreeMap<DayOf, Spread>,
}

impl Sums {
    /// Adds one event.
    pub fn add(&mut self, event: &Event) {
        let amount = i64::from(event.amount) * i64::from(event.weight.get());
        let (counts, metric) = match event.kind {
            PLAY => (Counts { plays: amount, ..Counts::default() }, None),
            VIEW => (Counts { views: amount, ..Counts::default() }, Some(Metric::Views)),
            WATCHED => (Counts { watch_s: amount, ..Counts::default() }, Some(Metric::WatchSeconds)),
            _ => return self.widen(event),
        };
        self.widen(event);
        let (lesson, organisation, day) = place(event);
        *self.lessons.entry(lesson).or_default() += counts;
        if let Some(metric) = metric {
            self.days.entry((lesson, day, organisation)).or_default().add(counts);
            *self.figures.entry((organisation, day, metric)).or_default() += amount;
        }
    }

    /// Adds what an event says of how sure the numbers are.
    fn widen(&mut self, event: &Event) {
        let amount = i64::from(event.amount);
        let more = match event.kind {
            PLAY => Spread { plays: spread(event.weight, amount), ..Spread::default() },
            VIEW => Spread { views: spread(event.weight, amount), ..Spread::default() },
            SPREAD => Spread { watch: spread(event.weight, 1).saturating_mul(amount), ..Spread::default() },
            _ => return,
        };
        if !more.is_none() {
            let (lesson, organisation, day) = place(event);
            *self.spreads.entry((lesson, day, organisation)).or_default() += more;
        }
    }
}

fn place(event: &Event) -> (LessonId, OrganisationId, Day) {
    (Id::from_u128(event.subject), Id::from_u128(event.group), Day(event.day))
}

/// Folds the next events in one transaction with the position reached, so that each counts exactly once.
pub async fn fold(app: &App, ledger: &Arc<Ledger>) -> Result<usize, FoldError> {
    let mut tx = app.db.read().await?;
    let from = Watching(&mut tx).position(Reader::Fold).await?;
    let behind = Watching(&mut tx).position(Reader::Days).await?;
    drop(tx);
    if behind < from {
        return catch_up(app, ledger, behind, from).await;
    }
    let Some((sums, to, read)) = next(ledger, from, u64::MAX).await? else { return Ok(0) };
    let mut tx = app.db.begin().await?;
    let mut watching = Watching(&mut tx);
    if !watching.advance(Reader::Fold, from, to).await? || !watching.advance(Reader::Days, from, to).await? {
        return Ok(0);
    }
    for (lesson, counts) in sums.lessons {
        watching.add(lesson, counts).await?;
    }
    watching.add_days(sums.days).await?;
    watching.add_spreads(sums.spreads).await?;
    for ((organisation, day, metric), amount) in sums.figures {
        deltas::post(&mut tx, app.clock.as_ref(), organisation, day, metric, "", amount).await?;
    }
    tx.commit().await?;
    Ok(read)
}

/// Days of events that were folded before there were days: after an upgrade only.
async fn catch_up(app: &App, ledger: &Arc<Ledger>, from: u64, until: u64) -> Result<usize, FoldError> {
    let Some((sums, to, read)) = next(ledger, from, until).await? else { return Ok(0) };
    let mut tx = app.db.begin().await?;
    if !Watching(&mut tx).advance(Reader::Days, from, to).await? {
        return Ok(0);
    }
    Watching(&mut tx).add_days(sums.days).await?;
    tx.commit().await?;
    Ok(read)
}

/// Sums of the next events before `until`, where they end and how many they are; none at the end.
async fn next(ledger: &Arc<Ledger>, from: u64, until: u64) -> Result<Option<(Sums, u64, usize)>, FoldError> {
    if from >= ledger.head().0 {
        return Ok(None);
    }
    let reader = ledger.clone();
    let mut events = tokio::task::spawn_blocking(move || reader.read(Offset(from), BATCH)).await??;
    events.retain(|(at, _)| at.0 < until);
    let Some((last, _)) = events.last() else { return Ok(None) };
    let to = last.next().0;
    let mut sums = Sums::default();
    for (_, event) in &events {
        sums.add(event);
    }
    Ok(Some((sums, to, events.len())))
}

/// Sums the ledger up to `until`, or the whole of it, in bounded memory but for the sums themselves.
pub fn sum_all(ledger: &Ledger, until: Option<Offset>) -> Result<(Sums, Offset), LedgerError> {
    let mut sums = Sums::default();
    let mut end = Offset(0);
    for entry in ledger.events(Offset(0)) {
        let (at, event) = entry?;
        if until.is_some_and(|until| at >= until) {
            break;
        }
        sums.add(&event);
        end = at.next();
    }
    Ok((sums, end))
}

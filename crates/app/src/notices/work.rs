//! The sender: takes what is due, asks whether it is still wanted, hands it over, writes down what came of it.

use super::message::{Part, message};
use super::smtp::{self, NotTaken};
use super::store::{self, Leased, NoticeState};
use super::{ATTEMPTS, is_set_up};
use crate::db::DbError;
use crate::state::App;
use kernel::Timestamp;
use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// Longer than handing over can take.
const LEASE_MS: i64 = 180_000;
/// Between two looks at what is due.
const PAUSE: Duration = Duration::from_secs(1);
/// Looks between two counts and two clearances.
const LOOKS: u32 = 10;
/// Minutes until the next attempt, by the attempts so far.
const WAITS: [i64; 7] = [1, 5, 15, 60, 180, 360, 720];
/// Days that notices which are over are kept, and that files are.
const KEPT_DAYS: (i64, i64) = (30, 200);

type Guard = Arc<dyn Fn(App, String) -> Pin<Box<dyn Future<Output = Result<bool, DbError>> + Send>> + Send + Sync>;

/// Who is asked, by the kind of a notice, whether it is still wanted; without one it is.
#[derive(Default, Clone)]
pub struct Guards(BTreeMap<&'static str, Guard>);

impl std::fmt::Debug for Guards {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.0.keys()).finish()
    }
}

impl Guards {
    /// Adds the guard of a kind: it is given what a notice is about.
    #[must_use]
    pub fn with<F, Fut>(mut self, kind: &'static str, guard: F) -> Self
    where
        F: Fn(App, String) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<bool, DbError>> + Send + 'static,
    {
        self.0.insert(kind, Arc::new(move |app, about| Box::pin(guard(app, about))));
        self
    }
}

/// Sends what is due, again and again, until `stop` fires.
pub async fn keep(app: App, guards: Guards, stop: CancellationToken) {
    let mut look = 0_u32;
    while !stop.is_cancelled() {
        if let Err(cause) = pass(&app, &guards, &stop, look.is_multiple_of(LOOKS)).await {
            tracing::error!(%cause, "notices could not be read");
        }
        look = look.wrapping_add(1);
        tokio::select! { () = stop.cancelled() => {}, () = tokio::time::sleep(PAUSE) => {} }
    }
}

async fn pass(app: &App, guards: &Guards, stop: &CancellationToken, tidies: bool) -> Result<(), DbError> {
    while !stop.is_cancelled() && send_next(app, guards).await? {}
    if tidies {
        let counts = store::counts(&mut app.db.read().await?).await?;
        app.metrics.notices_waiting.set(counts.waiting);
        app.metrics.notices_parked.set(counts.parked);
        let now = app.clock.now();
        let mut tx = app.db.begin().await?;
        store::forget(&mut tx, now.plus_days(-KEPT_DAYS.0), now.plus_days(-KEPT_DAYS.1)).await?;
        tx.commit().await?;
    }
    Ok(())
}

/// Sends the notice that is due for the longest; whether there was one. Without a mail server they wait.
///
/// # Errors
///
/// The records failed; what was begun is taken up when its lease ran out.
pub async fn send_next(app: &App, guards: &Guards) -> Result<bool, DbError> {
    if !is_set_up(&app.config) {
        return Ok(false);
    }
    let now = app.clock.now();
    let mut tx = app.db.begin().await?;
    let leased = store::lease(&mut tx, now, now.plus_ms(LEASE_MS)).await?;
    // Also without one: what was tried too often has been parked.
    tx.commit().await?;
    let Some(notice) = leased else { return Ok(false) };
    let wanted = match guards.0.get(notice.kind.as_str()) {
        Some(guard) => guard(app.clone(), notice.about.clone()).await?,
        None => true,
    };
    let outcome = if wanted { Some(hand_over(app, &notice).await?) } else { None };
    let now = app.clock.now();
    let mut tx = app.db.begin().await?;
    let told = match &outcome {
        None => {
            store::over(&mut tx, &notice, NoticeState::Dropped, now).await?;
            "dropped"
        }
        Some(Ok(())) => {
            store::over(&mut tx, &notice, NoticeState::Sent, now).await?;
            "sent"
        }
        Some(Err(fault)) => {
            let again_at = next_attempt(fault, notice.attempts, now);
            store::failed(&mut tx, &notice, again_at, &fault.why, now).await?;
            tracing::warn!(notice = %notice.id, kind = notice.kind, attempt = notice.attempts, class = fault.class, parked = again_at.is_none(), "a notice was not taken");
            if again_at.is_some() { "put-off" } else { "parked" }
        }
    };
    tx.commit().await?;
    app.metrics.notices.with_label_values(&[told]).inc();
    Ok(true)
}

/// When it is tried again; never after a refusal for good, or after the last attempt.
fn next_attempt(fault: &NotTaken, attempts: i64, now: Timestamp) -> Option<Timestamp> {
    let waits = usize::try_from(attempts - 1).ok().and_then(|n| WAITS.get(n)).filter(|_| !fault.for_good && attempts < ATTEMPTS);
    waits.map(|minutes| now.plus_ms(minutes * 60_000))
}

async fn hand_over(app: &App, notice: &Leased) -> Result<Result<(), NotTaken>, DbError> {
    let mut tx = app.db.read().await?;
    let mut parts = Vec::new();
    for carried in &notice.files {
        match store::read_file(&mut tx, carried.file).await? {
            Some((kind, bytes)) => parts.push(Part { name: carried.name.clone(), kind, bytes }),
            None => return Ok(Err(refused("a file that it carries is gone"))),
        }
    }
    drop(tx);
    let from = match smtp::from(&app.config) {
        Ok(from) => from,
        Err(fault) => return Ok(Err(fault)),
    };
    match message(&from, notice, parts) {
        Ok(message) => Ok(smtp::hand_over(&app.config, message).await),
        Err(fault) => Ok(Err(refused(&fault.to_string()))),
    }
}

fn refused(why: &str) -> NotTaken {
    NotTaken { for_good: true, why: why.to_owned(), class: "unwritable" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_attempt_waits_longer_and_the_last_is_the_end() {
        let (now, fault) = (Timestamp(0), |for_good| NotTaken { for_good, why: String::new(), class: "" });
        let waits: Vec<_> = (1..=ATTEMPTS).map(|n| next_attempt(&fault(false), n, now).map(|at| at.0 / 60_000)).collect();
        assert_eq!(waits, [Some(1), Some(5), Some(15), Some(60), Some(180), Some(360), Some(720), None]);
        assert_eq!(next_attempt(&fault(true), 1, now), None);
        assert_eq!(next_attempt(&fault(false), 99, now), None);
    }
}

//! What time does to broadcasts, and what becomes of them when they are over.

mod recording;
mod trimming;

pub use recording::recording;
pub use trimming::trimming;

use super::actions::move_by;
use super::rules::{Showing, Signal};
use super::{Broadcast, Broadcasts, Kind, State};
use crate::lessons::Catalogue;
use crate::problem::Problem;
use crate::state::App;
use kernel::Timestamp;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// A plan that nobody kept is called off when it has been over for so long.
const LAPSED_MS: i64 = Timestamp::DAY_MS;

/// Moves broadcasts whose time has come, once a second until `stop` fires.
pub async fn keep(app: App, stop: CancellationToken) {
    if let Err(problem) = wait_for_publishers(&app).await {
        tracing::error!(code = problem.code, "broadcasts that were on air could not be taken up");
    }
    while !stop.is_cancelled() {
        if let Err(problem) = tick(&app).await {
            tracing::error!(code = problem.code, "broadcasts could not be looked through");
        }
        tokio::select! { () = stop.cancelled() => {}, () = tokio::time::sleep(Duration::from_secs(1)) => {} }
    }
}

/// After a start: what was on air has no publisher here yet, and its time to come back begins now.
///
/// # Errors
///
/// Internal failures.
pub async fn wait_for_publishers(app: &App) -> Result<(), Problem> {
    let running = Broadcasts(&mut app.db.read().await?).running(app.clock.now()).await?;
    for broadcast in running.iter().filter(|b| b.kind == Kind::Live && matches!(b.state, State::Testing | State::OnAir)) {
        if app.studios.get(broadcast.id).is_none() {
            moved(move_by(app, None, broadcast.id, Signal::Lost, "broadcast.lost").await)?;
        }
    }
    Ok(())
}

/// Looks once at everything that runs or should begin.
///
/// # Errors
///
/// Internal failures.
pub async fn tick(app: &App) -> Result<(), Problem> {
    let now = app.clock.now();
    let running = Broadcasts(&mut app.db.read().await?).running(now).await?;
    for broadcast in running {
        if let Some((signal, action)) = due(app, &broadcast, now).await? {
            moved(move_by(app, None, broadcast.id, signal, action).await)?;
        }
    }
    Ok(())
}

/// Somebody else was quicker: then there is nothing left to do.
fn moved(outcome: Result<Broadcast, Problem>) -> Result<(), Problem> {
    match outcome {
        Err(problem) if !matches!(problem.code, "not-possible" | "moved-meanwhile" | "not-found") => Err(problem),
        _ => Ok(()),
    }
}

/// What time asks of a broadcast.
async fn due(app: &App, broadcast: &Broadcast, now: Timestamp) -> Result<Option<(Signal, &'static str)>, Problem> {
    let grace_ms = i64::from(app.config.rejoin_grace_s) * 1000;
    Ok(match (broadcast.kind, broadcast.state) {
        (_, State::Dropped { since }) if now - since >= grace_ms => Some((Signal::Waited { grace_ms }, "broadcast.given-up")),
        (Kind::Showing | Kind::External, State::Planned) => Some((Signal::Due, "broadcast.on-air")),
        (Kind::Live, State::Planned) if now - broadcast.ends_at > LAPSED_MS => Some((Signal::Cancel, "broadcast.lapsed")),
        (Kind::External, State::OnAir) if now >= broadcast.ends_at => Some((Signal::End, "broadcast.ended")),
        (Kind::Showing, State::OnAir) if is_shown(app, broadcast, now).await? => Some((Signal::End, "broadcast.ended")),
        _ => None,
    })
}

/// Whether a showing has come to the end of its recording, or its lesson was taken back.
async fn is_shown(app: &App, broadcast: &Broadcast, now: Timestamp) -> Result<bool, Problem> {
    let public = Catalogue(&mut app.db.read().await?).find(broadcast.lesson).await?;
    let (Some(public), Some(started_at)) = (public, broadcast.on_air_at) else { return Ok(true) };
    let showing = Showing { started_at, held_at: broadcast.held_at, held_ms: broadcast.held_ms, duration_ms: public.duration_ms };
    Ok(showing.is_over(now))
}

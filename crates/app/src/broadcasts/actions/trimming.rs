//! Cutting a recording: what is kept becomes a version of its own, and the whole recording stays.

use super::{locked, record};
use crate::broadcasts::rules::{self, Piece};
use crate::broadcasts::{Broadcast, BroadcastId, Broadcasts, TRIM};
use crate::jobs::{self, JobState};
use crate::lessons::Lessons;
use crate::problem::Problem;
use crate::recordings::{MaterialId, Recordings};
use crate::state::App;
use kernel::Actor;
use serde_json::json;

/// Queues the making of a version that keeps `wanted` without `cuts`; it takes the place of the recording in the library when it plays.
///
/// # Errors
///
/// `no-recording` when there is none that was examined; `trimming-already`; `invalid` names broken fields; rights as [`locked`].
pub async fn trim(app: &App, actor: &Actor, id: BroadcastId, wanted: Piece, cuts: &[Piece]) -> Result<(), Problem> {
    let mut tx = app.db.begin().await?;
    let broadcast = locked(app, &mut tx, actor, id).await?;
    let material = recording(&broadcast)?;
    let source = Recordings(&mut tx).find(material).await?.and_then(|material| material.source);
    let source = source.ok_or_else(|| Problem::conflict("no-recording"))?;
    let keep = rules::kept(source.duration_ms.cast_signed(), wanted, cuts).map_err(Problem::invalid)?;
    let running = jobs::latest_for(&mut tx, TRIM, &id.to_string()).await?;
    if running.is_some_and(|job| matches!(job.state, JobState::Queued | JobState::Running)) {
        return Err(Problem::conflict("trimming-already"));
    }
    let payload = json!({ "keep": keep, "material": MaterialId::new(app.clock.as_ref()) });
    jobs::enqueue(&mut tx, app.clock.as_ref(), TRIM, &id.to_string(), &payload, Some(actor.account)).await?;
    record(app, &mut tx, &broadcast, Some(actor.account), "broadcast.trimmed", payload).await?;
    tx.commit().await?;
    app.wake.notify_waiters();
    Ok(())
}

/// The recording of a live broadcast that is over.
pub fn recording(broadcast: &Broadcast) -> Result<MaterialId, Problem> {
    let material = broadcast.material.as_deref().filter(|_| broadcast.state.is_over() && broadcast.kind == crate::broadcasts::Kind::Live);
    material.and_then(|id| id.parse().ok()).ok_or_else(|| Problem::conflict("no-recording"))
}

/// Puts the whole recording back into the library.
///
/// # Errors
///
/// `not-published-here`, `no-recording`; rights as [`locked`].
pub async fn untrim(app: &App, actor: &Actor, id: BroadcastId) -> Result<Broadcast, Problem> {
    let mut tx = app.db.begin().await?;
    let broadcast = locked(app, &mut tx, actor, id).await?;
    let material = recording(&broadcast)?;
    let source = Recordings(&mut tx).find(material).await?.and_then(|material| material.source);
    let duration_ms = source.ok_or_else(|| Problem::conflict("no-recording"))?.duration_ms.cast_signed();
    if !Lessons(&mut tx).set_recording(broadcast.lesson, &material.to_string(), duration_ms).await? {
        return Err(Problem::conflict("not-published-here"));
    }
    Broadcasts(&mut tx).set_kept(id, None).await?;
    record(app, &mut tx, &broadcast, Some(actor.account), "broadcast.untrimmed", json!({ "material": material })).await?;
    tx.commit().await?;
    Ok(broadcast)
}

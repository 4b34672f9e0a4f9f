//! On air and off: what moves a broadcast while it runs.

use super::{keep, locked};
use crate::broadcasts::rules::Signal;
use crate::broadcasts::{Broadcast, BroadcastId, Broadcasts, Kind, Profile, State};
use crate::db::Tx;
use crate::deltas::{self, Day, Metric};
use crate::jobs;
use crate::lessons::Lessons;
use crate::machine::LoadStage;
use crate::problem::Problem;
use crate::recordings::MaterialId;
use crate::state::App;
use kernel::Actor;
use serde_json::json;

/// Moves a broadcast by `signal`, on behalf of `actor` or of the program itself; the broadcast as it is then.
///
/// # Errors
///
/// `not-possible` (409) when the step does not exist; rights as [`locked`].
pub async fn move_by(app: &App, actor: Option<&Actor>, id: BroadcastId, signal: Signal, action: &str) -> Result<Broadcast, Problem> {
    let mut tx = app.db.begin().await?;
    let broadcast = match actor {
        Some(actor) => locked(app, &mut tx, actor, id).await?,
        None => Broadcasts(&mut tx).locked(id).await?.ok_or_else(Problem::not_found)?,
    };
    let moved = step(app, &mut tx, actor, broadcast, signal, action).await?;
    tx.commit().await?;
    app.wake.notify_waiters();
    app.studios.tell(&moved);
    Ok(moved)
}

async fn step(app: &App, tx: &mut Tx, actor: Option<&Actor>, was: Broadcast, signal: Signal, action: &str) -> Result<Broadcast, Problem> {
    let now = app.clock.now();
    let state = was.state.after(signal, now).map_err(|_| Problem::conflict("not-possible").with("state", was.state.code()))?;
    if state == was.state {
        return Ok(was);
    }
    let mut is = Broadcast { state, ..was.clone() };
    if state == State::OnAir && was.on_air_at.is_none() {
        is.on_air_at = Some(now);
        if is.kind == Kind::Live {
            is.material = Some(MaterialId::new(app.clock.as_ref()).to_string());
        }
    }
    if state == State::Ended {
        is.ended_at = Some(now);
        // A showing that is ended while it is held stands where it was held.
        is.held_ms += is.held_at.take().map_or(0, |since| now - since);
        if is.kind == Kind::Live {
            jobs::enqueue(tx, app.clock.as_ref(), crate::broadcasts::RECORDING, &is.id.to_string(), &json!({}), None).await?;
        }
    }
    let detail = json!({ "from": was.state.code(), "to": state.code() });
    keep(app, tx, &is, actor.map(|a| a.account), action, detail).await?;
    Ok(Broadcast { version: is.version + 1, ..is })
}

/// Lets everybody see what was tested; a showing or another's stream begins before its time.
///
/// # Errors
///
/// `nothing-is-sent` when no publisher is there; as [`move_by`].
pub async fn go_on_air(app: &App, actor: &Actor, id: BroadcastId) -> Result<Broadcast, Problem> {
    let kind = super::run_by(app, actor, id).await?.kind;
    let signal = if kind == Kind::Live { Signal::GoOnAir } else { Signal::Due };
    move_by(app, Some(actor), id, signal, "broadcast.on-air").await.map_err(|problem| {
        let nobody = problem.code == "not-possible" && problem.args.iter().any(|(_, state)| state == "planned");
        if nobody { Problem::conflict("nothing-is-sent") } else { problem }
    })
}

/// Ends it for everybody.
///
/// # Errors
///
/// As [`move_by`].
pub async fn end(app: &App, actor: &Actor, id: BroadcastId) -> Result<Broadcast, Problem> {
    move_by(app, Some(actor), id, Signal::End, "broadcast.ended").await
}

/// Holds a showing at the present moment, or lets it go on.
///
/// # Errors
///
/// `not-a-showing`, `not-possible` when it is not on air; rights as [`locked`]. Holding twice changes nothing.
pub async fn hold(app: &App, actor: &Actor, id: BroadcastId, held: bool) -> Result<Broadcast, Problem> {
    let (mut tx, now) = (app.db.begin().await?, app.clock.now());
    let mut is = locked(app, &mut tx, actor, id).await?;
    if is.kind != Kind::Showing {
        return Err(Problem::conflict("not-a-showing"));
    }
    if is.state != State::OnAir {
        return Err(Problem::conflict("not-possible").with("state", is.state.code()));
    }
    match (held, is.held_at) {
        (true, None) => is.held_at = Some(now),
        (false, Some(since)) => {
            is.held_at = None;
            is.held_ms += now - since;
            is.ends_at = is.ends_at.plus_ms(now - since);
        }
        _ => return Ok(is),
    }
    let action = if held { "broadcast.held" } else { "broadcast.went-on" };
    keep(app, &mut tx, &is, Some(actor.account), action, json!({})).await?;
    tx.commit().await?;
    let is = Broadcast { version: is.version + 1, ..is };
    app.studios.tell(&is);
    Ok(is)
}

/// Switches how the broadcast reaches people.
///
/// # Errors
///
/// Rights as [`locked`].
pub async fn set_profile(app: &App, actor: &Actor, id: BroadcastId, profile: Profile) -> Result<Broadcast, Problem> {
    let mut tx = app.db.begin().await?;
    let was = locked(app, &mut tx, actor, id).await?;
    if was.profile == profile {
        return Ok(was);
    }
    let is = Broadcast { profile, ..was };
    keep(app, &mut tx, &is, Some(actor.account), "broadcast.profile", json!({ "profile": profile })).await?;
    tx.commit().await?;
    let is = Broadcast { version: is.version + 1, ..is };
    app.studios.tell(&is);
    Ok(is)
}

/// Pins how much is given up of a broadcast, or leaves it to the measured load again.
///
/// # Errors
///
/// `broadcast-over`; rights as [`locked`].
pub async fn pin_stage(app: &App, actor: &Actor, id: BroadcastId, stage: Option<LoadStage>) -> Result<Broadcast, Problem> {
    let mut tx = app.db.begin().await?;
    let was = locked(app, &mut tx, actor, id).await?;
    if was.state.is_over() {
        return Err(Problem::conflict("broadcast-over"));
    }
    if was.pinned_stage == stage {
        return Ok(was);
    }
    let is = Broadcast { pinned_stage: stage, ..was };
    keep(app, &mut tx, &is, Some(actor.account), "broadcast.stage-pinned", json!({ "stage": stage })).await?;
    tx.commit().await?;
    let is = Broadcast { version: is.version + 1, ..is };
    app.studios.tell(&is);
    Ok(is)
}

/// Takes the recording out of the library again, where the end of the broadcast put it.
///
/// # Errors
///
/// `not-published-here` when it is not public, or was cleared as a submission; rights as [`locked`].
pub async fn unpublish(app: &App, actor: &Actor, id: BroadcastId) -> Result<Broadcast, Problem> {
    let mut tx = app.db.begin().await?;
    let broadcast = locked(app, &mut tx, actor, id).await?;
    let ours = Lessons(&mut tx).publication(broadcast.lesson).await?.filter(|p| p.submission.is_empty() && p.unpublished_at.is_none());
    let public = ours.ok_or_else(|| Problem::conflict("not-published-here"))?;
    Lessons(&mut tx).unpublish(broadcast.lesson, app.clock.now()).await?;
    let day = Day::of(public.published_at, &app.zone);
    deltas::post(&mut tx, app.clock.as_ref(), public.organisation, day, Metric::Published, "", -1).await?;
    super::record(app, &mut tx, &broadcast, Some(actor.account), "broadcast.unpublished", json!({ "lesson": broadcast.lesson })).await?;
    tx.commit().await?;
    Ok(broadcast)
}

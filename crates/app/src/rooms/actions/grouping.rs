//! Watching as a group: one account, one screen, so many heads (G10). Beside views, never part of them.

use super::may_read;
use crate::audit::{self, Entry};
use crate::broadcasts::{Broadcast, BroadcastId, Broadcasts};
use crate::deltas::Day;
use crate::lessons::{Catalogue, LessonId};
use crate::organisations::OrganisationId;
use crate::problem::Problem;
use crate::rooms::model::{GroupCount, GroupViewing};
use crate::rooms::rules;
use crate::rooms::store::Groups;
use crate::state::App;
use kernel::{Actor, Scope};
use serde_json::json;

/// What a group watches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Watched {
    /// A public lesson, whenever it likes.
    Lesson(LessonId),
    /// A broadcast, together with everybody.
    Broadcast(BroadcastId),
}

/// What was found of it.
struct Found {
    lesson: LessonId,
    broadcast: Option<Broadcast>,
    organisation: OrganisationId,
}

/// The groups of a lesson or a broadcast, and what the reader said of the own one today.
///
/// # Errors
///
/// 404 for what this reader may not watch.
pub async fn groups_of(app: &App, actor: Option<&Actor>, watched: Watched) -> Result<(Option<GroupViewing>, GroupCount), Problem> {
    let found = found(app, actor, watched).await?;
    let mut tx = app.db.read().await?;
    let own = match actor {
        Some(actor) => Groups(&mut tx).own(actor.account, found.lesson, app.today()).await?,
        None => None,
    };
    let count = match &found.broadcast {
        Some(broadcast) => Groups(&mut tx).of_broadcast(broadcast.id).await?,
        None => Groups(&mut tx).of_lesson(found.lesson).await?,
    };
    Ok((own, count))
}

/// Says how many people sit before the actor's screen; said again on the same day, it corrects the number.
///
/// # Errors
///
/// `invalid` for a number that is no group; `room-closed` for a broadcast before and after its time; 404 as [`groups_of`].
pub async fn watch_as_group(app: &App, actor: &Actor, watched: Watched, people: i64) -> Result<GroupViewing, Problem> {
    let (found, now) = (allowed(app, actor, watched).await?, app.clock.now());
    if let Some(fault) = rules::group_fault(people) {
        return Err(Problem::invalid(vec![fault]));
    }
    let day = Day::of(now, &app.zone);
    let mut tx = app.db.begin().await?;
    let was = Groups(&mut tx).own(actor.account, found.lesson, day).await?;
    let is = GroupViewing {
        account: actor.account,
        lesson: found.lesson,
        day,
        broadcast: found.broadcast.as_ref().map(|broadcast| broadcast.id),
        organisation: found.organisation,
        people,
        started_at: was.as_ref().map_or(now, |was| was.started_at),
        changed_at: now,
    };
    Groups(&mut tx).keep(&is).await?;
    let detail = json!({ "lesson": is.lesson, "broadcast": is.broadcast, "people": people, "was": was.map(|was| was.people) });
    audit::record(&mut tx, app.clock.as_ref(), entry(actor, &found, "group.counted", detail)).await?;
    tx.commit().await?;
    Ok(is)
}

/// Takes back what the actor said today. Repeating it changes nothing.
///
/// # Errors
///
/// As [`watch_as_group`].
pub async fn leave_group(app: &App, actor: &Actor, watched: Watched) -> Result<(), Problem> {
    let found = allowed(app, actor, watched).await?;
    let mut tx = app.db.begin().await?;
    if Groups(&mut tx).remove(actor.account, found.lesson, app.today()).await? {
        let detail = json!({ "lesson": found.lesson });
        audit::record(&mut tx, app.clock.as_ref(), entry(actor, &found, "group.taken-back", detail)).await?;
    }
    Ok(tx.commit().await?)
}

fn entry(actor: &Actor, found: &Found, action: &'static str, detail: serde_json::Value) -> Entry<'static> {
    Entry {
        account: Some(actor.account),
        organisation: Some(found.organisation),
        action,
        object: found.lesson.to_string(),
        allowed: true,
        detail,
    }
}

async fn allowed(app: &App, actor: &Actor, watched: Watched) -> Result<Found, Problem> {
    if !actor.in_scope(Scope::Submit) {
        return Err(Problem::forbidden());
    }
    let found = found(app, Some(actor), watched).await?;
    let its_time = found.broadcast.as_ref().is_none_or(|broadcast| rules::is_open(broadcast, app.clock.now()));
    if its_time { Ok(found) } else { Err(Problem::denied("room-closed")) }
}

/// What is watched, and the organisation that the group counts for: the actor's own, or else the holder's.
async fn found(app: &App, actor: Option<&Actor>, watched: Watched) -> Result<Found, Problem> {
    let home = actor.and_then(|actor| actor.grants.first()).map(|grant| grant.organisation);
    let mut tx = app.db.read().await?;
    match watched {
        Watched::Lesson(id) => {
            let public = Catalogue(&mut tx).find(id).await?.ok_or_else(Problem::not_found)?;
            Ok(Found { lesson: id, broadcast: None, organisation: home.unwrap_or(public.organisation) })
        }
        Watched::Broadcast(id) => {
            let broadcast = Broadcasts(&mut tx).find(id).await?.ok_or_else(Problem::not_found)?;
            may_read(&broadcast, actor)?;
            Ok(Found { lesson: broadcast.lesson, organisation: home.unwrap_or(broadcast.organisation), broadcast: Some(broadcast) })
        }
    }
}

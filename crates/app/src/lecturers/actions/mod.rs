//! What is done to lecturers and bookings: the order of effects, and the transaction around them.

mod appointments;
pub mod booking;
pub mod duplicates;
pub mod feeds;
pub mod importing;
pub mod merging;
pub mod people;
pub mod photos;

use super::{Lecturer, LecturerId, Lecturers, Sight, sight};
use crate::audit::{self, Entry};
use crate::db::Tx;
use crate::organisations::{Action, OrganisationId, may};
use crate::problem::Problem;
use crate::state::App;
use kernel::Actor;

/// The lecturer, when `actor` may change it.
///
/// # Errors
///
/// 404 for who may not see it, `forbidden` for a reader, `lecturer-merged` for one that is part of another.
pub async fn kept(app: &App, tx: &mut Tx, actor: &Actor, id: LecturerId) -> Result<Lecturer, Problem> {
    let found = Lecturers(tx).find(id).await?.ok_or_else(Problem::not_found)?;
    let tree = app.tree.load();
    if !may(&tree, actor, Action::KeepLecturers, found.organisation) {
        return Err(if sight(&tree, actor, &found) == Sight::Nothing { Problem::hidden() } else { Problem::forbidden() });
    }
    if found.merged_into.is_some() { Err(Problem::conflict("lecturer-merged")) } else { Ok(found) }
}

/// Writes `new` over what was read; `stale` when somebody was quicker or `seen` is not what was read.
async fn save(tx: &mut Tx, new: &Lecturer, seen: Option<i64>) -> Result<(), Problem> {
    if seen.is_some_and(|seen| seen != new.version) || !Lecturers(tx).save(new).await? {
        return Err(Problem::moved_meanwhile());
    }
    Ok(())
}

/// Writes the audit record of an act; texts and contacts never stand in one.
async fn note(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    organisation: OrganisationId,
    (action, object): (&str, String),
    detail: serde_json::Value,
) -> Result<(), Problem> {
    let entry = Entry { account: Some(actor.account), organisation: Some(organisation), action, object, allowed: true, detail };
    Ok(audit::record(tx, app.clock.as_ref(), entry).await?)
}

//! Planning broadcasts and moving them: each step with its audit record in one transaction.

mod air;
mod keys;
mod planning;
mod trimming;

pub use air::{end, go_on_air, hold, move_by, pin_stage, set_profile, unpublish};
pub use keys::{NewKey, hash_key, new_key};
pub use planning::{cancel, change, plan, repeat};
pub use trimming::{recording, trim, untrim};

use super::{Broadcast, BroadcastId, Broadcasts};
use crate::audit::{self, Entry};
use crate::db::Tx;
use crate::organisations::{Action, may};
use crate::problem::Problem;
use crate::state::App;
use kernel::{AccountId, Actor};

/// The broadcast, to be changed by `actor`: nobody else changes it until the transaction ends.
///
/// # Errors
///
/// 404 for one that does not exist; `forbidden` (audited) without [`Action::Broadcast`] there.
pub async fn locked(app: &App, tx: &mut Tx, actor: &Actor, id: BroadcastId) -> Result<Broadcast, Problem> {
    let found = Broadcasts(tx).locked(id).await?.ok_or_else(Problem::not_found)?;
    if may(&app.tree.load(), actor, Action::Broadcast, found.organisation) { Ok(found) } else { Err(Problem::forbidden()) }
}

/// The broadcast, when `actor` may run it.
///
/// # Errors
///
/// As [`locked`].
pub async fn run_by(app: &App, actor: &Actor, id: BroadcastId) -> Result<Broadcast, Problem> {
    let found = Broadcasts(&mut app.db.read().await?).find(id).await?.ok_or_else(Problem::not_found)?;
    if may(&app.tree.load(), actor, Action::Broadcast, found.organisation) { Ok(found) } else { Err(Problem::forbidden()) }
}

/// Saves a change and tells it to the audit trail.
async fn keep(
    app: &App,
    tx: &mut Tx,
    changed: &Broadcast,
    by: Option<AccountId>,
    action: &str,
    detail: serde_json::Value,
) -> Result<(), Problem> {
    if !Broadcasts(tx).save(changed).await? {
        return Err(Problem::moved_meanwhile());
    }
    record(app, tx, changed, by, action, detail).await
}

async fn record(
    app: &App,
    tx: &mut Tx,
    of: &Broadcast,
    by: Option<AccountId>,
    action: &str,
    detail: serde_json::Value,
) -> Result<(), Problem> {
    let entry = Entry { account: by, organisation: Some(of.organisation), action, object: of.id.to_string(), allowed: true, detail };
    Ok(audit::record(tx, app.clock.as_ref(), entry).await?)
}

//! Another superior.

use super::{When, check_parent, finish, keeps, keeps_parent, open, refold, refused, start_of};
use crate::organisations::{OrganisationId, Organisations, rules};
use crate::problem::Problem;
use crate::state::App;
use kernel::Actor;
use serde_json::json;

/// Moves an organisation with everything below it under `parent`, from the effective day on.
///
/// # Errors
///
/// `under-itself`, `closed-parent`, `not-yet-there`, `later-change`, `root-stays`, `organisation-closed`; 403 for who does not
/// keep the present and the new superior.
pub async fn move_under(app: &App, actor: &Actor, id: OrganisationId, parent: OrganisationId, when: &When) -> Result<(), Problem> {
    keeps_parent(app, actor, id)?;
    keeps(app, actor, parent)?;
    let from = start_of(app, when)?;
    let (mut tx, before) = open(app, id, when.seen).await?;
    rules::follows(before.placed_at, from).map_err(|why| refused(app, why))?;
    check_parent(app, &mut tx, Some(id), parent, from).await?;
    Organisations(&mut tx).place(id, parent, from, app.clock.as_ref()).await?;
    refold(app, &mut tx, actor, id, before.parent, from).await?;
    let detail = json!({ "before": before.parent, "after": parent, "from": from });
    finish(app, tx, actor, "organisation.moved", id, detail).await
}

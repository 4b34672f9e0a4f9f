//! The end of an organisation: closed for itself, or merged into another.

use super::{When, check_parent, finish, keeps, keeps_parent, open, refold, refused, start_of};
use crate::accounts::Accounts;
use crate::db::Tx;
use crate::organisations::rules::{self, NotPossible};
use crate::organisations::{OrganisationId, Organisations, Standing};
use crate::problem::Problem;
use crate::state::App;
use kernel::{Actor, Timestamp};
use serde_json::json;

/// Closes an organisation without open subordinates from the effective day on; roles granted there end with it.
///
/// # Errors
///
/// `has-children`, `later-change`, `root-stays`, `organisation-closed`; 403 for who does not keep its superior.
pub async fn close(app: &App, actor: &Actor, id: OrganisationId, when: &When) -> Result<(), Problem> {
    keeps_parent(app, actor, id)?;
    let at = start_of(app, when)?;
    let (mut tx, before) = open(app, id, when.seen).await?;
    may_end(app, &before, at)?;
    if !Organisations(&mut tx).children_from(id, at).await?.is_empty() {
        return Err(refused(app, NotPossible::HasChildren));
    }
    Organisations(&mut tx).close(id, at, None).await?;
    let ended = Accounts(&mut tx).end_grants_at(id, at).await?;
    finish(app, tx, actor, "organisation.closed", id, json!({ "from": at, "grants_ended": ended })).await
}

/// Merges `id` into `target` from the effective day on.
///
/// Its subordinates move under the target. It closes and stands under the target itself, so that who keeps the target sees
/// its past lessons and its figures roll up there. Roles granted at it end: they are not handed on, since a role at the
/// larger organisation is a decision of its own.
///
/// # Errors
///
/// As for [`super::move_under`] and [`close`]; `later-change` also when a subordinate has one.
pub async fn merge(app: &App, actor: &Actor, id: OrganisationId, target: OrganisationId, when: &When) -> Result<(), Problem> {
    keeps_parent(app, actor, id)?;
    keeps(app, actor, target)?;
    let at = start_of(app, when)?;
    let (mut tx, before) = open(app, id, when.seen).await?;
    may_end(app, &before, at)?;
    check_parent(app, &mut tx, Some(id), target, at).await?;
    let moved = hand_over_children(app, &mut tx, id, target, at).await?;
    Organisations(&mut tx).place(id, target, at, app.clock.as_ref()).await?;
    Organisations(&mut tx).close(id, at, Some(target)).await?;
    let ended = Accounts(&mut tx).end_grants_at(id, at).await?;
    refold(app, &mut tx, actor, id, before.parent, at).await?;
    let detail = json!({ "into": target, "from": at, "children": moved, "grants_ended": ended });
    finish(app, tx, actor, "organisation.merged", id, detail).await
}

fn may_end(app: &App, before: &Standing, at: Timestamp) -> Result<(), Problem> {
    rules::follows(before.placed_at.max(before.named_at), at).map_err(|why| refused(app, why))
}

async fn hand_over_children(
    app: &App,
    tx: &mut Tx,
    id: OrganisationId,
    target: OrganisationId,
    at: Timestamp,
) -> Result<Vec<OrganisationId>, Problem> {
    let children = Organisations(tx).children_from(id, at).await?;
    for child in &children {
        let later = child.to.or((child.from > at).then_some(child.from));
        if let Some(later) = later {
            return Err(refused(app, NotPossible::LaterChange(later)));
        }
        Organisations(tx).place(child.id, target, at, app.clock.as_ref()).await?;
    }
    Ok(children.into_iter().map(|child| child.id).collect())
}

//! The second superior: a line such as a system or a trade, beside the territory.

use super::{When, finish, keeps, open, refused, start_of};
use crate::organisations::rules::{NotPossible, attached_to, stands_below};
use crate::organisations::{OrganisationId, Organisations, Tree};
use crate::problem::Problem;
use crate::state::App;
use kernel::Actor;
use serde_json::json;

/// Whether `id`, or anybody attached to it, stands in the territory above somebody whom it would be added to: a part of its own part.
fn surrounds(tree: &Tree, edges: &[(OrganisationId, OrganisationId)], id: OrganisationId, above: OrganisationId) -> bool {
    let mut parts = attached_to(edges, id);
    parts.push(id);
    let mut sums = vec![above];
    sums.extend(edges.iter().map(|(_, sum)| *sum).filter(|sum| stands_below(edges, above, *sum)));
    parts.iter().any(|part| sums.iter().any(|sum| tree.contains(*part, *sum)))
}

/// Attaches an organisation with everything below it to `above` on the second line from the effective day on, or takes it off.
/// Its place in the territory and all rights stay as they are: a line only adds up.
///
/// # Errors
///
/// `under-itself`, `organisation-closed`; 403 for who does not keep both.
pub async fn attach(app: &App, actor: &Actor, id: OrganisationId, above: Option<OrganisationId>, when: &When) -> Result<(), Problem> {
    keeps(app, actor, id)?;
    if let Some(above) = above {
        keeps(app, actor, above)?;
    }
    let from = start_of(app, when)?;
    let (mut tx, _) = open(app, id, when.seen).await?;
    let edges = Organisations(&mut tx).line_edges(from).await?;
    if above.is_some_and(|above| stands_below(&edges, above, id) || surrounds(&app.tree.load(), &edges, id, above)) {
        return Err(refused(app, NotPossible::UnderItself));
    }
    let before = edges.iter().find(|(child, _)| *child == id).map(|(_, parent)| *parent);
    Organisations(&mut tx).place_on_line(id, above, from, app.clock.as_ref()).await?;
    let action = if above.is_some() { "organisation.attached" } else { "organisation.detached" };
    finish(app, tx, actor, action, id, json!({ "before": before, "after": above, "from": from })).await
}

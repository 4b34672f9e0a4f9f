//! Name (dated), kind and members (as they are now).

use super::create::kind_fault;
use super::{When, finish, keeps, open, refused, start_of};
use crate::organisations::{OrganisationId, Organisations, rules};
use crate::problem::Problem;
use crate::state::App;
use crate::texts;
use kernel::Actor;
use serde_json::json;

/// What is to change; none keeps what is there.
#[derive(Debug, Clone, Default)]
pub struct Description {
    /// The new name, in force from the effective day.
    pub name: Option<String>,
    /// Word of the vocabulary pack, at once.
    pub kind: Option<String>,
    /// Members it has itself, at once.
    pub members: Option<i64>,
}

/// Renames an organisation from the effective day on, and corrects its kind and members.
///
/// # Errors
///
/// `invalid` names broken fields; `later-change` when it gets another name later; `organisation-closed`; 403.
pub async fn describe(app: &App, actor: &Actor, id: OrganisationId, new: Description, when: &When) -> Result<(), Problem> {
    keeps(app, actor, id)?;
    let from = start_of(app, when)?;
    let mut faults: Vec<_> = [new.kind.as_deref().and_then(|kind| kind_fault(app, kind)), new.members.and_then(rules::members_fault)]
        .into_iter()
        .flatten()
        .collect();
    let name = new.name.map(|name| texts::check("name", &name, 1, rules::NAME_MAX)).transpose();
    let name = name.map_err(|fault| faults.push(fault)).unwrap_or_default();
    if !faults.is_empty() {
        return Err(Problem::invalid(faults));
    }
    let (mut tx, before) = open(app, id, when.seen).await?;
    if let Some(name) = &name {
        rules::follows(before.named_at, from).map_err(|why| refused(app, why))?;
        Organisations(&mut tx).rename(id, name, from, app.clock.as_ref()).await?;
    }
    let (kind, members) = (new.kind.unwrap_or_else(|| before.kind.clone()), new.members.unwrap_or(before.members));
    Organisations(&mut tx).describe(id, &kind, members).await?;
    let detail = json!({ "before": { "name": before.name, "kind": before.kind, "members": before.members },
                         "after": { "name": name, "kind": kind, "members": members }, "from": from });
    finish(app, tx, actor, "organisation.changed", id, detail).await
}

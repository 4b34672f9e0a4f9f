//! A new organisation.

use super::{When, check_parent, finish, keeps, start_of};
use crate::organisations::{OrganisationId, Organisations, rules};
use crate::problem::{FieldError, Problem};
use crate::state::App;
use crate::texts;
use kernel::Actor;
use serde_json::json;

/// A new organisation as its maker describes it.
#[derive(Debug, Clone)]
pub struct NewOrganisation {
    /// Unique code.
    pub code: String,
    /// Name.
    pub name: String,
    /// Word of the vocabulary pack.
    pub kind: String,
    /// Members it has itself.
    pub members: i64,
    /// Its superior. There is no way to make a second root.
    pub parent: OrganisationId,
}

/// Whether the vocabulary pack knows this kind; the fault if it does not.
pub(super) fn kind_fault(app: &App, kind: &str) -> Option<FieldError> {
    let texts = app.words.texts(crate::i18n::Language::English);
    let plain = kind.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    (!plain || kind.is_empty() || !texts.has(&format!("kind-{kind}"))).then(|| FieldError::new("kind", "kind", kind, ""))
}

/// Adds an organisation under its superior.
///
/// # Errors
///
/// `invalid` names broken fields; `closed-parent`, `not-yet-there`; 403 for who does not keep the superior.
pub async fn create(app: &App, actor: &Actor, new: NewOrganisation, when: &When) -> Result<OrganisationId, Problem> {
    keeps(app, actor, new.parent)?;
    let from = start_of(app, when)?;
    let mut faults: Vec<_> =
        [rules::code_fault(new.code.trim()), kind_fault(app, &new.kind), rules::members_fault(new.members)].into_iter().flatten().collect();
    let name = texts::check("name", &new.name, 1, rules::NAME_MAX).map_err(|fault| faults.push(fault)).unwrap_or_default();
    if !faults.is_empty() {
        return Err(Problem::invalid(faults));
    }
    let id = OrganisationId::new(app.clock.as_ref());
    let code = new.code.trim();
    let mut tx = app.db.begin().await?;
    Organisations(&mut tx).bump_revision().await?;
    check_parent(app, &mut tx, None, new.parent, from).await?;
    let inserted =
        Organisations(&mut tx).insert_plain(id, code, &name, &new.kind, new.members, Some(new.parent), from, app.clock.as_ref()).await;
    inserted.map_err(|e| if e.is_duplicate() { Problem::field("code", "taken", code, "") } else { e.into() })?;
    let detail = json!({ "code": code, "name": name, "parent": new.parent, "from": from });
    finish(app, tx, actor, "organisation.created", id, detail).await?;
    Ok(id)
}

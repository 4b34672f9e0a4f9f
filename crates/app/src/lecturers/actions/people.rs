//! Registering and describing lecturers, their consent, their retirement.

use super::{kept, note, save};
use crate::accounts::{AccountId, Accounts};
use crate::db::Tx;
use crate::lecturers::reading::shares_root;
use crate::lecturers::{Fields, Lecturer, LecturerId, Lecturers, rules};
use crate::organisations::{Action, OrganisationId, may};
use crate::problem::Problem;
use crate::state::App;
use crate::texts;
use kernel::Actor;
use serde_json::json;

/// Registers a lecturer. A name, a kind and an organisation are needed; everything else may follow.
///
/// # Errors
///
/// `forbidden` without [`Action::KeepLecturers`] there; `organisation-closed`; `invalid` names broken fields.
pub async fn create(app: &App, actor: &Actor, organisation: OrganisationId, fields: Fields) -> Result<LecturerId, Problem> {
    keeps(app, actor, organisation)?;
    let needed = Fields { name: Some(fields.name.unwrap_or_default()), kind: Some(fields.kind.unwrap_or_default()), ..fields };
    let fields = rules::checked(needed).map_err(Problem::invalid)?;
    let id = LecturerId::new(app.clock.as_ref());
    let mut new = blank(app, actor, id, organisation);
    let mut tx = app.db.begin().await?;
    apply(app, &mut tx, &mut new, &fields).await?;
    Lecturers(&mut tx).insert(&new).await?;
    note(app, &mut tx, actor, organisation, ("lecturer.registered", id.to_string()), json!({ "name": new.name })).await?;
    tx.commit().await?;
    Ok(id)
}

/// A lecturer of whom nothing is known yet.
pub(super) fn blank(app: &App, actor: &Actor, id: LecturerId, organisation: OrganisationId) -> Lecturer {
    Lecturer {
        id,
        organisation,
        name: String::new(),
        kind: String::new(),
        topics: Vec::new(),
        occupation: String::new(),
        about: String::new(),
        contact: String::new(),
        term_from: String::new(),
        term_to: String::new(),
        photo: None,
        account: None,
        consent_at: None,
        consent_text: String::new(),
        retired: false,
        merged_into: None,
        root: id,
        created_by: actor.account,
        created_at: app.clock.now(),
        version: 1,
    }
}

fn keeps(app: &App, actor: &Actor, organisation: OrganisationId) -> Result<(), Problem> {
    let tree = app.tree.load();
    if !may(&tree, actor, Action::KeepLecturers, organisation) {
        return Err(Problem::forbidden());
    }
    if tree.get(organisation).is_none_or(|node| node.closed) { Err(Problem::conflict("organisation-closed")) } else { Ok(()) }
}

/// Saves the given fields over version `seen`. Another organisation ends the present post and begins a new one.
///
/// # Errors
///
/// 404 for who may not see it, `forbidden` for a reader and for an organisation that the actor does not keep,
/// `moved-meanwhile` when it was saved meanwhile, `invalid` names broken fields.
pub async fn change(app: &App, actor: &Actor, id: LecturerId, seen: Option<i64>, fields: Fields) -> Result<(), Problem> {
    let mut tx = app.db.begin().await?;
    let mut found = kept(app, &mut tx, actor, id).await?;
    let fields = rules::checked(fields).map_err(Problem::invalid)?;
    let home = found.organisation;
    apply(app, &mut tx, &mut found, &fields).await?;
    if let Some(fault) = rules::term_fault(&found.term_from, &found.term_to) {
        return Err(Problem::invalid(vec![fault]));
    }
    if let Some(organisation) = fields.organisation.filter(|new| *new != home) {
        keeps(app, actor, organisation)?;
        found.organisation = organisation;
        Lecturers(&mut tx).begin_post(id, organisation, app.clock.now()).await?;
        note(app, &mut tx, actor, organisation, ("lecturer.moved", id.to_string()), json!({ "from": home })).await?;
    }
    save(&mut tx, &found, seen).await?;
    note(app, &mut tx, actor, home, ("lecturer.described", id.to_string()), json!({ "fields": names(&fields) })).await?;
    Ok(tx.commit().await?)
}

/// Lays the given fields over `to`, but for the organisation.
pub(super) async fn apply(app: &App, tx: &mut Tx, to: &mut Lecturer, fields: &Fields) -> Result<(), Problem> {
    let texts = [
        (&fields.name, &mut to.name),
        (&fields.kind, &mut to.kind),
        (&fields.occupation, &mut to.occupation),
        (&fields.about, &mut to.about),
        (&fields.contact, &mut to.contact),
        (&fields.term_from, &mut to.term_from),
        (&fields.term_to, &mut to.term_to),
    ];
    for (given, kept) in texts {
        if let Some(text) = given {
            kept.clone_from(text);
        }
    }
    if let Some(topics) = &fields.topics {
        to.topics.clone_from(topics);
    }
    if let Some(login) = &fields.account {
        to.account = account(app, tx, to.organisation, login).await?;
    }
    Ok(())
}

/// The account that signs in as `login`: it must be somebody below the same root.
pub(super) async fn account(app: &App, tx: &mut Tx, organisation: OrganisationId, login: &str) -> Result<Option<AccountId>, Problem> {
    let login = login.trim().to_lowercase();
    if login.is_empty() {
        return Ok(None);
    }
    let unknown = || Problem::field("account", "unknown-account", &login, "");
    let found = Accounts(tx).find_by_login(&login).await?.ok_or_else(unknown)?;
    let grants = Accounts(tx).grants(found.id, app.clock.now()).await?;
    let owner = Actor { account: found.id, grants, scopes: None };
    if found.active && shares_root(&app.tree.load(), &owner, organisation) { Ok(Some(found.id)) } else { Err(unknown()) }
}

/// Records that the person agrees to a public page, and how.
///
/// # Errors
///
/// As [`change`]; how somebody agreed must be told.
pub async fn consent(app: &App, actor: &Actor, id: LecturerId, how: &str) -> Result<(), Problem> {
    let mut tx = app.db.begin().await?;
    let mut found = kept(app, &mut tx, actor, id).await?;
    found.consent_text = texts::check_lines("consent_text", how, 1, rules::CONSENT_MAX).map_err(|f| Problem::invalid(vec![f]))?;
    found.consent_at = Some(app.clock.now());
    save(&mut tx, &found, None).await?;
    note(app, &mut tx, actor, found.organisation, ("lecturer.consented", id.to_string()), json!({ "how": found.consent_text })).await?;
    Ok(tx.commit().await?)
}

/// Records that the person no longer agrees: the public page is gone with this.
///
/// # Errors
///
/// As [`change`]. The person may do it too.
pub async fn withdraw_consent(app: &App, actor: &Actor, id: LecturerId) -> Result<(), Problem> {
    let mut tx = app.db.begin().await?;
    let own = Lecturers(&mut tx).find(id).await?.filter(|l| l.account == Some(actor.account) && l.merged_into.is_none());
    let own = own.filter(|_| actor.in_scope(Action::KeepLecturers.scope()));
    let mut found = match own {
        Some(own) => own,
        None => kept(app, &mut tx, actor, id).await?,
    };
    found.consent_at = None;
    save(&mut tx, &found, None).await?;
    note(app, &mut tx, actor, found.organisation, ("lecturer.consent-withdrawn", id.to_string()), json!({})).await?;
    tx.commit().await?;
    app.recent.forget();
    Ok(())
}

/// Ends somebody's lecturing, or lets it go on.
///
/// # Errors
///
/// As [`change`].
pub async fn retire(app: &App, actor: &Actor, id: LecturerId, retired: bool, seen: Option<i64>) -> Result<(), Problem> {
    let mut tx = app.db.begin().await?;
    let mut found = kept(app, &mut tx, actor, id).await?;
    found.retired = retired;
    save(&mut tx, &found, seen).await?;
    let action = if retired { "lecturer.retired" } else { "lecturer.returned" };
    note(app, &mut tx, actor, found.organisation, (action, id.to_string()), json!({})).await?;
    Ok(tx.commit().await?)
}

/// Which fields are given, for the audit trail: names, never texts.
fn names(fields: &Fields) -> Vec<&'static str> {
    let given = [
        ("name", fields.name.is_some()),
        ("organisation", fields.organisation.is_some()),
        ("kind", fields.kind.is_some()),
        ("topics", fields.topics.is_some()),
        ("occupation", fields.occupation.is_some()),
        ("about", fields.about.is_some()),
        ("contact", fields.contact.is_some()),
        ("term_from", fields.term_from.is_some()),
        ("term_to", fields.term_to.is_some()),
        ("account", fields.account.is_some()),
    ];
    given.into_iter().filter(|(_, given)| *given).map(|(name, _)| name).collect()
}

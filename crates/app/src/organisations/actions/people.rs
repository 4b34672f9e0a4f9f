//! People and their roles: who may come in, and what he may do where.
//!
//! * Nobody gives a role at an organisation that he does not administer, nor further down than his own reach.
//! * An account is changed only by who administers every organisation where it holds a role: otherwise who keeps one branch
//!   could take over the account of the province's administrator who also helps there.
//! * Nobody changes his own roles.

use crate::accounts::actions::{insert, prepare};
use crate::accounts::rules::clash;
use crate::accounts::{Account, Accounts, GrantLine, RoleGrantId, password, rules as account_rules};
use crate::audit::{self, Entry};
use crate::db::Tx;
use crate::organisations::access::{Action, may, may_hand_on};
use crate::organisations::{OrganisationId, rules};
use crate::problem::Problem;
use crate::state::App;
use kernel::{AccountId, Actor, Grant, Role, Timestamp};
use serde_json::{Value, json};

/// A role to be granted, with its days (`2026-11-30`; the last day counts).
#[derive(Debug, Clone)]
pub struct NewGrant {
    /// Where, what, how far.
    pub grant: Grant,
    /// First day; empty means at once.
    pub from: String,
    /// Last day; empty means open.
    pub to: String,
}

/// A new account with its first role.
#[derive(Debug, Clone)]
pub struct NewPerson {
    /// What its owner types in.
    pub login: String,
    /// What others see.
    pub name: String,
    /// The first password.
    pub password: String,
    /// Its first role.
    pub grant: NewGrant,
}

/// Refuses unless `actor` may hand on this grant.
fn hands_on(app: &App, actor: &Actor, grant: &Grant) -> Result<(), Problem> {
    let tree = app.tree.load();
    if may_hand_on(&tree, actor, grant) {
        Ok(())
    } else if tree.get(grant.organisation).is_some() {
        Err(Problem::forbidden())
    } else {
        Err(Problem::not_found())
    }
}

/// The instants between which the grant holds.
fn period(app: &App, new: &NewGrant) -> Result<(Timestamp, Option<Timestamp>), Problem> {
    let now = app.clock.now();
    let day = |field: &str, text: &str| {
        rules::day(text, &app.zone).map_err(|mut fault| {
            field.clone_into(&mut fault.field);
            Problem::invalid(vec![fault])
        })
    };
    let from = if new.from.trim().is_empty() { now } else { day("from", &new.from)?.max(now) };
    // The last day counts, so the role ends with the start of the next.
    let to = if new.to.trim().is_empty() { None } else { Some(day("to", &new.to)?.plus_days(1)) };
    match to {
        Some(to) if to <= from => Err(Problem::field("to", "after-from", &new.to, "")),
        to => Ok((from, to)),
    }
}

async fn note(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    action: &str,
    object: AccountId,
    at: Option<OrganisationId>,
    detail: Value,
) -> Result<(), Problem> {
    let entry = Entry { account: Some(actor.account), organisation: at, action, object: object.to_string(), allowed: true, detail };
    Ok(audit::record(tx, app.clock.as_ref(), entry).await?)
}

async fn add_grant(app: &App, tx: &mut Tx, actor: &Actor, account: AccountId, new: &NewGrant) -> Result<RoleGrantId, Problem> {
    let (from, to) = period(app, new)?;
    let now = app.clock.now();
    let held: Vec<Role> =
        Accounts(tx).grants_of(account).await?.iter().filter(|g| g.to.is_none_or(|to| to > now)).map(|g| g.grant.role).collect();
    if let Some(other) = clash(&held, new.grant.role) {
        return Err(Problem::conflict("roles-apart").with("held", other.code()).with("new", new.grant.role.code()));
    }
    let id = RoleGrantId::new(app.clock.as_ref());
    Accounts(tx).grant(id, account, new.grant, from, to, Some(actor.account), now).await?;
    let detail = json!({ "role": new.grant.role, "reach": new.grant.reach, "from": from, "to": to });
    note(app, tx, actor, "role.granted", account, Some(new.grant.organisation), detail).await?;
    Ok(id)
}

/// Adds an account with its first role, in one step: an account without a role would be nobody's to keep.
///
/// # Errors
///
/// `invalid` names broken fields; 403 for a role that the actor can't hand on.
pub async fn create_person(app: &App, actor: &Actor, new: NewPerson) -> Result<AccountId, Problem> {
    hands_on(app, actor, &new.grant.grant)?;
    period(app, &new.grant)?;
    let prepared = prepare(&new.login, &new.name, new.password).await?;
    let mut tx = app.db.begin().await?;
    let id = insert(app, &mut tx, &prepared, Some(new.grant.grant.organisation), Some(actor.account)).await?;
    add_grant(app, &mut tx, actor, id, &new.grant).await?;
    tx.commit().await?;
    Ok(id)
}

/// The roles of an account that `actor` may see: none means that he may not know of it.
pub async fn seen(app: &App, actor: &Actor, id: AccountId) -> Result<(Account, Vec<GrantLine>), Problem> {
    let tree = app.tree.load_full();
    let mut tx = app.db.read().await?;
    let account = Accounts(&mut tx).find(id).await?.ok_or_else(Problem::not_found)?;
    let mut grants = Accounts(&mut tx).grants_of(id).await?;
    grants.retain(|g| may(&tree, actor, Action::ManageAccounts, g.grant.organisation));
    if grants.is_empty() { Err(Problem::hidden()) } else { Ok((account, grants)) }
}

/// Opens a change of an account: refuses unless the actor administers it wholly; counts the version.
async fn open(app: &App, actor: &Actor, id: AccountId, version: Option<i64>) -> Result<(Tx, Account), Problem> {
    let (account, _) = seen(app, actor, id).await?;
    if id == actor.account {
        return Err(Problem::conflict("not-yourself"));
    }
    let tree = app.tree.load_full();
    let mut tx = app.db.begin().await?;
    if !Accounts(&mut tx).touch(id, version.unwrap_or(account.version)).await? {
        return Err(Problem::moved_meanwhile());
    }
    let now = app.clock.now();
    let grants = Accounts(&mut tx).grants_of(id).await?;
    let open = |g: &&GrantLine| g.to.is_none_or(|to| to > now);
    if !grants.iter().filter(open).all(|g| may_hand_on(&tree, actor, &g.grant)) {
        return Err(Problem::forbidden());
    }
    Ok((tx, account))
}

/// Grants a further role.
///
/// # Errors
///
/// 403 for a role that the actor can't hand on; `roles-apart` for administration together with audit (A6); `not-yourself`.
pub async fn grant(app: &App, actor: &Actor, id: AccountId, new: &NewGrant) -> Result<RoleGrantId, Problem> {
    hands_on(app, actor, &new.grant)?;
    seen(app, actor, id).await?;
    if id == actor.account {
        return Err(Problem::conflict("not-yourself"));
    }
    let mut tx = app.db.begin().await?;
    // Two grants at once wait for each other, so that both can't slip past the rule on roles apart.
    Accounts(&mut tx).hold(id).await?;
    let grant = add_grant(app, &mut tx, actor, id, new).await?;
    tx.commit().await?;
    Ok(grant)
}

/// Ends a role at once.
///
/// # Errors
///
/// 404 for a role that the actor can't see or that ended; `not-yourself`.
pub async fn revoke(app: &App, actor: &Actor, id: AccountId, grant: RoleGrantId) -> Result<(), Problem> {
    let (_, grants) = seen(app, actor, id).await?;
    let line = grants.into_iter().find(|g| g.id == grant).ok_or_else(Problem::not_found)?;
    if id == actor.account {
        return Err(Problem::conflict("not-yourself"));
    }
    hands_on(app, actor, &line.grant)?;
    let mut tx = app.db.begin().await?;
    if !Accounts(&mut tx).revoke_grant(grant, id, app.clock.now()).await? {
        return Err(Problem::not_found());
    }
    let detail = json!({ "role": line.grant.role, "grant": grant });
    note(app, &mut tx, actor, "role.revoked", id, Some(line.grant.organisation), detail).await?;
    Ok(tx.commit().await?)
}

/// Lets an account in, or ends its sign-ins and keeps it out.
pub async fn set_active(app: &App, actor: &Actor, id: AccountId, active: bool, version: Option<i64>) -> Result<(), Problem> {
    let (mut tx, _) = open(app, actor, id, version).await?;
    Accounts(&mut tx).set_active(id, active).await?;
    if !active {
        Accounts(&mut tx).revoke_sign_ins(id, None, app.clock.now()).await?;
    }
    let action = if active { "account.enabled" } else { "account.disabled" };
    note(app, &mut tx, actor, action, id, None, json!({})).await?;
    Ok(tx.commit().await?)
}

/// Sets another person's password and ends his sign-ins.
///
/// # Errors
///
/// `invalid` names what the password breaks; 403 unless the actor administers the account wholly.
pub async fn reset_password(app: &App, actor: &Actor, id: AccountId, new: String) -> Result<(), Problem> {
    let (account, _) = seen(app, actor, id).await?;
    let faults = account_rules::password_faults(&new, &account.login);
    if !faults.is_empty() {
        return Err(Problem::invalid(faults));
    }
    let hash = password::hash(new).await.map_err(Problem::internal)?;
    let (mut tx, _) = open(app, actor, id, None).await?;
    Accounts(&mut tx).set_password(id, &hash).await?;
    Accounts(&mut tx).revoke_sign_ins(id, None, app.clock.now()).await?;
    note(app, &mut tx, actor, "account.password-reset", id, None, json!({})).await?;
    Ok(tx.commit().await?)
}

/// The actor as he is now, for work that began with his request: rights may have ended since (S19).
///
/// # Errors
///
/// 403 for an account that is gone or disabled.
pub async fn actor_now(app: &App, account: AccountId) -> Result<Actor, Problem> {
    let mut tx = app.db.read().await?;
    let found = Accounts(&mut tx).find(account).await?.filter(|a| a.active).ok_or_else(Problem::forbidden)?;
    let grants = Accounts(&mut tx).grants(found.id, app.clock.now()).await?;
    Ok(Actor { account: found.id, grants, scopes: None })
}

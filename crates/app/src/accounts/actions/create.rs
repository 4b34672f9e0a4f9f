//! A new account.

use crate::accounts::{AccountId, Accounts, RoleGrantId, password, rules};
use crate::audit::{self, Entry};
use crate::db::Tx;
use crate::problem::Problem;
use crate::state::App;
use crate::texts;
use kernel::{Grant, OrganisationId};
use serde_json::json;

/// A new account as its maker describes it.
#[derive(Debug, Clone)]
pub struct NewAccount {
    /// What its owner types in.
    pub login: String,
    /// What others see.
    pub name: String,
    /// The first password.
    pub password: String,
    /// Roles from now on.
    pub grants: Vec<Grant>,
}

/// A new account that keeps the rules, its password hashed.
#[derive(Debug)]
pub struct Prepared {
    login: String,
    name: String,
    hash: String,
}

/// Checks a new account and hashes its password: slow on purpose, so it is done before a transaction is open.
///
/// # Errors
///
/// `invalid` names what login, name and password break.
pub async fn prepare(login: &str, name: &str, password: String) -> Result<Prepared, Problem> {
    let mut faults = rules::login_faults(login);
    faults.extend(rules::password_faults(&password, login));
    let name = texts::check("name", name, 1, rules::NAME_MAX).map_err(|fault| faults.push(fault)).unwrap_or_default();
    if !faults.is_empty() {
        return Err(Problem::invalid(faults));
    }
    let hash = password::hash(password).await.map_err(Problem::internal)?;
    Ok(Prepared { login: login.to_owned(), name, hash })
}

/// Adds the account in the open transaction, with its audit record.
///
/// # Errors
///
/// A field error `taken` when someone has the login.
pub async fn insert(
    app: &App,
    tx: &mut Tx,
    new: &Prepared,
    organisation: Option<OrganisationId>,
    by: Option<AccountId>,
) -> Result<AccountId, Problem> {
    let id = AccountId::new(app.clock.as_ref());
    Accounts(tx).insert(id, &new.login, &new.name, &new.hash, app.clock.now()).await.map_err(|e| match e {
        e if e.is_duplicate() => Problem::field("login", "taken", &new.login, ""),
        e => e.into(),
    })?;
    let detail = json!({ "login": new.login });
    let entry = Entry { account: by, organisation, action: "account.created", object: id.to_string(), allowed: true, detail };
    audit::record(tx, app.clock.as_ref(), entry).await?;
    Ok(id)
}

/// Adds an account with its grants. Rights are the caller's business: `kaijiang admin create` needs none.
///
/// # Errors
///
/// As [`prepare`] and [`insert`].
pub async fn create(app: &App, new: NewAccount, by: Option<AccountId>) -> Result<AccountId, Problem> {
    let prepared = prepare(&new.login, &new.name, new.password).await?;
    let now = app.clock.now();
    let mut tx = app.db.begin().await?;
    let id = insert(app, &mut tx, &prepared, new.grants.first().map(|g| g.organisation), by).await?;
    for grant in &new.grants {
        Accounts(&mut tx).grant(RoleGrantId::new(app.clock.as_ref()), id, *grant, now, None, by, now).await?;
    }
    tx.commit().await?;
    Ok(id)
}

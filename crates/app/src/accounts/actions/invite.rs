//! How the owner of a new account comes in: by a link that works once, to set a password of his own.

use super::{hash_secret, new_secret, sign_in};
use crate::accounts::{Account, AccountId, Accounts, Device, password, rules};
use crate::audit::{self, Entry};
use crate::problem::Problem;
use crate::state::App;
use kernel::Timestamp;
use serde_json::json;

/// How long a link works.
const DAYS: i64 = 14;
/// Links of one transaction, so that others do not wait.
const BATCH: usize = 200;

/// A new secret for each of `accounts`, in their order, and when they end. Secrets are known to the caller alone.
pub async fn renew(app: &App, by: Option<AccountId>, register: &str, accounts: &[AccountId]) -> Result<(Vec<String>, Timestamp), Problem> {
    let until = app.clock.now().plus_days(DAYS);
    let mut secrets = Vec::with_capacity(accounts.len());
    for some in accounts.chunks(BATCH) {
        let mut tx = app.db.begin().await?;
        for account in some {
            let (secret, hash) = new_secret();
            Accounts(&mut tx).renew_invitation(*account, hash, until).await?;
            secrets.push(secret);
        }
        tx.commit().await?;
    }
    let detail = json!({ "accounts": accounts.len(), "until": until });
    let entry =
        Entry { account: by, organisation: None, action: "accounts.links-made", object: register.to_owned(), allowed: true, detail };
    let mut tx = app.db.begin().await?;
    audit::record(&mut tx, app.clock.as_ref(), entry).await?;
    tx.commit().await?;
    Ok((secrets, until))
}

/// Whom the link with this secret invites.
///
/// # Errors
///
/// `link-over` when it was used, ended, or never was.
pub async fn invited(app: &App, secret: &str) -> Result<Account, Problem> {
    let found = Accounts(&mut app.db.read().await?).by_invitation(hash_secret(secret), app.clock.now()).await?;
    found.ok_or_else(|| Problem::gone("link-over"))
}

/// Sets the first password and signs its owner in; the secret of the sign-in.
///
/// # Errors
///
/// As [`invited`]; `invalid` names what the password breaks.
pub async fn accept(app: &App, secret: &str, new: String, device: Device) -> Result<String, Problem> {
    let account = invited(app, secret).await?;
    let faults = rules::password_faults(&new, &account.login);
    if !faults.is_empty() {
        return Err(Problem::invalid(faults));
    }
    let hash = password::hash(new.clone()).await.map_err(Problem::internal)?;
    let mut tx = app.db.begin().await?;
    if !Accounts(&mut tx).use_invitation(hash_secret(secret), app.clock.now()).await? {
        return Err(Problem::gone("link-over"));
    }
    Accounts(&mut tx).set_password(account.id, &hash).await?;
    let (who, object) = (Some(account.id), account.id.to_string());
    let entry = Entry { account: who, organisation: None, action: "account.password-set", object, allowed: true, detail: json!({}) };
    audit::record(&mut tx, app.clock.as_ref(), entry).await?;
    tx.commit().await?;
    sign_in(app, &account.login, new, device).await
}

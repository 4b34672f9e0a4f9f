//! What everybody does with his own account.

use super::new_secret;
use crate::accounts::{Accounts, ApiTokenId, SignInId, password, rules};
use crate::audit::{self, Entry};
use crate::db::Tx;
use crate::problem::Problem;
use crate::state::App;
use crate::texts;
use kernel::{Actor, Scope, Timestamp};
use serde_json::{Value, json};

/// Passwords and tokens are changed by a person who signed in, never by a program with a token: it could outlive its token.
pub(super) fn in_person(me: &Actor) -> Result<(), Problem> {
    if me.scopes.is_none() { Ok(()) } else { Err(Problem::forbidden()) }
}

pub(super) async fn note(app: &App, tx: &mut Tx, me: &Actor, action: &str, object: String, detail: Value) -> Result<(), Problem> {
    let entry = Entry { account: Some(me.account), organisation: None, action, object, allowed: true, detail };
    Ok(audit::record(tx, app.clock.as_ref(), entry).await?)
}

/// Changes name and language (`zh-CN`, `en`, or empty for the browser's).
///
/// # Errors
///
/// `invalid` names what is wrong.
pub async fn describe(app: &App, me: &Actor, name: &str, language: &str) -> Result<(), Problem> {
    in_person(me)?;
    let name = texts::check("name", name, 1, rules::NAME_MAX).map_err(|fault| Problem::invalid(vec![fault]))?;
    if !matches!(language, "" | "zh-CN" | "en") {
        return Err(Problem::field("language", "language", language, "zh-CN, en"));
    }
    let mut tx = app.db.begin().await?;
    Accounts(&mut tx).describe(me.account, &name, (!language.is_empty()).then_some(language)).await?;
    note(app, &mut tx, me, "account.described", me.account.to_string(), json!({ "name": name, "language": language })).await?;
    Ok(tx.commit().await?)
}

/// Changes the password and ends every other sign-in.
///
/// # Errors
///
/// A field error `wrong-password` for the current one, which counts like a wrong password at sign-in; `locked`; `invalid` names
/// what the new one breaks.
pub async fn change_password(app: &App, me: &Actor, keep: Option<SignInId>, current: String, new: String) -> Result<(), Problem> {
    in_person(me)?;
    let now = app.clock.now();
    let account = Accounts(&mut app.db.read().await?).find(me.account).await?.ok_or_else(Problem::not_found)?;
    if rules::is_locked(account.locked_until, now) {
        return Err(Problem::too_many("locked").with("minutes", app.config.lockout_minutes));
    }
    let faults = rules::password_faults(&new, &account.login);
    if !faults.is_empty() {
        return Err(Problem::invalid(faults));
    }
    if !password::verify(current, account.password_hash.clone()).await.map_err(Problem::internal)? {
        let refusal = super::refuse_sign_in(app, &account, now).await?;
        if refusal.code == "locked" {
            return Err(refusal);
        }
        return Err(Problem::field("current", "wrong-password", "", ""));
    }
    let hash = password::hash(new).await.map_err(Problem::internal)?;
    let mut tx = app.db.begin().await?;
    Accounts(&mut tx).set_password(me.account, &hash).await?;
    Accounts(&mut tx).revoke_sign_ins(me.account, keep, now).await?;
    note(app, &mut tx, me, "account.password-changed", me.account.to_string(), json!({})).await?;
    Ok(tx.commit().await?)
}

/// Ends one of the actor's own sign-ins.
///
/// # Errors
///
/// 404 for a sign-in of somebody else, or one that ended.
pub async fn revoke_sign_in(app: &App, me: &Actor, id: SignInId) -> Result<(), Problem> {
    let mut tx = app.db.begin().await?;
    if !Accounts(&mut tx).revoke_sign_in(id, me.account, app.clock.now()).await? {
        return Err(Problem::not_found());
    }
    note(app, &mut tx, me, "account.sign-in-revoked", id.to_string(), json!({})).await?;
    Ok(tx.commit().await?)
}

/// A token made just now: its secret is known this once.
#[derive(Debug, Clone)]
pub struct NewToken {
    /// Its id.
    pub id: ApiTokenId,
    /// What programs send as bearer.
    pub secret: String,
    /// When it ends.
    pub expires_at: Timestamp,
}

/// Makes a token for programs.
///
/// # Errors
///
/// `invalid` names what is wrong with name, scopes or days.
pub async fn create_token(app: &App, me: &Actor, name: &str, scopes: &[Scope], days: i64) -> Result<NewToken, Problem> {
    in_person(me)?;
    let mut faults = Vec::new();
    let name = texts::check("name", name, 1, rules::NAME_MAX).map_err(|fault| faults.push(fault)).unwrap_or_default();
    faults.extend(rules::token_faults(scopes, days));
    if !faults.is_empty() {
        return Err(Problem::invalid(faults));
    }
    let (id, now) = (ApiTokenId::new(app.clock.as_ref()), app.clock.now());
    let (secret, hash) = new_secret();
    let expires_at = now.plus_days(days);
    let mut tx = app.db.begin().await?;
    Accounts(&mut tx).insert_token(id, hash, me.account, &name, scopes, now, expires_at).await?;
    note(app, &mut tx, me, "token.created", id.to_string(), json!({ "name": name, "scopes": scopes })).await?;
    tx.commit().await?;
    Ok(NewToken { id, secret, expires_at })
}

/// Ends a token of the actor's own.
///
/// # Errors
///
/// 404 for a token of somebody else, or one that ended.
pub async fn revoke_token(app: &App, me: &Actor, id: ApiTokenId) -> Result<(), Problem> {
    let mut tx = app.db.begin().await?;
    if !Accounts(&mut tx).revoke_token(id, me.account, app.clock.now()).await? {
        return Err(Problem::not_found());
    }
    note(app, &mut tx, me, "token.revoked", id.to_string(), json!({})).await?;
    Ok(tx.commit().await?)
}

//! Signing in and out, and knowing who asks.

mod create;
pub mod invite;
pub mod mail;
pub mod own;

pub use create::{NewAccount, Prepared, create, insert, prepare};

use super::store::{Account, Way};
use super::{Accounts, Device, SignInId, password, rules};
use crate::audit::{self, Entry};
use crate::db::DbError;
use crate::problem::Problem;
use crate::state::App;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use kernel::{AccountId, Actor, Timestamp};
use serde_json::json;
use sha2::{Digest, Sha256};

/// A sign-in lives at most this long, however busy it is.
const SIGN_IN_DAYS: i64 = 30;
/// How often "last seen" is written, so that reading pages does not write.
const TOUCH_EVERY_MS: i64 = 60_000;

/// Someone known by cookie or token.
#[derive(Debug, Clone)]
pub struct Known {
    /// Rights.
    pub actor: Actor,
    /// Shown name.
    pub name: String,
    /// Chosen language tag.
    pub language: Option<String>,
    /// The sign-in, when there is one.
    pub sign_in: Option<SignInId>,
}

/// A new secret of 256 bits as text, and the hash that is stored.
pub fn new_secret() -> (String, [u8; 32]) {
    let secret = URL_SAFE_NO_PAD.encode(kernel::random::bytes::<32>());
    let hash = hash_secret(&secret);
    (secret, hash)
}

/// What is stored of a secret.
pub fn hash_secret(secret: &str) -> [u8; 32] {
    Sha256::digest(secret.as_bytes()).into()
}

/// Who stands behind the cookie; none when it no longer stands for anybody.
pub async fn by_cookie(app: &App, secret: &str) -> Result<Option<Known>, DbError> {
    let now = app.clock.now();
    let mut tx = app.db.read().await?;
    let way = Accounts(&mut tx).by_sign_in(hash_secret(secret), now).await?;
    let Some(way) = way.filter(|w| w.account.active && !rules::is_idle(w.last_seen, app.config.idle_minutes, now)) else { return Ok(None) };
    known(app, tx, way, now).await.map(Some)
}

/// Who stands behind a bearer token.
pub async fn by_token(app: &App, secret: &str) -> Result<Option<Known>, DbError> {
    let now = app.clock.now();
    let mut tx = app.db.read().await?;
    let way = Accounts(&mut tx).by_token(hash_secret(secret), now).await?;
    let Some(way) = way.filter(|w| w.account.active) else { return Ok(None) };
    known(app, tx, way, now).await.map(Some)
}

async fn known(app: &App, mut tx: crate::db::Tx, way: Way, now: Timestamp) -> Result<Known, DbError> {
    let grants = Accounts(&mut tx).grants(way.account.id, now).await?;
    drop(tx);
    if now - way.last_seen > TOUCH_EVERY_MS {
        let mut tx = app.db.begin().await?;
        match (&way.sign_in, &way.token) {
            (Some(id), _) => Accounts(&mut tx).touch_sign_in(*id, now).await?,
            (None, Some((id, _))) => Accounts(&mut tx).touch_token(*id, now).await?,
            (None, None) => {}
        }
        tx.commit().await?;
    }
    let actor = Actor { account: way.account.id, grants, scopes: way.token.map(|(_, scopes)| scopes) };
    Ok(Known { actor, name: way.account.name, language: way.account.language, sign_in: way.sign_in })
}

/// Checks the password and opens a sign-in; its secret goes into the cookie and nowhere else.
///
/// # Errors
///
/// One answer (`wrong-password`) for an unknown login, a wrong password, a disabled account; `locked` only tells
/// someone who just typed wrongly too often.
pub async fn sign_in(app: &App, login: &str, password: String, device: Device) -> Result<String, Problem> {
    let now = app.clock.now();
    let found = Accounts(&mut app.db.read().await?).find_by_login(login).await?;
    let stored = found.as_ref().and_then(|a| a.password_hash.clone());
    let fits = password::verify(password, stored).await.map_err(Problem::internal)?;
    let account = found.filter(|a| a.active).ok_or_else(|| Problem::unauthorized("wrong-password"))?;
    if !fits || rules::is_locked(account.locked_until, now) {
        return Err(refuse_sign_in(app, &account, now).await?);
    }
    let (secret, hash) = new_secret();
    let name: String = device.name.chars().take(200).collect();
    let device = Device { name, ..device };
    let mut tx = app.db.begin().await?;
    Accounts(&mut tx).forget_failures(account.id).await?;
    Accounts(&mut tx)
        .insert_sign_in(SignInId::new(app.clock.as_ref()), hash, account.id, now, now.plus_days(SIGN_IN_DAYS), &device)
        .await?;
    audit::record(&mut tx, app.clock.as_ref(), sign_in_entry(account.id, true)).await?;
    tx.commit().await?;
    Ok(secret)
}

/// Counts the failure in the database, so that many guesses at once are many, and locks when there were too many.
async fn refuse_sign_in(app: &App, account: &Account, now: Timestamp) -> Result<Problem, Problem> {
    let mut tx = app.db.begin().await?;
    let failed = Accounts(&mut tx).count_failure(account.id).await?;
    let locked = rules::is_locked(account.locked_until, now);
    let until =
        if locked { account.locked_until } else { rules::lock_after(failed, app.config.lockout_after, app.config.lockout_minutes, now) };
    Accounts(&mut tx).lock(account.id, until).await?;
    audit::record(&mut tx, app.clock.as_ref(), sign_in_entry(account.id, false)).await?;
    tx.commit().await?;
    let wait = Problem::too_many("locked").with("minutes", app.config.lockout_minutes);
    Ok(if until.is_some() { wait } else { Problem::unauthorized("wrong-password") })
}

fn sign_in_entry(account: AccountId, allowed: bool) -> Entry<'static> {
    Entry { account: Some(account), organisation: None, action: "account.sign-in", object: account.to_string(), allowed, detail: json!({}) }
}

/// Ends a sign-in of the actor's own.
pub async fn sign_out(app: &App, account: AccountId, sign_in: SignInId) -> Result<(), Problem> {
    let mut tx = app.db.begin().await?;
    if Accounts(&mut tx).revoke_sign_in(sign_in, account, app.clock.now()).await? {
        let entry = Entry {
            account: Some(account),
            organisation: None,
            action: "account.sign-out",
            object: sign_in.to_string(),
            allowed: true,
            detail: json!({}),
        };
        audit::record(&mut tx, app.clock.as_ref(), entry).await?;
    }
    Ok(tx.commit().await?)
}

//! An address for mail: stored once the link that was sent there was opened.

use super::own::{in_person, note};
use crate::accounts::{Account, AccountId, Accounts};
use crate::i18n::Texts;
use crate::notices::{self, Draft};
use crate::problem::Problem;
use crate::state::App;
use crate::texts;
use kernel::{Actor, Timestamp};
use serde_json::json;

/// The kind of notice that carries a link.
const KIND: &str = "account.mail-check";
/// What links are signed for.
const PURPOSE: &str = "mail-check";
/// How long a link works.
const HOURS: i64 = 24;
/// Links a day, so that nobody floods a stranger's box.
const A_DAY: i64 = 5;

/// Posts a link to `address`; it becomes the account's own when the link is opened.
///
/// # Errors
///
/// `mail-missing` without a mail server, a field error `mail-address`, `mail-checks` after too many links in a day.
pub async fn want(app: &App, me: &Actor, words: &Texts, address: &str) -> Result<(), Problem> {
    in_person(me)?;
    if !notices::is_set_up(&app.config) {
        return Err(Problem::conflict("mail-missing"));
    }
    let address = texts::check("mail", address, 3, 254).map_err(|fault| Problem::invalid(vec![fault]))?;
    if !notices::is_address(&address) {
        return Err(Problem::field("mail", "mail-address", address, "name@example.org"));
    }
    let now = app.clock.now();
    let mut tx = app.db.begin().await?;
    let account = Accounts(&mut tx).find(me.account).await?.ok_or_else(Problem::not_found)?;
    if notices::count_since(&mut tx, me.account, KIND, now.plus_days(-1)).await? >= A_DAY {
        return Err(Problem::too_many("mail-checks").with("n", A_DAY));
    }
    let asked = Accounts(&mut tx).want_mail(me.account, &address).await?;
    let until = now.plus_ms(HOURS * 3_600_000);
    let token = notices::seal(&app.secret, PURPOSE, &format!("{}|{asked}|{}", me.account, until.0));
    // The set address and none that a request told: the mail may go to somebody else than who asks.
    let link = format!("{}/mail-check/{token}", app.public_url());
    let said = [("name", account.name.clone()), ("login", account.login.clone()), ("link", link), ("until", words.time(until))];
    let draft = Draft {
        kind: KIND,
        about: me.account.to_string(),
        account: me.account,
        to: address,
        name: account.name,
        subject: words.s("mail-check-subject"),
        text: words.args("mail-check-text", &said),
        files: Vec::new(),
        unsubscribe: String::new(),
    };
    notices::post(&mut tx, app, &draft).await?;
    note(app, &mut tx, me, "account.mail-wanted", me.account.to_string(), json!({})).await?;
    Ok(tx.commit().await?)
}

/// What a link stands for, while it works.
fn read(app: &App, token: &str) -> Option<(AccountId, i64)> {
    let text = notices::unseal(&app.secret, PURPOSE, token)?;
    let mut parts = text.split('|');
    let (account, asked, until) = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
    (app.clock.now() < Timestamp(until)).then_some((account, asked))
}

/// Whose address the link would prove.
///
/// # Errors
///
/// `link-over` when it was used, ended, replaced by a newer one, or never was.
pub async fn wanted(app: &App, token: &str) -> Result<Account, Problem> {
    let over = || Problem::gone("link-over");
    let (account, asked) = read(app, token).ok_or_else(over)?;
    let found = Accounts(&mut app.db.read().await?).find(account).await?;
    found.filter(|a| a.active && a.mail_asked == asked && a.mail_wanted.is_some()).ok_or_else(over)
}

/// Takes the address over.
///
/// # Errors
///
/// As [`wanted`].
pub async fn prove(app: &App, token: &str) -> Result<(), Problem> {
    let account = wanted(app, token).await?;
    let mut tx = app.db.begin().await?;
    if !Accounts(&mut tx).prove_mail(account.id, account.mail_asked).await? {
        return Err(Problem::gone("link-over"));
    }
    let owner = Actor { account: account.id, grants: Vec::new(), scopes: None };
    note(app, &mut tx, &owner, "account.mail-proved", account.id.to_string(), json!({})).await?;
    Ok(tx.commit().await?)
}

/// Forgets the address: nothing is sent any more.
///
/// # Errors
///
/// The records failed.
pub async fn forget(app: &App, me: &Actor) -> Result<(), Problem> {
    in_person(me)?;
    let mut tx = app.db.begin().await?;
    Accounts(&mut tx).forget_mail(me.account).await?;
    note(app, &mut tx, me, "account.mail-forgotten", me.account.to_string(), json!({})).await?;
    Ok(tx.commit().await?)
}

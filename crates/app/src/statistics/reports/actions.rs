//! Subscribing, and ending it: by the page, by a program, by the link in a mail.

use super::store::{Format, Subscription, Subscriptions};
use super::{Every, SubscriptionId};
use crate::accounts::Accounts;
use crate::audit::{self, Entry};
use crate::db::Tx;
use crate::i18n::Language;
use crate::notices;
use crate::organisations::{Action, OrganisationId, may};
use crate::problem::Problem;
use crate::state::App;
use kernel::Actor;
use serde_json::json;

/// What links are signed for.
const PURPOSE: &str = "report-unsubscribe";
/// Subscriptions of one account.
const MOST: usize = 100;

/// What is wanted.
#[derive(Debug, Clone)]
pub struct Wanted {
    /// Of which organisation.
    pub organisation: OrganisationId,
    /// How often.
    pub every: Every,
    /// As which files.
    pub formats: Vec<Format>,
    /// In which language.
    pub language: Language,
}

/// Subscriptions are made by a person who signed in, never by a program with a token: they outlive it.
fn in_person(me: &Actor) -> Result<(), Problem> {
    if me.scopes.is_none() { Ok(()) } else { Err(Problem::forbidden()) }
}

async fn note(app: &App, tx: &mut Tx, one: &Subscription, action: &str) -> Result<(), Problem> {
    let entry = Entry {
        account: Some(one.account),
        organisation: Some(one.organisation),
        action,
        object: one.id.to_string(),
        allowed: true,
        detail: json!({ "every": one.every.code() }),
    };
    Ok(audit::record(tx, app.clock.as_ref(), entry).await?)
}

/// Subscribes, or changes formats and language of what is subscribed.
///
/// # Errors
///
/// As the statistics page for the organisation; `mail-missing` without a mail server, `mail-unproved` without an address, `invalid` without
/// a format, `too-many-subscriptions`.
pub async fn subscribe(app: &App, me: &Actor, wanted: &Wanted) -> Result<Subscription, Problem> {
    in_person(me)?;
    let tree = app.tree.load_full();
    tree.get(wanted.organisation).ok_or_else(Problem::not_found)?;
    if !may(&tree, me, Action::SeeStatistics, wanted.organisation) {
        return Err(Problem::forbidden());
    }
    if wanted.formats.is_empty() {
        return Err(Problem::field("formats", "required", "", "pdf, xlsx"));
    }
    if !notices::is_set_up(&app.config) {
        return Err(Problem::conflict("mail-missing"));
    }
    let mut tx = app.db.begin().await?;
    let account = Accounts(&mut tx).find(me.account).await?.ok_or_else(Problem::not_found)?;
    if account.mail.is_none() {
        return Err(Problem::conflict("mail-unproved"));
    }
    let held = Subscriptions(&mut tx).of(me.account).await?;
    let same = held.iter().find(|one| one.organisation == wanted.organisation && one.every == wanted.every);
    if same.is_none() && held.len() >= MOST {
        return Err(Problem::conflict("too-many-subscriptions").with("most", MOST));
    }
    let one = Subscription {
        id: same.map_or_else(|| SubscriptionId::new(app.clock.as_ref()), |one| one.id),
        account: me.account,
        organisation: wanted.organisation,
        every: wanted.every,
        formats: wanted.formats.clone(),
        language: wanted.language,
        created_at: same.map_or_else(|| app.clock.now(), |one| one.created_at),
    };
    Subscriptions(&mut tx).put(&one).await?;
    note(app, &mut tx, &one, "report.subscribed").await?;
    tx.commit().await?;
    Ok(one)
}

/// The actor's own subscriptions.
///
/// # Errors
///
/// The records failed.
pub async fn own(app: &App, me: &Actor) -> Result<Vec<Subscription>, Problem> {
    Ok(Subscriptions(&mut app.db.read().await?).of(me.account).await?)
}

/// Ends one of the actor's own.
///
/// # Errors
///
/// 404 for somebody else's, or one that ended.
pub async fn end(app: &App, me: &Actor, id: SubscriptionId) -> Result<(), Problem> {
    in_person(me)?;
    let mut tx = app.db.begin().await?;
    let one = Subscriptions(&mut tx).find(id).await?.filter(|one| one.account == me.account).ok_or_else(Problem::not_found)?;
    Subscriptions(&mut tx).end(id).await?;
    note(app, &mut tx, &one, "report.unsubscribed").await?;
    Ok(tx.commit().await?)
}

/// The address that ends a subscription without signing in.
pub fn link(app: &App, id: SubscriptionId) -> String {
    format!("{}/reports/unsubscribe/{}", app.public_url(), notices::seal(&app.secret, PURPOSE, &id.to_string()))
}

/// What a link would end; none when that ended before.
///
/// # Errors
///
/// `link-over` for a link that we did not write.
pub async fn linked(app: &App, token: &str) -> Result<Option<Subscription>, Problem> {
    let id = notices::unseal(&app.secret, PURPOSE, token).and_then(|text| text.parse().ok());
    let id = id.ok_or_else(|| Problem::gone("link-over"))?;
    Ok(Subscriptions(&mut app.db.read().await?).find(id).await?)
}

/// Ends what the link stands for; doing it again changes nothing.
///
/// # Errors
///
/// As [`linked`].
pub async fn end_linked(app: &App, token: &str) -> Result<(), Problem> {
    let Some(one) = linked(app, token).await? else { return Ok(()) };
    let mut tx = app.db.begin().await?;
    if Subscriptions(&mut tx).end(one.id).await? {
        note(app, &mut tx, &one, "report.unsubscribed").await?;
    }
    Ok(tx.commit().await?)
}

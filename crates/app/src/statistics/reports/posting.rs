//! The job that posts a period's reports to all who subscribed.

use super::made::{NotMade, files};
use super::store::{Format, Key, Subscription, Subscriptions};
use super::{Every, KIND, actions};
use crate::accounts::{Account, Accounts};
use crate::db::DbError;
use crate::deltas::Day;
use crate::jobs::{self, Context, Failure, Outcome};
use crate::notices::{self, Carried, Draft, NotPosted};
use crate::organisations::{Action, may};
use crate::state::App;
use crate::statistics::overview::sees_below;
use crate::statistics::period::Period;
use crate::typesetting::NotPrinted;
use jiff::ZonedDateTime;
use kernel::Actor;
use serde_json::json;

/// Queued once for a period: subject is `month` or `quarter`, payload its first day.
pub const REPORTS: &str = "statistics.reports";
/// Subscriptions that are read at a time.
const BATCH: usize = 200;
/// Ends what a notice is about when it tells of what is below the organisation, too.
const WHOLE: &str = " whole";
/// Until fonts are looked for again.
const FONTS_MS: i64 = 3_600_000;

fn now(app: &App) -> ZonedDateTime {
    ZonedDateTime::new(app.clock.now().to_jiff(), app.zone.clone())
}

/// Queues the reports of the newest periods that are over, each once; without a mail server nothing.
///
/// # Errors
///
/// The records failed.
pub async fn begin_due(app: &App) -> Result<(), DbError> {
    if !notices::is_set_up(&app.config) {
        return Ok(());
    }
    for every in Every::ALL {
        let Some(period) = every.due(&now(app)) else { continue };
        let mut tx = app.db.read().await?;
        let begun = Subscriptions(&mut tx).was_begun(every, period.first).await?;
        drop(tx);
        if begun {
            continue;
        }
        let mut tx = app.db.begin().await?;
        if Subscriptions(&mut tx).begin_run(every, period.first, app.clock.now()).await? {
            Subscriptions(&mut tx).forget_made(every, period.first).await?;
            jobs::enqueue(&mut tx, app.clock.as_ref(), REPORTS, every.code(), &json!({ "first": period.first.0 }), None).await?;
        }
        tx.commit().await?;
    }
    Ok(())
}

/// The job [`REPORTS`]. Begun again it goes on where it was: what was posted is noted with the notice itself.
///
/// # Errors
///
/// The records failed, or some reports could not be made: the others were posted.
pub async fn post_job(app: App, context: Context) -> Result<Outcome, Failure> {
    let every = Every::from_code(&context.job.subject).ok_or("no interval")?;
    let first = context.job.payload["first"].as_i64();
    // A job that lay for a month says nothing new: only the newest period is posted.
    let Some(period) = every.due(&now(&app)).filter(|period| Some(i64::from(period.first.0)) == first) else { return Ok(Outcome::Done) };
    let (mut after, mut faults, mut no_font) = (String::new(), 0, false);
    loop {
        let batch = Subscriptions(&mut app.db.read().await?).due(every, &after, BATCH).await?;
        let Some(last) = batch.last() else { break };
        after = last.id.to_string();
        for one in &batch {
            if context.cancelled.is_cancelled() {
                return Ok(Outcome::Failed("stopped".into()));
            }
            match post(&app, one, period).await {
                Ok(()) => {}
                Err(NotMade::NotPrinted(NotPrinted::NoFont)) => no_font = true,
                Err(fault) => {
                    faults += 1;
                    tracing::error!(subscription = %one.id, %fault, "a report could not be posted");
                }
            }
        }
    }
    Ok(match (faults, no_font) {
        (0, false) => Outcome::Done,
        (0, true) => Outcome::Later { ms: FONTS_MS, why: NotPrinted::NoFont.to_string() },
        (n, _) => Outcome::Failed(format!("{n} reports could not be posted")),
    })
}

/// Who a subscription is for, with the rights of this moment; none while no mail may go there.
async fn reader(app: &App, one: &Subscription) -> Result<Option<(Account, Actor)>, DbError> {
    let mut tx = app.db.read().await?;
    let account = Accounts(&mut tx).find(one.account).await?.filter(|account| account.active && account.mail.is_some());
    let Some(account) = account else { return Ok(None) };
    let grants = Accounts(&mut tx).grants(one.account, app.clock.now()).await?;
    let actor = Actor { account: one.account, grants, scopes: None };
    let sees = may(&app.tree.load(), &actor, Action::SeeStatistics, one.organisation);
    Ok(sees.then_some((account, actor)))
}

/// What a notice is about: its subscription, and whether it tells of what is below the organisation.
fn about(one: &Subscription, whole: bool) -> String {
    format!("{}{}", one.id, if whole { WHOLE } else { "" })
}

/// Whether the notice [`about`] this is still wanted by whom it is for, and shows no more than they may see now.
///
/// # Errors
///
/// The records failed.
pub async fn still_wanted(app: &App, about: &str) -> Result<bool, DbError> {
    let Ok(id) = about.trim_end_matches(WHOLE).parse() else { return Ok(false) };
    let Some(one) = Subscriptions(&mut app.db.read().await?).find(id).await? else { return Ok(false) };
    let Some((_, actor)) = reader(app, &one).await? else { return Ok(false) };
    Ok(!about.ends_with(WHOLE) || sees_below(&app.tree.load(), &actor, one.organisation))
}

/// Posts one subscriber's report, unless that was done.
async fn post(app: &App, one: &Subscription, period: Period) -> Result<(), NotMade> {
    if Subscriptions(&mut app.db.read().await?).was_posted(one.id, period.first).await? {
        return Ok(());
    }
    let Some((account, actor)) = reader(app, one).await? else { return skip(app, one, period.first).await };
    let whole = sees_below(&app.tree.load(), &actor, one.organisation);
    let key = Key { organisation: one.organisation, every: one.every, first: period.first, language: one.language, whole };
    let formats: Vec<_> = one.formats.iter().copied().chain([Format::Text]).collect();
    let made = files(app, &actor, &key, &formats).await?;
    let name =
        |format: Format| format!("statistics-{}-{}.{}", one.every.code(), crate::statistics::choice::iso(period.first), format.code());
    let carried = made.iter().filter(|(format, _)| **format != Format::Text);
    let carried: Vec<_> = carried.map(|(format, file)| Carried { file: *file, name: name(*format) }).collect();
    let mut tx = app.db.begin().await?;
    let summary = match made.get(&Format::Text) {
        Some(file) => notices::read_file(&mut tx, *file).await?.map(|(_, bytes)| bytes).unwrap_or_default(),
        None => Vec::new(),
    };
    let draft = draft(app, one, account, &String::from_utf8_lossy(&summary), &key);
    let draft = Draft { files: carried, ..draft };
    if !Subscriptions(&mut tx).posted(one.id, period.first, "posted", app.clock.now()).await? {
        return Ok(());
    }
    let posted = match notices::post(&mut tx, app, &draft).await {
        // A report that is too large for a mail is linked.
        Err(NotPosted::TooLarge) => notices::post(&mut tx, app, &Draft { files: Vec::new(), ..draft }).await,
        other => other,
    };
    posted.map_err(not_posted)?;
    Ok(tx.commit().await?)
}

fn not_posted(fault: NotPosted) -> NotMade {
    crate::problem::Problem::from(fault).into()
}

/// Notes that somebody without address or right gets nothing this time.
async fn skip(app: &App, one: &Subscription, first: Day) -> Result<(), NotMade> {
    let mut tx = app.db.begin().await?;
    Subscriptions(&mut tx).posted(one.id, first, "skipped", app.clock.now()).await?;
    Ok(tx.commit().await?)
}

fn draft(app: &App, one: &Subscription, account: Account, summary: &str, key: &Key) -> Draft {
    let texts = app.words.texts(one.language);
    let (headline, figures) = summary.split_once("\n\n").unwrap_or((summary, ""));
    let unsubscribe = actions::link(app, one.id);
    let page = format!(
        "{}/statistics?organisation={}&period={}&from={}",
        app.public_url(),
        one.organisation,
        one.every.code(),
        crate::statistics::choice::iso(key.first)
    );
    let said = [
        ("name", account.name.clone()),
        ("headline", headline.to_owned()),
        ("figures", figures.trim_end().to_owned()),
        ("page", page),
        ("own", format!("{}/me/reports", app.public_url())),
        ("unsubscribe", unsubscribe.clone()),
    ];
    Draft {
        kind: KIND,
        about: about(one, key.whole),
        account: one.account,
        to: account.mail.unwrap_or_default(),
        name: account.name,
        subject: headline.to_owned(),
        text: texts.args("report-mail-text", &said),
        files: Vec::new(),
        unsubscribe,
    }
}

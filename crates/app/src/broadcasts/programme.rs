//! The programme: what is on, what is next, what comes this week.

use super::rules::{Standing, days, first_day, is_admitted, is_listed, next_of, standing};
use super::{Broadcast, BroadcastId, Broadcasts, Wanted};
use crate::organisations::OrganisationId;
use crate::problem::Problem;
use crate::state::App;
use jiff::civil::Date;
use kernel::Timestamp;
use serde::Deserialize;

/// Days that a page of the programme shows.
pub const DAYS: usize = 7;
/// Broadcasts that are read for one page at most.
const MOST: usize = 2_000;
/// Longer than any broadcast, and than a showing with its holds: what began before this is over.
const LONGEST_MS: i64 = 24 * 3_600_000;

/// Which days, and whose broadcasts.
#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
pub struct Asked {
    /// The first of seven days, `2026-11-28`; today when it is empty, or far away.
    pub from: String,
    /// Id of an organisation: what it and its subordinates hold.
    pub organisation: String,
}

impl Asked {
    /// The organisation, when one was named.
    pub fn within(&self) -> Option<OrganisationId> {
        self.organisation.parse().ok()
    }
}

/// A broadcast in the programme.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// Itself.
    pub broadcast: Broadcast,
    /// Name of who holds it.
    pub organisation: String,
    /// How it stands.
    pub standing: Standing,
}

/// Some days of the programme.
#[derive(Debug, Clone, PartialEq)]
pub struct Programme {
    /// The days in their order, each with what begins on it; what began before the first is on the first.
    pub days: Vec<(Date, Vec<Entry>)>,
    /// Who holds something on these days, by name.
    pub organisations: Vec<(OrganisationId, String)>,
}

/// The days from `from` (`2026-11-28`; otherwise today) as a reader may see them, all or those within one organisation.
///
/// # Errors
///
/// An internal failure when the database can't be asked.
pub async fn week(app: &App, signed_in: bool, from: &str, within: Option<OrganisationId>) -> Result<Programme, Problem> {
    let today = jiff::ZonedDateTime::new(app.clock.now().to_jiff(), app.zone.clone()).date();
    let (days, end) = days(first_day(from, today), DAYS, &app.zone);
    let all = entries(app, signed_in, days.first().map_or(Timestamp(0), |d| d.1), end).await?;
    let mut organisations: Vec<_> = all.iter().map(|e| (e.broadcast.organisation, e.organisation.clone())).collect();
    organisations.sort_by(|a, b| (&a.1, a.0).cmp(&(&b.1, b.0)));
    organisations.dedup();
    let tree = app.tree.load();
    let mut kept = all.into_iter().filter(|e| within.is_none_or(|w| tree.contains(w, e.broadcast.organisation))).peekable();
    let ends = days.iter().skip(1).map(|d| d.1).chain([end]);
    let of_day = |((day, _), ends): ((Date, Timestamp), Timestamp)| {
        (day, std::iter::from_fn(|| kept.next_if(|e| e.broadcast.starts_at < ends)).collect())
    };
    Ok(Programme { days: days.iter().copied().zip(ends).map(of_day).collect(), organisations })
}

/// What is on air now, then what comes in the next seven days; at most four.
///
/// # Errors
///
/// An internal failure when the database can't be asked.
pub async fn now_and_next(app: &App, signed_in: bool) -> Result<Vec<Entry>, Problem> {
    let now = app.clock.now();
    let mut found = entries(app, signed_in, now.plus_ms(-LONGEST_MS), now.plus_days(7)).await?;
    found.retain(|e| e.standing != Standing::Over);
    found.sort_by_key(|e| (!e.broadcast.state.is_on_air(), e.broadcast.starts_at));
    found.truncate(4);
    Ok(found)
}

/// What everybody may put into a calendar: two weeks back, a quarter ahead, with what was called off.
///
/// # Errors
///
/// An internal failure when the database can't be asked.
pub async fn announced(app: &App, within: Option<OrganisationId>) -> Result<Vec<Broadcast>, Problem> {
    let now = app.clock.now();
    let wanted = Wanted { from: now.plus_days(-14), until: now.plus_days(92), most: MOST, ..Wanted::default() };
    let mut found = Broadcasts(&mut app.db.read().await?).between(&wanted).await?;
    let tree = app.tree.load();
    found.retain(|b| is_admitted(b, false) && within.is_none_or(|w| tree.contains(w, b.organisation)));
    Ok(found)
}

/// One broadcast as its page, calendar and poster may show it to this reader, called off or not.
///
/// # Errors
///
/// 404 when there is none; `sign-in-first` when it is only for people who are signed in.
pub async fn one(app: &App, signed_in: bool, id: BroadcastId) -> Result<Broadcast, Problem> {
    let found = Broadcasts(&mut app.db.read().await?).find(id).await?.ok_or_else(Problem::not_found)?;
    if is_admitted(&found, signed_in) { Ok(found) } else { Err(Problem::sign_in_first()) }
}

/// What overlaps with this time, in the order in which it begins.
async fn entries(app: &App, signed_in: bool, from: Timestamp, until: Timestamp) -> Result<Vec<Entry>, Problem> {
    let wanted = Wanted { announced: true, from, until, most: MOST, ..Wanted::default() };
    let mut found = Broadcasts(&mut app.db.read().await?).between(&wanted).await?;
    found.retain(|b| is_listed(b, signed_in));
    let (now, tree) = (app.clock.now(), app.tree.load());
    let next = next_of(&found, now);
    let entry = |broadcast: Broadcast| Entry {
        organisation: tree.name(broadcast.organisation),
        standing: standing(&broadcast, next, now),
        broadcast,
    };
    Ok(found.into_iter().map(entry).collect())
}

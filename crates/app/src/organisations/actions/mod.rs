//! Changes of the tree: each one transaction with its audit record, then a new snapshot.

mod create;
mod describe;
mod end;
pub mod import;
mod line;
pub mod people;
pub mod people_import;
mod place;

pub use create::{NewOrganisation, create};
pub use describe::{Description, describe};
pub use end::{close, merge};
pub use line::attach;
pub use place::move_under;

use super::access::{Action, may};
use super::rules::{self, NotPossible};
use super::{OrganisationId, Organisations, Standing, refresh};
use crate::audit::{self, Entry};
use crate::db::Tx;
use crate::deltas::Day;
use crate::jobs;
use crate::problem::Problem;
use crate::state::App;
use kernel::{Actor, Timestamp};
use serde_json::{Value, json};

/// When a change holds, and what its maker had seen.
#[derive(Debug, Clone, Default)]
pub struct When {
    /// Day as `2026-11-30`; empty means today.
    pub effective: String,
    /// The version that was on the screen; none to change whatever is there.
    pub seen: Option<i64>,
}

/// The start of the wanted day.
fn start_of(app: &App, when: &When) -> Result<Timestamp, Problem> {
    rules::effective(&when.effective, &app.zone, app.clock.now()).map_err(|fault| Problem::invalid(vec![fault]))
}

/// Refuses unless `actor` keeps `id`.
pub(super) fn keeps(app: &App, actor: &Actor, id: OrganisationId) -> Result<(), Problem> {
    let tree = app.tree.load();
    if may(&tree, actor, Action::ManageOrganisations, id) {
        Ok(())
    } else if tree.get(id).is_some() {
        Err(Problem::forbidden())
    } else {
        Err(Problem::not_found())
    }
}

/// Refuses unless `actor` keeps the superior of `id`: who moves or ends an organisation must stand above it.
fn keeps_parent(app: &App, actor: &Actor, id: OrganisationId) -> Result<(), Problem> {
    keeps(app, actor, id)?;
    match app.tree.load().parent(id) {
        Some(parent) => keeps(app, actor, parent),
        None => Err(refused(app, NotPossible::RootStays)),
    }
}

/// The refusal in the form that pages and the API tell.
fn refused(app: &App, why: NotPossible) -> Problem {
    let problem = Problem::conflict(why.code());
    match why {
        NotPossible::LaterChange(at) | NotPossible::NotYetThere(at) => problem.with("date", date(app, at)),
        _ => problem,
    }
}

/// The day of `at` in the zone of the installation.
fn date(app: &App, at: Timestamp) -> jiff::civil::Date {
    jiff::ZonedDateTime::new(at.to_jiff(), app.zone.clone()).date()
}

/// Opens a change of `id`: takes the tree's lock, counts the version, refuses what is closed.
async fn open(app: &App, id: OrganisationId, seen: Option<i64>) -> Result<(Tx, Standing), Problem> {
    let mut tx = app.db.begin().await?;
    Organisations(&mut tx).bump_revision().await?;
    let standing = Organisations(&mut tx).standing(id).await?.ok_or_else(Problem::not_found)?;
    if !Organisations(&mut tx).touch(id, seen.unwrap_or(standing.version)).await? {
        return Err(Problem::moved_meanwhile());
    }
    if standing.closed_at.is_some() {
        return Err(refused(app, NotPossible::Closed));
    }
    Ok((tx, standing))
}

/// Refuses a superior that is not there from `from` on, or stands below `id` at any moment from then on.
async fn check_parent(app: &App, tx: &mut Tx, id: Option<OrganisationId>, parent: OrganisationId, from: Timestamp) -> Result<(), Problem> {
    let mut organisations = Organisations(tx);
    let standing = organisations.standing(parent).await?.ok_or_else(Problem::not_found)?;
    let began = organisations.began(parent).await?;
    rules::takes_children(began, standing.closed_at, from).map_err(|why| refused(app, why))?;
    if let Some(id) = id
        && organisations.ever_above(id, parent, from).await?
    {
        return Err(refused(app, NotPossible::UnderItself));
    }
    Ok(())
}

/// Has the figures of `id` folded anew from the day on which its place changed, if that day has begun.
///
/// `statistics` does the job; the payload's `from_day` is the first day (yyyymmdd) whose figures belong elsewhere, and
/// `former` the superior before: its edge may have been replaced without a trace.
async fn refold(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    id: OrganisationId,
    former: Option<OrganisationId>,
    from: Timestamp,
) -> Result<(), Problem> {
    if from <= app.clock.now() {
        let payload = json!({ "from_day": Day::of(from, &app.zone).0, "former": former });
        jobs::enqueue(tx, app.clock.as_ref(), "statistics.refold", &id.to_string(), &payload, Some(actor.account)).await?;
    }
    Ok(())
}

/// Writes the audit record, commits, and swaps in the new tree.
async fn finish(app: &App, mut tx: Tx, actor: &Actor, action: &str, id: OrganisationId, detail: Value) -> Result<(), Problem> {
    let entry = Entry { account: Some(actor.account), organisation: Some(id), action, object: id.to_string(), allowed: true, detail };
    audit::record(&mut tx, app.clock.as_ref(), entry).await?;
    tx.commit().await?;
    app.wake.notify_one();
    Ok(refresh(app).await?)
}

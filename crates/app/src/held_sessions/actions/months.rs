//! Closing a month: from then on a change of its figures says why and shows as an adjustment.

use super::{note, sees};
use crate::deltas::{self, Day};
use crate::held_sessions::{Adjustment, ClosedMonth, HeldSessions};
use crate::organisations::{Action, may};
use crate::problem::Problem;
use crate::state::App;
use kernel::{Actor, OrganisationId};
use serde_json::json;

/// Closes a month (`yyyymm`) of `organisation` and everything below it. There is no way back.
///
/// # Errors
///
/// `forbidden` or 404 without [`Action::CloseMonth`] there; `invalid` for a month that is none, or is not over;
/// `month-closed-already`.
pub async fn close_month(app: &App, actor: &Actor, organisation: OrganisationId, month: i64) -> Result<ClosedMonth, Problem> {
    super::demand(app, actor, Action::CloseMonth, organisation)?;
    let begins = i32::try_from(month).ok().map(|month| Day(month * 100 + 1)).filter(|first| first.date().is_some());
    let first = begins.ok_or_else(|| Problem::field("month", "month", month.to_string(), "2026-10"))?;
    if first.month() >= app.today().month() {
        return Err(Problem::field("month", "not-over", written(month), ""));
    }
    let closed = ClosedMonth { organisation, month, closed_by: actor.account, closed_at: app.clock.now() };
    let mut tx = app.db.begin().await?;
    // Those who post wait and then see that it is closed; those who have posted are counted in it.
    deltas::hold_off(&mut tx).await?;
    if !HeldSessions(&mut tx).close_month(&closed).await? {
        return Err(Problem::conflict("month-closed-already"));
    }
    note(app, &mut tx, actor, organisation, "closed-month.closed", written(month), json!({ "month": month })).await?;
    tx.commit().await?;
    Ok(closed)
}

/// A month as people write it: `2026-10`.
pub fn written(month: i64) -> String {
    format!("{}-{:02}", month / 100, month % 100)
}

/// Months that `organisation` or one of its superiors closed, the latest first, at most `most`.
///
/// # Errors
///
/// 404 for someone who may not see what it held.
pub async fn closed_months(app: &App, actor: &Actor, organisation: OrganisationId, most: usize) -> Result<Vec<ClosedMonth>, Problem> {
    if !sees(app, actor, organisation) {
        return Err(Problem::hidden());
    }
    let path = app.tree.load().path_up(organisation);
    Ok(HeldSessions(&mut app.db.read().await?).closed_months(&path, most).await?)
}

/// Organisations whose adjustments one answer tells.
const MOST_ORGANISATIONS: usize = 200_000;

/// What changed in closed months of `organisation` and everything below it, on the days from `first` to `last`.
///
/// # Errors
///
/// 404 for someone who may not see what it held.
pub async fn adjustments(
    app: &App,
    actor: &Actor,
    organisation: OrganisationId,
    (first, last): (Day, Day),
) -> Result<Vec<Adjustment>, Problem> {
    let tree = app.tree.load_full();
    if !may(&tree, actor, Action::SeeSessions, organisation) {
        return Err(if sees(app, actor, organisation) { Problem::forbidden() } else { Problem::hidden() });
    }
    // A grant that reaches one node sees that node's alone.
    let below = tree.subtree(organisation).map(|node| node.id).filter(|id| may(&tree, actor, Action::SeeSessions, *id));
    let below: Vec<_> = below.take(MOST_ORGANISATIONS).collect();
    Ok(HeldSessions(&mut app.db.read().await?).adjustments(&below, first, last).await?)
}

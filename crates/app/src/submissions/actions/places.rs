//! Places of quotas: taken with a recommendation or a selection, given back when it no longer holds.

use super::case::Case;
use super::step::day_of;
use crate::campaigns::{QuotaKind, QuotaRule, rules};
use crate::db::Tx;
use crate::deltas::{self, Metric};
use crate::organisations::Tree;
use crate::problem::Problem;
use crate::state::App;
use crate::submissions::rules::depth_below;
use crate::submissions::{Placed, Submissions, Taken};
use kernel::OrganisationId;

/// Takes a place of the holder for its recommendation, and counts it.
///
/// One place per submission and holder: a holder to whom it comes a second time, because the tree was moved meanwhile,
/// recommends it again with the place that it has, and is counted once.
///
/// # Errors
///
/// `quota-used-up` when all are taken.
pub(super) async fn take(app: &App, tx: &mut Tx, case: &Case) -> Result<(), Problem> {
    let (seen, runner, clock) = (&case.submission, case.call.campaign.organisation, app.clock.as_ref());
    let depth = depth_below(&case.tree, runner, seen.holder).ok_or_else(|| Problem::conflict("off-route"))?;
    let rule = case.call.quota(seen.category, depth);
    let quota = Submissions(tx).quota(clock, seen.campaign, seen.category, seen.holder).await?;
    let there = match rule {
        Some(rule) => Some(places(tx, &case.tree, rule, seen.holder).await?),
        None => None,
    };
    match Submissions(tx).take_place(clock, quota, there, seen.id).await? {
        Placed::Taken => count(app, tx, case, seen.holder, case.now, 1).await,
        Placed::Held => Ok(()),
        Placed::NoneLeft => Err(Problem::conflict("quota-used-up").with("places", there.unwrap_or_default())),
    }
}

/// Gives a place back, and takes its recommendation out of the figures of the day it was given.
pub(super) async fn free(app: &App, tx: &mut Tx, case: &Case, place: &Taken) -> Result<(), Problem> {
    Submissions(tx).free_place(place, case.now).await?;
    count(app, tx, case, place.organisation, place.taken_at, -1).await
}

/// A selection at the top is no recommendation: there is nobody it could be recommended to.
async fn count(app: &App, tx: &mut Tx, case: &Case, by: OrganisationId, at: kernel::Timestamp, amount: i64) -> Result<(), Problem> {
    if by == case.call.campaign.organisation {
        return Ok(());
    }
    let (day, owner) = (day_of(app, at), case.submission.organisation);
    Ok(deltas::post(tx, app.clock.as_ref(), owner, day, Metric::Recommendations, "", amount).await?)
}

/// The places that `rule` gives `holder` now.
pub(in crate::submissions) async fn places(tx: &mut Tx, tree: &Tree, rule: &QuotaRule, holder: OrganisationId) -> Result<i64, Problem> {
    let arrived = if rule.kind == QuotaKind::Percent { Submissions(tx).arrived(rule.category, holder).await? } else { 0 };
    let members = if rule.kind == QuotaKind::Members { tree.subtree(holder).map(|node| node.members).sum() } else { 0 };
    Ok(rules::places(rule, arrived, members))
}

//! The holder's order of what lies before it, and its reserve list.

use super::case;
use super::step::{Step, take};
use super::verdicts::one;
use crate::audit::{self, Entry};
use crate::campaigns::rules::gate;
use crate::campaigns::{Call, CampaignId, CampaignState, Campaigns, CategoryId, StageKind};
use crate::db::Tx;
use crate::organisations::{Action, Tree, may};
use crate::problem::{FieldError, Problem};
use crate::state::App;
use crate::submissions::rules::{Move, Untimely, depth_below, may_in, through};
use crate::submissions::{Hop, HopId, SubmissionId, Submissions};
use kernel::{Actor, OrganisationId};
use serde_json::json;
use std::collections::HashMap;

/// Submissions in one order at most.
const MOST: usize = 1_000;

/// Puts the submissions of one category into the order of `wanted`; those that are not named have no rank afterwards.
///
/// # Errors
///
/// `forbidden` for everybody but a reviewer of `holder`; `invalid` names what is not there or named twice; the time as for a
/// verdict.
pub async fn rank(
    app: &App,
    actor: &Actor,
    holder: OrganisationId,
    campaign: CampaignId,
    category: CategoryId,
    wanted: &[SubmissionId],
) -> Result<(), Problem> {
    let tree = app.tree.load_full();
    if !may(&tree, actor, Action::Review, holder) {
        return Err(Problem::forbidden());
    }
    let mut tx = app.db.begin().await?;
    let call = Campaigns(&mut tx).call(campaign).await?.ok_or_else(Problem::not_found)?;
    if !may_in(&tree, &call.narrowed, actor, Action::Review, holder) {
        return Err(Problem::forbidden());
    }
    in_time(app, &mut tx, &tree, holder, &call).await?;
    let before = Submissions(&mut tx).rankable(campaign, category, holder, MOST).await?;
    let ids: Vec<_> = before.iter().map(|(id, _)| *id).collect();
    Submissions(&mut tx).lock(&ids).await?;
    let changes = changes(before, wanted)?;
    if changes.is_empty() {
        return Ok(());
    }
    for (hop, rank) in changes {
        Submissions(&mut tx).set_rank(hop, rank).await?;
    }
    let entry = Entry {
        account: Some(actor.account),
        organisation: Some(holder),
        action: "submission.ranked",
        object: category.to_string(),
        allowed: true,
        detail: json!({ "campaign": campaign, "order": wanted }),
    };
    audit::record(&mut tx, app.clock.as_ref(), entry).await?;
    Ok(tx.commit().await?)
}

/// Whether it is the time for `holder` to decide in `campaign`.
async fn in_time(app: &App, tx: &mut Tx, tree: &Tree, holder: OrganisationId, call: &Call) -> Result<(), Problem> {
    let depth = depth_below(tree, call.campaign.organisation, holder).ok_or_else(|| Problem::conflict("off-route"))?;
    if call.campaign.state != CampaignState::Open {
        return Err(case::untimely(&call.campaign, Untimely::CampaignNotOpen));
    }
    let extensions = Campaigns(tx).extensions(call.campaign.id, holder).await?;
    let gate = gate(&call.stages, &extensions, StageKind::Review, depth, app.clock.now());
    through(gate).map_err(|why| case::untimely(&call.campaign, why))
}

/// The hops whose rank is another in the wanted order.
fn changes(before: Vec<(SubmissionId, Hop)>, wanted: &[SubmissionId]) -> Result<Vec<(HopId, Option<i64>)>, Problem> {
    let mut places = HashMap::new();
    for (n, id) in wanted.iter().enumerate() {
        let field = || format!("submissions/{n}");
        if !before.iter().any(|(there, _)| there == id) {
            return Err(one(FieldError::new(field(), "not-on-desk", id.to_string(), "")));
        }
        if places.insert(*id, n as i64 + 1).is_some() {
            return Err(one(FieldError::new(field(), "twice", id.to_string(), "")));
        }
    }
    let change = |(id, hop): (SubmissionId, Hop)| {
        let rank = places.get(&id).copied();
        (rank != hop.rank).then_some((hop.id, rank))
    };
    Ok(before.into_iter().filter_map(change).collect())
}

/// Puts a submission on the reserve list of its holder, or takes it off.
///
/// # Errors
///
/// As for a verdict.
pub async fn reserve(app: &App, actor: &Actor, id: SubmissionId, seen: i64, on: bool) -> Result<(), Problem> {
    let mut tx = app.db.begin().await?;
    let case = case::locked(app, &mut tx, actor, id).await?;
    // Whoever may keep it now may also put it aside.
    case.after(actor, seen, Move::Keep)?;
    let hop = case.open_hop().ok_or_else(|| case.conflict(actor, "not-possible"))?.id;
    let stays = case.submission.state;
    let step = Step { detail: json!({ "reserve": on }), ..Step::plain(&case, "submission.reserved", case.submission.holder, stays) };
    take(app, &mut tx, actor, &case, step).await?;
    Submissions(&mut tx).set_reserve(hop, on).await?;
    Ok(tx.commit().await?)
}

//! Changing campaigns: each act is one transaction with its audit record, and loses to whoever was quicker.

mod contents;
mod copying;
mod narrowing;

pub use contents::{extend, put_category, put_consent, remove_category, retire_consent, set_quotas, set_stages};
pub use copying::copy;
pub use narrowing::{narrow, widen};

use super::input::{Basics, NewCampaign, StateChange};
use super::rules::{self, REASON, Step};
use super::{Call, Campaign, CampaignId, CampaignState, Campaigns};
use crate::audit::{self, Entry};
use crate::db::Tx;
use crate::organisations::{Action, may};
use crate::problem::{FieldError, Problem};
use crate::state::App;
use crate::texts;
use jiff::tz::TimeZone;
use kernel::{Actor, OrganisationId};
use serde_json::json;

/// The campaign that `actor` is about to change, locked until the commit; its version is counted up already.
async fn managed(app: &App, tx: &mut Tx, actor: &Actor, id: CampaignId, seen_version: Option<i64>) -> Result<Call, Problem> {
    let call = Campaigns(tx).call(id).await?.ok_or_else(Problem::not_found)?;
    let (tree, organisation) = (app.tree.load(), call.campaign.organisation);
    if !super::reading::may_see(&tree, actor, &call.campaign) {
        return Err(Problem::hidden());
    }
    if !may(&tree, actor, Action::ManageCampaign, organisation) {
        return Err(Problem::forbidden());
    }
    let seen = seen_version.unwrap_or(call.campaign.version);
    if !Campaigns(tx).touch(id, seen).await? {
        return Err(Problem::moved_meanwhile());
    }
    Ok(call)
}

/// A closed campaign changes only after it was reopened.
fn not_closed(call: &Call) -> Result<(), Problem> {
    if call.campaign.state == CampaignState::Closed { Err(Problem::conflict("campaign-closed")) } else { Ok(()) }
}

fn refused_if_any(faults: Vec<FieldError>) -> Result<(), Problem> {
    if faults.is_empty() { Ok(()) } else { Err(Problem::invalid(faults)) }
}

async fn told(app: &App, tx: &mut Tx, actor: &Actor, campaign: &Campaign, action: &str, detail: serde_json::Value) -> Result<(), Problem> {
    let entry = Entry {
        account: Some(actor.account),
        organisation: Some(campaign.organisation),
        action,
        object: campaign.id.to_string(),
        allowed: true,
        detail,
    };
    Ok(audit::record(tx, app.clock.as_ref(), entry).await?)
}

/// The time zone with this name.
///
/// # Errors
///
/// `invalid` on the field `zone`.
pub fn zone(name: &str) -> Result<TimeZone, Problem> {
    TimeZone::get(name).map_err(|_| Problem::field("zone", "zone", name, "Asia/Shanghai"))
}

fn may_run(app: &App, actor: &Actor, organisation: OrganisationId) -> Result<(), Problem> {
    let tree = app.tree.load();
    if !may(&tree, actor, Action::ManageCampaign, organisation) {
        return Err(Problem::forbidden());
    }
    let closed = tree.get(organisation).is_some_and(|node| node.closed);
    if closed { Err(Problem::field("organisation", "organisation-closed", tree.name(organisation), "")) } else { Ok(()) }
}

/// Adds a draft.
///
/// # Errors
///
/// `forbidden` for an organisation where the actor keeps no campaigns; `invalid` names what is wrong, also a taken code.
pub async fn create(app: &App, actor: &Actor, new: NewCampaign) -> Result<CampaignId, Problem> {
    may_run(app, actor, new.organisation)?;
    zone(&new.basics.zone)?;
    let code_fault = rules::code_fault("code", &new.code);
    let basics =
        rules::checked_basics(new.basics).map_err(|faults| Problem::invalid(code_fault.iter().cloned().chain(faults).collect()))?;
    refused_if_any(code_fault.into_iter().collect())?;
    let campaign = Campaign {
        id: CampaignId::new(app.clock.as_ref()),
        organisation: new.organisation,
        code: new.code,
        title: basics.title,
        theme: basics.theme,
        state: CampaignState::Draft,
        opens_at: basics.opens_at,
        closes_at: basics.closes_at,
        zone: basics.zone,
        approvals: basics.approvals,
        cloned_from: None,
        created_by: actor.account,
        created_at: app.clock.now(),
        version: 1,
    };
    let mut tx = app.db.begin().await?;
    insert(&mut tx, &campaign).await?;
    told(app, &mut tx, actor, &campaign, "campaign.created", json!({ "code": campaign.code })).await?;
    tx.commit().await?;
    Ok(campaign.id)
}

async fn insert(tx: &mut Tx, campaign: &Campaign) -> Result<(), Problem> {
    Campaigns(tx).insert(campaign).await.map_err(|e| match e {
        e if e.is_duplicate() => Problem::field("code", "taken", &campaign.code, ""),
        e => e.into(),
    })
}

/// Changes title, theme, period, zone and approvals.
///
/// # Errors
///
/// `invalid` names what is wrong or fixed once the campaign is open; `campaign-closed`; `moved-meanwhile`.
pub async fn save_basics(app: &App, actor: &Actor, id: CampaignId, seen: Option<i64>, basics: Basics) -> Result<(), Problem> {
    zone(&basics.zone)?;
    let mut tx = app.db.begin().await?;
    let call = managed(app, &mut tx, actor, id, seen).await?;
    not_closed(&call)?;
    let basics = rules::checked_basics(basics).map_err(Problem::invalid)?;
    refused_if_any(rules::frozen_basics(&call.campaign, &basics, app.clock.now()))?;
    let stages: Vec<_> = call.stages.iter().map(super::input::StageFields::from).collect();
    if !rules::stage_faults(&stages, basics.opens_at, basics.closes_at).is_empty() {
        let fault = FieldError::new("closes_at", "around-stages", basics.closes_at.to_string(), "");
        return Err(Problem::invalid(vec![fault]));
    }
    let Basics { title, theme, zone, opens_at, closes_at, approvals } = basics;
    let changed = Campaign { title, theme, opens_at, closes_at, zone, approvals, ..call.campaign };
    Campaigns(&mut tx).save(&changed).await?;
    let detail = json!({ "title": changed.title, "opens_at": changed.opens_at, "closes_at": changed.closes_at });
    told(app, &mut tx, actor, &changed, "campaign.changed", detail).await?;
    Ok(tx.commit().await?)
}

/// Opens, closes or reopens.
///
/// # Errors
///
/// `campaign-state` when there is no such step; `invalid` names what a draft lacks, or a missing reason to reopen.
pub async fn change_state(app: &App, actor: &Actor, id: CampaignId, seen: Option<i64>, change: StateChange) -> Result<(), Problem> {
    let mut tx = app.db.begin().await?;
    let call = managed(app, &mut tx, actor, id, seen).await?;
    let from = call.campaign.state;
    let not_possible = || Problem::conflict("campaign-state").with("from", from.code()).with("to", change.state.code());
    let step = rules::step(from, change.state).ok_or_else(not_possible)?;
    let least = if step == Step::Reopen { REASON.0 } else { 0 };
    let reason = texts::check("reason", &change.reason, least, REASON.1).map_err(|fault| Problem::invalid(vec![fault]))?;
    if step == Step::Open {
        refused_if_any(rules::opening_faults(&call, app.clock.now()))?;
    }
    let changed = Campaign { state: change.state, ..call.campaign };
    Campaigns(&mut tx).save(&changed).await?;
    let action = match step {
        Step::Open => "campaign.opened",
        Step::Close => "campaign.closed",
        Step::Reopen => "campaign.reopened",
    };
    told(app, &mut tx, actor, &changed, action, json!({ "reason": reason })).await?;
    Ok(tx.commit().await?)
}

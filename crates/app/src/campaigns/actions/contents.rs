//! What belongs to a campaign: categories, stages, quotas, consents, extensions.

use super::{managed, not_closed, refused_if_any, told};
use crate::campaigns::input::{CategoryFields, ConsentFields, ExtensionFields, QuotaFields, QuotaTable, StageFields, StageTable};
use crate::campaigns::rules::{self, REASON};
use crate::campaigns::{
    Call, CampaignId, CampaignState, Campaigns, Category, CategoryId, Consent, ConsentId, Extension, ExtensionId, QuotaRule, QuotaRuleId,
    Stage, StageId,
};
use crate::problem::{FieldError, Problem};
use crate::state::App;
use crate::texts;
use kernel::{Actor, Timestamp};
use serde_json::json;

/// Adds a category (`id` none) or changes one.
///
/// # Errors
///
/// `invalid` names what is wrong, also a taken code, and in an open campaign what would ask for more than before.
pub async fn put_category(
    app: &App,
    actor: &Actor,
    campaign: CampaignId,
    id: Option<CategoryId>,
    seen: Option<i64>,
    fields: CategoryFields,
) -> Result<CategoryId, Problem> {
    let mut tx = app.db.begin().await?;
    let call = managed(app, &mut tx, actor, campaign, seen).await?;
    not_closed(&call)?;
    let fields = rules::checked_category(fields).map_err(Problem::invalid)?;
    let was = match id {
        Some(id) => Some(call.category(id).ok_or_else(Problem::not_found)?),
        None => None,
    };
    if let (Some(was), false) = (was, call.campaign.state == CampaignState::Draft) {
        let mut faults = rules::frozen_rules(&was.rules, &fields.rules);
        if was.code != fields.code {
            faults.push(FieldError::new("code", "fixed-once-open", &fields.code, &was.code));
        }
        refused_if_any(faults)?;
    }
    if call.categories.iter().any(|c| c.code == fields.code && Some(c.id) != id) {
        return Err(Problem::field("code", "taken", &fields.code, ""));
    }
    let id = id.unwrap_or_else(|| CategoryId::new(app.clock.as_ref()));
    let CategoryFields { code, name, position, rules } = fields;
    let category = Category { id, campaign, code, name, position, rules };
    Campaigns(&mut tx).put_category(&category).await?;
    let detail = json!({ "category": id, "code": category.code, "rules": category.rules });
    told(app, &mut tx, actor, &call.campaign, "campaign.category-saved", detail).await?;
    tx.commit().await?;
    Ok(id)
}

/// Removes a category that nothing was handed in for.
///
/// # Errors
///
/// `category-in-use` when something was.
pub async fn remove_category(app: &App, actor: &Actor, campaign: CampaignId, id: CategoryId, seen: Option<i64>) -> Result<(), Problem> {
    let mut tx = app.db.begin().await?;
    let call = managed(app, &mut tx, actor, campaign, seen).await?;
    not_closed(&call)?;
    let category = call.category(id).ok_or_else(Problem::not_found)?;
    Campaigns(&mut tx).remove_category(id).await.map_err(|e| match e {
        e if e.is_in_use() => Problem::conflict("category-in-use").with("name", &category.name),
        e => e.into(),
    })?;
    told(app, &mut tx, actor, &call.campaign, "campaign.category-removed", json!({ "code": category.code })).await?;
    Ok(tx.commit().await?)
}

/// Replaces the table of stages.
///
/// # Errors
///
/// `invalid` names what is wrong, and in an open campaign what would take time away.
pub async fn set_stages(app: &App, actor: &Actor, campaign: CampaignId, seen: Option<i64>, table: StageTable) -> Result<(), Problem> {
    let mut tx = app.db.begin().await?;
    let call = managed(app, &mut tx, actor, campaign, seen).await?;
    not_closed(&call)?;
    let mut faults = rules::stage_faults(&table.stages, call.campaign.opens_at, call.campaign.closes_at);
    faults.extend(rules::frozen_stages(&call, &table.stages, app.clock.now()));
    refused_if_any(faults)?;
    let stage = |s: &StageFields| Stage {
        id: StageId::new(app.clock.as_ref()),
        kind: s.kind,
        depth: s.depth,
        opens_at: s.opens_at,
        closes_at: s.closes_at,
        grace_s: s.grace_s,
    };
    let stages: Vec<_> = table.stages.iter().map(stage).collect();
    Campaigns(&mut tx).set_stages(campaign, &stages).await?;
    told(app, &mut tx, actor, &call.campaign, "campaign.stages-set", json!({ "stages": stages })).await?;
    Ok(tx.commit().await?)
}

/// Replaces the table of quotas. In an open campaign a limit may rise or fall; what was taken stays taken.
///
/// # Errors
///
/// `invalid` names what is wrong.
pub async fn set_quotas(app: &App, actor: &Actor, campaign: CampaignId, seen: Option<i64>, table: QuotaTable) -> Result<(), Problem> {
    let mut tx = app.db.begin().await?;
    let call = managed(app, &mut tx, actor, campaign, seen).await?;
    not_closed(&call)?;
    let known: Vec<_> = call.categories.iter().map(|c| c.id).collect();
    refused_if_any(rules::quota_faults(&table.quotas, &known))?;
    let kept = |old: &QuotaRule| table.quotas.iter().any(|q| (q.category, q.depth) == (old.category, old.depth));
    for gone in call.quota_rules.iter().filter(|old| !kept(old)) {
        Campaigns(&mut tx).remove_quota_rule(gone.id).await?;
    }
    let rule = |q: &QuotaFields| QuotaRule {
        id: QuotaRuleId::new(app.clock.as_ref()),
        category: q.category,
        depth: q.depth,
        kind: q.kind,
        amount: q.amount,
    };
    let quotas: Vec<_> = table.quotas.iter().map(rule).collect();
    for quota in &quotas {
        Campaigns(&mut tx).put_quota_rule(campaign, quota).await?;
    }
    told(app, &mut tx, actor, &call.campaign, "campaign.quotas-set", json!({ "quotas": quotas })).await?;
    Ok(tx.commit().await?)
}

/// Adds a consent, or a new revision of it when its words changed; what was given before keeps the words it was given for.
///
/// # Errors
///
/// `invalid` names what is wrong.
pub async fn put_consent(app: &App, actor: &Actor, campaign: CampaignId, seen: Option<i64>, fields: ConsentFields) -> Result<(), Problem> {
    let mut tx = app.db.begin().await?;
    let call = managed(app, &mut tx, actor, campaign, seen).await?;
    not_closed(&call)?;
    let fields = rules::checked_consent(fields).map_err(Problem::invalid)?;
    let same = |c: &Consent| c.code == fields.code && c.title == fields.title && c.body == fields.body && c.required == fields.required;
    if call.consents.iter().any(same) {
        return Ok(());
    }
    let earlier = Campaigns(&mut tx).consent_revisions(campaign).await?;
    let last = earlier.iter().filter(|c| c.code == fields.code).map(|c| c.revision).max().unwrap_or(0);
    let ConsentFields { code, title, body, required } = fields;
    let consent = Consent { id: ConsentId::new(app.clock.as_ref()), code, revision: last + 1, title, body, required };
    Campaigns(&mut tx).insert_consent(campaign, &consent).await?;
    let detail = json!({ "code": consent.code, "revision": consent.revision });
    told(app, &mut tx, actor, &call.campaign, "campaign.consent-saved", detail).await?;
    Ok(tx.commit().await?)
}

/// Asks for a consent no more.
///
/// # Errors
///
/// `not-found` when none with this code is asked for.
pub async fn retire_consent(app: &App, actor: &Actor, campaign: CampaignId, code: &str, seen: Option<i64>) -> Result<(), Problem> {
    let mut tx = app.db.begin().await?;
    let call = managed(app, &mut tx, actor, campaign, seen).await?;
    not_closed(&call)?;
    let consent = call.consents.iter().find(|c| c.code == code).ok_or_else(Problem::not_found)?;
    Campaigns(&mut tx).retire_consent(consent.id).await?;
    told(app, &mut tx, actor, &call.campaign, "campaign.consent-retired", json!({ "code": code })).await?;
    Ok(tx.commit().await?)
}

/// Gives one organisation more time for one kind of stage.
///
/// # Errors
///
/// `campaign-not-open`; `invalid` names an organisation outside the campaign, a time that adds nothing, a missing reason.
pub async fn extend(
    app: &App,
    actor: &Actor,
    campaign: CampaignId,
    seen: Option<i64>,
    fields: ExtensionFields,
) -> Result<ExtensionId, Problem> {
    let mut tx = app.db.begin().await?;
    let call = managed(app, &mut tx, actor, campaign, seen).await?;
    if call.campaign.state != CampaignState::Open {
        return Err(Problem::conflict("campaign-not-open"));
    }
    let reason = texts::check("reason", &fields.reason, REASON.0, REASON.1);
    let mut faults = extension_faults(app, &call, &fields);
    faults.extend(reason.clone().err());
    refused_if_any(faults)?;
    let extension = Extension {
        id: ExtensionId::new(app.clock.as_ref()),
        campaign,
        organisation: fields.organisation,
        kind: fields.kind,
        until_at: fields.until_at,
        reason: reason.unwrap_or_default(),
        granted_by: actor.account,
        created_at: app.clock.now(),
    };
    Campaigns(&mut tx).insert_extension(&extension).await?;
    let detail = json!({ "organisation": extension.organisation, "kind": extension.kind, "until_at": extension.until_at, "reason": extension.reason });
    told(app, &mut tx, actor, &call.campaign, "campaign.extended", detail).await?;
    tx.commit().await?;
    Ok(extension.id)
}

fn extension_faults(app: &App, call: &Call, fields: &ExtensionFields) -> Vec<FieldError> {
    let tree = app.tree.load();
    let runner = call.campaign.organisation;
    if !tree.contains(runner, fields.organisation) {
        return vec![FieldError::new("organisation", "not-in-campaign", fields.organisation.to_string(), tree.name(runner))];
    }
    let depth = |org| i64::from(tree.depth(org).unwrap_or(0));
    let depth = depth(fields.organisation) - depth(runner);
    let closes_at = rules::stage_for(&call.stages, fields.kind, depth).map_or(Timestamp(0), |s| s.closes_at);
    let least = closes_at.max(app.clock.now());
    let adds = fields.until_at > least;
    let near = fields.until_at <= least.plus_days(366);
    let fault = |rule, wanted: Timestamp| FieldError::new("until_at", rule, fields.until_at.to_string(), wanted);
    [(!adds).then(|| fault("after", least)), (!near).then(|| fault("at-the-latest", least.plus_days(366)))].into_iter().flatten().collect()
}

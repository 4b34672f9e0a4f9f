//! Last year's campaign becomes this year's.

use super::{insert, may_run, refused_if_any, told};
use crate::campaigns::input::CloneFields;
use crate::campaigns::{
    Call, Campaign, CampaignId, CampaignState, Campaigns, Category, CategoryId, Consent, ConsentId, QuotaRule, QuotaRuleId, Stage, StageId,
    reading, rules,
};
use crate::db::Tx;
use crate::problem::Problem;
use crate::state::App;
use crate::texts;
use kernel::{Actor, Clock, Timestamp};
use serde_json::json;

/// Adds a draft with the categories, stages, quotas and consents of another, every date moved. Extensions stay behind.
///
/// # Errors
///
/// `not-found` when the actor does not see the other; `forbidden` where they keep no campaigns; `invalid` names what is
/// wrong, also a taken code or dates beyond the calendar.
pub async fn copy(app: &App, actor: &Actor, from: CampaignId, fields: CloneFields) -> Result<CampaignId, Problem> {
    let seen = reading::see(app, actor, from).await?;
    let source = seen.call;
    let organisation = fields.organisation.unwrap_or(source.campaign.organisation);
    may_run(app, actor, organisation)?;
    refused_if_any(rules::clone_faults(&fields))?;
    let title = fields.title.as_deref().filter(|t| !t.trim().is_empty()).unwrap_or(&source.campaign.title);
    let title = texts::check("title", title, 2, 80).map_err(|fault| Problem::invalid(vec![fault]))?;
    let campaign = Campaign {
        id: CampaignId::new(app.clock.as_ref()),
        organisation,
        code: fields.code.clone(),
        title,
        state: CampaignState::Draft,
        cloned_from: Some(from),
        created_by: actor.account,
        created_at: app.clock.now(),
        version: 1,
        ..source.campaign.clone()
    };
    let moved = moved(app.clock.as_ref(), source, campaign, &fields)?;
    let mut tx = app.db.begin().await?;
    insert_all(&mut tx, &moved).await?;
    told(app, &mut tx, actor, &moved.campaign, "campaign.copied", json!({ "from": from, "years": fields.years, "days": fields.days }))
        .await?;
    tx.commit().await?;
    Ok(moved.campaign.id)
}

/// The contents of `source` under new ids, as those of `campaign`, with every date moved.
fn moved(clock: &dyn Clock, source: Call, campaign: Campaign, fields: &CloneFields) -> Result<Call, Problem> {
    let zone = super::zone(&campaign.zone)?;
    let too_far = || Problem::field("years", "too-far", fields.years.to_string(), "20");
    let shift = |at: Timestamp| rules::shifted(at, &zone, fields.years, fields.days).ok_or_else(too_far);
    let stage = |s: Stage| Ok(Stage { id: StageId::new(clock), opens_at: shift(s.opens_at)?, closes_at: shift(s.closes_at)?, ..s });
    let stages = source.stages.into_iter().map(stage).collect::<Result<Vec<_>, Problem>>()?;
    let campaign = Campaign { opens_at: shift(campaign.opens_at)?, closes_at: shift(campaign.closes_at)?, ..campaign };
    let renamed: Vec<_> = source.categories.iter().map(|c| (c.id, CategoryId::new(clock))).collect();
    let new_id = |old: CategoryId| renamed.iter().find(|(was, _)| *was == old).map_or(old, |(_, is)| *is);
    let category = |c: Category| Category { id: new_id(c.id), campaign: campaign.id, ..c };
    let quota = |q: QuotaRule| QuotaRule { id: QuotaRuleId::new(clock), category: new_id(q.category), ..q };
    let consent = |c: Consent| Consent { id: ConsentId::new(clock), revision: 1, ..c };
    Ok(Call {
        categories: source.categories.into_iter().map(category).collect(),
        stages,
        quota_rules: source.quota_rules.into_iter().map(quota).collect(),
        // Other people may hold the roles by then.
        narrowed: Vec::new(),
        consents: source.consents.into_iter().map(consent).collect(),
        campaign,
    })
}

async fn insert_all(tx: &mut Tx, call: &Call) -> Result<(), Problem> {
    insert(tx, &call.campaign).await?;
    let id = call.campaign.id;
    let mut campaigns = Campaigns(tx);
    campaigns.set_stages(id, &call.stages).await?;
    for category in &call.categories {
        campaigns.put_category(category).await?;
    }
    for rule in &call.quota_rules {
        campaigns.put_quota_rule(id, rule).await?;
    }
    for consent in &call.consents {
        campaigns.insert_consent(id, consent).await?;
    }
    Ok(())
}

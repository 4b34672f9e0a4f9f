//! What a reader may see of campaigns, and how the reader's own organisation stands in one.

use super::rules::{self, Gate};
use super::{Call, Campaign, CampaignId, CampaignState, Campaigns, Extension, StageKind};
use crate::db::Tx;
use crate::organisations::{Action, Tree, may};
use crate::problem::Problem;
use crate::state::App;
use crate::web::{Cursor, PAGE_SIZE, Slice};
use kernel::{Actor, OrganisationId, Role};

/// A campaign as one reader sees it.
#[derive(Debug, Clone)]
pub struct Seen {
    /// Everything of it.
    pub call: Call,
    /// The reader may change it.
    pub manages: bool,
    /// How the reader's organisation stands in it; none for someone whose organisations all lie outside.
    pub standing: Option<Standing>,
    /// What was granted: to anybody for those who manage, otherwise to the reader's organisation.
    pub extensions: Vec<Extension>,
}

/// One organisation in a campaign, now.
#[derive(Debug, Clone)]
pub struct Standing {
    /// Which.
    pub organisation: OrganisationId,
    /// Steps below the campaign's organisation.
    pub depth: i64,
    /// Whether it may hand in.
    pub submit: Gate,
    /// Whether it may give verdicts.
    pub review: Gate,
}

/// Drafts are seen by those who may change them or read the audit trail; the rest by everyone on the way up and down.
pub fn may_see(tree: &Tree, actor: &Actor, campaign: &Campaign) -> bool {
    let may = |action| may(tree, actor, action, campaign.organisation);
    may(Action::SeeCampaign) && (campaign.state != CampaignState::Draft || sees_drafts(tree, actor, campaign.organisation))
}

fn sees_drafts(tree: &Tree, actor: &Actor, organisation: OrganisationId) -> bool {
    may(tree, actor, Action::ManageCampaign, organisation) || may(tree, actor, Action::ReadAudit, organisation)
}

/// A page of the campaigns that `actor` may see, the latest to open first.
pub async fn list(app: &App, actor: &Actor, cursor: &Cursor) -> Result<Slice<Campaign>, Problem> {
    let mut tx = app.db.read().await?;
    let tree = app.tree.load();
    let mut seen = Campaigns(&mut tx).runners().await?;
    seen.retain(|org| may(&tree, actor, Action::SeeCampaign, *org));
    let drafts: Vec<_> = seen.iter().copied().filter(|org| sees_drafts(&tree, actor, *org)).collect();
    let found = Campaigns(&mut tx).page(&seen, &drafts, cursor.descending(), PAGE_SIZE + 1).await?;
    Ok(Slice::cut(found, |c| Cursor::after(c.opens_at.0, c.id)))
}

/// One campaign.
///
/// # Errors
///
/// `not-found` for what there is not and for what this reader may not know of; the latter is audited.
pub async fn see(app: &App, actor: &Actor, id: CampaignId) -> Result<Seen, Problem> {
    let mut tx = app.db.read().await?;
    let mut call = Campaigns(&mut tx).call(id).await?.ok_or_else(Problem::not_found)?;
    let tree = app.tree.load();
    if !may_see(&tree, actor, &call.campaign) {
        return Err(Problem::hidden());
    }
    let manages = may(&tree, actor, Action::ManageCampaign, call.campaign.organisation);
    if !manages {
        call.narrowed.clear();
    }
    let standing = standing(app, &tree, &mut tx, actor, &call).await?;
    let extensions = match &standing {
        _ if manages => Campaigns(&mut tx).all_extensions(id).await?,
        Some(own) => Campaigns(&mut tx).extensions(id, own.organisation).await?,
        None => Vec::new(),
    };
    Ok(Seen { call, manages, standing, extensions })
}

/// One campaign for someone who is about to change it.
///
/// # Errors
///
/// As [`see`], and `forbidden` for a reader who may only look.
pub async fn see_to_change(app: &App, actor: &Actor, id: CampaignId) -> Result<Seen, Problem> {
    let seen = see(app, actor, id).await?;
    if seen.manages { Ok(seen) } else { Err(Problem::forbidden()) }
}

/// The organisation that the reader acts for (as a clerk first) within the campaign, and its gates.
async fn standing(app: &App, tree: &Tree, tx: &mut Tx, actor: &Actor, call: &Call) -> Result<Option<Standing>, Problem> {
    let runner = call.campaign.organisation;
    let own = [Role::Clerk, Role::Reviewer].into_iter().flat_map(|role| actor.holds(role)).find(|org| tree.contains(runner, *org));
    let Some(organisation) = own else { return Ok(None) };
    let depth = depth_below(tree, runner, organisation);
    let extensions = Campaigns(tx).extensions(call.campaign.id, organisation).await?;
    let gate = |kind| rules::gate(&call.stages, &extensions, kind, depth, app.clock.now());
    Ok(Some(Standing { organisation, depth, submit: gate(StageKind::Submit), review: gate(StageKind::Review) }))
}

/// Steps from the organisation that runs a campaign down to one within it.
pub fn depth_below(tree: &Tree, runner: OrganisationId, organisation: OrganisationId) -> i64 {
    let depth = |org| tree.depth(org).map_or(0, i64::from);
    depth(organisation) - depth(runner)
}

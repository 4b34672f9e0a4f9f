//! What a campaign asks of those who may hand in, before it is published (B7).

use super::Call;
use super::rules::burden::{Cost, heaviest, of_category};
use crate::organisations::{OrganisationId, Tree};
use serde::Serialize;
use utoipa::ToSchema;

/// What one entry in a category asks.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct CategoryBurden {
    /// What people call the category.
    pub name: String,
    /// Of one entry.
    pub entry: Cost,
}

/// What a campaign asks.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = CampaignBurden)]
pub struct Burden {
    /// Open organisations without subordinates below the one that runs it.
    pub organisations: i64,
    /// One entry in the category that asks most.
    pub entry: Cost,
    /// If each of the organisations hands in one.
    pub all: Cost,
    /// Every category.
    pub categories: Vec<CategoryBurden>,
}

impl Burden {
    /// Of a campaign; nothing without categories.
    pub fn of(tree: &Tree, call: &Call) -> Self {
        let organisations = grassroots(tree, call.campaign.organisation).count() as i64;
        let entry = heaviest(call).unwrap_or_default();
        let category =
            |category: &super::Category| CategoryBurden { name: category.name.clone(), entry: of_category(category, &call.consents) };
        Self { organisations, entry, all: entry * organisations, categories: call.categories.iter().map(category).collect() }
    }
}

/// Open organisations without subordinates that stand below `top`, or are it.
pub fn grassroots(tree: &Tree, top: OrganisationId) -> impl Iterator<Item = OrganisationId> + '_ {
    tree.subtree(top).filter(|node| !node.closed && !tree.has_children(node.id)).map(|node| node.id)
}

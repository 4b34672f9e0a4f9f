//! Organisations as lists and searches give them: the same for pages and programs.

use super::{Node, OrganisationId, Tree};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Most answers of a search.
pub const SEARCH_MOST: usize = 20;

/// An organisation as everybody signed in may see it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct OrganisationLine {
    /// Its id.
    #[schema(value_type = String)]
    pub id: OrganisationId,
    /// Unique code.
    pub code: String,
    /// Name now.
    pub name: String,
    /// Word of the vocabulary pack.
    pub kind: String,
    /// Its superior; none for the root.
    #[schema(value_type = Option<String>)]
    pub parent: Option<OrganisationId>,
    /// Names of its superiors, from the root down, parted by ` / `.
    pub path: String,
    /// Steps from the root.
    pub depth: u16,
    /// Closed, or merged into another.
    pub closed: bool,
    /// Has subordinates.
    pub has_children: bool,
}

impl OrganisationLine {
    /// Of a node of `tree`.
    pub fn of(tree: &Tree, node: &Node) -> Self {
        let mut above: Vec<_> = tree.breadcrumb(node.id).into_iter().map(|n| n.name.as_str()).collect();
        above.pop();
        Self {
            id: node.id,
            code: node.code.clone(),
            name: node.name.clone(),
            kind: node.kind.clone(),
            parent: node.parent,
            path: above.join(" / "),
            depth: tree.depth(node.id).unwrap_or(0),
            closed: node.closed,
            has_children: tree.has_children(node.id),
        }
    }
}

/// Words to look for.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[into_params(parameter_in = Query)]
pub struct Wanted {
    /// Part of a name, or the beginning of a code.
    #[serde(default)]
    pub q: String,
}

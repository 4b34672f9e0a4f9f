//! Lists of held sessions, which start from what the reader may see.

use crate::held_sessions::{HeldSession, HeldSessions, ListFilter};
use crate::organisations::access::{domains, domains_below};
use crate::organisations::{Action, OrganisationId, Tree};
use crate::problem::Problem;
use crate::state::App;
use kernel::{Actor, Reach};
use std::collections::HashSet;

/// Up to this many organisations are named in the query; a larger reach is met so often that rows are sifted here.
const FEW: usize = 1_000;
/// Rows read at once.
const BATCH: usize = 200;

/// Whose held sessions a list shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whose {
    /// Of all organisations whose held sessions the actor may see.
    Visible,
    /// Of those that the actor may verify.
    ToVerify,
}

/// Up to `most` held sessions that fit and were held before the position `at`, the latest first, below `top` where it is given.
///
/// # Errors
///
/// Of the database only; whoever may see nothing gets an empty list.
pub async fn list(
    app: &App,
    actor: &Actor,
    (whose, top): (Whose, Option<OrganisationId>),
    filter: &ListFilter,
    mut at: (i64, String),
    most: usize,
) -> Result<Vec<HeldSession>, Problem> {
    let tree = app.tree.load_full();
    let mut reach = reach(&tree, actor, whose);
    reach.retain(|id| top.is_none_or(|top| tree.contains(top, *id)));
    let few = (reach.len() <= FEW).then_some(&reach[..]);
    let wanted: HashSet<_> = reach.iter().copied().collect();
    let (mut found, mut tx) = (Vec::new(), app.db.read().await?);
    while !reach.is_empty() && found.len() < most {
        let batch = HeldSessions(&mut tx).before(few, filter, &at, BATCH.max(most)).await?;
        let (Some(last), more) = (batch.last(), batch.len() == BATCH.max(most)) else { break };
        at = (last.told.held_at.0, last.id.to_string());
        found.extend(batch.into_iter().filter(|one| wanted.contains(&one.organisation)));
        if !more {
            break;
        }
    }
    found.truncate(most);
    Ok(found)
}

/// The organisations whose held sessions `actor` sees, or may verify.
pub fn reach(tree: &Tree, actor: &Actor, whose: Whose) -> Vec<OrganisationId> {
    let below = |top: OrganisationId| tree.subtree(top).map(|node| node.id);
    let mut reach: Vec<_> = match whose {
        Whose::Visible => [Action::SeeSessions, Action::RecordSession]
            .into_iter()
            .flat_map(|action| domains(actor, action))
            .flat_map(|(top, reach)| match reach {
                Reach::Subtree => below(top).collect(),
                Reach::Node => vec![top],
            })
            .collect(),
        Whose::ToVerify => {
            domains_below(actor, Action::VerifySession).into_iter().flat_map(|top| below(top).filter(move |id| *id != top)).collect()
        }
    };
    reach.sort();
    reach.dedup();
    reach
}

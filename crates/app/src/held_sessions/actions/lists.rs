//! Lists of held sessions, which start from what the reader may see.

use crate::db::{DbError, Tx};
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

/// A way through a list, page by page.
#[derive(Debug, Clone)]
pub struct Walk {
    reach: Vec<OrganisationId>,
    wanted: HashSet<OrganisationId>,
    filter: ListFilter,
    /// Where the next page begins: everything before it was read.
    pub at: (i64, String),
    over: bool,
}

impl Walk {
    /// From the position `at` on, below `top` where it is given.
    pub fn new(app: &App, actor: &Actor, (whose, top): (Whose, Option<OrganisationId>), filter: &ListFilter, at: (i64, String)) -> Self {
        let tree = app.tree.load_full();
        let mut reach = reach(&tree, actor, whose);
        reach.retain(|id| top.is_none_or(|top| tree.contains(top, *id)));
        let wanted = reach.iter().copied().collect();
        Self { over: reach.is_empty(), reach, wanted, filter: filter.clone(), at }
    }

    /// At least `most` more of what fits, the latest first; fewer at the end, and then none.
    ///
    /// # Errors
    ///
    /// Of the database only.
    pub async fn next(&mut self, tx: &mut Tx, most: usize) -> Result<Vec<HeldSession>, DbError> {
        let few = (self.reach.len() <= FEW).then_some(&self.reach[..]);
        let (mut found, size) = (Vec::new(), BATCH.max(most));
        while !self.over && found.len() < most {
            let batch = HeldSessions(tx).before(few, &self.filter, &self.at, size).await?;
            self.over = batch.len() < size;
            if let Some(last) = batch.last() {
                self.at = (last.told.held_at.0, last.id.to_string());
            }
            found.extend(batch.into_iter().filter(|one| self.wanted.contains(&one.organisation)));
        }
        Ok(found)
    }
}

/// Up to `most` held sessions that fit and were held before the position `at`, the latest first, below `top` where it is given.
///
/// # Errors
///
/// Of the database only; whoever may see nothing gets an empty list.
pub async fn list(
    app: &App,
    actor: &Actor,
    whose: (Whose, Option<OrganisationId>),
    filter: &ListFilter,
    at: (i64, String),
    most: usize,
) -> Result<Vec<HeldSession>, Problem> {
    let mut found = Walk::new(app, actor, whose, filter, at).next(&mut app.db.read().await?, most).await?;
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

//! Organisations: the dated tree, and what a role may do to whom.
//!
//! ```text
//! organisation, organisation_name, organisation_edge (dated truth) ─read─► Tree (snapshot in memory, swapped by revision)
//! may(tree, actor, action, organisation)  one table: role × action × relation
//! ```
//!
//! * Rows are never deleted: an organisation closes, an edge ends.
//! * No level names: depth is data, and `kind` is a word of the vocabulary pack.
//! * A change begins with a day, past or to come, and follows the last one that is known; reports of earlier days keep the
//!   structure and the names they had ([`Organisations::tree`] at that day).
//! * A role is granted at an organisation, so the pages about people and roles live here.
//! * Not here: signing in, passwords, tokens (`accounts`).

pub mod access;
pub mod actions;
pub mod api;
mod dated_tree;
pub mod import;
pub mod lines;
pub mod pages;
pub mod people_list;
pub mod people_register;
pub mod rules;
pub mod sent;
mod store;
mod tree;
mod views;
pub mod work;

pub use access::{Action, may, may_anywhere};
pub use dated_tree::{DatedTree, Edged, Place, Tenure, dated_tree};
pub use kernel::OrganisationId;
pub use store::{Change, Child, History, Organisations, StagingId, Standing};
pub use tree::{Node, Tree};

use crate::db::{Db, DbError};
use crate::state::App;
use kernel::{Identified, Timestamp};
use std::sync::Arc;

/// A stretch of time in which a child stood under a parent.
#[derive(Debug)]
pub struct Edge;
impl Identified for Edge {
    const PREFIX: &'static str = "edg";
}

/// A stretch of time in which an organisation had a name.
#[derive(Debug)]
pub struct DatedName;
impl Identified for DatedName {
    const PREFIX: &'static str = "nam";
}

/// From when a tree holds that nobody dated.
pub const BEGINNING: Timestamp = Timestamp(0);

/// The line of the tree that submissions climb and figures roll up along.
pub const MAIN_LINE: &str = "main";

/// The line of the second superior, which is not territorial: a system, a trade. It adds up and gives no rights.
pub const SECOND_LINE: &str = "second";

/// Reads the current tree.
pub async fn load_tree(db: &Db, now: Timestamp) -> Result<Tree, DbError> {
    let mut tx = db.read().await?;
    Organisations(&mut tx).tree(now).await
}

/// Swaps in the current tree: to be called after a commit that changed it.
pub async fn refresh(app: &App) -> Result<(), DbError> {
    let tree = load_tree(&app.db, app.clock.now()).await?;
    app.tree.store(Arc::new(tree));
    Ok(())
}

/// The tree of the day `at` (`2026-01-31`), with the structure and names of that time; the current snapshot when it is empty.
///
/// # Errors
///
/// 422 when `at` is no day.
pub async fn tree_on(app: &App, at: &str) -> Result<Arc<Tree>, crate::problem::Problem> {
    if at.is_empty() {
        return Ok(app.tree.load_full());
    }
    let day = rules::effective(at, &app.zone, app.clock.now()).map_err(|mut fault| {
        fault.field = "at".into();
        crate::problem::Problem::invalid(vec![fault])
    })?;
    Ok(Arc::new(Organisations(&mut app.db.read().await?).tree(day).await?))
}

/// Reads the tree anew when another node changed it, or when a dated change has come into force. True if it did.
pub async fn keep_current(app: &App) -> Result<bool, DbError> {
    let (known, next) = {
        let tree = app.tree.load();
        (tree.revision, tree.next_change)
    };
    let revision = Organisations(&mut app.db.read().await?).revision().await?;
    let stale = revision != known || next.is_some_and(|at| at <= app.clock.now());
    if stale {
        refresh(app).await?;
    }
    Ok(stale)
}

//! Counting everything anew from the records.

use super::fold;
use super::reach::Marks;
use super::store::Statistics;
use crate::db::{DbError, Tx};
use crate::deltas::{self, Fact};
use crate::organisations::{DatedTree, dated_tree};
use crate::state::App;
use std::sync::Arc;

/// A recount in progress: figures are empty at first and right when every fact was added; nobody sees the time between.
///
/// ```text
/// Recount::begin ─► add(facts) … ─► finish
/// ```
///
/// Nobody can post deltas meanwhile: what counted before it began is in the records, what comes later waits.
#[derive(Debug)]
pub struct Recount {
    tx: Tx,
    dated: Arc<DatedTree>,
    marks: Marks,
}

/// Facts folded in memory before anything is written.
pub(super) const AT_ONCE: usize = 100_000;

impl Recount {
    /// Waits for transactions that post deltas, then holds off new ones. Read the facts through [`Recount::tx`].
    pub async fn begin(app: &App) -> Result<Self, DbError> {
        let mut tx = app.db.begin().await?;
        Statistics(&mut tx).hold().await?;
        deltas::hold_off(&mut tx).await?;
        let dated = dated_tree(app, &mut tx).await?;
        deltas::clear(&mut tx).await?;
        Statistics(&mut tx).clear().await?;
        Ok(Self { tx, dated, marks: Marks::default() })
    }

    /// The transaction in which the records are to be read.
    pub fn tx(&mut self) -> &mut Tx {
        &mut self.tx
    }

    /// Counts facts, in any order and any number at a time.
    pub async fn add(&mut self, facts: impl IntoIterator<Item = Fact>) -> Result<(), DbError> {
        let mut facts = facts.into_iter().peekable();
        while facts.peek().is_some() {
            let some: Vec<_> = facts.by_ref().take(AT_ONCE).collect();
            self.marks.add(&some);
            fold::fold(&mut self.tx, &self.dated, &some).await?;
        }
        Ok(())
    }

    /// Puts the new figures in force.
    pub async fn finish(mut self) -> Result<(), DbError> {
        self.marks.keep(&mut self.tx).await?;
        self.tx.commit().await
    }
}

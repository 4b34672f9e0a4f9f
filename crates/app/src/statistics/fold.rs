//! Deltas into own figures and cells. Own figures of metrics with traits are not kept: their records answer as fast.

use super::reach;
use super::store::{Cell, Statistics, Table};
use crate::db::{DbError, Tx};
use crate::deltas::{self, Fact, kept_under};
use crate::organisations::{DatedTree, OrganisationId, dated_tree};
use crate::state::App;
use std::collections::BTreeMap;

/// Deltas folded in one transaction: few enough for others to write in between.
const BATCH: usize = 2_000;

/// Amounts to add to the rows of a table, in the order of its key.
pub(super) type Sums = BTreeMap<Cell, i64>;

/// Folds what waits now, one batch; how many deltas that were. Zero also when another node is folding.
///
/// Own figures, cells and the deletion of the deltas commit together, so that a crash loses and doubles nothing.
pub async fn drain(app: &App) -> Result<usize, DbError> {
    let mut tx = app.db.begin().await?;
    if !Statistics(&mut tx).claim().await? {
        return Ok(0);
    }
    let dated = dated_tree(app, &mut tx).await?;
    let folded = batch(&mut tx, &dated).await?;
    tx.commit().await?;
    Ok(folded)
}

/// Folds one batch of what waits; how many deltas that were. For whoever holds the right to fold.
pub(super) async fn batch(tx: &mut Tx, dated: &DatedTree) -> Result<usize, DbError> {
    let (ids, facts) = deltas::take(tx, BATCH).await?;
    fold(tx, dated, &facts).await?;
    reach::note(tx, &facts).await?;
    deltas::forget(tx, &ids).await?;
    Ok(ids.len())
}

/// Adds `facts` to the figures of their organisations and to the cells of all above them.
pub(super) async fn fold(tx: &mut Tx, dated: &DatedTree, facts: &[Fact]) -> Result<(), DbError> {
    let (own, cells) = sums(dated, facts);
    let mut statistics = Statistics(tx);
    statistics.add(Table::Own, own).await?;
    statistics.add(Table::Cell, cells).await
}

fn sums(dated: &DatedTree, facts: &[Fact]) -> (Sums, Sums) {
    let mut own = Sums::new();
    let mut cells = Sums::new();
    for fact in facts {
        if !fact.metric.has_traits() {
            add(&mut own, fact, fact.organisation);
        }
        for above in dated.above(fact.organisation, fact.day) {
            add(&mut cells, fact, above);
        }
    }
    (own, cells)
}

/// Adds a fact to the day and the month of `organisation`, under each dimension that it is kept under.
pub(super) fn add(sums: &mut Sums, fact: &Fact, organisation: OrganisationId) {
    for dimension in dimensions(fact) {
        for day in [fact.day.0, fact.day.month()] {
            let cell = Cell { organisation, metric: fact.metric, day, dimension: dimension.clone() };
            *sums.entry(cell).or_default() += fact.amount;
        }
    }
}

fn dimensions(fact: &Fact) -> Vec<String> {
    if fact.metric.has_traits() { kept_under(&fact.dimension).collect() } else { vec![fact.dimension.clone()] }
}

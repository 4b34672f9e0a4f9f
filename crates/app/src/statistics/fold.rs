//! Deltas into own figures and cells.

use super::store::{Cell, Statistics, Table};
use crate::db::{DbError, Tx};
use crate::deltas::{self, Fact};
use crate::organisations::{DatedTree, dated_tree};
use crate::state::App;
use std::collections::BTreeMap;

/// Deltas folded in one transaction: few enough for others to write in between.
const BATCH: usize = 2_000;

/// Amounts to add to the rows of a table, in the order of its key.
type Sums = BTreeMap<Cell, i64>;

/// Folds what waits now, one batch; how many deltas that were. Zero also when another node is folding.
///
/// Own figures, cells and the deletion of the deltas commit together, so that a crash loses and doubles nothing.
pub async fn drain(app: &App) -> Result<usize, DbError> {
    let mut tx = app.db.begin().await?;
    if !Statistics(&mut tx).claim().await? {
        return Ok(0);
    }
    let (ids, facts) = deltas::take(&mut tx, BATCH).await?;
    let dated = dated_tree(app, &mut tx).await?;
    fold(&mut tx, &dated, &facts).await?;
    deltas::forget(&mut tx, &ids).await?;
    tx.commit().await?;
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
        add(&mut own, fact, fact.organisation);
        for above in dated.above(fact.organisation, fact.day) {
            add(&mut cells, fact, above);
        }
    }
    (own, cells)
}

fn add(sums: &mut Sums, fact: &Fact, organisation: kernel::OrganisationId) {
    for day in [fact.day.0, fact.day.month()] {
        let cell = Cell { organisation, metric: fact.metric, day, dimension: fact.dimension.clone() };
        *sums.entry(cell).or_default() += fact.amount;
    }
}

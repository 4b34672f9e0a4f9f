//! Deltas into own figures and cells. Own figures of metrics with traits are not kept: their records answer as fast.

use super::amounts::Amounts;
use super::reach;
use super::store::{Cell, Statistics, Sums, Table, add_months};
use crate::db::{DbError, Tx};
use crate::deltas::{self, Fact, Metric};
use crate::organisations::{DatedTree, OrganisationId, dated_tree};
use crate::state::App;
use std::collections::BTreeMap;

/// Deltas folded in one transaction: few enough for others to write in between.
const BATCH: usize = 2_000;

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
    // By who is above first: most organisations share their superiors, and what they share is then added up the tree once.
    let mut below: BTreeMap<Vec<OrganisationId>, BTreeMap<(Metric, i32), Amounts>> = BTreeMap::new();
    for fact in facts {
        if !fact.metric.has_traits() {
            add(&mut own, fact, fact.organisation);
        }
        let above = below.entry(dated.above(fact.organisation, fact.day)).or_default();
        above.entry((fact.metric, fact.day.0)).or_default().add_fact(fact);
    }
    let mut cells = Sums::new();
    for (above, part) in below {
        for ((metric, day), amounts) in part {
            for organisation in &above {
                cells.entry(Cell { organisation: *organisation, metric, day }).or_default().join(&amounts, 1);
            }
        }
    }
    add_months(&mut own);
    add_months(&mut cells);
    (own, cells)
}

/// Adds a fact to the day of `organisation`.
pub(super) fn add(sums: &mut Sums, fact: &Fact, organisation: OrganisationId) {
    sums.entry(Cell { organisation, metric: fact.metric, day: fact.day.0 }).or_default().add_fact(fact);
}

//! After a move or a merge: sums the cells of everyone it touched anew.

use super::fold;
use super::period::{ALL_DAYS, Span};
use super::store::{Cell, Statistics, Sums, Table};
use crate::db::{DbError, Tx};
use crate::deltas::{self, Day};
use crate::held_sessions::Counted;
use crate::jobs;
use crate::organisations::{DatedTree, OrganisationId, Organisations, Tenure, dated_tree};
use crate::state::App;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Makes the cells fit the dated tree after the superiors of `moved`, or of their children, changed from `first` on; with each
/// stands its superior before, when the change may have left no trace of it.
///
/// Each organisation ever above them is summed from its children of the day, those farthest down first; cells of all
/// others are right already. Repeating it changes nothing. It waits until nobody folds, and folds what waits first: records
/// whose deltas still wait would be counted twice. Whoever posts waits meanwhile.
pub async fn refold(app: &App, moved: &[Moved], first: Day) -> Result<(), DbError> {
    let (mut tx, dated) = begin(app).await?;
    sum_anew(&mut tx, &dated, moved, first).await?;
    tx.commit().await
}

/// An organisation, and its superior before.
pub type Moved = (OrganisationId, Option<OrganisationId>);

/// Does every refold that waits, so that nobody reads cells of a tree that is gone; does nothing when none waits.
pub async fn catch_up(app: &App) -> Result<(), DbError> {
    let (mut tx, dated) = begin(app).await?;
    for job in jobs::unfinished(&mut tx, super::work::REFOLD).await? {
        let (moved, first) = super::work::moved(&job)?;
        sum_anew(&mut tx, &dated, &moved, first).await?;
    }
    Statistics(&mut tx).set_refolded(dated.revision).await?;
    tx.commit().await
}

/// A transaction that reads: cells in it fit the tree in it.
pub async fn settled(app: &App) -> Result<Tx, DbError> {
    for _ in 0..ATTEMPTS {
        let mut tx = app.db.read().await?;
        if Statistics(&mut tx).refolded().await? >= Organisations(&mut tx).revision().await? {
            return Ok(tx);
        }
        drop(tx);
        catch_up(app).await?;
    }
    app.db.read().await
}

/// The tree may change while a reader catches up; after so many times it reads what there is.
const ATTEMPTS: usize = 5;

/// A transaction that holds off folding and posting, in which nothing waits any more.
async fn begin(app: &App) -> Result<(Tx, Arc<DatedTree>), DbError> {
    let mut tx = app.db.begin().await?;
    Statistics(&mut tx).hold().await?;
    deltas::hold_off(&mut tx).await?;
    let dated = dated_tree(app, &mut tx).await?;
    while fold::batch(&mut tx, &dated).await? > 0 {}
    Ok((tx, dated))
}

async fn sum_anew(tx: &mut Tx, dated: &DatedTree, moved: &[Moved], first: Day) -> Result<(), DbError> {
    let touched = touched(dated, moved);
    for organisation in &touched {
        Statistics(tx).clear_from(*organisation, first).await?;
    }
    let days = epochs(dated, &touched, first);
    for (i, day) in days.iter().enumerate() {
        let last = days.get(i + 1).map_or(ALL_DAYS.1, |next| next.plus(-1).0);
        let mut order: Vec<_> = touched.iter().map(|id| (dated.above(*id, *day).len(), *id)).collect();
        order.sort_unstable_by(|a, b| b.cmp(a));
        for (_, organisation) in order {
            sum_children(tx, dated, organisation, (day.0, last)).await?;
        }
    }
    for organisation in &touched {
        let mut months = Sums::new();
        for (cell, amounts) in Statistics(tx).days_from(*organisation, first).await? {
            months.entry(cell.month()).or_default().join(&amounts, 1);
        }
        Statistics(tx).add(Table::Cell, months).await?;
    }
    Ok(())
}

/// Whose cells may have changed: all who were ever above `moved`, their children or their former superiors.
fn touched(dated: &DatedTree, moved: &[Moved]) -> BTreeSet<OrganisationId> {
    let ends = moved.iter().flat_map(|(id, former)| std::iter::once(*id).chain(*former).chain(dated.ever_children(*id)));
    ends.flat_map(|id| dated.ever_above(id)).collect()
}

/// First days of the stretches from `first` on in which none of `touched` changes its superior, so that one order of
/// summing holds for a whole stretch.
fn epochs(dated: &DatedTree, touched: &BTreeSet<OrganisationId>, first: Day) -> Vec<Day> {
    let later = touched.iter().flat_map(|id| dated.turning_days(*id)).filter(|day| *day > first);
    std::iter::once(first).chain(later.collect::<BTreeSet<_>>()).collect()
}

/// Adds the days of `span` of each child, as long as it was one.
async fn sum_children(tx: &mut Tx, dated: &DatedTree, organisation: OrganisationId, span: Span) -> Result<(), DbError> {
    for (cut, children) in children_by_days(&dated.tenures(organisation), span) {
        let sums = of_children(tx, organisation, &children, cut).await?;
        Statistics(tx).add(Table::Cell, sums).await?;
    }
    Ok(())
}

/// What `children` and all below them have in the days of `span`, kept or read from their records, as cells of `organisation`,
/// without months.
pub(super) async fn of_children(
    tx: &mut Tx,
    organisation: OrganisationId,
    children: &[OrganisationId],
    span: Span,
) -> Result<Sums, DbError> {
    let mut sums = Statistics(tx).of_children(organisation, children, span).await?;
    for counted in Counted(tx).by_day(children, span).await? {
        for (metric, amount) in counted.amounts() {
            let amounts = sums.entry(Cell { organisation, metric, day: counted.at as i32 }).or_default();
            amounts.add_with_traits(&counted.dimension, amount);
        }
    }
    Ok(sums)
}

/// Children by the days of `span` on which they were children.
pub(super) fn children_by_days(tenures: &[Tenure], (first, last): Span) -> BTreeMap<Span, Vec<OrganisationId>> {
    let mut by_days: BTreeMap<Span, Vec<OrganisationId>> = BTreeMap::new();
    for tenure in tenures {
        let cut = (tenure.first.0.max(first), tenure.last.0.min(last));
        if cut.0 <= cut.1 {
            by_days.entry(cut).or_default().push(tenure.child);
        }
    }
    by_days
}

//! Do the figures still equal a recount? Asked every night, and by `kaijiang recount --check`.

use super::period::ALL_DAYS;
use super::refold::children_by_days;
use super::store::{Cell, Statistics};
use crate::db::{DbError, Tx};
use crate::deltas::{self, Day, Fact, Metric};
use crate::organisations::{OrganisationId, dated_tree};
use crate::state::App;
use std::collections::BTreeMap;

/// A figure that is not what it should be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// Whose.
    pub organisation: OrganisationId,
    /// Of what.
    pub metric: Metric,
    /// `yyyymmdd`, or `yyyymm` for a whole month.
    pub day: i32,
    /// Of which part.
    pub dimension: String,
    /// Counted anew, minus what is kept.
    pub missing: i64,
}

/// Own figures (with deltas that wait) against `facts`, all of them, read in the transaction of `tx`.
///
/// Keeps one number for every organisation, day, metric and dimension in memory.
pub async fn compare_own(tx: &mut Tx, facts: impl IntoIterator<Item = Fact>) -> Result<Vec<Difference>, DbError> {
    let mut sums: BTreeMap<Cell, i64> = BTreeMap::new();
    let mut add = |fact: Fact, sign: i64| {
        for day in [fact.day.0, fact.day.month()] {
            let cell = Cell { organisation: fact.organisation, metric: fact.metric, day, dimension: fact.dimension.clone() };
            *sums.entry(cell).or_default() += sign * fact.amount;
        }
    };
    facts.into_iter().for_each(|fact| add(fact, 1));
    deltas::waiting(tx, Day(ALL_DAYS.0), Day(ALL_DAYS.1)).await?.into_iter().for_each(|fact| add(fact, -1));
    for (cell, amount) in Statistics(tx).own().await? {
        *sums.entry(cell).or_default() -= amount;
    }
    Ok(sums.into_iter().filter(|(_, missing)| *missing != 0).map(difference).collect())
}

/// Every cell against the sum of the children of its day, and every month against its days.
///
/// Organisation by organisation, so that it needs little memory and no long statement.
pub async fn compare_cells(app: &App, tx: &mut Tx) -> Result<Vec<Difference>, DbError> {
    let dated = dated_tree(app, tx).await?;
    let mut found = Vec::new();
    for organisation in dated.ever_parents() {
        let mut sums: BTreeMap<Cell, i64> = BTreeMap::new();
        for (span, children) in children_by_days(&dated.tenures(organisation), ALL_DAYS) {
            for (cell, amount) in Statistics(tx).of_children(organisation, &children, span).await? {
                let month = Cell { day: cell.day / 100, ..cell.clone() };
                *sums.entry(cell).or_default() += amount;
                *sums.entry(month).or_default() += amount;
            }
        }
        for (cell, amount) in Statistics(tx).cells(organisation).await? {
            *sums.entry(cell).or_default() -= amount;
        }
        found.extend(sums.into_iter().filter(|(_, missing)| *missing != 0).map(difference));
    }
    Ok(found)
}

fn difference((cell, missing): (Cell, i64)) -> Difference {
    Difference { organisation: cell.organisation, metric: cell.metric, day: cell.day, dimension: cell.dimension, missing }
}

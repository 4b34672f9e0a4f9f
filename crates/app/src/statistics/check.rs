//! Do the figures still equal a recount? Asked every night, and by `kaijiang recount --check`.

use super::fold;
use super::period::ALL_DAYS;
use super::refold::{children_by_days, held_by};
use super::store::{Cell, Statistics};
use crate::db::{DbError, Tx};
use crate::deltas::{self, Day, Fact, Metric};
use crate::organisations::{OrganisationId, dated_tree};
use crate::state::App;
use std::collections::{BTreeMap, HashMap};

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

/// Own figures (with deltas that wait) against facts.
///
/// Keeps one number for every organisation, day, metric and dimension in memory.
#[derive(Debug, Default)]
pub struct Comparison {
    sums: BTreeMap<Cell, i64>,
    without_views: bool,
}

impl Comparison {
    /// Counts facts, in any order and any number at a time.
    pub fn add(&mut self, facts: impl IntoIterator<Item = Fact>) {
        facts.into_iter().for_each(|fact| self.count(fact, 1));
    }

    /// Views and watch time are not compared.
    pub fn leave_out_views(&mut self) {
        self.without_views = true;
    }

    fn count(&mut self, fact: Fact, sign: i64) {
        // Read from the records themselves: nothing is kept that could differ.
        if fact.metric.has_traits() {
            return;
        }
        let Fact { organisation, metric, dimension, .. } = fact;
        let month = Cell { organisation, metric, day: fact.day.month(), dimension };
        *self.sums.entry(Cell { day: fact.day.0, ..month.clone() }).or_default() += sign * fact.amount;
        *self.sums.entry(month).or_default() += sign * fact.amount;
    }

    /// What differs, after all facts were added that the transaction sees.
    pub async fn finish(mut self, tx: &mut Tx) -> Result<Vec<Difference>, DbError> {
        for fact in deltas::waiting(tx, Day(ALL_DAYS.0), Day(ALL_DAYS.1)).await? {
            self.count(fact, -1);
        }
        for (cell, amount) in Statistics(tx).own().await? {
            *self.sums.entry(cell).or_default() -= amount;
        }
        let left_out = |metric| self.without_views && matches!(metric, Metric::Views | Metric::WatchSeconds);
        Ok(self.sums.into_iter().filter(|(cell, missing)| *missing != 0 && !left_out(cell.metric)).map(difference).collect())
    }
}

/// Every cell against the sum of the children of its day, and every month against its days.
///
/// Organisation by organisation, so that it needs little memory and no long statement.
pub async fn compare_cells(app: &App, tx: &mut Tx) -> Result<Vec<Difference>, DbError> {
    let dated = dated_tree(app, tx).await?;
    // Records are read themselves: those whose deltas wait are not in anybody's cells yet.
    let mut waiting: HashMap<OrganisationId, Vec<Fact>> = HashMap::new();
    for fact in deltas::waiting(tx, Day(ALL_DAYS.0), Day(ALL_DAYS.1)).await?.into_iter().filter(|fact| fact.metric.has_traits()) {
        if let Some(above) = dated.parent(fact.organisation, fact.day) {
            waiting.entry(above).or_default().push(fact);
        }
    }
    let mut found = Vec::new();
    for organisation in dated.ever_parents() {
        let mut sums: BTreeMap<Cell, i64> = BTreeMap::new();
        for (span, children) in children_by_days(&dated.tenures(organisation), ALL_DAYS) {
            let kept = Statistics(tx).of_children(organisation, &children, span).await?;
            for (cell, amount) in kept.into_iter().chain(held_by(tx, organisation, &children, span).await?) {
                let month = Cell { day: cell.day / 100, ..cell.clone() };
                *sums.entry(cell).or_default() += amount;
                *sums.entry(month).or_default() += amount;
            }
        }
        for fact in waiting.remove(&organisation).unwrap_or_default() {
            fold::add(&mut sums, &Fact { amount: -fact.amount, ..fact }, organisation);
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

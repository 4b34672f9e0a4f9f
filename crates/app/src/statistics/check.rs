//! Do the figures still equal a recount? Asked every night, and by `kaijiang recount --check`.

use super::fold;
use super::period::ALL_DAYS;
use super::refold::{children_by_days, of_children};
use super::store::{Cell, Statistics, Sums, add_months, join};
use crate::db::{DbError, Tx};
use crate::deltas::{self, Day, Fact, Metric};
use crate::organisations::{OrganisationId, dated_tree};
use crate::state::App;
use std::collections::HashMap;
use std::time::Duration;

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
    sums: Sums,
    without_views: bool,
}

impl Comparison {
    /// Counts facts, in any order and any number at a time.
    pub fn add(&mut self, facts: impl IntoIterator<Item = Fact>) {
        facts.into_iter().for_each(|fact| self.count(&fact, 1));
    }

    /// Views and watch time are not compared.
    pub fn leave_out_views(&mut self) {
        self.without_views = true;
    }

    fn count(&mut self, fact: &Fact, sign: i64) {
        // Read from the records themselves: nothing is kept that could differ.
        if fact.metric.has_traits() {
            return;
        }
        let day = Cell { organisation: fact.organisation, metric: fact.metric, day: fact.day.0 };
        for cell in [day, day.month()] {
            self.sums.entry(cell).or_default().add(&fact.dimension, sign * fact.amount);
        }
    }

    /// What differs, after all facts were added that the transaction sees.
    pub async fn finish(mut self, tx: &mut Tx) -> Result<Vec<Difference>, DbError> {
        for fact in deltas::waiting(tx, Day(ALL_DAYS.0), Day(ALL_DAYS.1)).await? {
            self.count(&fact, -1);
        }
        join(&mut self.sums, &Statistics(tx).own().await?, -1);
        let left_out = |metric| self.without_views && matches!(metric, Metric::Views | Metric::WatchSeconds);
        Ok(differences(self.sums).filter(|found| !left_out(found.metric)).collect())
    }
}

/// Every cell against the sum of the children of its day, and every month against its days.
///
/// Organisation by organisation, so that it needs little memory and no long statement.
pub async fn compare_cells(app: &App, tx: &mut Tx, rest: Duration) -> Result<Vec<Difference>, DbError> {
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
        let mut sums = Sums::new();
        for (span, children) in children_by_days(&dated.tenures(organisation), ALL_DAYS) {
            join(&mut sums, &of_children(tx, organisation, &children, span).await?, 1);
        }
        for fact in waiting.remove(&organisation).unwrap_or_default() {
            fold::add(&mut sums, &Fact { amount: -fact.amount, ..fact }, organisation);
        }
        add_months(&mut sums);
        join(&mut sums, &Statistics(tx).cells(organisation).await?, -1);
        found.extend(differences(sums));
        tokio::time::sleep(rest).await;
    }
    Ok(found)
}

/// What is left of sums from which everything kept was taken.
fn differences(sums: Sums) -> impl Iterator<Item = Difference> {
    sums.into_iter().flat_map(|(cell, amounts)| {
        let difference = |(dimension, missing): (&str, i64)| Difference {
            organisation: cell.organisation,
            metric: cell.metric,
            day: cell.day,
            dimension: dimension.to_owned(),
            missing,
        };
        amounts.iter().map(difference).collect::<Vec<_>>()
    })
}

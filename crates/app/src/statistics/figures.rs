//! Figures of one organisation in one period.

use super::amounts::Amounts;
use crate::deltas::{Fact, Metric};
use std::collections::BTreeMap;

/// How far a period's held sessions reached. Never added up: one organisation counts once in a month and once in its year.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Reached {
    /// Different organisations that held one.
    pub organisations: i64,
    /// Those of them that have no subordinates.
    pub grassroots: i64,
    /// All organisations without subordinates.
    pub of: i64,
}

impl Reached {
    /// Joins numbers of organisations that have nobody in common.
    pub const fn add(&mut self, other: Self) {
        self.organisations += other.organisations;
        self.grassroots += other.grassroots;
        self.of += other.of;
    }

    /// The coverage rate, rounded down: 100 only when nobody is missing.
    pub const fn percent(self) -> i64 {
        if self.of == 0 { 0 } else { self.grassroots * 100 / self.of }
    }
}

/// Amounts by metric and dimension. What is not there is zero.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Figures {
    amounts: BTreeMap<Metric, Amounts>,
    /// Filled in by [`super::reach`].
    pub reach: Reached,
}

impl Figures {
    /// Adds to one figure.
    pub fn add(&mut self, metric: Metric, dimension: &str, amount: i64) {
        self.change(metric, |amounts| amounts.add(dimension, amount));
    }

    /// Adds amounts of a metric.
    pub(super) fn add_all(&mut self, metric: Metric, amounts: &Amounts) {
        self.change(metric, |sums| sums.join(amounts, 1));
    }

    /// Keeps no metric of which nothing is left.
    fn change(&mut self, metric: Metric, change: impl FnOnce(&mut Amounts)) {
        let amounts = self.amounts.entry(metric).or_default();
        change(amounts);
        if amounts.is_empty() {
            self.amounts.remove(&metric);
        }
    }

    /// Adds an amount that carries [`crate::deltas::Traits`] to the whole and to each of its traits.
    pub fn add_with_traits(&mut self, metric: Metric, dimension: &str, amount: i64) {
        self.change(metric, |amounts| amounts.add_with_traits(dimension, amount));
    }

    /// Adds a fact as cells keep it.
    pub(super) fn add_fact(&mut self, fact: &Fact) {
        self.change(fact.metric, |amounts| amounts.add_fact(fact));
    }

    /// Adds everything that `other` has.
    pub fn join(&mut self, other: &Self) {
        other.amounts.iter().for_each(|(metric, amounts)| self.add_all(*metric, amounts));
    }

    /// A metric over all its dimensions; one with traits is kept as a whole beside them.
    pub fn total(&self, metric: Metric) -> i64 {
        if metric.has_traits() {
            return self.get(metric, "");
        }
        self.of(metric).map(|(_, amount)| amount).sum()
    }

    /// A metric by dimension, in the order of the dimension's code.
    pub fn of(&self, metric: Metric) -> impl Iterator<Item = (&str, i64)> {
        self.amounts.get(&metric).into_iter().flat_map(Amounts::iter)
    }

    /// One metric in one dimension.
    pub fn get(&self, metric: Metric, dimension: &str) -> i64 {
        self.amounts.get(&metric).map_or(0, |amounts| amounts.get(dimension))
    }
}

//! Figures of one organisation in one period.

use crate::deltas::{Metric, kept_under};
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
    amounts: BTreeMap<(Metric, String), i64>,
    /// Filled in by [`super::reach`].
    pub reach: Reached,
}

impl Figures {
    /// Adds to one figure.
    pub fn add(&mut self, metric: Metric, dimension: &str, amount: i64) {
        let key = (metric, dimension.to_owned());
        let sum = self.amounts.get(&key).copied().unwrap_or_default() + amount;
        if sum == 0 {
            self.amounts.remove(&key);
        } else {
            self.amounts.insert(key, sum);
        }
    }

    /// Adds an amount that carries [`crate::deltas::Traits`] to the whole and to each of its traits.
    pub fn add_with_traits(&mut self, metric: Metric, dimension: &str, amount: i64) {
        kept_under(dimension).for_each(|kept| self.add(metric, &kept, amount));
    }

    /// Adds everything that `other` has.
    pub fn join(&mut self, other: &Self) {
        for ((metric, dimension), amount) in &other.amounts {
            self.add(*metric, dimension, *amount);
        }
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
        self.amounts.iter().filter(move |((m, _), _)| *m == metric).map(|((_, dimension), amount)| (dimension.as_str(), *amount))
    }

    /// One metric in one dimension.
    pub fn get(&self, metric: Metric, dimension: &str) -> i64 {
        self.of(metric).find(|(d, _)| *d == dimension).map_or(0, |(_, amount)| amount)
    }
}

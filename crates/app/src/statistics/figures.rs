//! Figures of one organisation in one period.

use crate::deltas::Metric;
use std::collections::BTreeMap;

/// Amounts by metric and dimension. What is not there is zero.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Figures(BTreeMap<(Metric, String), i64>);

impl Figures {
    /// Adds to one figure.
    pub fn add(&mut self, metric: Metric, dimension: &str, amount: i64) {
        let key = (metric, dimension.to_owned());
        let sum = self.0.get(&key).copied().unwrap_or_default() + amount;
        if sum == 0 {
            self.0.remove(&key);
        } else {
            self.0.insert(key, sum);
        }
    }

    /// A metric over all its dimensions.
    pub fn total(&self, metric: Metric) -> i64 {
        self.of(metric).map(|(_, amount)| amount).sum()
    }

    /// A metric by dimension, in the order of the dimension's code.
    pub fn of(&self, metric: Metric) -> impl Iterator<Item = (&str, i64)> {
        self.0.iter().filter(move |((m, _), _)| *m == metric).map(|((_, dimension), amount)| (dimension.as_str(), *amount))
    }

    /// One metric in one dimension.
    pub fn get(&self, metric: Metric, dimension: &str) -> i64 {
        self.of(metric).find(|(d, _)| *d == dimension).map_or(0, |(_, amount)| amount)
    }
}

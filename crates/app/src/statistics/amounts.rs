//! What one row of the tables holds: the amounts of an organisation, a metric and a day, by dimension.
//!
//! Together in one row because they are read, added and moved together: a township's day has some twenty traits, and a row for each
//! of them took twenty times the room and the statements (decision 20).

use crate::db::RowError;
use crate::deltas::{Fact, kept_under};
use serde::Deserialize;
use std::borrow::Cow;
use std::collections::BTreeMap;

/// Amounts by dimension. What is not there is zero, and nothing that is there is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Amounts(BTreeMap<String, i64>);

#[derive(Deserialize, PartialEq, Eq, PartialOrd, Ord)]
struct Dimension<'a>(#[serde(borrow)] Cow<'a, str>);

impl Amounts {
    /// Adds to one of them.
    pub fn add(&mut self, dimension: &str, amount: i64) {
        match self.0.get_mut(dimension) {
            Some(sum) if *sum + amount == 0 => drop(self.0.remove(dimension)),
            Some(sum) => *sum += amount,
            None if amount == 0 => {}
            None => drop(self.0.insert(dimension.to_owned(), amount)),
        }
    }

    /// Adds an amount that carries [`crate::deltas::Traits`] to the whole and to each of its traits.
    pub fn add_with_traits(&mut self, dimension: &str, amount: i64) {
        kept_under(dimension).for_each(|kept| self.add(&kept, amount));
    }

    /// Adds a fact under each dimension that it is kept under.
    pub fn add_fact(&mut self, fact: &Fact) {
        if fact.metric.has_traits() {
            self.add_with_traits(&fact.dimension, fact.amount);
        } else {
            self.add(&fact.dimension, fact.amount);
        }
    }

    /// Adds everything that `other` has, `sign` times.
    pub fn join(&mut self, other: &Self, sign: i64) {
        other.0.iter().for_each(|(dimension, amount)| self.add(dimension, sign * amount));
    }

    /// Adds what a row holds.
    pub fn read(&mut self, text: &str) -> Result<(), RowError> {
        let read: BTreeMap<Dimension<'_>, i64> =
            serde_json::from_str(text).map_err(|_| RowError { column: "amounts".into(), expected: "amounts by dimension" })?;
        for (dimension, amount) in read {
            self.add(&dimension.0, amount);
        }
        Ok(())
    }

    /// What a row holds: `{"form:lecture":3}`.
    pub fn text(&self) -> String {
        serde_json::json!(self.0).to_string()
    }

    /// How many are not zero.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether all are zero.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// One of them.
    pub fn get(&self, dimension: &str) -> i64 {
        self.0.get(dimension).copied().unwrap_or_default()
    }

    /// By the dimension's code.
    pub fn iter(&self) -> impl Iterator<Item = (&str, i64)> {
        self.0.iter().map(|(dimension, amount)| (dimension.as_str(), *amount))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        /// A row is read as it was written, whatever the codes; taking away what was added leaves nothing.
        #[test]
        fn a_row_is_read_as_it_was_written(added in prop::collection::vec((".{0,6}", -5i64..5), 0..20)) {
            let mut amounts = Amounts::default();
            for (dimension, amount) in &added {
                amounts.add(dimension, *amount);
            }
            let mut read = Amounts::default();
            read.read(&amounts.text()).expect("our own text");
            prop_assert_eq!(&read, &amounts);
            read.join(&amounts, -1);
            prop_assert_eq!(read, Amounts::default());
        }
    }

    #[test]
    fn what_is_no_row_is_refused() {
        for text in ["", "[]", "{\"a\":1.5}", "{\"a\":\"1\"}", "{\"a\":1"] {
            assert!(Amounts::default().read(text).is_err(), "{text}");
        }
    }
}

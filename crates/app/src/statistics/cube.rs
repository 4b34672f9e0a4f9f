//! Months that were read are remembered, a year of an organisation at a time: a dashboard asks for the same ones again and again,
//! and adding up what is in memory costs a tenth of reading it.
//!
//! ```text
//! fold, refold ─► rows of a year change ─► stat_stamp (organisation, year) gets a new stamp, in the same transaction
//! a read = the stamps it sees ─► what is remembered under them, and the rows of all others
//! ```
//!
//! So a read is as exact as without memory, on each node of many. Stamps are drawn by lot: one that was rolled back never comes again.

use super::amounts::Amounts;
use super::period::Span;
use super::store::{Question, Statistics, Sum, is_months};
use crate::db::{DbError, Tx};
use crate::deltas::Metric;
use kernel::OrganisationId;
use quick_cache::Weighter;
use quick_cache::sync::Cache;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

/// A year of an organisation.
pub(super) type Year = (OrganisationId, i32);

/// Months of a year by metric: what an organisation did itself, and what was done below it.
#[derive(Debug, Default)]
pub(super) struct Months {
    own: BTreeMap<(Metric, i32), Arc<Amounts>>,
    cells: BTreeMap<(Metric, i32), Arc<Amounts>>,
}

impl Months {
    /// Takes a row in.
    pub fn insert(&mut self, own: bool, metric: Metric, month: i32, amounts: Amounts) {
        if own { &mut self.own } else { &mut self.cells }.insert((metric, month), Arc::new(amounts));
    }

    fn rows(&self) -> impl Iterator<Item = &Arc<Amounts>> {
        self.own.values().chain(self.cells.values())
    }
}

/// The memory, by least recent use.
#[derive(Debug)]
pub struct Cube(Cache<Year, Arc<(i64, Months)>, ByRows>);

/// Bytes in all.
const ROOM: u64 = 64 << 20;
/// About what a year costs, and each row, and each dimension in it.
const COSTS: [u64; 3] = [256, 128, 64];

#[derive(Debug, Clone)]
struct ByRows;

impl Weighter<Year, Arc<(i64, Months)>> for ByRows {
    fn weight(&self, _: &Year, kept: &Arc<(i64, Months)>) -> u64 {
        COSTS[0] + kept.1.rows().map(|row| COSTS[1] + COSTS[2] * row.len() as u64).sum::<u64>()
    }
}

impl Default for Cube {
    fn default() -> Self {
        Self(Cache::with_weighter(4_096, ROOM, ByRows))
    }
}

impl Cube {
    /// What the months of `question` sum up to; its days are left to [`Statistics::sums`].
    pub(super) async fn sums(&self, tx: &mut Tx, question: &Question) -> Result<Vec<Sum>, DbError> {
        let mut spans: HashMap<usize, Vec<(usize, Span)>> = HashMap::new();
        for (number, bucket, span) in question.spans.iter().filter(|(.., span)| is_months(*span)) {
            spans.entry(*number).or_default().push((*bucket, *span));
        }
        let who: Vec<_> = question.who.iter().filter(|(_, number)| spans.contains_key(number)).collect();
        let years: BTreeSet<i32> = spans.values().flatten().flat_map(|(_, (first, last))| first / 100..=last / 100).collect();
        let known = self.years(tx, &who.iter().map(|(id, _)| *id).collect::<Vec<_>>(), &years).await?;
        let mut sums = Vec::new();
        for (organisation, number) in who {
            for (bucket, span) in &spans[number] {
                for year in span.0 / 100..=span.1 / 100 {
                    let Some(months) = known.get(&(*organisation, year)) else { continue };
                    add(&mut sums, &months.1, (*organisation, *bucket), *span, &question.metrics);
                }
            }
        }
        Ok(sums)
    }

    /// Those of the years that ever had rows: remembered ones, and the others read now.
    async fn years(
        &self,
        tx: &mut Tx,
        organisations: &[OrganisationId],
        years: &BTreeSet<i32>,
    ) -> Result<HashMap<Year, Arc<(i64, Months)>>, DbError> {
        let (Some(first), Some(last)) = (years.first(), years.last()) else { return Ok(HashMap::new()) };
        let (mut found, mut missing) = (HashMap::new(), HashMap::new());
        for (year, stamp) in Statistics(tx).stamps(organisations, (*first, *last)).await? {
            match self.0.get(&year).filter(|kept| kept.0 == stamp) {
                Some(kept) => drop(found.insert(year, kept)),
                None => drop(missing.insert(year, stamp)),
            }
        }
        let mut read = Statistics(tx).months(missing.keys().copied()).await?;
        for (year, stamp) in missing {
            // A year that lost its rows to a move is remembered as empty.
            let kept = Arc::new((stamp, read.remove(&year).unwrap_or_default()));
            self.0.insert(year, kept.clone());
            found.insert(year, kept);
        }
        Ok(found)
    }
}

fn add(sums: &mut Vec<Sum>, months: &Months, (organisation, bucket): (OrganisationId, usize), (first, last): Span, metrics: &[Metric]) {
    for (own, rows) in [(true, &months.own), (false, &months.cells)] {
        for metric in metrics {
            let rows = rows.range((*metric, first)..=(*metric, last));
            sums.extend(rows.map(|(_, amounts)| Sum { organisation, bucket, metric: *metric, own, amounts: amounts.clone() }));
        }
    }
}

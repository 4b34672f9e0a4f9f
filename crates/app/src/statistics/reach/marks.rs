//! The sets of all days at once, as the records give them.

use crate::db::{DbError, Tx};
use crate::deltas::{self, Day, Fact, Metric};
use crate::organisations::{OrganisationId, dated_tree};
use crate::state::App;
use crate::statistics::bits::{Active, Bits};
use crate::statistics::period::ALL_DAYS;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

/// Who held a session on each day and in each month, gathered in memory: a few megabytes a year, however many sessions there are.
#[derive(Debug, Default)]
pub struct Marks {
    sets: BTreeMap<i32, Bits>,
    /// Places in these sets, in the order of `ids`.
    places: HashMap<OrganisationId, u32>,
    ids: Vec<OrganisationId>,
}

impl Marks {
    /// Gathers what counts of `facts`.
    pub fn add(&mut self, facts: &[Fact]) {
        let held = facts.iter().filter(|fact| fact.metric == Metric::Sessions);
        held.for_each(|fact| self.mark(fact.organisation, fact.day));
    }

    /// `organisation` held a session on `day`.
    pub fn mark(&mut self, organisation: OrganisationId, day: Day) {
        let place = *self.places.entry(organisation).or_insert_with(|| {
            self.ids.push(organisation);
            (self.ids.len() - 1) as u32
        });
        for key in [day.0, day.month()] {
            self.sets.entry(key).or_default().set(place, true);
        }
    }

    /// Puts them in the place of those that are kept.
    pub async fn keep(self, tx: &mut Tx) -> Result<(), DbError> {
        Active(tx).clear().await?;
        let numbers = Active(tx).number(&self.ids).await?;
        let numbers: Vec<_> = self.ids.iter().map(|id| numbers[id]).collect();
        for (key, set) in self.sets {
            Active(tx).keep(&BTreeMap::from([(key, set.renumbered(&numbers))])).await?;
        }
        Ok(())
    }

    /// How many days and months are kept differently; whoever has deltas that wait is left out.
    pub async fn differing(self, app: &App, tx: &mut Tx) -> Result<usize, DbError> {
        let waiting = deltas::waiting(tx, Day(ALL_DAYS.0), Day(ALL_DAYS.1)).await?;
        let waiting: HashSet<_> = waiting.into_iter().map(|fact| fact.organisation).collect();
        let dated = dated_tree(app, tx).await?;
        let known = Active(tx).numbers(app, &dated).await?;
        // Whoever has no number though it held sessions is in no set that is kept.
        let mut unknown = known.count()..;
        let numbers: Vec<_> = self.ids.iter().map(|id| known.of(*id).or_else(|| unknown.next()).unwrap_or_default()).collect();
        let left_out: Vec<_> =
            waiting.iter().filter_map(|id| known.of(*id).or_else(|| Some(numbers[*self.places.get(id)? as usize]))).collect();
        let keys: BTreeSet<_> = self.sets.keys().copied().chain(Active(tx).keys().await?).collect();
        let mut differing = 0;
        for key in keys {
            let mut kept = Active(tx).on(&[key]).await?.remove(&key).unwrap_or_default();
            let mut held = self.sets.get(&key).map(|set| set.renumbered(&numbers)).unwrap_or_default();
            for number in &left_out {
                kept.set(*number, false);
                held.set(*number, false);
            }
            differing += usize::from(!kept.is_same(&held));
        }
        Ok(differing)
    }
}

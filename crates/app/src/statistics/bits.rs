//! Sets of organisations as bits, and the numbers that stand for organisations in them.

use crate::db::{DbError, Tx, Value, args, assembled, places, tuples};
use crate::organisations::{DatedTree, Place};
use crate::state::App;
use kernel::OrganisationId;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

/// A set of numbers.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Bits(Vec<u8>);

impl Bits {
    /// Whether `n` is in it.
    pub fn has(&self, n: u32) -> bool {
        self.0.get(n as usize / 8).is_some_and(|byte| byte & (1 << (n % 8)) != 0)
    }

    /// Puts `n` in or takes it out.
    pub fn set(&mut self, n: u32, is_in: bool) {
        let at = n as usize / 8;
        if self.0.len() <= at {
            self.0.resize(at + 1, 0);
        }
        if is_in { self.0[at] |= 1 << (n % 8) } else { self.0[at] &= !(1 << (n % 8)) }
    }

    /// Adds everything that `other` has.
    pub fn join(&mut self, other: &Self) {
        if self.0.len() < other.0.len() {
            self.0.resize(other.0.len(), 0);
        }
        self.0.iter_mut().zip(&other.0).for_each(|(mine, theirs)| *mine |= theirs);
    }

    /// The same set after `n` has become `numbers[n]`.
    #[must_use]
    pub fn renumbered(&self, numbers: &[u32]) -> Self {
        let mut bits = Self::default();
        (0..).zip(numbers).filter(|(n, _)| self.has(*n)).for_each(|(_, number)| bits.set(*number, true));
        bits
    }

    /// Whether both hold the same, however long they are kept.
    pub fn is_same(&self, other: &Self) -> bool {
        let trimmed = |bits: &Self| bits.0.iter().rposition(|byte| *byte != 0).map_or(0, |last| last + 1);
        self.0[..trimmed(self)] == other.0[..trimmed(other)]
    }

    /// How many are in both.
    pub fn shared(&self, other: &Self) -> i64 {
        self.0.iter().zip(&other.0).map(|(a, b)| i64::from((a & b).count_ones())).sum()
    }
}

/// Numbers of organisations: given once, never changed. Whoever reads keeps those that it has seen.
#[derive(Debug, Clone, Default)]
pub struct Numbers {
    all: HashMap<OrganisationId, u32>,
    /// The same by the places of this revision of the tree; [`NONE`] before a first session.
    by_place: Vec<u32>,
    revision: i64,
}

const NONE: u32 = u32::MAX;

impl Numbers {
    /// The number of `id`; none before its first session.
    pub fn of(&self, id: OrganisationId) -> Option<u32> {
        self.all.get(&id).copied()
    }

    /// How many there are; they are given from 0 without a gap.
    pub fn count(&self) -> u32 {
        self.all.len() as u32
    }

    /// The number of who stands at `place` of the tree that they were read for.
    pub fn at(&self, place: Place) -> Option<u32> {
        self.by_place.get(place as usize).copied().filter(|number| *number != NONE)
    }

    fn put_in_place(&mut self, dated: &DatedTree) {
        self.by_place = (0..dated.len() as Place).map(|place| self.of(dated.id(place)).unwrap_or(NONE)).collect();
        self.revision = dated.revision;
    }
}

/// Gives numbers to `ids` in their order, before anything counts for them.
pub async fn number(app: &App, ids: &[OrganisationId]) -> Result<(), DbError> {
    let mut tx = app.db.begin().await?;
    super::store::Statistics(&mut tx).hold().await?;
    Active(&mut tx).number(ids).await?;
    tx.commit().await
}

/// Rows in one statement.
const SOME: usize = 500;

/// SQL over an open transaction.
#[derive(Debug)]
pub struct Active<'t>(pub &'t mut Tx);

impl Active<'_> {
    /// All numbers that the transaction sees, by the places of `dated` too.
    pub async fn numbers(&mut self, app: &App, dated: &DatedTree) -> Result<Arc<Numbers>, DbError> {
        let known = app.numbers.load_full();
        let rows = self.0.fetch_all("select organisation, number from stat_number where number >= $1", args![known.all.len()]).await?;
        if rows.is_empty() && known.revision == dated.revision && known.by_place.len() == dated.len() {
            return Ok(known);
        }
        let mut numbers = (*known).clone();
        for row in &rows {
            numbers.all.insert(row.id("organisation")?, row.int("number")? as u32);
        }
        numbers.put_in_place(dated);
        let numbers = Arc::new(numbers);
        app.numbers.store(numbers.clone());
        Ok(numbers)
    }

    /// The numbers of `ids`, given now to whoever has none. Only for whoever holds the right to fold.
    pub async fn number(&mut self, ids: &[OrganisationId]) -> Result<HashMap<OrganisationId, u32>, DbError> {
        let mut known = HashMap::new();
        for some in ids.chunks(SOME) {
            let sql = format!("select organisation, number from stat_number where organisation in ({})", places(1, some.len()));
            for row in self.0.fetch_all(assembled(sql), some.iter().map(|id| Value::from(*id)).collect()).await? {
                known.insert(row.id("organisation")?, row.int("number")? as u32);
            }
        }
        let new: Vec<_> = ids.iter().filter(|id| !known.contains_key(id)).collect();
        let mut next = self.0.fetch_int("select count(*) from stat_number", vec![]).await? as u32;
        for some in new.chunks(SOME) {
            let mut args = Vec::new();
            for id in some {
                args.extend(args![**id, next]);
                known.insert(**id, next);
                next += 1;
            }
            let sql = format!("insert into stat_number (organisation, number) values {}", tuples(1, some.len(), 2));
            self.0.execute(assembled(sql), args).await?;
        }
        Ok(known)
    }

    /// The sets of these days or months.
    pub async fn on(&mut self, days: &[i32]) -> Result<BTreeMap<i32, Bits>, DbError> {
        let mut found = BTreeMap::new();
        for some in days.chunks(SOME) {
            let sql = format!("select day, bits from stat_active where day in ({})", places(1, some.len()));
            for row in self.0.fetch_all(assembled(sql), some.iter().map(|day| Value::from(*day)).collect()).await? {
                found.insert(row.int("day")? as i32, Bits(row.bytes("bits")?));
            }
        }
        Ok(found)
    }

    /// Days and months that have a set.
    pub async fn keys(&mut self) -> Result<Vec<i32>, DbError> {
        self.0.fetch_all("select day from stat_active", vec![]).await?.iter().map(|row| Ok(row.int("day")? as i32)).collect()
    }

    /// Everything in the days or months from `first` to `last`.
    pub async fn between(&mut self, (first, last): (i32, i32)) -> Result<Bits, DbError> {
        let mut all = Bits::default();
        for row in self.0.fetch_all("select bits from stat_active where day between $1 and $2", args![first, last]).await? {
            all.join(&Bits(row.bytes("bits")?));
        }
        Ok(all)
    }

    /// Keeps the sets of some days or months.
    pub async fn keep(&mut self, days: &BTreeMap<i32, Bits>) -> Result<(), DbError> {
        let sql = "insert into stat_active (day, bits) values ($1, $2) on conflict (day) do update set bits = excluded.bits";
        for (day, bits) in days {
            self.0.execute(sql, args![*day, bits.0.clone()]).await?;
        }
        Ok(())
    }

    /// Forgets all sets; numbers stay.
    pub async fn clear(&mut self) -> Result<(), DbError> {
        self.0.execute("delete from stat_active", vec![]).await.map(drop)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    proptest! {
        #[test]
        fn bits_are_a_set(steps in prop::collection::vec((0u32..300, any::<bool>()), 0..200), others in prop::collection::btree_set(0u32..300, 0..80)) {
            let (mut bits, mut set) = (Bits::default(), BTreeSet::new());
            for (n, is_in) in steps {
                bits.set(n, is_in);
                if is_in { set.insert(n); } else { set.remove(&n); }
            }
            let mut other = Bits::default();
            for n in &others {
                other.set(*n, true);
            }
            prop_assert!((0..310).all(|n| bits.has(n) == set.contains(&n)));
            prop_assert_eq!(bits.shared(&other), set.intersection(&others).count() as i64);
            let moved: Vec<u32> = (0..310).rev().collect();
            prop_assert!((0..310).all(|n| bits.renumbered(&moved).has(309 - n) == set.contains(&n)));
            prop_assert!(bits.renumbered(&moved).renumbered(&moved).is_same(&bits));
            prop_assert_eq!(bits.is_same(&other), set == others);
            bits.join(&other);
            prop_assert!((0..310).all(|n| bits.has(n) == (set.contains(&n) || others.contains(&n))));
        }
    }
}

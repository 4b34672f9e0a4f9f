//! Who watches each broadcast, as reports tell this node, and how many of the viewers report.
//!
//! The periods are records, so that a restart and other nodes weigh reports alike; who was heard lately is memory.

use super::Watching;
use super::rules::estimate::{Estimate, spread};
use super::rules::sampling::{GRACE_MS, HEARD_LATE_MS, Period, Rate, interval_s, is_in};
use crate::broadcasts::BroadcastId;
use crate::db::DbError;
use crate::state::App;
use kernel::Timestamp;
use ledger::Weight;
use std::collections::HashMap;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Viewers that are told apart; more are not counted.
const VIEWERS: usize = 200_000;
/// An audience that nobody asked about for so long is forgotten; its periods stay in the records.
const IDLE_MS: i64 = 900_000;
/// A number is told for so long: thousands ask, and each answer would look at thousands.
const TOLD_MS: i64 = 1_000;
/// Beyond the pause between two reports somebody is still taken to watch for half of it and so many seconds.
const SLACK_S: u32 = 15;

/// The audiences of this node.
#[derive(Debug, Default)]
pub struct Audiences {
    open: Mutex<HashMap<BroadcastId, Arc<Audience>>>,
    reports: AtomicU64,
}

/// Those who watch one broadcast.
#[derive(Debug)]
pub struct Audience {
    inner: Mutex<Inner>,
    interval_s: AtomicU32,
    /// Pages and tickets that were given: all that is known of a crowd before it begins to report.
    came: AtomicU64,
}

#[derive(Debug)]
struct Inner {
    /// Never empty: [`Period::FIRST`] comes first.
    periods: Vec<Period>,
    heard: HashMap<u128, Seen>,
    /// How many watched at a moment, for those who ask in the next second.
    told: Option<(Timestamp, Estimate)>,
    used_at: Timestamp,
}

/// A viewer who reported.
#[derive(Debug, Clone, Copy)]
struct Seen {
    lot: u32,
    weight: Weight,
    at: Timestamp,
}

/// The period in which something was played.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Part {
    /// Which.
    pub number: i64,
    /// For how many a report counts.
    pub weight: Weight,
    /// When it began.
    pub since: Timestamp,
    /// Up to when somebody may have played in it.
    pub until: Timestamp,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Audiences {
    /// Counts a report that reached this node.
    pub fn reported(&self) {
        self.reports.fetch_add(1, Ordering::Relaxed);
    }

    /// Reports since the last call.
    pub fn reports(&self) -> u64 {
        self.reports.swap(0, Ordering::Relaxed)
    }

    /// All that are open.
    pub fn all(&self) -> Vec<(BroadcastId, Arc<Audience>)> {
        lock(&self.open).iter().map(|(id, audience)| (*id, audience.clone())).collect()
    }

    /// Forgets those that nobody asked about lately.
    pub fn tidy(&self, now: Timestamp) {
        lock(&self.open).retain(|_, audience| now - lock(&audience.inner).used_at < IDLE_MS);
    }

    fn get(&self, id: BroadcastId) -> Option<Arc<Audience>> {
        lock(&self.open).get(&id).cloned()
    }
}

/// The audience of a broadcast; its periods are read when nobody asked before.
///
/// # Errors
///
/// A failure of the records.
pub async fn of(app: &App, id: BroadcastId) -> Result<Arc<Audience>, DbError> {
    let now = app.clock.now();
    if let Some(known) = app.audiences.get(id) {
        lock(&known.inner).used_at = now;
        return Ok(known);
    }
    let periods = Watching(&mut app.db.read().await?).periods(id).await?;
    let fresh = Arc::new(Audience::new(periods, now));
    Ok(lock(&app.audiences.open).entry(id).or_insert(fresh).clone())
}

impl Audience {
    /// With the periods that were announced.
    pub fn new(periods: Vec<Period>, now: Timestamp) -> Self {
        let periods = [Period::FIRST].into_iter().chain(periods).collect();
        Self {
            inner: Mutex::new(Inner { periods, heard: HashMap::new(), told: None, used_at: now }),
            interval_s: AtomicU32::new(interval_s(0)),
            came: AtomicU64::new(0),
        }
    }

    /// Somebody was given a page or a ticket of their own.
    pub fn came(&self) {
        self.came.fetch_add(1, Ordering::Relaxed);
    }

    /// How many came, whether they are still there or not.
    pub fn all_who_came(&self) -> i64 {
        i64::try_from(self.came.load(Ordering::Relaxed)).unwrap_or(i64::MAX)
    }

    /// The period at hand.
    pub fn current(&self) -> Period {
        lock(&self.inner).current()
    }

    /// What players are told.
    pub fn rate(&self) -> Rate {
        let Period { number, one_in, .. } = self.current();
        Rate { period: number, one_in: one_in.get(), interval_s: self.interval_s.load(Ordering::Relaxed) }
    }

    /// The pause between two reports of a viewer, for so many who report.
    pub fn pace(&self, sampled: u64) {
        self.interval_s.store(interval_s(sampled), Ordering::Relaxed);
    }

    /// What is played in a period counts so; none for one that is not known, or long over, or was over when the token was given.
    pub fn part(&self, number: i64, issued: Timestamp, now: Timestamp) -> Option<Part> {
        let inner = lock(&self.inner);
        let at = inner.periods.iter().position(|period| period.number == number)?;
        let end = inner.periods.get(at + 1).map(|next| next.from);
        let until = end.map_or(now, |end| now.min(end.plus_ms(HEARD_LATE_MS)));
        let too_late = end.is_some_and(|end| now - end > GRACE_MS || issued > until);
        let Period { one_in, from, .. } = inner.periods[at];
        (!too_late).then_some(Part { number, weight: one_in, since: from, until })
    }

    /// Takes over what was announced, here or by another node.
    pub fn take(&self, announced: Vec<Period>) {
        let mut inner = lock(&self.inner);
        let before = inner.current();
        if announced.last().is_none_or(|last| last.number <= before.number) {
            return;
        }
        inner.periods = [Period::FIRST].into_iter().chain(announced).collect();
        inner.told = None;
        let now = inner.current();
        if now.one_in > before.one_in {
            // Those who stay in the coarser sample stand for those who leave it. A finer one fills with the next reports.
            inner.heard.retain(|_, seen| is_in(seen.lot, now.one_in));
            inner.heard.values_mut().for_each(|seen| seen.weight = now.one_in);
        }
    }

    /// A viewer of the sample at hand reports.
    pub fn heard(&self, viewer: u128, lot: u32, part: &Part, at: Timestamp) {
        let mut inner = lock(&self.inner);
        let known = inner.heard.len() < VIEWERS || inner.heard.contains_key(&viewer);
        if known && part.number == inner.current().number {
            inner.heard.insert(viewer, Seen { lot, weight: part.weight, at });
        }
    }

    /// How many watch now.
    pub fn watching(&self, now: Timestamp) -> Estimate {
        let interval_s = self.interval_s.load(Ordering::Relaxed);
        let within = i64::from(interval_s + interval_s / 2 + SLACK_S) * 1_000;
        let mut inner = lock(&self.inner);
        if let Some((_, told)) = inner.told.filter(|(at, _)| (0..TOLD_MS).contains(&(now - *at))) {
            return told;
        }
        inner.heard.retain(|_, seen| now - seen.at < within);
        let sum = |(count, variance), seen: &Seen| (count + i64::from(seen.weight.get()), variance + spread(seen.weight, 1));
        let (count, variance) = inner.heard.values().fold((0, 0), sum);
        let estimate = Estimate::of(count, variance);
        inner.told = Some((now, estimate));
        estimate
    }
}

impl Inner {
    fn current(&self) -> Period {
        self.periods.last().copied().unwrap_or(Period::FIRST)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const START: Timestamp = Timestamp(1_000_000_000);

    fn period(number: i64, one_in: u32, after_ms: i64) -> Period {
        Period { number, one_in: Weight::of(one_in).unwrap(), from: START.plus_ms(after_ms) }
    }

    #[test]
    fn s17_a_period_counts_what_was_played_in_it_and_no_later() {
        let audience = Audience::new(vec![period(1, 10, 0), period(2, 100, 60_000)], START);
        let at = |ms| START.plus_ms(ms);
        let first = audience.part(1, START, at(70_000)).unwrap();
        assert_eq!((first.weight.get(), first.since, first.until), (10, START, at(70_000)));
        assert_eq!(audience.part(1, START, at(200_000)).unwrap().until, at(105_000), "heard of late, and no later");
        assert_eq!(audience.part(1, START, at(240_001)), None, "long over");
        assert_eq!(audience.part(1, at(105_001), at(110_000)), None, "over before the page was opened");
        assert_eq!(audience.part(2, at(105_001), at(500_000)).unwrap().weight.get(), 100);
        assert_eq!(audience.part(3, START, at(70_000)), None, "never announced");
        assert_eq!(audience.part(0, START.plus_ms(-1_000), at(10_000)).unwrap().weight, Weight::ONE);
    }

    #[test]
    fn whoever_is_heard_stands_for_all_who_are_not_asked() {
        let audience = Audience::new(vec![period(1, 10, 0)], START);
        let part = audience.part(1, START, START).unwrap();
        let lots = [0, 1 << 24, 1 << 28];
        for (viewer, lot) in (0_u128..).zip(lots) {
            audience.heard(viewer, lot, &part, START);
            audience.heard(viewer, lot, &part, START);
        }
        assert_eq!(audience.watching(START), Estimate::of(30, 3 * 90));
        audience.take(vec![period(1, 10, 0), period(2, 100, 1)]);
        assert_eq!(audience.watching(START).count, 200, "two of three are in the coarser sample");
        audience.heard(9, 5, &part, START);
        assert_eq!(audience.watching(START.plus_ms(TOLD_MS)).count, 200, "a late word of the period before is no sign of presence");
        assert_eq!(audience.watching(START.plus_ms(60_000)).count, 0, "they went");
    }
}

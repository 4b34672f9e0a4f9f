//! Which events were seen lately.
//!
//! * A shard forgets what its window no longer needs each time it has doubled, so memory stays within about twice the
//!   events of one window, and no single clean-up or growth step touches more than 1/64 of them.
//! * What the present batch added can be taken back, for when the disk refuses it.

use crate::event::Event;
use std::collections::{BTreeMap, HashMap};

/// How far behind the newest event another may come and still be recognised for sure: a clock that is an hour off must
/// not count anybody twice.
pub(crate) const LATE_MS: i64 = 2 * 3_600_000;

const SHARDS: usize = 64;
const SMALLEST_SWEEP: usize = 1024;

/// The memory of all kinds that have a window.
pub(crate) struct Dedup {
    kinds: BTreeMap<u8, Kind>,
    /// `at` of the newest event, durable or in the present batch.
    newest: i64,
    /// `at` of the newest durable event.
    newest_kept: i64,
    undo: Vec<Undo>,
}

struct Kind {
    window_ms: i64,
    shards: Vec<Shard>,
}

struct Shard {
    /// Key halves (eight bytes an entry less than a 16-aligned `u128`) and when it was counted.
    seen: HashMap<[u64; 2], i64>,
    sweep_at: usize,
}

struct Undo {
    kind: u8,
    key: u128,
    before: Option<i64>,
}

impl Dedup {
    /// An empty memory. Kinds without a window (or one of zero) are never deduplicated.
    pub(crate) fn new(windows_ms: &BTreeMap<u8, i64>) -> Self {
        let kinds = windows_ms.iter().filter(|(_, window)| **window > 0).map(|(kind, window)| (*kind, Kind::new(*window)));
        Self { kinds: kinds.collect(), newest: i64::MIN, newest_kept: i64::MIN, undo: Vec::new() }
    }

    /// Whether `event` is new; if so it's remembered, until [`Self::take_back`].
    ///
    /// An event before its twin (the clock went back) is the same event, however far before.
    pub(crate) fn admit(&mut self, event: &Event) -> bool {
        let (at, forgotten) = (event.at.0, self.newest_kept);
        let Some(kind) = self.kinds.get_mut(&event.kind) else { return true };
        let forgotten = forgotten.saturating_sub(kind.window_ms).saturating_sub(LATE_MS);
        let window_ms = kind.window_ms;
        let shard = kind.shard(event.key);
        let before = shard.seen.get(&halves(event.key)).copied();
        if before.is_some_and(|before| at.saturating_sub(before) < window_ms) {
            return false;
        }
        shard.insert(event.key, at, forgotten);
        self.newest = self.newest.max(at);
        self.undo.push(Undo { kind: event.kind, key: event.key, before });
        true
    }

    /// The batch is durable.
    pub(crate) fn keep(&mut self) {
        self.newest_kept = self.newest;
        self.undo.clear();
    }

    /// The batch failed: forget it.
    pub(crate) fn take_back(&mut self) {
        self.newest = self.newest_kept;
        while let Some(Undo { kind, key, before }) = self.undo.pop() {
            let Some(kind) = self.kinds.get_mut(&kind) else { continue };
            let seen = &mut kind.shard(key).seen;
            match before {
                Some(at) => seen.insert(halves(key), at),
                None => seen.remove(&halves(key)),
            };
        }
    }

    /// Learns a durable event. The order does not matter.
    pub(crate) fn learn(&mut self, kind: u8, key: u128, at: i64) {
        self.newest_kept = self.newest_kept.max(at);
        self.newest = self.newest_kept;
        let Some(kind) = self.kinds.get_mut(&kind) else { return };
        let forgotten = self.newest_kept.saturating_sub(kind.window_ms).saturating_sub(LATE_MS);
        if at > forgotten {
            let shard = kind.shard(key);
            let at = shard.seen.get(&halves(key)).map_or(at, |known| at.max(*known));
            shard.insert(key, at, forgotten);
        }
    }

    /// Events at or before this instant need not be learned.
    pub(crate) fn horizon(&self) -> i64 {
        let longest = self.kinds.values().map(|kind| kind.window_ms).max().unwrap_or(0);
        self.newest_kept.saturating_sub(longest).saturating_sub(LATE_MS)
    }

    /// The windows in force, for comparison with those of a snapshot.
    pub(crate) fn windows(&self) -> impl ExactSizeIterator<Item = (u8, i64)> {
        self.kinds.iter().map(|(code, kind)| (*code, kind.window_ms))
    }

    /// All that is remembered: kind, key, and when it was counted.
    pub(crate) fn entries(&self) -> impl Iterator<Item = (u8, u128, i64)> {
        self.kinds.iter().flat_map(|(code, kind)| {
            let seen = kind.shards.iter().flat_map(|shard| &shard.seen);
            seen.map(|([high, low], at)| (*code, u128::from(*high) << 64 | u128::from(*low), *at))
        })
    }

    /// How many entries [`Self::entries`] has.
    pub(crate) fn len(&self) -> usize {
        self.kinds.values().flat_map(|kind| &kind.shards).map(|shard| shard.seen.len()).sum()
    }
}

impl Kind {
    fn new(window_ms: i64) -> Self {
        let shards = (0..SHARDS).map(|_| Shard { seen: HashMap::new(), sweep_at: SMALLEST_SWEEP }).collect();
        Self { window_ms, shards }
    }

    fn shard(&mut self, key: u128) -> &mut Shard {
        // Keys may be anything, also small numbers: a multiplication spreads them.
        let spread = (key as u64 ^ (key >> 64) as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 58;
        &mut self.shards[spread as usize]
    }
}

impl Shard {
    fn insert(&mut self, key: u128, at: i64, forgotten: i64) {
        if self.seen.len() >= self.sweep_at {
            self.seen.retain(|_, at| *at > forgotten);
            self.sweep_at = (2 * self.seen.len()).max(SMALLEST_SWEEP);
            self.seen.shrink_to(self.sweep_at);
        }
        self.seen.insert(halves(key), at);
    }
}

fn halves(key: u128) -> [u64; 2] {
    [(key >> 64) as u64, key as u64]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::weight::Weight;
    use kernel::Timestamp;

    const WINDOW: i64 = 86_400_000;

    fn dedup() -> Dedup {
        Dedup::new(&BTreeMap::from([(1, WINDOW), (2, 1000)]))
    }

    fn event(kind: u8, key: u128, at: i64) -> Event {
        Event { kind, key, subject: 0, group: 0, at: Timestamp(at), amount: 1, weight: Weight::ONE, day: 20_261_123 }
    }

    #[test]
    fn the_window_of_each_kind_decides() {
        let table = [
            (event(1, 5, 0), true),
            (event(1, 5, WINDOW - 1), false),
            (event(1, 6, WINDOW - 1), true),
            (event(1, 5, WINDOW), true),
            (event(1, 5, -WINDOW), false),
            (event(2, 5, 0), true),
            (event(2, 5, 999), false),
            (event(2, 5, 1000), true),
            (event(9, 5, 0), true),
            (event(9, 5, 0), true),
        ];
        let mut dedup = dedup();
        for (event, fresh) in table {
            assert_eq!(dedup.admit(&event), fresh, "{event:?}");
            dedup.keep();
        }
    }

    #[test]
    fn a_failed_batch_leaves_no_trace() {
        let mut dedup = dedup();
        assert!(dedup.admit(&event(2, 1, 0)));
        dedup.keep();
        assert!(dedup.admit(&event(2, 1, 1000)) && dedup.admit(&event(2, 1, 2000)) && dedup.admit(&event(2, 7, 0)));
        dedup.take_back();
        assert_eq!((dedup.len(), dedup.newest), (1, 0));
        assert!(!dedup.admit(&event(2, 1, 999)), "the first is still known at its own time");
        assert!(dedup.admit(&event(2, 7, 0)), "the failed one may be repeated");
    }

    #[test]
    fn memory_follows_the_window_and_not_the_total() {
        let mut dedup = dedup();
        let step = 20; // ms between events: 360,050 of them within a second and the two hours of grace
        for n in 0..1_000_000_i64 {
            assert!(dedup.admit(&event(2, n as u128, n * step)));
            dedup.keep();
        }
        let live = ((1000 + LATE_MS) / step) as usize;
        assert!(dedup.len() >= live && dedup.len() <= 2 * live + SHARDS * SMALLEST_SWEEP, "{} for {live}", dedup.len());
    }

    #[test]
    fn learning_in_any_order_keeps_the_latest() {
        let mut dedup = dedup();
        dedup.learn(2, 1, 5000);
        dedup.learn(2, 1, 1000);
        assert!(!dedup.admit(&event(2, 1, 5999)));
        assert!(dedup.admit(&event(2, 1, 6000)));
    }
}

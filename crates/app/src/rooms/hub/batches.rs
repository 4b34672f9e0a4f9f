//! Files for many: what a room told in two seconds, under a number that is never used again.
//!
//! Batch n holds what was told between n × 2 s and (n + 1) × 2 s of the clock. Numbers come from the clock, so a restart goes on
//! above them; a room that was opened in the middle of a batch begins with the next one, so that no number has two contents.

use super::event::{Event, To, array};
use crate::rooms::api::wire::Text;
use kernel::Timestamp;
use std::collections::BTreeMap;

/// Length of a batch, milliseconds.
pub const EVERY_MS: i64 = 2_000;
/// Batches that can be fetched: five minutes.
const KEPT: i64 = 150;

/// The batches of a room.
#[derive(Debug)]
pub struct Batches {
    /// The batch that is being filled.
    filling: i64,
    gathered: Vec<Event>,
    /// The first batch of this room.
    first: i64,
    closed: BTreeMap<i64, Text>,
    empty: Text,
}

/// The batch of a moment.
fn at(now: Timestamp) -> i64 {
    now.0.div_euclid(EVERY_MS)
}

impl Batches {
    /// Of a room that opens at `now`.
    pub fn new(now: Timestamp) -> Self {
        let first = at(now) + 1;
        Self { filling: first, gathered: Vec::new(), first, closed: BTreeMap::new(), empty: Text::from("[]".to_owned()) }
    }

    /// Adds what everybody hears.
    pub fn gather(&mut self, events: &[Event]) {
        self.gathered.extend(events.iter().filter(|e| e.to == To::Everybody).cloned());
    }

    /// Closes the batch that is being filled when its time is over. A clock that goes back closes nothing.
    pub fn close(&mut self, now: Timestamp) {
        if at(now) <= self.filling {
            return;
        }
        let gathered = std::mem::take(&mut self.gathered);
        if !gathered.is_empty() {
            self.closed.insert(at(now) - 1, Text::from(array(&gathered)));
        }
        self.filling = at(now);
        self.closed.retain(|n, _| *n > self.filling - KEPT);
    }

    /// The newest batch that is closed.
    pub const fn newest(&self) -> i64 {
        self.filling - 1
    }

    /// A closed batch; none for one that is open, gone, or older than the room.
    pub fn get(&self, n: i64) -> Option<Text> {
        let known = n >= self.first && n > self.filling - KEPT && n < self.filling;
        known.then(|| self.closed.get(&n).unwrap_or(&self.empty).clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rooms::hub::event::News;
    use proptest::prelude::*;

    fn event(seq: i64) -> Event {
        News::presence(1).numbered(seq)
    }

    proptest! {
        /// However events and ticks fall: what was fetched once never changes, and all batches together are all events in order.
        #[test]
        fn the_union_of_batches_is_everything_in_order(steps in prop::collection::vec((0_i64..3_000, 0_usize..4), 1..80)) {
            let (mut now, mut seq) = (Timestamp(1_000_000_123), 0);
            let mut batches = Batches::new(now);
            let (mut told, mut fetched) = (Vec::new(), BTreeMap::new());
            for (wait, events) in steps {
                now = now.plus_ms(wait);
                batches.close(now);
                let new: Vec<_> = (0..events).map(|_| { seq += 16; event(seq) }).collect();
                batches.gather(&new);
                told.extend(new);
                for n in batches.newest() - 3..=batches.newest() {
                    if let Some(text) = batches.get(n) {
                        let before = fetched.insert(n, text.clone());
                        prop_assert!(before.is_none_or(|before| before == text), "batch {} changed", n);
                    }
                }
                prop_assert!(batches.get(batches.newest() + 1).is_none(), "an open batch has no content yet");
            }
            now = now.plus_ms(2 * EVERY_MS);
            batches.close(now);
            for n in batches.newest() - 3..=batches.newest() {
                fetched.extend(batches.get(n).map(|text| (n, text)));
            }
            let union: Vec<serde_json::Value> = fetched.values().flat_map(|text| serde_json::from_str::<Vec<_>>(text.as_str()).unwrap()).collect();
            let all: Vec<serde_json::Value> = told.iter().map(|event| serde_json::from_str(&event.json).unwrap()).collect();
            prop_assert_eq!(union, all);
        }
    }

    #[test]
    fn what_is_old_or_was_never_is_gone() {
        let start = Timestamp(500_000_000);
        let mut batches = Batches::new(start);
        assert_eq!(batches.get(at(start)), None, "the room opened in the middle of it");
        batches.close(start.plus_ms(EVERY_MS * 3));
        assert_eq!(batches.newest(), at(start) + 2);
        assert_eq!(batches.get(at(start) + 1).as_ref().map(Text::as_str), Some("[]"));
        batches.close(start);
        assert_eq!(batches.newest(), at(start) + 2, "a clock that goes back closes nothing");
        batches.close(start.plus_ms(EVERY_MS * 400));
        assert_eq!(batches.get(at(start) + 1), None);
    }
}

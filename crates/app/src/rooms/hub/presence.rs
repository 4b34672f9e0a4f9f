//! How many are in a room, and what they clap.

use kernel::Timestamp;
use serde_json::{Map, Value};
use std::collections::HashMap;

/// Somebody who polls is here for so long.
const POLLER_MS: i64 = 30_000;
/// The count is told at most so often.
const TOLD_MS: i64 = 2_000;
/// Pollers that are told apart; more are not counted.
const POLLERS: usize = 200_000;

/// Ways to clap.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Reaction {
    /// Hands.
    Clap,
    /// A heart.
    Heart,
    /// A flower.
    Flower,
    /// A laugh.
    Laugh,
}

impl Reaction {
    const NAMES: [&'static str; 4] = ["clap", "heart", "flower", "laugh"];
}

/// How many are here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Here {
    /// The number.
    pub watching: usize,
    /// Its standard error; 0 when all were counted.
    pub error: usize,
}

impl From<usize> for Here {
    fn from(watching: usize) -> Self {
        Self { watching, error: 0 }
    }
}

/// Who is here, and what was clapped since the last tick.
#[derive(Debug, Default)]
pub struct Presence {
    sockets: usize,
    pollers: HashMap<u64, Timestamp>,
    told: Option<(Timestamp, Here)>,
    /// Of a crowd behind caches, which nobody sees coming: what its reports say.
    crowd: Option<Here>,
    reactions: [u64; 4],
}

impl Presence {
    /// Somebody came with a lasting connection.
    pub fn came(&mut self) {
        self.sockets += 1;
    }

    /// And went.
    pub fn went(&mut self) {
        self.sockets = self.sockets.saturating_sub(1);
    }

    /// Somebody polled; `who` tells one device from another.
    pub fn polled(&mut self, who: u64, now: Timestamp) {
        if self.pollers.len() < POLLERS || self.pollers.contains_key(&who) {
            self.pollers.insert(who, now);
        }
    }

    /// How many are here.
    pub fn watching(&self) -> usize {
        self.sockets + self.pollers.len()
    }

    /// The same, or what is known of the crowd.
    pub fn here(&self) -> Here {
        self.crowd.unwrap_or_else(|| self.watching().into())
    }

    /// Takes over what is known of the crowd; nothing where the connections themselves are counted.
    pub fn estimated(&mut self, crowd: Option<Here>) {
        self.crowd = crowd;
    }

    /// Adds a clap that stands for `weight`.
    pub fn react(&mut self, kind: Reaction, weight: u32) {
        self.reactions[kind as usize] += u64::from(weight);
    }

    /// The number to tell now, if it is another than the last and it is time.
    pub fn due(&mut self, now: Timestamp) -> Option<Here> {
        if self.told.is_some_and(|(at, _)| (0..TOLD_MS).contains(&(now - at))) {
            return None;
        }
        self.pollers.retain(|_, seen| now - *seen < POLLER_MS);
        let here = self.here();
        let before = self.told.replace((now, here)).map_or(Here::default(), |(_, before)| before);
        (before != here).then_some(here)
    }

    /// What was clapped since the last call.
    pub fn claps(&mut self) -> Option<Map<String, Value>> {
        let counts = std::mem::take(&mut self.reactions);
        let some: Map<_, _> =
            Reaction::NAMES.iter().zip(counts).filter(|(_, n)| *n > 0).map(|(name, n)| ((*name).to_owned(), Value::from(n))).collect();
        (!some.is_empty()).then_some(some)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn presence_is_told_at_most_every_two_seconds_and_pollers_fade() {
        let (mut here, start) = (Presence::default(), Timestamp(1_000_000));
        assert_eq!(here.due(start), None, "an empty room tells nothing");
        here.came();
        here.polled(7, start);
        here.polled(7, start);
        assert_eq!(here.due(start.plus_ms(1_999)), None);
        assert_eq!(here.due(start.plus_ms(2_000)), Some(2.into()));
        assert_eq!(here.due(start.plus_ms(9_000)), None, "as before");
        assert_eq!(here.due(start.plus_ms(30_000)), Some(1.into()), "the poller stayed away");
        let crowd = Here { watching: 4_000, error: 60 };
        here.estimated(Some(crowd));
        assert_eq!((here.due(start.plus_ms(32_000)), here.watching()), (Some(crowd), 1), "a crowd behind caches is estimated");
        here.estimated(None);
        assert_eq!(here.due(start.plus_ms(34_000)), Some(1.into()));
        here.went();
        here.went();
        assert_eq!(here.watching(), 0);
    }

    #[test]
    fn claps_are_summed() {
        let mut here = Presence::default();
        for kind in [Reaction::Clap, Reaction::Clap, Reaction::Laugh] {
            here.react(kind, 1);
        }
        assert_eq!(Value::Object(here.claps().unwrap()), serde_json::json!({ "clap": 2, "laugh": 1 }));
        assert_eq!(here.claps(), None);
    }
}

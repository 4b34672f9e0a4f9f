//! One room in memory: numbers, what is about to be told, who listens.

use super::batches::Batches;
use super::event::{Event, News};
use super::listener::Listener;
use super::log::Log;
use super::presence::{Here, Presence, Reaction};
use super::turn::Turn;
use super::{STEP, lock};
use crate::broadcasts::{Broadcast, BroadcastId};
use crate::machine::LoadStage;
use crate::rooms::api::wire::Text;
use crate::rooms::model::RoomRules;
use kernel::{AccountId, Timestamp};
use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use tokio::sync::watch;

/// A room that is open on this node.
#[derive(Debug)]
pub struct Room {
    /// Of which broadcast.
    pub id: BroadcastId,
    /// Whoever writes holds it from before his transaction until the hub knows, so that numbers are in the order of commits.
    writing: Arc<tokio::sync::Mutex<()>>,
    pub(super) inner: Mutex<Inner>,
    log: RwLock<Log>,
    /// The number of the next frame.
    news: watch::Sender<u64>,
    /// What people who come in are sent, as long as nothing was told since.
    pub(super) history: Mutex<Option<(i64, Timestamp, Text)>>,
}

/// What changes in it.
#[derive(Debug)]
pub(super) struct Inner {
    broadcast: Arc<Broadcast>,
    rules: RoomRules,
    /// How much is given up of it.
    stage: LoadStage,
    /// When the last frame was sent.
    sent_at: Timestamp,
    /// The last number given.
    given: i64,
    /// Numbers up to this one are ours to give.
    reserved: i64,
    /// Numbers from here on wait for a transaction that may still tell a smaller one.
    pub(super) held: Option<i64>,
    pub(super) pending: Vec<Event>,
    presence: Presence,
    batches: Batches,
    /// When somebody last came, said or fetched something.
    pub(super) used_at: Timestamp,
}

impl Room {
    pub(super) fn new(broadcast: Broadcast, (rules, stage): (RoomRules, LoadStage), numbers: (i64, i64), now: Timestamp) -> Self {
        let (id, (last, reserved)) = (broadcast.id, numbers);
        let inner = Inner {
            broadcast: Arc::new(broadcast),
            rules,
            stage,
            sent_at: now,
            given: last,
            reserved,
            held: None,
            pending: Vec::new(),
            presence: Presence::default(),
            batches: Batches::new(now),
            used_at: now,
        };
        Self {
            id,
            writing: Arc::default(),
            inner: Mutex::new(inner),
            log: RwLock::new(Log::new(last)),
            news: watch::Sender::new(0),
            history: Mutex::default(),
        }
    }

    /// Waits until nobody else writes.
    pub async fn turn(self: &Arc<Self>) -> Turn {
        let alone = self.writing.clone().lock_owned().await;
        Turn::new(self.clone(), alone)
    }

    /// The broadcast as last told.
    pub fn broadcast(&self) -> Arc<Broadcast> {
        lock(&self.inner).broadcast.clone()
    }

    /// How the room is run.
    pub fn rules(&self) -> RoomRules {
        lock(&self.inner).rules.clone()
    }

    /// Takes over how the broadcast stands now; true if that is news.
    pub fn set_broadcast(&self, broadcast: Broadcast) -> bool {
        let mut inner = lock(&self.inner);
        let newer = broadcast.version > inner.broadcast.version;
        if newer {
            inner.broadcast = Arc::new(broadcast);
        }
        newer
    }

    /// Takes over how the room is run now.
    pub fn set_rules(&self, rules: RoomRules) {
        lock(&self.inner).rules = rules;
    }

    /// How much is given up of it.
    pub fn stage(&self) -> LoadStage {
        lock(&self.inner).stage
    }

    /// Takes over how much is given up now; true if that is news.
    pub fn set_stage(&self, stage: LoadStage) -> bool {
        std::mem::replace(&mut lock(&self.inner).stage, stage) != stage
    }

    /// Tells something that no record keeps.
    pub fn tell(&self, news: News) {
        let mut inner = lock(&self.inner);
        let seq = inner.number();
        inner.pending.push(news.numbered(seq));
    }

    /// Somebody claps; where claps are sampled, one stands for `weight`, at most as many as the stage samples.
    pub fn react(&self, kind: Reaction, weight: u32, now: Timestamp) {
        let mut inner = lock(&self.inner);
        inner.used_at = now;
        let weight = weight.clamp(1, inner.stage.claps_one_in());
        inner.presence.react(kind, weight);
    }

    /// Somebody polls.
    pub fn polled(&self, who: u64, now: Timestamp) {
        let mut inner = lock(&self.inner);
        inner.used_at = now;
        inner.presence.polled(who, now);
    }

    /// Somebody fetches a file.
    pub fn used(&self, now: Timestamp) {
        lock(&self.inner).used_at = now;
    }

    /// How many are here.
    pub fn watching(&self) -> usize {
        lock(&self.inner).presence.watching()
    }

    /// How many are here, or how many of a crowd behind caches are said to be.
    pub fn here(&self) -> Here {
        lock(&self.inner).presence.here()
    }

    /// Takes over how many of a crowd behind caches watch, and the standard error of that; nothing where connections are counted.
    pub fn estimated(&self, crowd: Option<(i64, i64)>) {
        let whole = |n: i64| usize::try_from(n).unwrap_or(0);
        lock(&self.inner).presence.estimated(crowd.map(|(watching, error)| Here { watching: whole(watching), error: whole(error) }));
    }

    /// Whether nobody was here since `before`.
    pub(super) fn is_idle(&self, before: Timestamp) -> bool {
        let inner = lock(&self.inner);
        inner.used_at < before && inner.presence.watching() == 0 && inner.pending.is_empty() && self.writing.try_lock().is_ok()
    }

    /// Whether more numbers must be reserved soon.
    pub(super) fn wants_numbers(&self, left: i64) -> bool {
        let inner = lock(&self.inner);
        inner.reserved - inner.given < left
    }

    /// Goes on with other numbers, above all that were given.
    pub(super) fn take_numbers(&self, (last, reserved): (i64, i64)) {
        let mut inner = lock(&self.inner);
        if last >= inner.given {
            inner.given = last;
            inner.reserved = reserved;
        }
    }

    /// Sends what came up since the last tick: one frame, made once.
    pub fn tick(&self, now: Timestamp) {
        let mut inner = lock(&self.inner);
        inner.batches.close(now);
        if inner.waits(now) {
            return;
        }
        if let Some(here) = inner.presence.due(now) {
            let seq = inner.number();
            inner.pending.push(News::presence(here).numbered(seq));
        }
        if let Some(claps) = inner.presence.claps() {
            let seq = inner.number();
            inner.pending.push(News::reactions(&claps).numbered(seq));
        }
        let ready = inner.ready();
        if ready.is_empty() {
            return;
        }
        inner.sent_at = now;
        inner.batches.gather(&ready);
        // Still under the lock: two ticks at once would send their frames in either order.
        let mut log = self.log.write().unwrap_or_else(PoisonError::into_inner);
        log.push(ready);
        let next = log.next();
        drop(log);
        drop(inner);
        self.news.send_replace(next);
    }

    /// The number up to which everything was told.
    pub fn last(&self) -> i64 {
        self.read().last
    }

    /// What somebody has not heard yet who heard everything up to `after`; none when only the records know.
    pub fn since(&self, after: i64, account: Option<AccountId>, board: bool) -> Option<Vec<Event>> {
        self.read().since(after, account, board)
    }

    /// The newest batch that is closed.
    pub fn newest_batch(&self) -> i64 {
        lock(&self.inner).batches.newest()
    }

    /// A closed batch.
    pub fn batch(&self, n: i64) -> Option<Text> {
        lock(&self.inner).batches.get(n)
    }

    /// Listens from now on: the number up to which everything was told already, and what hears the rest.
    pub fn listen(self: &Arc<Self>, account: Option<AccountId>, board: bool) -> (i64, Listener) {
        lock(&self.inner).presence.came();
        let news = self.news.subscribe();
        let (last, at) = {
            let log = self.read();
            (log.last, log.next())
        };
        (last, Listener::new(self.clone(), news, at, account, board))
    }

    /// A listener went.
    pub(super) fn went(&self) {
        lock(&self.inner).presence.went();
    }

    pub(super) fn read(&self) -> std::sync::RwLockReadGuard<'_, Log> {
        self.log.read().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Inner {
    /// Whether talk is gathered longer. A clock that goes back holds nothing up.
    fn waits(&self, now: Timestamp) -> bool {
        (0..self.stage.pace_ms()).contains(&(now - self.sent_at)) && !self.pending.iter().any(Event::is_urgent)
    }

    pub(super) fn number(&mut self) -> i64 {
        self.given += STEP;
        self.given
    }

    /// Whatever may be told, in order; of several news about one question only the last.
    fn ready(&mut self) -> Vec<Event> {
        let held = self.held.unwrap_or(i64::MAX);
        let (mut ready, later): (Vec<_>, Vec<_>) = self.pending.drain(..).partition(|event| event.seq < held);
        self.pending = later;
        ready.sort_by_key(|event| std::cmp::Reverse(event.seq));
        let mut seen = HashSet::new();
        ready.retain(|event| event.question.is_none_or(|question| seen.insert(question)));
        ready.reverse();
        ready
    }
}

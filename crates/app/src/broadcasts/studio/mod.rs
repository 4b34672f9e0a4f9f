//! Studios: what runs while a broadcast is tested or on air. In memory; the row says what must survive.
//!
//! ```text
//! RTMP ─[`intake`]─┐
//! WHIP ─[`phones`]─┴► follow ─► preview (the host alone)
//!                       └────► air (everybody) ─closed segments─► [`recorder`] ─► files, rows
//!                               │ ▲
//!                      pictures ▼ │ smaller ones
//!                               [`ladder`]
//! ```
//!
//! * The newest publisher wins: an epoch tells whose words still count.
//! * The host's preview and what is on air are two packages, so that nobody can rewind into the test.

pub mod health;
pub mod intake;
mod ladder;
pub mod phones;
mod recorder;
pub mod rungs;

use super::{Broadcast, BroadcastId, State};
use health::Meter;
use live::{Event, Live, Packaging};
use phones::Phones;
use std::collections::{HashMap, HashSet};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use tokio::sync::{broadcast, oneshot};
use tokio_util::sync::CancellationToken;

/// Changes that a slow listener may be behind before it has to look for itself.
const NEWS: usize = 1024;

/// The studios of this node.
#[derive(Debug)]
pub struct Studios {
    open: Mutex<HashMap<BroadcastId, Arc<Studio>>>,
    /// Broadcasts whose last segments are still on their way to the disk.
    recording: Mutex<HashSet<BroadcastId>>,
    news: broadcast::Sender<BroadcastId>,
    /// Where publishers are taken in, once we listen.
    door: OnceLock<SocketAddr>,
    /// Where phones are answered, once we listen.
    phones: OnceLock<Phones>,
}

impl Default for Studios {
    fn default() -> Self {
        let news = broadcast::Sender::new(NEWS);
        Self { open: Mutex::default(), recording: Mutex::default(), news, door: OnceLock::new(), phones: OnceLock::new() }
    }
}

/// One broadcast that is tested, on air or shown.
#[derive(Debug)]
pub struct Studio {
    inner: Mutex<Inner>,
}

#[derive(Debug)]
struct Inner {
    /// As last told; players are let in by it without a look at the records.
    broadcast: Arc<Broadcast>,
    preview: Option<Arc<Live>>,
    air: Option<Arc<recorder::OnAir>>,
    publisher: Option<Publisher>,
    epochs: u64,
    meter: Meter,
}

/// Who sends now.
#[derive(Debug)]
struct Publisher {
    epoch: u64,
    /// It is a phone's browser and no encoder.
    phone: bool,
    /// Somebody took over.
    away: CancellationToken,
    /// Words that its encoder shows when it is turned away.
    last_word: Option<oneshot::Sender<String>>,
    /// How it is coded, for a package that begins later.
    coding: Vec<Event>,
}

impl Studios {
    /// The studio of a broadcast, opened when it is not yet.
    pub fn open(&self, broadcast: &Broadcast) -> Arc<Studio> {
        let mut open = lock(&self.open);
        open.entry(broadcast.id).or_insert_with(|| Arc::new(Studio::new(broadcast.clone()))).clone()
    }

    /// The studio of a broadcast, if it is open on this node.
    pub fn get(&self, id: BroadcastId) -> Option<Arc<Studio>> {
        lock(&self.open).get(&id).cloned()
    }

    /// Lets everybody know how a broadcast stands now. What is over closes its studio.
    pub fn tell(&self, broadcast: &Broadcast) {
        if let Some(studio) = self.get(broadcast.id) {
            studio.tell(broadcast);
            if broadcast.state.is_over() {
                lock(&self.open).remove(&broadcast.id);
            }
        }
        // Nobody may be listening.
        let _ = self.news.send(broadcast.id);
    }

    /// What an encoder is given as its server, for readers who come by `public_url`; empty while no broadcasts are taken in.
    pub fn address(&self, public_url: &str) -> String {
        let host = public_url.split("://").nth(1).unwrap_or_default().split('/').next().unwrap_or_default();
        let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
        self.door.get().map(|door| format!("rtmp://{name}:{}/{}", door.port(), intake::APPLICATION)).unwrap_or_default()
    }

    /// Tells where publishers are taken in.
    pub fn opened_at(&self, door: SocketAddr) {
        // A second server in one process keeps the first.
        let _ = self.door.set(door);
    }

    /// Where phones are answered; none while we do not listen for them.
    pub fn phones(&self) -> Option<&Phones> {
        self.phones.get()
    }

    /// The ids of broadcasts that changed, from now on.
    pub fn news(&self) -> broadcast::Receiver<BroadcastId> {
        self.news.subscribe()
    }

    /// Sends the publisher away, with words that its encoder shows.
    pub fn turn_away(&self, id: BroadcastId, why: &str) {
        if let Some(studio) = self.get(id) {
            studio.turn_away(why);
        }
    }

    /// Whether segments of a broadcast are still on their way to the disk.
    pub fn is_recording(&self, id: BroadcastId) -> bool {
        lock(&self.recording).contains(&id)
    }

    fn begin_recording(&self, id: BroadcastId) {
        lock(&self.recording).insert(id);
    }

    fn recorded(&self, id: BroadcastId) {
        lock(&self.recording).remove(&id);
    }

    /// Ids of the open studios.
    pub fn ids(&self) -> Vec<BroadcastId> {
        lock(&self.open).keys().copied().collect()
    }
}

impl Studio {
    fn new(broadcast: Broadcast) -> Self {
        let inner = Inner { broadcast: Arc::new(broadcast), preview: None, air: None, publisher: None, epochs: 0, meter: Meter::default() };
        Self { inner: Mutex::new(inner) }
    }

    /// The broadcast as last told.
    pub fn broadcast(&self) -> Arc<Broadcast> {
        self.inner().broadcast.clone()
    }

    /// What the host alone sees.
    pub fn preview(&self) -> Option<Arc<Live>> {
        self.inner().preview.clone()
    }

    /// What everybody sees.
    pub fn air(&self) -> Option<Arc<Live>> {
        self.inner().air.as_ref().map(|air| air.live.clone())
    }

    /// How well a publisher's picture and sound arrive.
    pub fn health(&self, now: kernel::Timestamp) -> health::Health {
        let inner = self.inner();
        let rungs = inner.air.as_ref().map(|air| air.rungs()).unwrap_or_default();
        let phone = inner.publisher.as_ref().is_some_and(|publisher| publisher.phone);
        health::Health { phone, rungs, ..inner.meter.report(inner.publisher.is_some(), now) }
    }

    /// Sends the publisher away, with words that its encoder shows.
    pub fn turn_away(&self, why: &str) {
        let word = self.inner().publisher.as_mut().and_then(|publisher| publisher.last_word.take());
        if let Some(word) = word {
            // Its connection may have ended by itself.
            let _ = word.send(why.to_owned());
        }
    }

    fn tell(&self, broadcast: &Broadcast) {
        let mut inner = self.inner();
        if broadcast.version >= inner.broadcast.version {
            inner.broadcast = Arc::new(broadcast.clone());
        }
        if broadcast.state.is_on_air() || broadcast.state.is_over() {
            inner.preview = None;
        }
        if broadcast.state.is_over() {
            // Its last segments go to the recorder; dropping it lets the recorder come to an end.
            if let Some(air) = inner.air.take() {
                air.end();
            }
        }
    }

    /// Lets a publisher in, in the place of the one before; its epoch, and what tells it to go.
    fn admit(&self, phone: bool, last_word: oneshot::Sender<String>, now: kernel::Timestamp) -> (u64, CancellationToken) {
        let mut inner = self.inner();
        if let Some(before) = inner.publisher.take() {
            before.away.cancel();
        }
        inner.preview = None;
        if let Some(air) = &inner.air {
            air.interrupt(now.0);
        }
        inner.epochs += 1;
        let (epoch, away) = (inner.epochs, CancellationToken::new());
        inner.publisher = Some(Publisher { epoch, phone, away: away.clone(), last_word: Some(last_word), coding: Vec::new() });
        inner.meter = Meter::default();
        (epoch, away)
    }

    /// The publisher of `epoch` is gone; true if it was still the newest.
    fn leave(&self, epoch: u64, now: kernel::Timestamp) -> bool {
        let mut inner = self.inner();
        if inner.publisher.as_ref().is_none_or(|newest| newest.epoch != epoch) {
            return false;
        }
        inner.publisher = None;
        inner.preview = None;
        if let Some(air) = &inner.air {
            air.interrupt(now.0);
        }
        true
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        lock(&self.inner)
    }
}

/// A panic elsewhere leaves nothing half done that others could see.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// How broadcasts are cut: the settings that the trial found best (docs: media, section 3).
fn packaging() -> Packaging {
    Packaging::default()
}

/// Whether a publisher may be let in to a broadcast that stands so.
fn takes_publishers(state: State, now: kernel::Timestamp) -> bool {
    state.after(super::rules::Signal::Publishing, now).is_ok()
}

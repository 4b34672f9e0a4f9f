//! The rooms of this node: in process, one sequence of events for each.
//!
//! ```text
//! action ─turn─► number ─commit─► pending ─tick─► frame ─► log ◄─ listeners, each at its own place
//!                                                   └────► batches (files for many)
//! ```
//!
//! * Numbers are multiples of [`STEP`]; those between are for what one reader alone is told when coming in.
//! * A tick makes one frame of what came up, as bytes; every socket sends the same. A listener is a place in the log and no queue,
//!   so that ten thousand cost no more memory than their connections.

pub mod batches;
pub mod event;
pub mod frame;
mod listener;
pub mod log;
pub mod presence;
mod room;
mod seats;
mod turn;

pub use event::{Event, News, To, array};
pub use listener::{Heard, Listener};
pub use presence::Reaction;
pub use room::Room;
pub use seats::Seat;
pub use turn::Turn;

use super::model::RoomRules;
use super::rules::WordList;
use super::store::{Talk, Words};
use crate::broadcasts::{Broadcast, BroadcastId};
use crate::db::{Db, DbError};
use crate::rooms::api::wire::Text;
use crate::state::App;
use kernel::Timestamp;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

/// From one number of a room to the next.
pub const STEP: i64 = 16;
/// Numbers that are reserved at once.
const BLOCK: i64 = STEP * 100_000;
/// A room in which nobody was for so long is forgotten; its records stay.
const IDLE_MS: i64 = 600_000;
/// How long people who come in are sent the same; it tells the time, too.
const HISTORY_MS: i64 = 500;
/// How long the word list is used before it is read anew; another node may have changed it.
const WORDS_MS: i64 = 10_000;

/// The rooms that are open on this node.
#[derive(Debug, Default)]
pub struct Rooms {
    open: Mutex<HashMap<BroadcastId, Arc<Room>>>,
    opening: tokio::sync::Mutex<()>,
    words: Mutex<Option<(Timestamp, Arc<WordList>)>>,
    /// Grows when everybody who stays must show again that he may.
    rounds: watch::Sender<u64>,
    closing: CancellationToken,
    seats: seats::Seats,
}

/// A panic elsewhere leaves nothing half done that others could see.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Rooms {
    /// The room of a broadcast, if it is open.
    pub fn get(&self, id: BroadcastId) -> Option<Arc<Room>> {
        lock(&self.open).get(&id).cloned()
    }

    /// The room of a broadcast, opened when it is not yet.
    pub async fn open(&self, app: &App, broadcast: Broadcast) -> Result<Arc<Room>, DbError> {
        if let Some(room) = self.get(broadcast.id) {
            return Ok(room);
        }
        // Numbers are reserved once, however many come in at the same moment.
        let _alone = self.opening.lock().await;
        if let Some(room) = self.get(broadcast.id) {
            return Ok(room);
        }
        let (rules, numbers) = reserve(&app.db, broadcast.id).await?;
        let stage = broadcast.stage(app);
        let room = Arc::new(Room::new(broadcast, (rules, stage), numbers, app.clock.now()));
        lock(&self.open).insert(room.id, room.clone());
        Ok(room)
    }

    /// Every open room.
    pub fn all(&self) -> Vec<Arc<Room>> {
        lock(&self.open).values().cloned().collect()
    }

    /// Forgets a room as a restart does; its records stay, and whoever listens hears nothing more.
    pub fn forget(&self, id: BroadcastId) {
        lock(&self.open).remove(&id);
    }

    /// How many are in a room now, as far as this node knows: sockets, streams, and who polled lately.
    pub fn watching(&self, id: BroadcastId) -> usize {
        self.get(id).map_or(0, |room| room.watching())
    }

    /// Sends what came up in every room since the last tick.
    pub fn tick(&self, now: Timestamp) {
        for room in self.all() {
            room.tick(now);
        }
    }

    /// Reserves numbers where they run out, and forgets rooms in which nobody is.
    pub async fn tidy(&self, app: &App) -> Result<(), DbError> {
        let before = app.clock.now().plus_ms(-IDLE_MS);
        // Those who are on their way in hold the room as well.
        lock(&self.open).retain(|_, room| Arc::strong_count(room) > 1 || !room.is_idle(before));
        for room in self.all().into_iter().filter(|room| room.wants_numbers(BLOCK / 2)) {
            room.take_numbers(reserve(&app.db, room.id).await?.1);
        }
        Ok(())
    }

    /// Has everybody who stays asked again whether he may.
    pub fn go_round(&self) {
        self.rounds.send_modify(|n| *n += 1);
    }

    /// Hears of each round from now on.
    pub fn rounds(&self) -> watch::Receiver<u64> {
        self.rounds.subscribe()
    }

    /// Sends everybody away: the server stops.
    pub fn close(&self) {
        self.closing.cancel();
    }

    /// A place for a lasting connection from `address`, unless it holds `most` already.
    pub fn seat(&self, address: &str, most: u32) -> Option<Seat> {
        self.seats.take(address, most as usize)
    }

    /// Fires when the server stops.
    pub fn closing(&self) -> CancellationToken {
        self.closing.clone()
    }

    /// The word list, at most a few seconds old.
    pub async fn words(&self, app: &App) -> Result<Arc<WordList>, DbError> {
        let now = app.clock.now();
        let known = lock(&self.words).clone();
        if let Some((_, list)) = known.filter(|(at, _)| (0..WORDS_MS).contains(&(now - *at))) {
            return Ok(list);
        }
        let list = Arc::new(WordList::of(&Words(&mut app.db.read().await?).all().await?));
        *lock(&self.words) = Some((now, list.clone()));
        Ok(list)
    }

    /// The word list was changed.
    pub fn forget_words(&self) {
        *lock(&self.words) = None;
    }
}

impl Room {
    /// What people who come in are sent, if nothing was told since it was made a moment ago.
    pub fn history(&self, last: i64, now: Timestamp) -> Option<Text> {
        let young = |at: Timestamp| (0..HISTORY_MS).contains(&(now - at));
        lock(&self.history).as_ref().filter(|(told, at, _)| *told == last && young(*at)).map(|(.., text)| text.clone())
    }

    /// Keeps it for the next who comes in.
    pub fn keep_history(&self, last: i64, now: Timestamp, text: Text) {
        *lock(&self.history) = Some((last, now, text));
    }
}

/// How the room is run, and numbers for this node alone.
async fn reserve(db: &Db, id: BroadcastId) -> Result<(RoomRules, (i64, i64)), DbError> {
    let mut tx = db.begin().await?;
    let last = Talk(&mut tx).take_numbers(id, BLOCK).await?;
    let rules = Talk(&mut tx).rules(id).await?;
    tx.commit().await?;
    // The very first number is above 0, which means that nothing was heard.
    Ok((rules, (last + STEP, last + BLOCK)))
}

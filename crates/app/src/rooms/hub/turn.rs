//! The right to write in a room.

use super::event::News;
use super::lock;
use super::room::Room;
use kernel::Timestamp;
use std::sync::Arc;
use tokio::sync::OwnedMutexGuard;

/// The right to write in a room. Numbers that were taken and not told are never told.
#[derive(Debug)]
pub struct Turn {
    room: Arc<Room>,
    _alone: OwnedMutexGuard<()>,
}

impl Turn {
    pub(super) const fn new(room: Arc<Room>, alone: OwnedMutexGuard<()>) -> Self {
        Self { room, _alone: alone }
    }

    /// The room.
    pub fn room(&self) -> &Arc<Room> {
        &self.room
    }

    /// The next number. What others tell after it waits until this turn ends.
    pub fn number(&self) -> i64 {
        let mut inner = lock(&self.room.inner);
        let number = inner.number();
        inner.held.get_or_insert(number);
        number
    }

    /// Tells what was committed, each with the number that was taken for it.
    pub fn tell(&self, news: impl IntoIterator<Item = (i64, News)>, now: Timestamp) {
        let mut inner = lock(&self.room.inner);
        inner.used_at = now;
        inner.pending.extend(news.into_iter().map(|(seq, news)| news.numbered(seq)));
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        lock(&self.room.inner).held = None;
    }
}

//! Somebody who listens: a place in the log of a room.

use super::log::Found;
use super::room::Room;
use crate::rooms::api::wire::Text;
use kernel::AccountId;
use std::collections::VecDeque;
use std::sync::Arc;
use tokio::sync::watch;

/// Somebody who listens.
#[derive(Debug)]
pub struct Listener {
    room: Arc<Room>,
    news: watch::Receiver<u64>,
    at: u64,
    account: Option<AccountId>,
    board: bool,
    ready: VecDeque<Heard>,
}

/// What a listener hears.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Heard {
    /// Events, and the number up to which they reach.
    Events(i64, Text),
    /// Too far behind: come in anew, with the number that was heard last.
    Lost,
    /// Sent out of the room.
    Out,
}

impl Listener {
    pub(super) const fn new(room: Arc<Room>, news: watch::Receiver<u64>, at: u64, account: Option<AccountId>, board: bool) -> Self {
        Self { room, news, at, account, board, ready: VecDeque::new() }
    }

    /// The next that this reader is sent. A reader who comes back for it late misses chat, and nothing else.
    pub async fn next(&mut self) -> Heard {
        loop {
            if let Some(heard) = self.ready.pop_front() {
                return heard;
            }
            let found = self.room.read().frame(self.at);
            match found {
                Found::Frame(frame, behind) => {
                    self.at = frame.number + 1;
                    let heard = |text: &Text| Heard::Events(frame.last, text.clone());
                    self.ready.extend(frame.shared(self.board, behind).map(heard));
                    for (text, out) in frame.own(self.account) {
                        self.ready.push_back(heard(text));
                        self.ready.extend(out.then_some(Heard::Out));
                    }
                }
                Found::Lost => return Heard::Lost,
                // The room holds its own sender, so this ends only by news.
                Found::Nothing => drop(self.news.changed().await),
            }
        }
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        self.room.went();
    }
}

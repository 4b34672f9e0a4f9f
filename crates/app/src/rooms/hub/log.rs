//! What a room told lately: whoever comes back goes on from it, and slow readers catch up in it.

use super::event::Event;
use super::frame::Frame;
use kernel::AccountId;
use std::collections::VecDeque;
use std::sync::Arc;

/// Events that somebody who comes back finds in memory; whoever was away longer is answered from the records.
const EVENTS: usize = 500;
/// Frames that a reader may be behind before he misses chat.
const FRAMES: usize = 64;
/// Frames with what a moderator did, which a reader may be behind before he is sent away to come back.
const KEPT: usize = 512;

/// The memory of a room.
#[derive(Debug)]
pub struct Log {
    /// The number up to which everything was told.
    pub last: i64,
    /// Events with numbers above this are in `events`.
    floor: i64,
    events: VecDeque<Event>,
    frames: VecDeque<Arc<Frame>>,
    kept: VecDeque<Arc<Frame>>,
    /// Number of the next frame.
    next: u64,
    /// The first frame whose moderation is still in memory.
    kept_from: u64,
}

/// What a reader finds.
#[derive(Debug)]
pub enum Found {
    /// A frame, and whether chat was missed before it.
    Frame(Arc<Frame>, bool),
    /// Nothing new.
    Nothing,
    /// The reader is so far behind that he has to come in anew.
    Lost,
}

impl Log {
    /// A room that has told nothing since `last`.
    pub fn new(last: i64) -> Self {
        Self { last, floor: last, events: VecDeque::new(), frames: VecDeque::new(), kept: VecDeque::new(), next: 0, kept_from: 0 }
    }

    /// The number of the frame that comes next.
    pub const fn next(&self) -> u64 {
        self.next
    }

    /// Adds the events of a tick.
    pub fn push(&mut self, events: Vec<Event>) {
        let Some(newest) = events.last() else { return };
        self.last = newest.seq;
        let frame = Arc::new(Frame::of(self.next, self.last, &events));
        self.next += 1;
        if frame.has_kept() {
            self.kept.push_back(frame.clone());
        }
        self.frames.push_back(frame);
        if self.frames.len() > FRAMES {
            self.frames.pop_front();
        }
        if self.kept.len() > KEPT
            && let Some(gone) = self.kept.pop_front()
        {
            self.kept_from = gone.number + 1;
        }
        self.events.extend(events);
        while self.events.len() > EVENTS {
            if let Some(gone) = self.events.pop_front() {
                self.floor = gone.seq;
            }
        }
    }

    /// The frame at `at` or, when it is gone, the first later one with something that must not be missed.
    pub fn frame(&self, at: u64) -> Found {
        let first = self.next - self.frames.len() as u64;
        if at >= self.next {
            return Found::Nothing;
        }
        if at >= first {
            return Found::Frame(self.frames[(at - first) as usize].clone(), false);
        }
        if at < self.kept_from {
            return Found::Lost;
        }
        let earlier = self.kept.partition_point(|frame| frame.number < at);
        match self.kept.get(earlier).filter(|frame| frame.number < first) {
            Some(frame) => Found::Frame(frame.clone(), true),
            None => Found::Frame(self.frames[0].clone(), false),
        }
    }

    /// What a reader has not heard yet who heard everything up to `after`; none when the memory does not reach back so far.
    pub fn since(&self, after: i64, account: Option<AccountId>, board: bool) -> Option<Vec<Event>> {
        let some = || self.events.iter().filter(|e| e.seq > after && e.is_for(account, board)).cloned().collect();
        (after >= self.floor).then(some)
    }
}

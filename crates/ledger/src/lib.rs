//! An append-only ledger of events, each counted once, none lost.
//!
//! ```text
//! append ─► bounded queue ─► writer thread: seen before? ─► one write, one fdatasync ─► answers to the whole batch
//!                                             │ dedup.rs       │ segment.rs, format.rs
//! open ─► lock, cut torn tail, snapshot or replay (recovery.rs, snapshot.rs)
//! read, events ◄─ segments up to the durable head (reader.rs)
//!
//! folder: lock · 00000000000000000000.segment · 00000000000003728270.segment · … · seen.snapshot
//! ```
//!
//! * An answer (also "duplicate") means that the event is on disk: it survives `kill -9` and a power cut.
//! * An error means that the event does not count; it may be sent again.
//! * Offsets count events from 0, have no gaps and stay the same for ever: a reader that keeps the offset after its
//!   last event together with its totals counts everything exactly once.
//! * Readers never wait for the writer, and never see what is not durable.
//! * A torn tail is cut off at opening; damage anywhere else is an error with file and byte. Damage to the very last
//!   batch after a crash looks like a torn tail; after a clean close the snapshot gives it away.
//! * To back up a running ledger copy the snapshot first, then the segments from the oldest to the newest.
//! * Not here: what an event means, and the totals made from them.

mod dedup;
mod error;
mod event;
mod format;
mod reader;
mod recovery;
mod segment;
mod snapshot;
mod weight;
mod writer;

pub use error::LedgerError;
pub use event::{Appended, Event, Offset};
pub use reader::Events;
pub use weight::Weight;

use reader::Durable;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::thread::{self, JoinHandle};
use tokio::sync::{mpsc, oneshot};
use writer::{Message, REQUEST_EVENTS, Request, Writer};

/// How a ledger is kept.
#[derive(Debug, Clone)]
pub struct Options {
    /// A segment that has reached this size in bytes is followed by a new one. Default 256 MiB, about 3.7 million events.
    pub segment_bytes: u64,
    /// How many requests may wait before `append` itself waits. Default 1024.
    pub queue_requests: usize,
    /// For each kind, how many milliseconds after an event the same key is still a duplicate. Kinds that are missing
    /// are never deduplicated. An event that comes more than two hours late may be counted although its twin was.
    pub windows_ms: BTreeMap<u8, i64>,
}

impl Default for Options {
    fn default() -> Self {
        Self { segment_bytes: 256 << 20, queue_requests: 1024, windows_ms: BTreeMap::new() }
    }
}

/// An open ledger; share it in an `Arc`. Dropping it writes what is queued and joins its thread, so it may block.
#[derive(Debug)]
pub struct Ledger {
    durable: Arc<Durable>,
    /// There until drop.
    queue: Option<mpsc::Sender<Message>>,
    writer: Option<JoinHandle<()>>,
}

impl Ledger {
    /// Opens the ledger in `dir`, making the folder if needed. Reads files, so it blocks: some seconds per ten million
    /// events of the longest window after a crash.
    ///
    /// # Errors
    ///
    /// * [`LedgerError::Locked`]: it is open already, here or in another process.
    /// * [`LedgerError::Corrupt`]: events that were durable are damaged or missing. Nothing is repaired by guess.
    /// * [`LedgerError::Io`]: the folder cannot be used.
    pub fn open(dir: impl AsRef<Path>, options: &Options) -> Result<Self, LedgerError> {
        let dir = dir.as_ref();
        let recovered = recovery::recover(dir, options)?;
        let durable = Arc::clone(&recovered.durable);
        let writer = Writer::new(dir.to_owned(), options.segment_bytes, recovered);
        let (queue, inbox) = mpsc::channel(options.queue_requests.max(1));
        let thread = thread::Builder::new().name("ledger-writer".to_owned()).spawn(move || writer.run(inbox));
        let writer = thread.map_err(LedgerError::io("start a thread for", dir))?;
        Ok(Self { durable, queue: Some(queue), writer: Some(writer) })
    }

    /// Keeps one event and returns once it is durable. Waits while the queue is full.
    ///
    /// A caller that is dropped while waiting has not withdrawn the event: it may be kept. Repeat it to know.
    ///
    /// # Errors
    ///
    /// [`LedgerError::Io`] (nothing was kept; ask [`LedgerError::is_disk_full`]) or [`LedgerError::Closed`].
    pub async fn append(&self, event: Event) -> Result<Appended, LedgerError> {
        self.request(vec![event]).await?.pop().ok_or(LedgerError::Closed)
    }

    /// Keeps many events, answered in their order; much cheaper than one by one. Up to 1024 events are kept or refused
    /// together; of a longer list an error may leave a first part kept, which a repetition answers with
    /// [`Appended::Duplicate`] (if its kind has a window).
    ///
    /// # Errors
    ///
    /// As [`Self::append`].
    pub async fn append_all(&self, mut events: Vec<Event>) -> Result<Vec<Appended>, LedgerError> {
        let mut answers = Vec::with_capacity(events.len());
        while events.len() > REQUEST_EVENTS {
            let rest = events.split_off(REQUEST_EVENTS);
            answers.append(&mut self.request(events).await?);
            events = rest;
        }
        if !events.is_empty() {
            answers.append(&mut self.request(events).await?);
        }
        Ok(answers)
    }

    async fn request(&self, events: Vec<Event>) -> Result<Vec<Appended>, LedgerError> {
        let (reply, answer) = oneshot::channel();
        self.tell(Message::Append(Request { events, reply })).await?;
        answer.await.map_err(|_| LedgerError::Closed)?
    }

    async fn tell(&self, message: Message) -> Result<(), LedgerError> {
        let queue = self.queue.as_ref().ok_or(LedgerError::Closed)?;
        queue.send(message).await.map_err(|_| LedgerError::Closed)
    }

    /// The offset after the last durable event; equally, how many there are.
    pub fn head(&self) -> Offset {
        Offset(self.durable.head())
    }

    /// At most `max` durable events from `from` on; none at or beyond the head. Reads files, so it blocks.
    ///
    /// # Errors
    ///
    /// [`LedgerError::Corrupt`] or [`LedgerError::Io`].
    pub fn read(&self, from: Offset, max: usize) -> Result<Vec<(Offset, Event)>, LedgerError> {
        Events::new(Arc::clone(&self.durable), from.0, from.0.saturating_add(max as u64)).collect()
    }

    /// All events that are durable now, from `from` on, in bounded memory: for a recount. Does not borrow the ledger, so
    /// it can go to a blocking thread.
    pub fn events(&self, from: Offset) -> Events {
        Events::new(Arc::clone(&self.durable), from.0, u64::MAX)
    }

    /// Keeps what was asked before, refuses what comes after, and unlocks the folder. Reading stays possible.
    ///
    /// # Errors
    ///
    /// [`LedgerError::Io`] when the snapshot could not be written (no event is lost, the next start is slower);
    /// [`LedgerError::Closed`] when it was closed before.
    pub async fn close(&self) -> Result<(), LedgerError> {
        let (reply, answer) = oneshot::channel();
        self.tell(Message::Close(reply)).await?;
        answer.await.map_err(|_| LedgerError::Closed)?
    }
}

impl Drop for Ledger {
    fn drop(&mut self) {
        // Without senders the writer finishes the queue and stops.
        drop(self.queue.take());
        if let Some(writer) = self.writer.take()
            && writer.join().is_err()
        {
            tracing::error!("the ledger's writer panicked");
        }
    }
}

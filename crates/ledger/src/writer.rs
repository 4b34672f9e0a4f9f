//! The one thread that writes: it takes all that waits, writes it at once, flushes once, then answers everybody.

use crate::dedup::Dedup;
use crate::error::LedgerError;
use crate::event::{Appended, Event, Offset};
use crate::format::{self, HEADER_BYTES, RECORD_BYTES};
use crate::reader::Durable;
use crate::recovery::Recovered;
use crate::segment::Segment;
use crate::snapshot;
use std::fs::File;
use std::os::unix::fs::FileExt;
use std::path::PathBuf;
use std::sync::Arc;
use tokio::sync::{mpsc, oneshot};

/// Most events in one request; `append_all` splits longer lists.
pub(crate) const REQUEST_EVENTS: usize = 1024;
/// A batch takes no further request once it has this many events. A record's batch index has 16 bits.
const BATCH_EVENTS: usize = 16 * 1024;
const _: () = assert!(BATCH_EVENTS + REQUEST_EVENTS <= u16::MAX as usize);

type Answer = Result<Vec<Appended>, LedgerError>;

/// Some events, and where to say what became of them.
pub(crate) struct Request {
    pub(crate) events: Vec<Event>,
    pub(crate) reply: oneshot::Sender<Answer>,
}

/// What the writer is told.
pub(crate) enum Message {
    Append(Request),
    /// Finish what was asked before, then stop.
    Close(oneshot::Sender<Result<(), LedgerError>>),
}

/// The state of the writing thread.
pub(crate) struct Writer {
    dir: PathBuf,
    segment_bytes: u64,
    lock: File,
    durable: Arc<Durable>,
    newest: Arc<Segment>,
    dedup: Dedup,
    /// Size of the newest segment up to which it is durable.
    durable_bytes: u64,
    /// A write beyond `durable_bytes` was begun and not completed.
    torn: bool,
    /// The records of the present batch.
    buffer: Vec<u8>,
}

impl Writer {
    /// A writer that goes on where `recovered` ends.
    pub(crate) fn new(dir: PathBuf, segment_bytes: u64, recovered: Recovered) -> Self {
        let Recovered { lock, durable, newest, dedup } = recovered;
        let durable_bytes = format::byte_of(durable.head(), newest.base);
        Self { dir, segment_bytes, lock, durable, newest, dedup, durable_bytes, torn: false, buffer: Vec::new() }
    }

    /// Works until it's told to close or nobody can ask any more, then leaves a snapshot and unlocks the folder.
    pub(crate) fn run(mut self, mut inbox: mpsc::Receiver<Message>) {
        let mut closing = None;
        while closing.is_none()
            && let Some(first) = inbox.blocking_recv()
        {
            let mut batch = Vec::new();
            let (mut next, mut events) = (Some(first), 0);
            while let Some(message) = next.take() {
                match message {
                    Message::Append(request) => {
                        events += request.events.len();
                        batch.push(request);
                        next = if events < BATCH_EVENTS { inbox.try_recv().ok() } else { None };
                    }
                    Message::Close(reply) => closing = Some(reply),
                }
            }
            self.commit(batch);
        }
        // Whoever still waits hears that the ledger is closed.
        drop(inbox);
        let saved = self.mend().and_then(|()| snapshot::save(&self.dir, &self.dedup, self.durable.head()));
        if let Err(error) = &saved {
            tracing::warn!(%error, "no snapshot left, the next start replays events");
        }
        drop(self.lock);
        if let Some(reply) = closing {
            // A closer that went away does not need the answer.
            let _ = reply.send(saved);
        }
    }

    fn commit(&mut self, batch: Vec<Request>) {
        let answers: Vec<Vec<Appended>> = batch.iter().map(|request| self.enter(&request.events)).collect();
        let written = self.persist();
        match &written {
            Ok(()) => self.dedup.keep(),
            Err(error) => {
                tracing::error!(%error, requests = batch.len(), "batch not written");
                self.dedup.take_back();
            }
        }
        self.buffer.clear();
        for (request, answer) in batch.into_iter().zip(answers) {
            // A caller that went away (a closed connection) does not need the answer.
            let _ = request.reply.send(written.clone().map(|()| answer));
        }
    }

    /// Puts what is new among `events` into the buffer.
    fn enter(&mut self, events: &[Event]) -> Vec<Appended> {
        let head = self.durable.head();
        let place = |event| {
            if !self.dedup.admit(event) {
                return Appended::Duplicate;
            }
            let index = self.buffer.len() / RECORD_BYTES;
            let offset = head + index as u64;
            format::encode(event, offset, index as u16, &mut self.buffer);
            Appended::Fresh { offset: Offset(offset) }
        };
        events.iter().map(place).collect()
    }

    /// Makes the buffer durable and visible, or leaves everything as it was.
    fn persist(&mut self) -> Result<(), LedgerError> {
        if self.buffer.is_empty() {
            return Ok(());
        }
        self.mend()?;
        if self.durable_bytes >= self.segment_bytes.max(HEADER_BYTES + 1) {
            self.roll()?;
        }
        self.torn = true;
        if let Err(error) = self.write() {
            if let Err(error) = self.mend() {
                tracing::error!(%error, "cannot take back an unfinished write, will try again before the next one");
            }
            return Err(error);
        }
        self.torn = false;
        self.durable_bytes += self.buffer.len() as u64;
        self.durable.advance(self.durable.head() + (self.buffer.len() / RECORD_BYTES) as u64);
        Ok(())
    }

    fn write(&self) -> Result<(), LedgerError> {
        let Segment { file, path, .. } = &*self.newest;
        file.write_all_at(&self.buffer, self.durable_bytes).map_err(LedgerError::io("write", path))?;
        file.sync_data().map_err(LedgerError::io("flush", path))
    }

    /// Removes what a failed write left, so that it can never be counted.
    fn mend(&mut self) -> Result<(), LedgerError> {
        if self.torn {
            self.newest.cut(self.durable_bytes)?;
            self.torn = false;
        }
        Ok(())
    }

    fn roll(&mut self) -> Result<(), LedgerError> {
        self.newest = Arc::new(Segment::create(&self.dir, self.durable.head())?);
        self.durable_bytes = HEADER_BYTES;
        self.durable.add(Arc::clone(&self.newest));
        Ok(())
    }
}

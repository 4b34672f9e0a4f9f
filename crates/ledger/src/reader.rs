//! Reading durable events in order, in bounded memory, while others append.

use crate::error::LedgerError;
use crate::event::{Event, Offset};
use crate::format::{self, RECORD_BYTES};
use crate::segment::Segment;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

/// Records read from disk in one piece: 576 KiB.
const PIECE: u64 = 8192;

/// What the writer has made durable, as readers see it.
#[derive(Debug)]
pub(crate) struct Durable {
    /// Oldest first, never empty, without gaps.
    segments: RwLock<Vec<Arc<Segment>>>,
    head: AtomicU64,
}

impl Durable {
    pub(crate) fn new(segments: Vec<Arc<Segment>>, head: u64) -> Self {
        Self { segments: RwLock::new(segments), head: AtomicU64::new(head) }
    }

    /// The offset after the last durable event.
    pub(crate) fn head(&self) -> u64 {
        self.head.load(Ordering::Acquire)
    }

    /// Shows readers what is durable by now.
    pub(crate) fn advance(&self, head: u64) {
        self.head.store(head, Ordering::Release);
    }

    /// Adds a segment that begins at the head.
    pub(crate) fn add(&self, segment: Arc<Segment>) {
        self.segments.write().unwrap_or_else(PoisonError::into_inner).push(segment);
    }

    /// The segments' first offsets, oldest first.
    pub(crate) fn bases(&self) -> Vec<u64> {
        self.segments.read().unwrap_or_else(PoisonError::into_inner).iter().map(|segment| segment.base).collect()
    }

    /// The segment that holds `offset`, and the offset after its last record (`head` for the newest one).
    fn find(&self, offset: u64, head: u64) -> (Arc<Segment>, u64) {
        let segments = self.segments.read().unwrap_or_else(PoisonError::into_inner);
        let after = segments.partition_point(|segment| segment.base <= offset);
        let end = segments.get(after).map_or(head, |next| next.base);
        (Arc::clone(&segments[after - 1]), end)
    }
}

/// Durable events in order, read piece by piece; see [`crate::Ledger::events`]. Its `next` reads files, so it blocks.
#[derive(Debug)]
pub struct Events {
    durable: Arc<Durable>,
    next: u64,
    end: u64,
    /// The piece at hand, which begins with the record of offset `piece_from` of `segment`.
    piece: Vec<u8>,
    piece_from: u64,
    segment: Option<Arc<Segment>>,
}

impl Events {
    /// The events from `from` up to, but not including, `end` or the head.
    pub(crate) fn new(durable: Arc<Durable>, from: u64, end: u64) -> Self {
        let end = end.min(durable.head());
        Self { durable, next: from, end, piece: Vec::new(), piece_from: from, segment: None }
    }

    fn read(&mut self) -> Result<(Offset, Event), LedgerError> {
        let (piece_from, at) = (self.piece_from, (self.next - self.piece_from) as usize);
        let (segment, bytes) = match &self.segment {
            Some(segment) if at * RECORD_BYTES < self.piece.len() => (segment, &self.piece),
            _ => return self.fill().and_then(|()| self.read()),
        };
        let record = bytes.as_chunks().0[at];
        let offset = piece_from + at as u64;
        let record = format::decode(&record, offset).ok_or_else(|| segment.corrupt(offset))?;
        Ok((Offset(offset), record.event))
    }

    fn fill(&mut self) -> Result<(), LedgerError> {
        let (segment, segment_end) = self.durable.find(self.next, self.end);
        let records = (segment_end.min(self.end) - self.next).min(PIECE);
        self.piece.resize(records as usize * RECORD_BYTES, 0);
        segment.read_at(&mut self.piece, format::byte_of(self.next, segment.base))?;
        self.piece_from = self.next;
        self.segment = Some(segment);
        Ok(())
    }
}

impl Iterator for Events {
    type Item = Result<(Offset, Event), LedgerError>;

    /// After an error there is nothing more.
    fn next(&mut self) -> Option<Self::Item> {
        if self.next >= self.end {
            return None;
        }
        let event = self.read();
        self.next = if event.is_ok() { self.next + 1 } else { self.end };
        Some(event)
    }
}

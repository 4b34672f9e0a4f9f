//! One track: samples become frames, frames parts, parts segments.

use bytes::Bytes;

use super::{
    Output,
    timeline::Timeline,
    window::{SegmentInfo, Window},
};
use crate::{
    Track,
    fmp4::{Frame, fragment},
};

/// A part is sent early, before another sample shows that it is full, only when it is at least this full, per cent: less is
/// forbidden except at the end of a segment (draft-pantos-hls-rfc8216bis §4.4.4.9).
const LEAST_PART_PERCENT: u64 = 85;

/// A sample whose length is not known before the next one comes.
#[derive(Debug)]
pub(super) struct Held {
    /// Decoding time, ticks.
    pub(super) start: u64,
    /// Presentation minus decoding time, ticks.
    pub(super) cts: i32,
    pub(super) key: bool,
    pub(super) data: Bytes,
}

/// Writes one track. It always holds one sample of the open segment back, so that a part once announced does come.
#[derive(Debug)]
pub(super) struct TrackWriter {
    pub(super) window: Window,
    track: Track,
    timescale: u32,
    /// Ticks that a part may have.
    part_limit: u64,
    keep_s: u32,
    timeline: Timeline,
    sequence: u32,
    held: Option<Held>,
    /// How long a sample lasts that none follows, ticks.
    usual: u64,
    part: Vec<Frame>,
    part_start: u64,
    part_ticks: u64,
    segment_start: Option<u64>,
    end: u64,
}

impl TrackWriter {
    pub(super) fn new(track: Track, keep_s: u32) -> Self {
        Self {
            window: Window::default(),
            track,
            timescale: 1000,
            part_limit: 0,
            keep_s,
            timeline: Timeline::default(),
            sequence: 0,
            held: None,
            usual: 0,
            part: Vec::new(),
            part_start: 0,
            part_ticks: 0,
            segment_start: None,
            end: 0,
        }
    }

    /// A track of which segments before `next_msn` and milliseconds before `end_ms` are gone.
    pub(super) fn resume(track: Track, keep_s: u32, next_msn: u64, end_ms: i64) -> Self {
        let fresh = Self::new(track, keep_s);
        // Ticks are milliseconds until a timeline begins.
        Self { window: Window::starting_at(next_msn), end: end_ms.max(0) as u64, ..fresh }
    }

    /// Begins a timeline; the one before was finished.
    pub(super) fn begin(&mut self, timeline: Timeline, timescale: u32, usual: u64, part_ms: u32) {
        self.end = self.end * u64::from(timescale) / u64::from(self.timescale);
        (self.timeline, self.timescale, self.usual) = (timeline, timescale, usual);
        self.part_limit = u64::from(part_ms) * u64::from(timescale) / 1000;
    }

    pub(super) fn part_limit(&self) -> u64 {
        self.part_limit
    }

    pub(super) fn held_start(&self) -> Option<u64> {
        self.held.as_ref().map(|held| held.start)
    }

    /// Where the open segment began, if there is one.
    pub(super) fn segment_start(&self) -> Option<u64> {
        self.segment_start
    }

    pub(super) fn ticks(&self, ms: i64) -> i64 {
        ms.saturating_mul(i64::from(self.timescale)) / 1000
    }

    pub(super) fn ms(&self, ticks: u64) -> i64 {
        (ticks * 1000 / u64::from(self.timescale)) as i64
    }

    /// The end of what came so far, milliseconds of the broadcast, rounded up.
    pub(super) fn end_ms(&self) -> i64 {
        let end = self.held.as_ref().map_or(self.end, |held| held.start + self.usual);
        (end * 1000).div_ceil(u64::from(self.timescale)) as i64
    }

    /// The held sample lasts until `until`.
    pub(super) fn release(&mut self, until: u64, out: &mut Output) {
        let Some(held) = self.held.take() else { return };
        let ticks = until - held.start;
        self.usual = ticks;
        self.end = until;
        if self.part_ticks + ticks > self.part_limit {
            self.flush(out);
        }
        if self.part.is_empty() {
            self.part_start = held.start;
        }
        self.part_ticks += ticks;
        self.part.push(Frame { duration: ticks as u32, cts: held.cts, key: held.key, data: held.data });
        let full_enough = self.part_ticks * 100 >= self.part_limit * LEAST_PART_PERCENT;
        if full_enough && self.part_ticks + ticks > self.part_limit {
            self.flush(out);
        }
    }

    pub(super) fn hold(&mut self, held: Held) {
        self.segment_start.get_or_insert(held.start);
        self.held = Some(held);
    }

    /// Ends the open segment; its length in milliseconds.
    pub(super) fn close(&mut self, out: &mut Output) -> Option<i64> {
        self.flush(out);
        self.segment_start = None;
        let closed = self.window.close(self.keep_s)?;
        let ms = self.ms(closed.info.ticks);
        out.closed_segments.push(closed);
        Some(ms)
    }

    /// Nothing follows: the held sample gets its usual length and the segment ends.
    pub(super) fn finish(&mut self, out: &mut Output) -> Option<i64> {
        if let Some(start) = self.held_start() {
            self.release(start + self.usual, out);
        }
        self.close(out)
    }

    fn flush(&mut self, out: &mut Output) {
        let Some(first) = self.part.first() else { return };
        let info = SegmentInfo {
            track: self.track,
            msn: 0,
            generation: self.timeline.generation,
            timeline: self.timeline.number,
            timescale: self.timescale,
            start: self.part_start,
            ticks: self.part_ticks,
            at_unix_ms: self.timeline.unix_ms(self.ms(self.part_start)),
        };
        let independent = first.key;
        self.sequence = self.sequence.wrapping_add(1);
        let data = fragment(self.sequence, self.part_start, &self.part);
        out.parts.push(self.window.add(info, independent, data));
        self.part.clear();
        self.part_ticks = 0;
    }
}

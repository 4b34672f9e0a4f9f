//! What is kept of a track in memory: its newest segments and their parts.

use std::collections::VecDeque;

use bytes::Bytes;

use crate::Track;

/// A part of a segment: the smallest thing that a player fetches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// Which track.
    pub track: Track,
    /// Media sequence number of its segment.
    pub msn: u64,
    /// Counted from zero within the segment.
    pub index: u32,
    /// Length, in ticks of the segment's timescale.
    pub ticks: u64,
    /// Begins with a sample that decodes without any before it.
    pub independent: bool,
    /// One fragment.
    pub data: Bytes,
}

/// A segment without its bytes: what a playlist says about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SegmentInfo {
    /// Which track.
    pub track: Track,
    /// Media sequence number: grows by one within a track and is never used again.
    pub msn: u64,
    /// Of the init segment it needs.
    pub generation: u32,
    /// Of the timeline it belongs to; a step is a discontinuity.
    pub timeline: u64,
    /// Ticks a second.
    pub timescale: u32,
    /// Decoding time of its first sample, ticks.
    pub start: u64,
    /// Length in ticks.
    pub ticks: u64,
    /// When it began, milliseconds of the wall clock since 1970.
    pub at_unix_ms: i64,
}

impl SegmentInfo {
    /// Length in seconds.
    pub fn seconds(&self) -> f64 {
        seconds(self.ticks, self.timescale)
    }

    /// Its end, milliseconds of the broadcast's time, rounded up.
    pub(super) fn end_ms(&self) -> i64 {
        ((self.start + self.ticks) * 1000).div_ceil(u64::from(self.timescale.max(1))) as i64
    }
}

/// A segment that will not change any more. Handed out once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClosedSegment {
    /// What it is.
    pub info: SegmentInfo,
    /// All its fragments.
    pub data: Bytes,
}

/// A segment in memory.
#[derive(Debug)]
pub(crate) struct Segment {
    pub(crate) info: SegmentInfo,
    pub(crate) parts: Vec<Part>,
    /// All fragments, once it is closed; the parts are then slices of it.
    pub(crate) whole: Option<Bytes>,
}

impl Segment {
    pub(crate) fn is_closed(&self) -> bool {
        self.whole.is_some()
    }
}

/// The newest segments of a track; the last may still be open.
#[derive(Debug, Default)]
pub(crate) struct Window {
    segments: VecDeque<Segment>,
    next_msn: u64,
    peak_bps: u64,
}

impl Window {
    /// Nothing yet, and the first segment has this number.
    pub(super) fn starting_at(next_msn: u64) -> Self {
        Self { next_msn, ..Self::default() }
    }

    pub(crate) fn segments(&self) -> impl DoubleEndedIterator<Item = &Segment> + ExactSizeIterator {
        self.segments.iter()
    }

    /// The part that comes next: media sequence number and index.
    pub(crate) fn next(&self) -> (u64, u32) {
        match self.segments.back() {
            Some(open) if open.whole.is_none() => (open.info.msn, open.parts.len() as u32),
            _ => (self.next_msn, 0),
        }
    }

    pub(crate) fn find(&self, msn: u64) -> Option<&Segment> {
        let first = self.segments.front()?.info.msn;
        self.segments.get(usize::try_from(msn.checked_sub(first)?).ok()?)
    }

    /// Bits a second of the fullest segment so far, or of what there is of the first.
    pub(crate) fn peak_bps(&self) -> u64 {
        match self.segments.back() {
            Some(open) if self.peak_bps == 0 => bits_a_second(open.parts.iter().map(|part| part.data.len()).sum(), &open.info),
            _ => self.peak_bps,
        }
    }

    /// Seconds of whole segments.
    pub(crate) fn span(&self) -> f64 {
        self.segments.iter().filter(|segment| segment.is_closed()).map(|segment| segment.info.seconds()).sum()
    }

    /// Adds a fragment to the open segment, or to a new one that `info` describes.
    pub(super) fn add(&mut self, info: SegmentInfo, independent: bool, data: Bytes) -> Part {
        let (msn, index) = self.next();
        let ticks = info.ticks;
        if index == 0 {
            self.next_msn = msn + 1;
            let info = SegmentInfo { msn, ticks: 0, ..info };
            self.segments.push_back(Segment { info, parts: Vec::new(), whole: None });
        }
        let part = Part { track: info.track, msn, index, ticks, independent, data };
        if let Some(open) = self.segments.back_mut() {
            open.info.ticks += ticks;
            open.parts.push(part.clone());
        }
        part
    }

    /// Closes the open segment and forgets what is older than `keep_s` seconds; `None` if none is open.
    pub(super) fn close(&mut self, keep_s: u32) -> Option<ClosedSegment> {
        let open = self.segments.back_mut().filter(|last| last.whole.is_none())?;
        let whole: Bytes = open.parts.iter().flat_map(|part| part.data.iter().copied()).collect::<Vec<u8>>().into();
        let mut from = 0;
        for part in &mut open.parts {
            let to = from + part.data.len();
            part.data = whole.slice(from..to);
            from = to;
        }
        open.whole = Some(whole.clone());
        let info = open.info;
        self.peak_bps = self.peak_bps.max(bits_a_second(whole.len(), &info));
        self.forget(f64::from(keep_s));
        Some(ClosedSegment { info, data: whole })
    }

    fn forget(&mut self, keep_s: f64) {
        let mut held: f64 = self.segments.iter().map(|segment| segment.info.seconds()).sum();
        while self.segments.len() > 1 && held > keep_s {
            held -= self.segments.pop_front().map_or(0.0, |gone| gone.info.seconds());
        }
    }
}

pub(crate) fn seconds(ticks: u64, timescale: u32) -> f64 {
    ticks as f64 / f64::from(timescale)
}

fn bits_a_second(bytes: usize, info: &SegmentInfo) -> u64 {
    bytes as u64 * 8 * u64::from(info.timescale) / info.ticks.max(1)
}

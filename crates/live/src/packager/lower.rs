//! A lower rendition: pictures that another encoder made from the source, cut exactly where the source was.
//!
//! ```text
//! source ─cut─► [`Plan`]: number, timeline, decoding time, moment shown
//!    └─pictures─► encoder ─the same pictures, smaller, later─► Lower ─► parts and segments of the same numbers and lengths
//! ```
//!
//! * A picture is known by the moment at which it is shown: the encoder keeps it, to the millisecond, and has no B-frames.
//! * What does not fit (a cut without a keyframe, a hole longer than a part) ends the rendition until its encoder begins anew:
//!   it is missing then, and never wrong.
//! * Numbers and bytes are never used again: it begins anew at a segment it has not begun, with init segments of its own count.

use std::collections::BTreeMap;

use bytes::Bytes;

use super::{
    Output, Packaging,
    plan::{Cut, Plan},
    track::{Held, TrackWriter},
    window::Window,
};
use crate::{Event, Sample, Track, VideoConfig, fmp4};

/// Segments that it may be behind the source before players are no longer sent to it.
const MOST_BEHIND: u64 = 3;
/// Segments behind the source at which it counts as level: the one that its encoder is at.
const LEVEL: u64 = 1;
/// How long the encoder's picture may differ in stamp from the source's, milliseconds: both count whole ones.
const SAME_MS: i64 = 1;

/// Why a lower rendition ended; its encoder is to be started anew.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum LowerError {
    /// There is no keyframe where the source was cut.
    #[error("the encoder has no keyframe where the source was cut")]
    Unaligned,
    /// Pictures are missing for longer than a part may last.
    #[error("the encoder left out pictures")]
    Hole,
    /// So far behind that the source's cuts are forgotten.
    #[error("the encoder does not keep up")]
    TooLate,
    /// Another coding in the middle.
    #[error("the encoder changed its coding")]
    Recoded,
    /// It is not on.
    #[error("the rendition is switched off")]
    Off,
}

/// Writes one lower rendition.
#[derive(Debug)]
pub(crate) struct Lower {
    writer: TrackWriter,
    settings: Packaging,
    coding: Option<VideoConfig>,
    /// Of the newest init segment.
    generation: u32,
    inits: BTreeMap<u32, Bytes>,
    /// The segment that is being written, or the first to be.
    at: u64,
    begun: bool,
    timeline: Option<u64>,
    on: bool,
    listed: bool,
}

impl Lower {
    /// One that is off. Its init segments are counted from `generation`, which no earlier run has reached.
    pub(crate) fn new(settings: Packaging, generation: u32) -> Self {
        Self {
            writer: TrackWriter::new(Track::Video, settings.window_s),
            settings,
            coding: None,
            generation,
            inits: BTreeMap::new(),
            at: 0,
            begun: false,
            timeline: None,
            on: false,
            listed: false,
        }
    }

    /// Begins, or begins anew, with segment `msn` of the source. What was written stays if that one is next.
    pub(crate) fn begin(&mut self, msn: u64) {
        if self.writer.held_start().is_some() || self.writer.window.next() != (msn, 0) {
            self.writer = TrackWriter::resume(Track::Video, self.settings.window_s, msn, 0);
            self.timeline = None;
            self.listed = false;
        }
        (self.at, self.begun, self.on) = (msn, false, true);
    }

    /// Ends it: players go elsewhere.
    pub(crate) fn stop(&mut self) {
        (self.on, self.listed) = (false, false);
    }

    /// Nothing follows from this encoder: the segment it was at ends where the source's did, if its pictures reach so far.
    pub(crate) fn finish(&mut self, plan: &Plan) -> Result<(), LowerError> {
        if !self.on || !self.begun {
            return Ok(());
        }
        let cut = *plan.find(self.at).ok_or(LowerError::TooLate)?;
        self.close(&cut, &mut Output::default())
    }

    pub(crate) fn is_on(&self) -> bool {
        self.on
    }

    pub(crate) fn window(&self) -> &Window {
        &self.writer.window
    }

    pub(crate) fn coding(&self) -> Option<&VideoConfig> {
        self.coding.as_ref()
    }

    pub(crate) fn init(&self, generation: u32) -> Option<Bytes> {
        self.inits.get(&generation).cloned()
    }

    /// Players may be sent to it.
    pub(crate) fn is_listed(&self) -> bool {
        self.listed
    }

    /// Compares it with the source.
    pub(crate) fn weigh(&mut self, source: &Window) {
        let last = |window: &Window| window.segments().rev().find(|segment| segment.is_closed()).map(|segment| segment.info.msn + 1);
        let behind = match (last(source), last(self.window())) {
            (Some(source), Some(own)) if self.on => source.saturating_sub(own),
            _ => u64::MAX,
        };
        self.listed = behind <= if self.listed { MOST_BEHIND } else { LEVEL };
    }

    /// Takes what the encoder made; whether players can fetch something new.
    pub(crate) fn take(&mut self, event: Event, plan: &Plan) -> Result<bool, LowerError> {
        let mut out = Output::default();
        match event {
            _ if !self.on => return Err(LowerError::Off),
            Event::Video(config) => self.code(config)?,
            Event::Sample(sample) if sample.track == Track::Video => self.picture(sample, plan, &mut out)?,
            Event::Audio(_) | Event::Sample(_) => {}
        }
        Ok(!out.parts.is_empty() || !out.closed_segments.is_empty())
    }

    fn code(&mut self, config: VideoConfig) -> Result<(), LowerError> {
        if self.coding.as_ref() == Some(&config) {
            return Ok(());
        }
        if self.begun {
            return Err(LowerError::Recoded);
        }
        self.generation = self.generation.wrapping_add(1);
        let oldest = self.window().segments().next().map(|segment| segment.info.generation);
        self.inits.retain(|kept, _| oldest.is_some_and(|oldest| *kept >= oldest));
        self.inits.insert(self.generation, fmp4::video_init(&config));
        self.coding = Some(config);
        // The next segment names the new init segment.
        self.timeline = None;
        Ok(())
    }

    fn picture(&mut self, sample: Sample, plan: &Plan, out: &mut Output) -> Result<(), LowerError> {
        let shown_ms = sample.dts_ms + i64::from(sample.cts_ms);
        let mut cut = *plan.find(self.at).ok_or(LowerError::TooLate)?;
        let reached = |cut: &Cut| shown_ms >= cut.shown_ms - SAME_MS;
        if !self.begun {
            if !reached(&cut) {
                return Ok(());
            }
            self.open(&cut, &sample, shown_ms)?;
        } else if let Some(next) = plan.find(self.at + 1).copied().filter(reached) {
            self.close(&cut, out)?;
            self.open(&next, &sample, shown_ms)?;
            cut = next;
        }
        self.place(sample, shown_ms, &cut, out)
    }

    /// Begins the segment of `cut` with a picture that has to be its keyframe.
    fn open(&mut self, cut: &Cut, sample: &Sample, shown_ms: i64) -> Result<(), LowerError> {
        if !sample.key || (shown_ms - cut.shown_ms).abs() > SAME_MS || self.coding.is_none() {
            return Err(LowerError::Unaligned);
        }
        if self.timeline != Some(cut.timeline.number) {
            let timeline = super::Timeline { generation: self.generation, ..cut.timeline };
            self.writer.begin(timeline, fmp4::VIDEO_TIMESCALE, u64::from(fmp4::VIDEO_TIMESCALE) / 30, self.settings.part_ms);
            self.timeline = Some(cut.timeline.number);
        }
        (self.at, self.begun) = (cut.msn, true);
        Ok(())
    }

    /// Decoding runs ahead of showing by as much as at the source's cut, so that both begin at the same moment.
    fn place(&mut self, sample: Sample, shown_ms: i64, cut: &Cut, out: &mut Output) -> Result<(), LowerError> {
        let shown = self.writer.ticks(shown_ms);
        let ahead = self.writer.ticks(cut.shown_ms) - cut.start as i64;
        let mut start = if self.writer.segment_start().is_none() { cut.start } else { (shown - ahead).max(0) as u64 };
        if let Some(held) = self.writer.held_start() {
            start = start.max(held + self.writer.ticks(1) as u64);
            if start - held > self.writer.part_limit() {
                return Err(LowerError::Hole);
            }
            self.writer.release(start, out);
        }
        self.writer.hold(Held { start, cts: (shown - start as i64) as i32, key: sample.key, data: sample.data });
        Ok(())
    }

    fn close(&mut self, cut: &Cut, out: &mut Output) -> Result<(), LowerError> {
        let (Some(held), Some(end)) = (self.writer.held_start(), cut.end) else { return Err(LowerError::Unaligned) };
        if end <= held || end - held > self.writer.part_limit() {
            return Err(LowerError::Hole);
        }
        self.writer.release(end, out);
        self.writer.close(out);
        Ok(())
    }
}

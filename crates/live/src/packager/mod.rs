//! From what a publisher sends to parts and segments. Takes events and no clock.
//!
//! ```text
//!            keyframe, or 3 s of sound alone
//!   Opening ────────────────────────────────► Running
//!      ▲      changed coding, a jump of the      │
//!      └────── stamps, another publisher ────────┘   a new timeline: EXT-X-DISCONTINUITY on both tracks
//! ```
//!
//! * Segments are cut at IDR pictures only, see [`cadence`] for which; sound is cut where the picture was.
//! * A gap between pictures longer than a part begins a new timeline, since no part may be longer than promised. An encoder that
//!   never sends pictures closer than that is refused.
//! * Missing sound is filled with silence, so that a microphone's hiccup does not interrupt the picture.
//! * Not here: the publisher's 32-bit stamps that wrap (the reader makes them continuous), who waits for what ([`crate::Live`]).

mod cadence;
pub(crate) mod lower;
mod opening;
pub(crate) mod plan;
mod resume;
mod settings;
mod sound;
mod timeline;
mod track;
pub(crate) mod window;

pub use lower::LowerError;
pub use resume::Resume;
pub use settings::{Packaging, PackagingError};
pub use window::{ClosedSegment, Part, SegmentInfo};

use std::collections::BTreeMap;

use bytes::Bytes;

use self::{
    cadence::Cadence,
    opening::{Begin, Opening},
    plan::{Cut, Placed},
    timeline::Timeline,
    track::{Held, TrackWriter},
    window::Window,
};
use crate::{AudioConfig, Event, Sample, Track, VideoConfig, fmp4};

/// Stamps this far from everything else are another clock, milliseconds.
const JUMP_MS: i64 = 10_000;
/// A picture may be stamped this much before its predecessor and still follow it, milliseconds.
const BACKWARDS_MS: i64 = 1000;
/// So many timelines in a row of a single picture each, and the frame rate is too low.
const MOST_SLOW: u8 = 3;

/// What one event brought about; usually nothing, since parts take time to fill.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Output {
    /// Parts that players can now fetch.
    pub parts: Vec<Part>,
    /// Segments that ended, for whoever records them; never handed out again.
    pub closed_segments: Vec<ClosedSegment>,
    /// What lower renditions are made from, in the order of decoding.
    pub(crate) pictures: Vec<Placed>,
}

/// How both tracks are coded.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Coding {
    pub(crate) video: Option<VideoConfig>,
    pub(crate) audio: Option<AudioConfig>,
}

/// Packages one broadcast, over any number of publishers one after the other.
#[derive(Debug)]
pub struct Packager {
    settings: Packaging,
    video: TrackWriter,
    audio: TrackWriter,
    /// As last announced.
    coding: Coding,
    /// As in the newest init segments.
    written: Option<Coding>,
    inits: BTreeMap<(Track, u32), Bytes>,
    cadence: Cadence,
    timeline: Option<Timeline>,
    /// The wall clock of a publisher whose first sample has not come yet.
    wall: Option<i64>,
    opening: Option<Opening>,
    /// The timeline has pictures.
    pictures: bool,
    /// Sound is to be cut from here on, milliseconds.
    audio_cut: Option<i64>,
    slow: u8,
}

impl Packager {
    /// A broadcast whose first publisher connected at `unix_ms`, milliseconds since 1970.
    pub fn new(settings: Packaging, unix_ms: i64) -> Self {
        Self {
            settings,
            video: TrackWriter::new(Track::Video, settings.window_s),
            audio: TrackWriter::new(Track::Audio, settings.window_s),
            coding: Coding::default(),
            written: None,
            inits: BTreeMap::new(),
            cadence: Cadence::new(&settings),
            timeline: None,
            wall: Some(unix_ms),
            opening: Some(Opening::default()),
            pictures: false,
            audio_cut: None,
            slow: 0,
        }
    }

    /// Takes what a publisher sent.
    ///
    /// # Errors
    ///
    /// The encoder has to be set otherwise, and its publisher turned away; [`Packager::reconnect`] makes room for the next.
    pub fn push(&mut self, event: Event) -> Result<Output, PackagingError> {
        let mut out = Output::default();
        match event {
            Event::Video(config) if self.coding.video.as_ref() != Some(&config) => {
                self.coding.video = Some(config);
                self.finish(&mut out);
            }
            Event::Audio(config) if self.coding.audio.as_ref() != Some(&config) => {
                self.coding.audio = Some(config);
                self.finish(&mut out);
            }
            Event::Video(_) | Event::Audio(_) => {}
            Event::Sample(sample) => self.sample(sample, &mut out)?,
        }
        Ok(out)
    }

    /// Another publisher, or the same again, connected at `unix_ms`: the timeline goes on where it was.
    pub fn reconnect(&mut self, unix_ms: i64) -> Output {
        let mut out = Output::default();
        self.finish(&mut out);
        self.opening = Some(Opening::default());
        self.coding = Coding::default();
        self.wall = Some(unix_ms);
        self.slow = 0;
        out
    }

    /// Nothing follows: closes what is open.
    pub fn end(&mut self) -> Output {
        let mut out = Output::default();
        self.finish(&mut out);
        if out.parts.is_empty() && self.timeline.is_none() {
            return out;
        }
        self.cadence.fix(self.cadence.segment_ms());
        out
    }

    /// TARGETDURATION, seconds; `None` while it is not known how the encoder places its keyframes, at most nine seconds.
    pub fn target_s(&self) -> Option<u32> {
        self.cadence.target_s()
    }

    /// The settings it was made with.
    pub fn settings(&self) -> &Packaging {
        &self.settings
    }

    /// An init segment that some segment in memory needs.
    pub fn init(&self, track: Track, generation: u32) -> Option<Bytes> {
        self.inits.get(&(track, generation)).cloned()
    }

    pub(crate) fn window(&self, track: Track) -> &Window {
        match track {
            Track::Video => &self.video.window,
            Track::Audio => &self.audio.window,
        }
    }

    /// The timeline that runs, or the one that comes next.
    pub(crate) fn timeline_number(&self) -> u64 {
        self.timeline.map_or(0, |newest| newest.number + u64::from(self.opening.is_some()))
    }

    /// As in the newest init segments.
    pub(crate) fn coding(&self) -> Option<&Coding> {
        self.written.as_ref()
    }

    fn sample(&mut self, sample: Sample, out: &mut Output) -> Result<(), PackagingError> {
        let coded = match sample.track {
            Track::Video => self.coding.video.is_some(),
            Track::Audio => self.coding.audio.is_some(),
        };
        if !coded {
            return Ok(());
        }
        let Some(opening) = &mut self.opening else { return self.run(sample, out) };
        match opening.offer(sample)? {
            Some(begin) => self.begin(begin, out),
            None => Ok(()),
        }
    }

    /// Ends the timeline and waits for the next to begin.
    fn finish(&mut self, out: &mut Output) {
        if self.opening.is_some() {
            return;
        }
        for track in [&mut self.video, &mut self.audio] {
            if let Some(ms) = track.finish(out) {
                self.cadence.closed(ms);
            }
        }
        self.audio_cut = None;
        self.opening = Some(Opening::default());
    }

    fn restart(&mut self, sample: Sample, out: &mut Output) -> Result<(), PackagingError> {
        self.finish(out);
        self.sample(sample, out)
    }

    fn begin(&mut self, begin: Begin, out: &mut Output) -> Result<(), PackagingError> {
        self.opening = None;
        self.pictures = begin.pictures;
        let start_ms = self.video.end_ms().max(self.audio.end_ms());
        let generation = self.write_inits();
        let timeline = Timeline {
            number: self.timeline.map_or(0, |before| before.number + 1),
            generation,
            base_ms: begin.base_ms,
            start_ms,
            zero_unix_ms: match self.wall.take() {
                Some(unix_ms) => unix_ms - start_ms,
                None => self.timeline.map_or(0, |before| before.zero_unix_ms),
            },
        };
        self.timeline = Some(timeline);
        self.video.begin(timeline, fmp4::VIDEO_TIMESCALE, u64::from(fmp4::VIDEO_TIMESCALE) / 30, self.settings.part_ms);
        if let Some(config) = &self.coding.audio {
            self.audio.begin(timeline, config.rate.max(1), u64::from(fmp4::AAC_FRAME), self.settings.part_ms);
        }
        self.cadence.begin();
        if !begin.pictures {
            self.cadence.fix(self.cadence.segment_ms());
        }
        begin.samples.into_iter().try_for_each(|sample| self.run(sample, out))
    }

    /// A new generation if anything changed; its number.
    fn write_inits(&mut self) -> u32 {
        let coding = Coding { video: self.coding.video.clone().filter(|_| self.pictures), audio: self.coding.audio.clone() };
        let before = self.timeline.map(|timeline| timeline.generation);
        if let Some(generation) = before.filter(|_| self.written.as_ref() == Some(&coding)) {
            return generation;
        }
        let generation = before.map_or(0, |generation| generation + 1);
        let oldest = [&self.video, &self.audio].iter().filter_map(|track| Some(track.window.segments().next()?.info.generation)).min();
        self.inits.retain(|(_, kept), _| oldest.is_some_and(|oldest| *kept >= oldest));
        if let Some(config) = &coding.video {
            self.inits.insert((Track::Video, generation), fmp4::video_init(config));
        }
        if let Some(config) = &coding.audio {
            self.inits.insert((Track::Audio, generation), fmp4::audio_init(config));
        }
        self.written = Some(coding);
        generation
    }
}

mod running;

#[cfg(test)]
mod tests;

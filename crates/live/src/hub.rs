//! One broadcast that a publisher feeds and any number of readers follow.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use bytes::Bytes;
use tokio::sync::watch;

use crate::{
    ClosedSegment, Event, Output, Packager, Packaging, PackagingError, Rendition, Resume, Track,
    packager::{
        lower::Lower,
        window::{Segment, Window},
    },
    playlist::{self, Audience, Decision, MediaView, Position, Reload, Report, Skip},
};

mod lower;

use lower::Ladder;

/// Why a reader gets nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unavailable {
    /// The request breaks a rule of blocking reload: 400.
    #[error("{0}")]
    BadRequest(&'static str),
    /// Not there, not any more, or never: 404.
    #[error("there is no such part, segment or playlist")]
    NotFound,
}

/// A broadcast in memory. All answers are shared slices of what was written once.
///
/// Waiting calls are cancel safe and have no timeout of their own: the caller sets one.
#[derive(Debug)]
pub struct Live {
    state: Mutex<State>,
    video: watch::Sender<u64>,
    audio: watch::Sender<u64>,
}

#[derive(Debug)]
struct State {
    packager: Packager,
    lower: Ladder,
    ended: bool,
    /// Playlists as last written: thousands of readers ask for the same one between two parts.
    written: HashMap<(Rendition, Audience, bool), Bytes>,
}

impl Live {
    /// A broadcast whose first publisher connected at `unix_ms`, milliseconds since 1970.
    pub fn new(settings: Packaging, unix_ms: i64) -> Self {
        Self::around(Packager::new(settings, unix_ms), unix_ms)
    }

    /// A broadcast that goes on after a restart, as [`Packager::resume`]. Readers are held until something can be played.
    pub fn resume(settings: Packaging, resume: &Resume, unix_ms: i64) -> Self {
        Self::around(Packager::resume(settings, resume, unix_ms), unix_ms)
    }

    fn around(packager: Packager, unix_ms: i64) -> Self {
        let lower = Ladder::new(*packager.settings(), unix_ms);
        let state = State { packager, lower, ended: false, written: HashMap::new() };
        Self { state: Mutex::new(state), video: watch::Sender::new(0), audio: watch::Sender::new(0) }
    }

    /// Takes what a publisher sent; segments that it closed, for a recorder.
    ///
    /// # Errors
    ///
    /// As [`Packager::push`]: the publisher is to be turned away, with this text.
    pub fn push(&self, event: Event) -> Result<Vec<ClosedSegment>, PackagingError> {
        let mut state = self.state();
        let before = state.playable();
        let out = state.packager.push(event)?;
        let first = before != state.playable();
        Ok(self.tell(state, out, first))
    }

    /// As [`Packager::reconnect`].
    pub fn reconnect(&self, unix_ms: i64) -> Vec<ClosedSegment> {
        let mut state = self.state();
        let before = state.playable();
        let out = state.packager.reconnect(unix_ms);
        let first = before != state.playable();
        self.tell(state, out, first)
    }

    /// The broadcast is over: playlists end, and who waits is answered.
    pub fn end(&self) -> Vec<ClosedSegment> {
        let mut state = self.state();
        let out = state.packager.end();
        state.ended = true;
        self.tell(state, out, true)
    }

    /// TARGETDURATION, seconds: for [`Resume::target_s`], to be stored with the recording as soon as it is known. Never changes.
    pub fn target_s(&self) -> Option<u32> {
        self.state().packager.target_s()
    }

    /// The master playlist; `None` before something can be played.
    pub fn master(&self, audience: Audience) -> Option<String> {
        let state = self.state();
        let packager = &state.packager;
        state.playable().contains(&true).then_some(())?;
        let peak = |track| packager.window(track).peak_bps();
        let smaller = state.lower.listed(audience, packager);
        Some(playlist::master(packager.coding()?, audience, peak(Track::Video), peak(Track::Audio), &smaller))
    }

    /// The playlist of a track or a lower rendition, as soon as it holds what `reload` asks for.
    ///
    /// # Errors
    ///
    /// * [`Unavailable::BadRequest`]: too far ahead, or a part without its segment.
    /// * [`Unavailable::NotFound`]: the broadcast ended before it began, or the rendition is off.
    pub async fn playlist(&self, of: impl Into<Rendition>, audience: Audience, reload: Reload) -> Result<Bytes, Unavailable> {
        let of = of.into();
        // A mass audience never waits: behind a cache every such request would be one of its own.
        let reload = if audience == Audience::Mass { Reload::default() } else { reload };
        let mut news = self.subscribe(of)?;
        loop {
            if let Some(answer) = self.state().playlist(of, audience, &reload) {
                return answer;
            }
            news.changed().await.map_err(|_| Unavailable::NotFound)?;
        }
    }

    /// A part; waits for the one that comes next.
    ///
    /// # Errors
    ///
    /// [`Unavailable::NotFound`]: forgotten, or not announced yet.
    pub async fn part(&self, of: impl Into<Rendition>, msn: u64, index: u32) -> Result<Bytes, Unavailable> {
        let of = of.into();
        let mut news = self.subscribe(of)?;
        loop {
            if let Some(answer) = self.state().part(of, msn, index) {
                return answer;
            }
            news.changed().await.map_err(|_| Unavailable::NotFound)?;
        }
    }

    /// A closed segment that is still in memory.
    pub fn segment(&self, of: impl Into<Rendition>, msn: u64) -> Option<Bytes> {
        self.state().window(of.into())?.find(msn)?.whole.clone()
    }

    /// An init segment that something in memory needs.
    pub fn init(&self, of: impl Into<Rendition>, generation: u32) -> Option<Bytes> {
        match of.into() {
            Rendition::Source(track) => self.state().packager.init(track, generation),
            Rendition::Lower(lines) => self.state().lower.find(lines)?.init(generation),
        }
    }

    fn tell(&self, mut state: MutexGuard<'_, State>, mut out: Output, both: bool) -> Vec<ClosedSegment> {
        state.follow(&mut out);
        let changed = |track| {
            let parts = out.parts.iter().any(|part| part.track == track);
            both || parts || out.closed_segments.iter().any(|closed| closed.info.track == track)
        };
        let (video, audio) = (changed(Track::Video), changed(Track::Audio));
        if video || audio {
            state.written.clear();
        }
        drop(state);
        for (track, changed) in [(Track::Video, video), (Track::Audio, audio)] {
            if changed {
                self.news(track).send_modify(|count| *count += 1);
            }
        }
        out.closed_segments
    }

    fn news(&self, track: Track) -> &watch::Sender<u64> {
        match track {
            Track::Video => &self.video,
            Track::Audio => &self.audio,
        }
    }

    fn subscribe(&self, of: Rendition) -> Result<watch::Receiver<u64>, Unavailable> {
        match of {
            Rendition::Source(track) => Ok(self.news(track).subscribe()),
            Rendition::Lower(lines) => self.state().lower.subscribe(lines).ok_or(Unavailable::NotFound),
        }
    }

    /// A panic elsewhere leaves nothing half done that a reader could see.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn window(&self, of: Rendition) -> Option<&Window> {
        match of {
            Rendition::Source(track) => Some(self.packager.window(track)),
            Rendition::Lower(lines) => self.lower.find(lines).map(Lower::window),
        }
    }

    /// `None`: wait.
    fn playlist(&mut self, of: Rendition, audience: Audience, reload: &Reload) -> Option<Result<Bytes, Unavailable>> {
        // Players of one that is off are to go elsewhere at once.
        if let Rendition::Lower(lines) = of
            && !self.lower.find(lines).is_some_and(Lower::is_on)
        {
            return Some(Err(Unavailable::NotFound));
        }
        let Some(window) = self.window(of) else { return Some(Err(Unavailable::NotFound)) };
        let part_ms = self.packager.settings().part_ms;
        let at = Position { next: window.next(), ready: self.ready(of), ended: self.ended, part_ms };
        let parts_of = |msn| window.find(msn).filter(|segment| segment.is_closed()).map(|segment| segment.parts.len() as u32);
        match playlist::decide(reload, &at, parts_of) {
            Decision::BadRequest(why) => Some(Err(Unavailable::BadRequest(why))),
            Decision::Now => Some(self.write(of, audience, reload.skip).ok_or(Unavailable::NotFound)),
            Decision::Wait if self.ended => Some(Err(Unavailable::NotFound)),
            Decision::Wait => None,
        }
    }

    /// A playlist without a whole segment is an error to hls.js, at its first load a fatal one, so nobody gets to see one; unless
    /// the track has nothing at all where the other has: it may stay silent for ever.
    fn ready(&self, of: Rendition) -> bool {
        let closed = |of| self.window(of).is_some_and(|window| window.segments().any(Segment::is_closed));
        let silent = |track: Track| self.packager.window(track).segments().len() == 0 && closed(track.other().into());
        self.packager.target_s().is_some() && (closed(of) || matches!(of, Rendition::Source(track) if silent(track)))
    }

    fn playable(&self) -> [bool; 2] {
        [Track::Video, Track::Audio].map(|track| self.ready(track.into()))
    }

    fn write(&mut self, of: Rendition, audience: Audience, skip: Skip) -> Option<Bytes> {
        let key = (of, audience, skip == Skip::Yes);
        if let Some(text) = self.written.get(&key) {
            return Some(text.clone());
        }
        let others = self.renditions().filter(|other| *other != of);
        let view = MediaView {
            window: self.window(of)?,
            target_s: self.packager.target_s().unwrap_or_default(),
            part_ms: self.packager.settings().part_ms,
            timeline: self.packager.timeline_number(),
            others: others.filter_map(|other| Report::of(other, self.window(other)?)).collect(),
            ended: self.ended,
        };
        let text = Bytes::from(view.write(audience, skip));
        self.written.insert(key, text.clone());
        Some(text)
    }

    /// What a master names.
    fn renditions(&self) -> impl Iterator<Item = Rendition> {
        [Track::Video, Track::Audio].map(Rendition::Source).into_iter().chain(self.lower.names().map(Rendition::Lower))
    }

    /// `None`: wait.
    fn part(&self, of: Rendition, msn: u64, index: u32) -> Option<Result<Bytes, Unavailable>> {
        let Some(window) = self.window(of) else { return Some(Err(Unavailable::NotFound)) };
        let found = window.find(msn).and_then(|segment| segment.parts.get(index as usize));
        let comes = match of {
            Rendition::Source(_) => !self.ended,
            Rendition::Lower(lines) => !self.ended && self.lower.find(lines).is_some_and(Lower::is_on),
        };
        match found {
            Some(part) => Some(Ok(part.data.clone())),
            None if comes && window.next() == (msn, index) => None,
            None => Some(Err(Unavailable::NotFound)),
        }
    }
}

#[cfg(test)]
#[path = "hub_tests.rs"]
mod tests;

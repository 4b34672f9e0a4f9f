//! One broadcast that a publisher feeds and any number of readers follow.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use bytes::Bytes;
use tokio::sync::watch;

use crate::{
    ClosedSegment, Event, Output, Packager, Packaging, PackagingError, Resume, Track,
    packager::window::Segment,
    playlist::{self, Audience, Decision, MediaView, Position, Reload, Report, Skip},
};

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
    ended: bool,
    /// Playlists as last written: thousands of readers ask for the same one between two parts.
    written: HashMap<(Track, Audience, bool), Bytes>,
}

impl Live {
    /// A broadcast whose first publisher connected at `unix_ms`, milliseconds since 1970.
    pub fn new(settings: Packaging, unix_ms: i64) -> Self {
        Self::around(Packager::new(settings, unix_ms))
    }

    /// A broadcast that goes on after a restart, as [`Packager::resume`]. Readers are held until something can be played.
    pub fn resume(settings: Packaging, resume: &Resume, unix_ms: i64) -> Self {
        Self::around(Packager::resume(settings, resume, unix_ms))
    }

    fn around(packager: Packager) -> Self {
        let state = State { packager, ended: false, written: HashMap::new() };
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
        Some(playlist::master(packager.coding()?, audience, peak(Track::Video), peak(Track::Audio)))
    }

    /// A track's playlist, as soon as it holds what `reload` asks for.
    ///
    /// # Errors
    ///
    /// * [`Unavailable::BadRequest`]: too far ahead, or a part without its segment.
    /// * [`Unavailable::NotFound`]: the broadcast ended before it began.
    pub async fn playlist(&self, track: Track, audience: Audience, reload: Reload) -> Result<Bytes, Unavailable> {
        // A mass audience never waits: behind a cache every such request would be one of its own.
        let reload = if audience == Audience::Mass { Reload::default() } else { reload };
        let mut news = self.news(track).subscribe();
        loop {
            if let Some(answer) = self.state().playlist(track, audience, &reload) {
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
    pub async fn part(&self, track: Track, msn: u64, index: u32) -> Result<Bytes, Unavailable> {
        let mut news = self.news(track).subscribe();
        loop {
            if let Some(answer) = self.state().part(track, msn, index) {
                return answer;
            }
            news.changed().await.map_err(|_| Unavailable::NotFound)?;
        }
    }

    /// A closed segment that is still in memory.
    pub fn segment(&self, track: Track, msn: u64) -> Option<Bytes> {
        self.state().packager.window(track).find(msn)?.whole.clone()
    }

    /// An init segment that something in memory needs.
    pub fn init(&self, track: Track, generation: u32) -> Option<Bytes> {
        self.state().packager.init(track, generation)
    }

    fn tell(&self, mut state: MutexGuard<'_, State>, out: Output, both: bool) -> Vec<ClosedSegment> {
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

    /// A panic elsewhere leaves nothing half done that a reader could see.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// `None`: wait.
    fn playlist(&mut self, track: Track, audience: Audience, reload: &Reload) -> Option<Result<Bytes, Unavailable>> {
        let window = self.packager.window(track);
        let part_ms = self.packager.settings().part_ms;
        let at = Position { next: window.next(), ready: self.ready(track), ended: self.ended, part_ms };
        let closed = |segment: &&Segment| segment.whole.is_some();
        let parts_of = |msn| window.find(msn).filter(closed).map(|segment| segment.parts.len() as u32);
        match playlist::decide(reload, &at, parts_of) {
            Decision::BadRequest(why) => Some(Err(Unavailable::BadRequest(why))),
            Decision::Now => Some(Ok(self.write(track, audience, reload.skip))),
            Decision::Wait if self.ended => Some(Err(Unavailable::NotFound)),
            Decision::Wait => None,
        }
    }

    /// A playlist without a whole segment is an error to hls.js, at its first load a fatal one, so nobody gets to see one; unless
    /// the track has nothing at all where the other has: it may stay silent for ever.
    fn ready(&self, track: Track) -> bool {
        let closed = |track| self.packager.window(track).segments().any(|segment| segment.whole.is_some());
        let silent = self.packager.window(track).segments().len() == 0;
        self.packager.target_s().is_some() && (closed(track) || silent && closed(track.other()))
    }

    fn playable(&self) -> [bool; 2] {
        [Track::Video, Track::Audio].map(|track| self.ready(track))
    }

    fn write(&mut self, track: Track, audience: Audience, skip: Skip) -> Bytes {
        let Self { packager, ended, written } = self;
        let fresh = || {
            let other = track.other();
            let view = MediaView {
                window: packager.window(track),
                target_s: packager.target_s().unwrap_or_default(),
                part_ms: packager.settings().part_ms,
                timeline: packager.timeline_number(),
                other: Report::of(other, packager.window(other)),
                ended: *ended,
            };
            Bytes::from(view.write(audience, skip))
        };
        written.entry((track, audience, skip == Skip::Yes)).or_insert_with(fresh).clone()
    }

    /// `None`: wait.
    fn part(&self, track: Track, msn: u64, index: u32) -> Option<Result<Bytes, Unavailable>> {
        let window = self.packager.window(track);
        let found = window.find(msn).and_then(|segment| segment.parts.get(index as usize));
        match found {
            Some(part) => Some(Ok(part.data.clone())),
            None if !self.ended && window.next() == (msn, index) => None,
            None => Some(Err(Unavailable::NotFound)),
        }
    }
}

#[cfg(test)]
#[path = "hub_tests.rs"]
mod tests;

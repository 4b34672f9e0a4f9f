//! Lower renditions of a broadcast: the source's pictures go out, what an encoder made of them comes back.

use std::collections::BTreeMap;

use tokio::sync::{mpsc, watch};

use super::{Live, State};
use crate::{
    Event, LowerError, Output, Packager, Packaging, Picture, Track, VideoConfig,
    packager::{
        lower::Lower,
        plan::{Placed, Plan},
    },
    playlist::{Audience, Smaller},
};

/// Players without parts begin this many target durations before the end.
const PLAIN_HOLD_BACK: u32 = 3;

/// The lower renditions, and who makes them.
#[derive(Debug)]
pub(super) struct Ladder {
    settings: Packaging,
    /// What counts init segments begin from: seconds since 1970, so that a broadcast that goes on after a restart has higher ones.
    generation: u32,
    plan: Plan,
    feed: Option<Feed>,
    lower: BTreeMap<u16, (Lower, watch::Sender<u64>)>,
}

#[derive(Debug)]
struct Feed {
    to: mpsc::Sender<Picture>,
    /// Of the source, as last told.
    generation: Option<u32>,
}

impl Live {
    /// The pictures of the source from its next segment on, in the place of who followed before. They end with the broadcast, or
    /// when more than `waiting` of them are not taken: whoever is too slow is not to use up the memory.
    pub fn pictures(&self, waiting: usize) -> mpsc::Receiver<Picture> {
        let (to, pictures) = mpsc::channel(waiting);
        let mut state = self.state();
        state.lower.feed = (!state.ended).then_some(Feed { to, generation: None });
        pictures
    }

    /// Begins a lower rendition whose shorter side has `lines` pixels, with segment `msn` of the source, as [`Picture::begins`]
    /// told. One that ended before begins anew.
    pub fn begin_lower(&self, lines: u16, msn: u64) {
        self.state().lower.open(lines).0.begin(msn);
    }

    /// Takes what the encoder of a lower rendition made. Its stamps have to be those of the pictures that it was given.
    ///
    /// # Errors
    ///
    /// It does not fit the source and was ended: its encoder is to begin anew.
    pub fn push_lower(&self, lines: u16, event: Event) -> Result<(), LowerError> {
        let mut state = self.state();
        let State { lower: Ladder { plan, lower, .. }, packager, written, .. } = &mut *state;
        let Some((rendition, news)) = lower.get_mut(&lines) else { return Err(LowerError::Off) };
        let taken = rendition.take(event, plan);
        if taken.is_err() {
            rendition.stop();
        }
        if taken != Ok(false) {
            rendition.weigh(packager.window(Track::Video));
            written.clear();
            news.send_modify(|count| *count += 1);
        }
        taken.map(drop)
    }

    /// The encoder of a lower rendition came to its end in good order, and the next one follows it.
    pub fn finish_lower(&self, lines: u16) {
        let mut state = self.state();
        let Ladder { plan, lower, .. } = &mut state.lower;
        if let Some((rendition, _)) = lower.get_mut(&lines) {
            // What is not whole is left out when the next one begins.
            let _ = rendition.finish(plan);
        }
    }

    /// Ends a lower rendition: its players are told that it is not there, and go to another.
    pub fn stop_lower(&self, lines: u16) {
        let mut state = self.state();
        if let Some((rendition, news)) = state.lower.lower.get_mut(&lines) {
            rendition.stop();
            news.send_modify(|count| *count += 1);
        }
        state.written.clear();
    }

    /// How the source's picture is coded now; `None` without one.
    pub fn video(&self) -> Option<VideoConfig> {
        self.state().packager.coding()?.video.clone()
    }

    /// Whether it has ended.
    pub fn is_over(&self) -> bool {
        self.state().ended
    }

    /// Whether a master names this lower rendition.
    pub fn lists(&self, lines: u16) -> bool {
        self.state().lower.find(lines).is_some_and(Lower::is_listed)
    }
}

impl State {
    /// Passes on what the source did.
    pub(super) fn follow(&mut self, out: &mut Output) {
        let Self { lower, packager, ended, .. } = self;
        out.closed_segments.iter().for_each(|closed| lower.plan.end(&closed.info));
        for placed in std::mem::take(&mut out.pictures) {
            lower.show(placed, packager);
        }
        if *ended {
            lower.feed = None;
            lower.lower.values().for_each(|(_, news)| news.send_modify(|count| *count += 1));
        }
        if out.closed_segments.iter().any(|closed| closed.info.track == Track::Video) {
            lower.lower.values_mut().for_each(|(rendition, _)| rendition.weigh(packager.window(Track::Video)));
        }
    }
}

impl Ladder {
    pub(super) fn new(settings: Packaging, unix_ms: i64) -> Self {
        let generation = u32::try_from(unix_ms / 1000).unwrap_or_default();
        Self { settings, generation, plan: Plan::default(), feed: None, lower: BTreeMap::new() }
    }

    pub(super) fn find(&self, lines: u16) -> Option<&Lower> {
        self.lower.get(&lines).map(|(lower, _)| lower)
    }

    pub(super) fn subscribe(&self, lines: u16) -> Option<watch::Receiver<u64>> {
        self.lower.get(&lines).map(|(_, news)| news.subscribe())
    }

    /// Those that a master names.
    pub(super) fn names(&self) -> impl Iterator<Item = u16> {
        self.lower.iter().filter(|(_, (lower, _))| lower.is_listed()).map(|(lines, _)| *lines)
    }

    /// Those that players may be sent to, the largest first. Players without parts begin some segments before the end, so what they
    /// are sent to has to reach back so far, or as far as the source does.
    pub(super) fn listed(&self, audience: Audience, packager: &Packager) -> Vec<Smaller<'_>> {
        let source = packager.window(Track::Video);
        let hold_back = f64::from(packager.target_s().unwrap_or_default() * PLAIN_HOLD_BACK);
        let needed = if audience == Audience::Mass { hold_back.min(source.span()) } else { 0.0 };
        let fits = |lower: &&Lower| lower.is_listed() && lower.window().span() >= needed;
        let smaller = self.lower.iter().rev().filter_map(|(lines, (lower, _))| {
            let lower = Some(lower).filter(fits)?;
            Some(Smaller { lines: *lines, coding: lower.coding()?, bps: lower.window().peak_bps() })
        });
        smaller.collect()
    }

    fn open(&mut self, lines: u16) -> &mut (Lower, watch::Sender<u64>) {
        let Self { settings, generation, .. } = *self;
        self.lower.entry(lines).or_insert_with(|| (Lower::new(settings, generation), watch::Sender::new(0)))
    }

    /// A picture of the source, for the encoder.
    fn show(&mut self, placed: Placed, packager: &Packager) {
        let Placed { begins, sample } = placed;
        if let Some(cut) = begins {
            self.plan.begin(cut);
        }
        let Some(feed) = &mut self.feed else { return };
        let mut coding = None;
        if let Some(cut) = begins.filter(|cut| feed.generation != Some(cut.generation())) {
            feed.generation = Some(cut.generation());
            coding = packager.coding().and_then(|coding| coding.video.clone());
        }
        if feed.generation.is_none() {
            return;
        }
        let picture = Picture { coding, begins: begins.map(|cut| cut.msn), sample };
        if feed.to.try_send(picture).is_err() {
            self.feed = None;
        }
    }
}

#[cfg(test)]
#[path = "lower_tests.rs"]
mod tests;

//! Going on with a broadcast after the program itself was gone.

use super::{Packager, Packaging, SegmentInfo, timeline::Timeline, track::TrackWriter};
use crate::Track;

/// What must be known of a broadcast to go on with it after a restart. Players still hold its playlist, so what they may have
/// seen is never used for something else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Resume {
    /// Media sequence number of the next segment of pictures.
    pub next_video: u64,
    /// Media sequence number of the next segment of sound.
    pub next_audio: u64,
    /// The end of what came so far, milliseconds of the broadcast's time.
    pub end_ms: i64,
    /// The newest timeline that players may have seen; the next is one more.
    pub timeline: u64,
    /// The newest init segments that players may have seen; the next are one more.
    pub generation: u32,
    /// TARGETDURATION as promised, seconds. `None` lets the next publisher decide: only before a playlist was ever written.
    pub target_s: Option<u32>,
}

impl Resume {
    /// From the recorded segments of both tracks, in any order; `None` if there are none, and the broadcast begins anew.
    ///
    /// Only closed segments are recorded, but players may have fetched parts of one that was open when the program ended, in a
    /// timeline and with init segments that no closed one has. Hence one number of each is passed over.
    ///
    /// The segments do not tell [`Resume::target_s`]: it has to be stored beside them, see [`crate::Live::target_s`].
    pub fn after(recorded: &[SegmentInfo]) -> Option<Self> {
        let next = |track| {
            let closed = recorded.iter().filter(|info| info.track == track).map(|info| info.msn + 1).max();
            closed.unwrap_or_default() + 1
        };
        Some(Self {
            next_video: next(Track::Video),
            next_audio: next(Track::Audio),
            end_ms: recorded.iter().map(SegmentInfo::end_ms).max()?,
            timeline: recorded.iter().map(|info| info.timeline).max()? + 1,
            generation: recorded.iter().map(|info| info.generation).max()? + 1,
            target_s: None,
        })
    }
}

impl Packager {
    /// A broadcast that goes on where `resume` says, with a publisher who connected at `unix_ms`, milliseconds since 1970. If
    /// that one has yet to come, [`Packager::reconnect`] tells when it did.
    pub fn resume(settings: Packaging, resume: &Resume, unix_ms: i64) -> Self {
        let before = Timeline { number: resume.timeline, generation: resume.generation, ..Timeline::default() };
        let mut packager = Self::new(settings, unix_ms);
        packager.video = TrackWriter::resume(Track::Video, settings.window_s, resume.next_video, resume.end_ms);
        packager.audio = TrackWriter::resume(Track::Audio, settings.window_s, resume.next_audio, resume.end_ms);
        packager.cadence.resume(resume.target_s);
        packager.timeline = Some(before);
        packager
    }
}

//! The playlist of a scheduled showing at one moment: which segments of the recording are listed, and where players begin.
//!
//! ```text
//!        first ── at most 4 targets ──►│ moment │── 3 targets and what is left of a segment ──► last
//! ────┬────────┬────────┬────────┬─────┼──┬────────┬────────┬────────┬────────┐
//!     │  s7    │  s8    │  s9    │ s10 ▼  │  s11   │  s12   │  s13   │  s14   │   s15 is not listed yet
//! ────┴────────┴────────┴────────┴────────┴────────┴────────┴────────┴────────┘
//! ```
//!
//! What players make of it:
//!
//! * `EXT-X-START` names the common moment, rounded up to the second: a text that a cache kept for a second is then
//!   at most a second early or late. hls.js takes it (`setStartPosition`: start of the window plus the offset) and so
//!   does Safari, which does not go nearer to the end than three targets: therefore the window ends no sooner.
//!   Seen with hls.js 1.7 in Chromium: three viewers who came 0, 10 and 23 s after the first were within 0.15 s of the
//!   common moment when they landed and half a minute later, with 9 to 15 s buffered.
//! * Whoever does not know the tag begins three targets from the end (hls.js `liveSyncDurationCount` 3) or with the
//!   third last segment (ffmpeg): within one segment of the common moment.
//! * hls.js reloads once a target duration, Safari too: with three targets ahead nobody waits for a segment, though a
//!   line may stand still for two.
//! * A held showing gives the same text again. A player alone would play on to the end of the window and wait there;
//!   the page pauses it when it hears that the showing is held, and brings it to the moment when it goes on.
//! * Every segment has its wall clock (`EXT-X-PROGRAM-DATE-TIME`): a page compares `hls.playingDate` with the time of
//!   the server and so knows how far it is off.
//! * The end is listed when it is reached, not before: until then the host may hold the showing.

use super::{Reel, Segment, Showing};
use kernel::Timestamp;
use std::fmt::Write as _;

/// Target durations from the common moment to the end of the window at least.
const AHEAD: i64 = 3;
/// Target durations before the common moment that stay listed, for players that are late.
const BEHIND: i64 = 4;

/// What one playlist of a showing depends on; equal values make equal texts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cut {
    /// Where players begin: the common moment, rounded up to a second, milliseconds.
    pub start_ms: i64,
    /// The window is that of this moment: the same, or later where players were already given more.
    pub window_ms: i64,
    /// Wall clock of the recording's first moment, as if it had never been held.
    pub zero: Timestamp,
    /// Nothing more will come.
    pub over: bool,
}

impl Cut {
    /// The playlist at `now`. `reached_ms` is the furthest that this node has served: a node that learns late of a hold
    /// takes back nothing that it has listed.
    pub fn at(showing: &Showing, now: Timestamp, ended: bool, reached_ms: i64) -> Self {
        let next_second = |ms: i64| (ms + 999) / 1000 * 1000;
        let start_ms = next_second(showing.moment(now));
        Self { start_ms, window_ms: start_ms.max(reached_ms), zero: showing.wall(0), over: ended || showing.is_over(now) }
    }

    /// Index of the first and the last segment that are listed.
    pub fn window(&self, reel: &Reel) -> (usize, usize) {
        let (moment_us, target_us) = (self.window_ms * 1000, reel.target_s * 1_000_000);
        let most = reel.segments.len() - 1;
        let last = reel.segments.partition_point(|s| s.end_us() < moment_us + AHEAD * target_us).min(most);
        let first = reel.segments.partition_point(|s| s.end_us() <= moment_us - BEHIND * target_us);
        (first.min(last), last)
    }

    /// The playlist of one rung whose files are found below `base`, an absolute path.
    pub fn playlist(&self, reel: &Reel, base: &str) -> String {
        let (first, last) = self.window(reel);
        let listed = &reel.segments[first..=last];
        let span_us = |us: i64| us - listed[0].start_us;
        let offset_us = span_us(self.start_ms * 1000).clamp(0, span_us(listed[listed.len() - 1].end_us()));
        let mut text = format!(
            "#EXTM3U\n#EXT-X-VERSION:7\n#EXT-X-TARGETDURATION:{}\n#EXT-X-MEDIA-SEQUENCE:{first}\n#EXT-X-INDEPENDENT-SEGMENTS\n\
             #EXT-X-START:TIME-OFFSET={},PRECISE=YES\n",
            reel.target_s,
            seconds(offset_us),
        );
        let mut before: Option<&Segment> = None;
        for segment in listed {
            self.open(&mut text, reel, before, segment, base);
            // Writing to a String cannot fail.
            let _ = writeln!(text, "#EXTINF:{},\n{base}/{}", seconds(segment.length_us), segment.name);
            before = Some(segment);
        }
        if self.over {
            text += "#EXT-X-ENDLIST\n";
        }
        text
    }
}

impl Cut {
    /// What precedes a segment: breaks, another coding, its wall clock.
    fn open(&self, text: &mut String, reel: &Reel, before: Option<&Segment>, segment: &Segment, base: &str) {
        match before {
            // Players number breaks from the start of the recording, whatever of it is still listed.
            None if segment.breaks > 0 => {
                let _ = writeln!(text, "#EXT-X-DISCONTINUITY-SEQUENCE:{}", segment.breaks);
            }
            None => {}
            Some(before) => (before.breaks..segment.breaks).for_each(|_| text.push_str("#EXT-X-DISCONTINUITY\n")),
        }
        if before.is_none_or(|before| before.init != segment.init) {
            let _ = writeln!(text, "#EXT-X-MAP:URI=\"{base}/{}\"", reel.inits[segment.init]);
        }
        let wall = self.zero.plus_ms(segment.start_us / 1000).to_jiff().strftime("%Y-%m-%dT%H:%M:%S%.3fZ");
        let _ = writeln!(text, "#EXT-X-PROGRAM-DATE-TIME:{wall}");
    }
}

/// Microseconds as the seconds of a playlist.
fn seconds(us: i64) -> String {
    format!("{}.{:06}", us / 1_000_000, us % 1_000_000)
}

/// The master playlist of a recording, when it names nothing but rungs beside itself: read below a showing's address,
/// the same text leads to the showing's playlists.
pub fn is_plain_master(text: &str) -> bool {
    let rung = |uri: &str| uri.strip_suffix("/index.m3u8").is_some_and(is_rung);
    let named = |line: &str| match line.split_once("URI=\"") {
        Some((_, rest)) => rest.split('"').next().is_some_and(rung),
        None => line.starts_with('#') || line.is_empty() || rung(line),
    };
    text.starts_with("#EXTM3U\n") && text.lines().all(named)
}

/// Whether this names a rung's folder.
pub fn is_rung(name: &str) -> bool {
    (1..=20).contains(&name.len()) && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
}

#[cfg(test)]
#[path = "window_tests.rs"]
mod tests;

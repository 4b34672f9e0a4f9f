//! The playlist of one track while it is live.

use std::fmt::Write;

use super::{Audience, name::Name, reload::Skip};
use crate::{
    Rendition,
    packager::window::{Part, Segment, SegmentInfo, Window, seconds},
};

/// Segments before this many target durations from the end may be left out of a difference; less is forbidden (§4.4.3.8).
const SKIP_TARGETS: u32 = 6;
/// Parts are listed for segments within so many target durations of the end; older ones are fetched whole (§4.4.4.9).
const PART_TARGETS: u32 = 3;

/// How far another rendition is, for players that switch or read both (§4.4.5.4).
#[derive(Debug, Clone, Copy)]
pub(crate) struct Report {
    pub(crate) rendition: Rendition,
    pub(crate) last_msn: u64,
    pub(crate) last_part: u32,
}

/// Everything that a playlist is written from.
#[derive(Debug, Clone)]
pub(crate) struct MediaView<'a> {
    pub(crate) window: &'a Window,
    pub(crate) target_s: u32,
    pub(crate) part_ms: u32,
    /// The timeline that runs or comes next: what an empty playlist begins with.
    pub(crate) timeline: u64,
    pub(crate) others: Vec<Report>,
    pub(crate) ended: bool,
}

impl Report {
    /// Of a rendition of which something can be fetched.
    pub(crate) fn of(rendition: Rendition, window: &Window) -> Option<Self> {
        let last = window.segments().next_back()?;
        Some(Self { rendition, last_msn: last.info.msn, last_part: last.parts.len().checked_sub(1)? as u32 })
    }
}

impl MediaView<'_> {
    /// Writes it; `skip` is heard only where parts are.
    pub(crate) fn write(&self, audience: Audience, skip: Skip) -> String {
        match audience {
            Audience::Mass => self.plain(),
            Audience::Interactive => self.low_latency(skip),
        }
    }

    fn plain(&self) -> String {
        let mut text = self.head(7);
        let closed = || self.window.segments().filter(|segment| segment.whole.is_some()).map(|segment| &segment.info);
        self.sequence(&mut text, closed().next());
        let mut before = None;
        for info in closed() {
            open_segment(&mut text, before, info);
            close_segment(&mut text, info);
            before = Some(info);
        }
        self.tail(&mut text);
        text
    }

    fn low_latency(&self, skip: Skip) -> String {
        let mut text = self.head(9);
        let part = f64::from(self.part_ms) / 1000.0;
        let _ = writeln!(text, "#EXT-X-PART-INF:PART-TARGET={part:.5}");
        let (hold, until) = (part * 3.0, self.target_s * SKIP_TARGETS);
        let _ = writeln!(text, "#EXT-X-SERVER-CONTROL:CAN-BLOCK-RELOAD=YES,PART-HOLD-BACK={hold:.5},CAN-SKIP-UNTIL={until}");
        self.sequence(&mut text, self.window.segments().next().map(|segment| &segment.info));
        let skipped = if skip == Skip::Yes { self.skippable() } else { 0 };
        if skipped > 0 {
            let _ = writeln!(text, "#EXT-X-SKIP:SKIPPED-SEGMENTS={skipped}");
        }
        let mut before = None;
        for (at, (segment, behind)) in self.window.segments().zip(self.behind()).enumerate() {
            if at >= skipped {
                open_segment(&mut text, before, &segment.info);
                if behind < f64::from(self.target_s * PART_TARGETS) {
                    segment.parts.iter().for_each(|part| write_part(&mut text, part, segment));
                }
                if segment.whole.is_some() {
                    close_segment(&mut text, &segment.info);
                }
            }
            before = Some(&segment.info);
        }
        self.announce(&mut text);
        self.tail(&mut text);
        text
    }

    fn head(&self, version: u8) -> String {
        format!("#EXTM3U\n#EXT-X-VERSION:{version}\n#EXT-X-TARGETDURATION:{}\n#EXT-X-INDEPENDENT-SEGMENTS\n", self.target_s)
    }

    /// What comes next, and how far the other renditions are.
    fn announce(&self, text: &mut String) {
        if self.ended {
            return;
        }
        let (msn, index) = self.window.next();
        let _ = writeln!(text, "#EXT-X-PRELOAD-HINT:TYPE=PART,URI=\"{}\"", Name::Part(msn, index));
        for Report { rendition, last_msn, last_part } in &self.others {
            let uri = format!("../{rendition}/{}", Name::Playlist(Audience::Interactive));
            let _ = writeln!(text, "#EXT-X-RENDITION-REPORT:URI=\"{uri}\",LAST-MSN={last_msn},LAST-PART={last_part}");
        }
    }

    fn sequence(&self, text: &mut String, first: Option<&SegmentInfo>) {
        let (msn, timeline) = first.map_or((self.window.next().0, self.timeline), |first| (first.msn, first.timeline));
        let _ = writeln!(text, "#EXT-X-MEDIA-SEQUENCE:{msn}");
        if timeline > 0 {
            let _ = writeln!(text, "#EXT-X-DISCONTINUITY-SEQUENCE:{timeline}");
        }
    }

    fn tail(&self, text: &mut String) {
        if self.ended {
            text.push_str("#EXT-X-ENDLIST\n");
        }
    }

    /// For each segment, how many seconds lie between its end and the end of the playlist.
    fn behind(&self) -> impl Iterator<Item = f64> {
        let mut left: f64 = self.window.segments().map(|segment| segment.info.seconds()).sum();
        self.window.segments().map(move |segment| {
            left -= segment.info.seconds();
            left
        })
    }

    /// How many segments lie wholly before the skip boundary.
    fn skippable(&self) -> usize {
        let boundary = f64::from(self.target_s * SKIP_TARGETS);
        self.behind().take_while(|behind| *behind >= boundary).count()
    }
}

/// What precedes a segment: where its timeline and its coding begin, and when it was.
pub(super) fn open_segment(text: &mut String, before: Option<&SegmentInfo>, info: &SegmentInfo) {
    let steps = before.map_or(0, |before| info.timeline.saturating_sub(before.timeline));
    // A track that was silent for a whole timeline still counts it, so that both tracks number alike.
    for _ in 0..steps {
        text.push_str("#EXT-X-DISCONTINUITY\n");
    }
    if before.is_none_or(|before| before.generation != info.generation) {
        let _ = writeln!(text, "#EXT-X-MAP:URI=\"{}\"", Name::Init(info.generation));
    }
    if let Ok(at) = jiff::Timestamp::from_millisecond(info.at_unix_ms) {
        let _ = writeln!(text, "#EXT-X-PROGRAM-DATE-TIME:{at:.3}");
    }
}

pub(super) fn close_segment(text: &mut String, info: &SegmentInfo) {
    let _ = writeln!(text, "#EXTINF:{:.5},\n{}", info.seconds(), Name::Segment(info.msn));
}

fn write_part(text: &mut String, part: &Part, segment: &Segment) {
    let length = seconds(part.ticks, segment.info.timescale);
    let independent = if part.independent { ",INDEPENDENT=YES" } else { "" };
    let _ = writeln!(text, "#EXT-X-PART:DURATION={length:.5},URI=\"{}\"{independent}", Name::Part(part.msn, part.index));
}

//! The playlist of a recording.

use std::fmt::Write;

use super::media::{close_segment, open_segment};
use crate::SegmentInfo;

/// Writes the playlist of one track of a recording from what was closed while it was live, oldest first.
///
/// A segment that was lost is seen by the gap in its number and becomes a discontinuity. Each change of coding has its own
/// EXT-X-MAP; ffmpeg's reader does not follow such a change, so whoever processes a recording takes one generation at a time.
pub fn vod(segments: &[SegmentInfo]) -> String {
    let longest = segments.iter().map(SegmentInfo::seconds).fold(1.0, f64::max).ceil();
    let mut text = String::from("#EXTM3U\n#EXT-X-VERSION:7\n#EXT-X-PLAYLIST-TYPE:VOD\n");
    let _ = writeln!(text, "#EXT-X-TARGETDURATION:{longest}\n#EXT-X-INDEPENDENT-SEGMENTS\n#EXT-X-MEDIA-SEQUENCE:0");
    let mut before: Option<&SegmentInfo> = None;
    for info in segments {
        if before.is_some_and(|before| before.timeline == info.timeline && before.msn + 1 != info.msn) {
            text.push_str("#EXT-X-DISCONTINUITY\n");
        }
        open_segment(&mut text, before, info);
        close_segment(&mut text, info);
        before = Some(info);
    }
    text.push_str("#EXT-X-ENDLIST\n");
    text
}

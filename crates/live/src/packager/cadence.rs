//! When a segment ends, and how long one may become.

use super::settings::{Packaging, PackagingError};

/// No keyframe interval beyond this is taken, milliseconds.
const LONGEST_GOP_MS: i64 = 10_000;
/// Segments are promised to be at least this long, so that an uneven encoder has room, seconds.
const LEAST_TARGET_S: i64 = 6;

/// Watches keyframes. TARGETDURATION may not change (draft-pantos-hls-rfc8216bis §4.4.3.1, §6.2.1), so the first whole group of
/// pictures fixes it, with half as much again for headroom.
#[derive(Debug)]
pub(super) struct Cadence {
    segment_ms: i64,
    target_s: Option<i64>,
    last_key_ms: Option<i64>,
    longest_gop_ms: i64,
    longest_segment_ms: i64,
}

impl Cadence {
    pub(super) fn new(settings: &Packaging) -> Self {
        let segment_ms = i64::from(settings.segment_ms);
        Self { segment_ms, target_s: None, last_key_ms: None, longest_gop_ms: 0, longest_segment_ms: 0 }
    }

    /// Keeps the promise of an earlier run.
    pub(super) fn resume(&mut self, target_s: Option<u32>) {
        self.target_s = target_s.map(i64::from);
    }

    /// TARGETDURATION, seconds, once it is known.
    pub(super) fn target_s(&self) -> Option<u32> {
        self.target_s.map(|target| target as u32)
    }

    /// The longest a segment may be, milliseconds.
    pub(super) fn limit_ms(&self) -> i64 {
        self.target_s.map_or(LONGEST_GOP_MS, |target| target * 1000)
    }

    /// Where segments of sound end when there are no pictures.
    pub(super) fn segment_ms(&self) -> i64 {
        self.segment_ms
    }

    /// A new timeline: the next keyframe has none before it.
    pub(super) fn begin(&mut self) {
        self.last_key_ms = None;
    }

    /// Fixes TARGETDURATION unless it is fixed: `gop_ms` is what segments are made of.
    pub(super) fn fix(&mut self, gop_ms: i64) {
        if self.target_s.is_some() {
            return;
        }
        let gop_ms = gop_ms.max(1);
        let segment_ms = (self.segment_ms + gop_ms - 1) / gop_ms * gop_ms;
        let least = seconds_up(segment_ms.max(self.longest_segment_ms));
        let roomy = seconds_up(segment_ms * 3 / 2).clamp(LEAST_TARGET_S, LONGEST_GOP_MS / 1000);
        self.target_s = Some(least.max(roomy));
    }

    /// A segment of this length was closed.
    pub(super) fn closed(&mut self, ms: i64) {
        self.longest_segment_ms = self.longest_segment_ms.max(ms);
    }

    /// A keyframe at `at_ms`, in a segment that began at `segment_ms`: does the segment end here?
    pub(super) fn keyframe(&mut self, at_ms: i64, segment_ms: i64) -> Result<bool, PackagingError> {
        self.picture(at_ms, segment_ms)?;
        if let Some(last) = self.last_key_ms.replace(at_ms) {
            self.longest_gop_ms = self.longest_gop_ms.max(at_ms - last);
            self.fix(at_ms - last);
        }
        let length = at_ms - segment_ms;
        Ok(length > 0 && (length >= self.segment_ms || length + self.longest_gop_ms > self.limit_ms()))
    }

    /// A picture at `at_ms`, so the segment lasts at least until there.
    pub(super) fn picture(&self, at_ms: i64, segment_ms: i64) -> Result<(), PackagingError> {
        let limit_ms = self.limit_ms();
        if at_ms - segment_ms <= limit_ms {
            return Ok(());
        }
        let gap_ms = at_ms - self.last_key_ms.unwrap_or(segment_ms);
        Err(PackagingError::KeyframesTooFar { gap_ms, limit_ms })
    }
}

fn seconds_up(ms: i64) -> i64 {
    (ms + 999) / 1000
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_gop_fixes_the_target() {
        let table = [(500, 6), (1000, 6), (2000, 6), (3000, 9), (4000, 6), (5000, 8), (8333, 10), (10_000, 10)];
        for (gop_ms, want) in table {
            let mut cadence = Cadence::new(&Packaging::default());
            cadence.fix(gop_ms);
            assert_eq!(cadence.target_s(), Some(want), "a keyframe each {gop_ms} ms");
            cadence.fix(1);
            assert_eq!(cadence.target_s(), Some(want), "it may not change");
        }
    }

    #[test]
    fn a_gop_over_ten_seconds_is_refused_with_advice() {
        let mut cadence = Cadence::new(&Packaging::default());
        cadence.keyframe(0, 0).unwrap();
        assert!(cadence.picture(10_000, 0).is_ok());
        let refused = cadence.picture(10_033, 0).unwrap_err();
        assert_eq!(refused, PackagingError::KeyframesTooFar { gap_ms: 10_033, limit_ms: 10_000 });
        assert!(refused.to_string().contains("keyframe interval to 2 s"));
    }

    #[test]
    fn segments_end_at_the_first_keyframe_past_their_length_or_before_they_grow_too_long() {
        let cuts = |keys: &[i64]| {
            let (mut cadence, mut start, mut cuts) = (Cadence::new(&Packaging::default()), keys[0], Vec::new());
            for key in keys {
                if cadence.keyframe(*key, start).unwrap() {
                    cuts.push(*key);
                    start = *key;
                }
            }
            cuts
        };
        assert_eq!(cuts(&[0, 2000, 4000, 6000, 8000]), [4000, 8000]);
        assert_eq!(cuts(&[0, 8333, 16_666]), [8333, 16_666]);
        assert_eq!(cuts(&[0, 1000, 2000, 5500, 8500, 9000]), [5500, 8500], "3500 more would not fit into 6000");
    }
}

//! When a segment ends, and how long one may become.
//!
//! TARGETDURATION is written into the first playlist and may never change (draft-pantos-hls-rfc8216bis §4.4.3.1, §6.2.1), so it
//! is a guess about what an encoder will do, and a publisher who breaks it has to be turned away.
//!
//! * An encoder with a fixed interval shows it within two groups of pictures. Half as much again is promised, for headroom.
//! * An encoder left on "auto" sends a keyframe at each cut of scene, and otherwise every 250 pictures (x264): 8.3 s. Its first
//!   groups say nothing about the next, so it gets the longest promise there is.
//! * That promise is not given to all, since it costs: players without parts stay three target durations behind (30 s instead of
//!   18), and differences of a playlist may only leave out what is six of them old. Players with parts keep to PART-HOLD-BACK
//!   either way (hls.js was read and measured).
//! * While an encoder is not known to be even, the next group may last as long as any, so every keyframe ends a segment: a second
//!   group in the same segment could break the promise.

use super::settings::{Packaging, PackagingError};

/// No keyframe interval beyond this is taken, milliseconds.
const LONGEST_GOP_MS: i64 = 10_000;
/// Segments are promised to be at least this long, seconds.
const LEAST_TARGET_S: i64 = 6;
/// Groups that differ by no more are equally long: stamps are whole milliseconds. Much less than a picture, since scenes that are
/// alike by chance would pass for an interval.
const EVEN_MS: i64 = 5;

/// Watches keyframes.
#[derive(Debug)]
pub(super) struct Cadence {
    segment_ms: i64,
    target_s: Option<i64>,
    first_key_ms: Option<i64>,
    last_key_ms: Option<i64>,
    longest_gop_ms: i64,
    /// The longest group of pictures came twice.
    repeated: bool,
    /// The promise was given to an encoder with a fixed interval.
    even: bool,
    longest_segment_ms: i64,
}

impl Cadence {
    pub(super) fn new(settings: &Packaging) -> Self {
        Self {
            segment_ms: i64::from(settings.segment_ms),
            target_s: None,
            first_key_ms: None,
            last_key_ms: None,
            longest_gop_ms: 0,
            repeated: false,
            even: false,
            longest_segment_ms: 0,
        }
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
            self.group(at_ms - last);
        }
        let watched_ms = at_ms - *self.first_key_ms.get_or_insert(at_ms);
        if self.target_s.is_none() && self.repeated && watched_ms >= self.segment_ms {
            self.even = true;
            self.fix(self.longest_gop_ms);
        }
        let length_ms = at_ms - segment_ms;
        Ok(length_ms > 0 && (length_ms >= self.segment_ms || length_ms + self.next_gop_ms() > self.limit_ms()))
    }

    /// A picture at `at_ms`, so the segment lasts at least until there.
    pub(super) fn picture(&mut self, at_ms: i64, segment_ms: i64) -> Result<(), PackagingError> {
        // By now an interval of up to the length of a segment would have been seen twice.
        let doubtful = self.first_key_ms.is_some_and(|first| at_ms - first > 2 * self.segment_ms + EVEN_MS);
        if doubtful && self.target_s.is_none() {
            self.target_s = Some(LONGEST_GOP_MS / 1000);
        }
        let limit_ms = self.limit_ms();
        if at_ms - segment_ms <= limit_ms {
            return Ok(());
        }
        let gap_ms = at_ms - self.last_key_ms.unwrap_or(segment_ms);
        Err(PackagingError::KeyframesTooFar { gap_ms, limit_ms })
    }

    fn group(&mut self, gop_ms: i64) {
        let longer_ms = gop_ms - self.longest_gop_ms;
        if longer_ms.abs() <= EVEN_MS {
            self.repeated = true;
        } else if longer_ms > 0 {
            self.repeated = false;
        }
        self.longest_gop_ms = self.longest_gop_ms.max(gop_ms);
    }

    /// How long the group that begins now may last. Under a shorter promise the longest would be refused anyway.
    fn next_gop_ms(&self) -> i64 {
        let known = self.even || self.limit_ms() < LONGEST_GOP_MS;
        if known { self.longest_gop_ms } else { LONGEST_GOP_MS }
    }
}

fn seconds_up(ms: i64) -> i64 {
    (ms + 999) / 1000
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What became of an encoder that sends keyframes at these times: TARGETDURATION, when it was known, and where it was cut.
    struct Seen {
        target_s: Option<u32>,
        known_ms: Option<i64>,
        cuts: Vec<i64>,
        refused: Option<PackagingError>,
    }

    /// Pictures every 33 ms, and keyframes where `keys` says.
    fn watch(keys: &[i64]) -> Seen {
        let (mut cadence, mut start) = (Cadence::new(&Packaging::default()), keys[0]);
        let mut seen = Seen { target_s: None, known_ms: None, cuts: Vec::new(), refused: None };
        let pictures = keys.windows(2).flat_map(|pair| (pair[0]..pair[1]).step_by(33).map(move |at| (at, at == pair[0])));
        for (at, key) in pictures.chain(keys.last().map(|at| (*at, true))) {
            let cut = if key { cadence.keyframe(at, start) } else { cadence.picture(at, start).map(|()| false) };
            match cut {
                Ok(true) => {
                    start = at;
                    seen.cuts.push(at);
                }
                Ok(false) => {}
                Err(error) => {
                    seen.refused = Some(error);
                    break;
                }
            }
            seen.known_ms = seen.known_ms.or(cadence.target_s().map(|_| at));
        }
        seen.target_s = cadence.target_s();
        seen
    }

    fn every(gop_ms: i64) -> Vec<i64> {
        (0..=60_000 / gop_ms).map(|n| n * gop_ms).collect()
    }

    #[test]
    fn an_even_encoder_is_known_by_two_groups_and_gets_headroom() {
        // Keyframe interval, TARGETDURATION, known after, longest segment.
        let table = [
            (500, 6, 4000, 4000),
            (1000, 6, 4000, 4000),
            (2000, 6, 4000, 4000),
            (3000, 9, 6000, 6000),
            (4000, 6, 8000, 4000),
            (5000, 10, 8052, 5000),
            (8333, 10, 8052, 8333),
            (10_000, 10, 8052, 10_000),
        ];
        for (gop_ms, target_s, known_ms, longest_ms) in table {
            let seen = watch(&every(gop_ms));
            assert_eq!((seen.target_s, seen.refused), (Some(target_s), None), "a keyframe each {gop_ms} ms");
            let known = seen.known_ms.unwrap();
            assert!((known_ms - 40..=known_ms + 40).contains(&known), "a keyframe each {gop_ms} ms: known after {known} ms");
            assert_eq!(seen.cuts.windows(2).map(|pair| pair[1] - pair[0]).max(), Some(longest_ms), "a keyframe each {gop_ms} ms");
        }
    }

    #[test]
    fn an_uneven_encoder_is_promised_ten_seconds_and_cut_at_every_keyframe() {
        let scene_cut = [0, 2700, 11_033, 19_366, 20_500, 28_833, 37_166];
        let three_scenes = [0, 1200, 3300, 7900, 16_233, 24_566, 25_400];
        let burst_at_the_start = [0, 33, 66, 8399, 16_732];
        let two_alike_by_chance = [0, 1000, 2000, 10_333, 18_666];
        for keys in [&scene_cut[..], &three_scenes, &burst_at_the_start, &two_alike_by_chance] {
            let seen = watch(keys);
            assert_eq!((seen.target_s, seen.refused), (Some(10), None), "{keys:?}");
            assert_eq!(seen.cuts, keys[1..], "every keyframe ends a segment");
        }
    }

    #[test]
    fn scenes_cut_within_a_fixed_interval_leave_it_even() {
        // OBS with an interval of 2 s: x264 begins to count anew at each cut of scene.
        let seen = watch(&[0, 1300, 3300, 5300, 6100, 8100, 10_100, 10_900, 12_900]);
        assert_eq!((seen.target_s, seen.known_ms, seen.refused), (Some(6), Some(5300), None));
        assert_eq!(seen.cuts, [1300, 3300, 8100, 12_900], "and segments are as long as they may be once that is known");
    }

    #[test]
    fn a_gop_over_ten_seconds_is_refused_with_advice() {
        let refused = watch(&[0, 10_033]).refused.unwrap();
        assert_eq!(refused, PackagingError::KeyframesTooFar { gap_ms: 10_032, limit_ms: 10_000 });
        assert!(refused.to_string().contains("keyframe interval to 2 s"));
        let broken_promise = watch(&[0, 2000, 4000, 6000, 14_000]).refused.unwrap();
        assert_eq!(broken_promise, PackagingError::KeyframesTooFar { gap_ms: 6006, limit_ms: 6000 });
    }

    #[test]
    fn segments_end_at_the_first_keyframe_past_their_length_or_before_they_grow_too_long() {
        assert_eq!(watch(&[0, 2000, 4000, 6000, 8000, 10_000]).cuts, [2000, 6000, 10_000], "from the second on 4 s");
        let tight = watch(&[0, 4000, 8000, 10_500, 14_500, 15_500, 19_500]);
        assert_eq!((tight.target_s, tight.cuts), (Some(6), vec![4000, 8000, 10_500, 14_500, 19_500]), "2.5 and 4 do not fit into 6");
    }

    #[test]
    fn a_promise_of_an_earlier_run_is_kept() {
        let mut cadence = Cadence::new(&Packaging::default());
        cadence.resume(Some(10));
        assert!(!cadence.keyframe(0, 0).unwrap());
        assert!(cadence.keyframe(1500, 0).unwrap(), "the next group may last ten seconds");
        let mut cadence = Cadence::new(&Packaging::default());
        cadence.resume(Some(6));
        assert!(!cadence.keyframe(0, 0).unwrap());
        assert!(!cadence.keyframe(1500, 0).unwrap(), "this one may not");
        cadence.fix(8000);
        assert_eq!(cadence.target_s(), Some(6), "it may not change");
    }
}

//! A 32-bit clock that wraps and stumbles, made one that only goes forward.

use crate::Track;

/// A step of more than this, either way, is an encoder that set its clock anew: no connection is silent for so long.
const JUMP_MS: i64 = 30_000;

/// The publisher's clock, shared by both tracks so that they stay together.
#[derive(Debug, Default)]
pub(super) struct Clock {
    last: Option<Last>,
    video_ms: Option<i64>,
    audio_ms: Option<i64>,
}

#[derive(Debug, Clone, Copy)]
struct Last {
    raw: u32,
    continuous_ms: i64,
}

impl Clock {
    /// The continuous time of a sample stamped `raw`, and by how many milliseconds it had to be moved on.
    ///
    /// Within a track times strictly rise; a small step back becomes a step of one millisecond.
    pub(super) fn stamp(&mut self, track: Track, raw: u32) -> (i64, i32) {
        let continuous_ms = match self.last {
            None => i64::from(raw),
            Some(last) => {
                // The shorter way round the circle of 32 bits.
                let step = i64::from(raw.wrapping_sub(last.raw) as i32);
                last.continuous_ms + if step.abs() > JUMP_MS { 1 } else { step }
            }
        };
        self.last = Some(Last { raw, continuous_ms });
        let before = match track {
            Track::Video => &mut self.video_ms,
            Track::Audio => &mut self.audio_ms,
        };
        let stamped = before.map_or(continuous_ms, |before| continuous_ms.max(before + 1));
        *before = Some(stamped);
        (stamped, i32::try_from(stamped - continuous_ms).unwrap_or(i32::MAX))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_wrap_stumble_and_start_anew() {
        let table: [(&str, &[u32], &[i64]); 5] = [
            ("plain", &[0, 33, 67], &[0, 33, 67]),
            ("wraps", &[u32::MAX - 10, 20], &[4_294_967_285, 4_294_967_316]),
            ("a small step back", &[100, 90, 95, 133], &[100, 101, 102, 133]),
            ("set back to zero", &[500_000, 0, 33], &[500_000, 500_001, 500_034]),
            ("leaps ahead", &[0, 4_000_000, 4_000_033], &[0, 1, 34]),
        ];
        for (name, raw, want) in table {
            let mut clock = Clock::default();
            let got: Vec<i64> = raw.iter().map(|raw| clock.stamp(Track::Video, *raw).0).collect();
            assert_eq!(got, want, "{name}");
        }
    }

    #[test]
    fn tracks_share_the_clock_but_not_the_order() {
        let mut clock = Clock::default();
        assert_eq!(clock.stamp(Track::Video, 100), (100, 0));
        assert_eq!(clock.stamp(Track::Audio, 80), (80, 0), "sound may lag behind the picture");
        assert_eq!(clock.stamp(Track::Video, 95), (101, 6), "the same track may not step back");
        assert_eq!(clock.stamp(Track::Audio, 101), (101, 0));
    }
}

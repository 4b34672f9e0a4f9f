//! Small pictures for the seek bar, and the WebVTT file that says which shows when.

use std::fmt::Write as _;

use crate::captions::timestamp;
use crate::plan::Frame;

/// Pictures along each side of a sheet. Small sheets appear soon after the pointer does.
pub(crate) const SIDE: u64 = 5;

/// Distance of two pictures: about 360 for a recording, one to ten seconds apart.
pub(crate) fn interval_ms(duration_ms: u64) -> u64 {
    (duration_ms / 360).clamp(1_000, 10_000)
}

/// How many pictures a recording gets, at least one.
pub(crate) fn pictures(duration_ms: u64) -> u64 {
    duration_ms.div_ceil(interval_ms(duration_ms)).max(1)
}

/// How many sheets they fill.
pub(crate) fn sheets(duration_ms: u64) -> u64 {
    pictures(duration_ms).div_ceil(SIDE * SIDE)
}

/// The thumbnails track: one cue a picture, naming its place as `#xywh=`.
pub(crate) fn track(frame: Frame, duration_ms: u64) -> String {
    let (interval, pictures) = (interval_ms(duration_ms), pictures(duration_ms));
    let mut text = String::from("WEBVTT\n");
    for n in 0..pictures {
        let (sheet, place) = (n / (SIDE * SIDE), n % (SIDE * SIDE));
        let (x, y) = (place % SIDE * u64::from(frame.width), place / SIDE * u64::from(frame.height));
        let ends = if n + 1 == pictures { duration_ms.max(n * interval + 1) } else { (n + 1) * interval };
        // Writing to a String cannot fail.
        let _ = writeln!(
            text,
            "\n{} --> {}\nsheet{sheet:03}.jpg#xywh={x},{y},{},{}",
            timestamp(n * interval),
            timestamp(ends),
            frame.width,
            frame.height
        );
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pictures_walk_across_and_down_the_sheets() {
        let text = track(Frame { width: 160, height: 90 }, 27_500);
        let cues: Vec<&str> = text.split("\n\n").skip(1).collect();
        assert_eq!(cues.len(), 28);
        assert_eq!(cues[6], "00:00:06.000 --> 00:00:07.000\nsheet000.jpg#xywh=160,90,160,90");
        assert_eq!(cues[27].trim(), "00:00:27.000 --> 00:00:27.500\nsheet001.jpg#xywh=320,0,160,90");
    }

    #[test]
    fn distance_grows_with_length() {
        for (duration, want) in [(0, 1_000), (60_000, 1_000), (1_800_000, 5_000), (36_000_000, 10_000)] {
            assert_eq!(interval_ms(duration), want);
        }
    }
}

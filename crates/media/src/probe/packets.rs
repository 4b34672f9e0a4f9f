//! What only the packets of a picture track tell: key frames, evenness, real bit rate, real end.

/// Twelve hours at 120 frames a second, and then some; more are ignored.
const MOST: usize = 6_000_000;

/// Times of all packets, as they come from ffprobe line by line.
#[derive(Debug, Default)]
pub(super) struct Packets {
    /// Presentation times in microseconds, in the order of the file.
    times: Vec<i64>,
    keys: Vec<i64>,
    bytes: u64,
}

/// What was found.
#[derive(Debug, PartialEq)]
pub(super) struct Measured {
    pub(super) ends_ms: u64,
    pub(super) fps: f64,
    pub(super) variable_fps: bool,
    pub(super) bitrate: u64,
    pub(super) longest_keyframe_gap_ms: u64,
}

impl Packets {
    /// Takes one line `pts_time,size,flags`; says whether it was one.
    pub(super) fn add(&mut self, line: &str) -> bool {
        let mut fields = line.split(',');
        let seconds = fields.next().and_then(|field| field.parse::<f64>().ok());
        let bytes = fields.next().and_then(|field| field.parse::<u64>().ok());
        let (Some(bytes), Some(flags)) = (bytes, fields.next()) else { return false };
        self.bytes += bytes;
        if let Some(seconds) = seconds.filter(|s| s.abs() < 1e9 && self.times.len() < MOST) {
            let micros = (seconds * 1e6).round() as i64;
            self.times.push(micros);
            if flags.starts_with('K') {
                self.keys.push(micros);
            }
        }
        true
    }

    /// Sums up. `None` without a single dated key frame, for then nothing can be shown.
    pub(super) fn measure(mut self, duration_ms: u64) -> Option<Measured> {
        self.times.sort_unstable();
        self.keys.sort_unstable();
        let (first, last) = (*self.times.first()?, *self.times.last()?);
        self.keys.first()?;
        let frame = typical(&self.times);
        let length = last - first + frame;
        let end = first.saturating_add_unsigned(duration_ms.saturating_mul(1000)).max(last + frame);
        let marks = [first].into_iter().chain(self.keys.iter().copied()).chain([end]);
        let gap = marks.clone().zip(marks.skip(1)).map(|(a, b)| b - a).max().unwrap_or(0);
        Some(Measured {
            ends_ms: (length / 1000).max(0) as u64,
            fps: if length > 0 { self.times.len() as f64 * 1e6 / length as f64 } else { 0.0 },
            variable_fps: is_uneven(&self.times, frame),
            bitrate: if length > 0 { (self.bytes as f64 * 8e6 / length as f64) as u64 } else { 0 },
            longest_keyframe_gap_ms: (gap / 1000).max(0) as u64,
        })
    }
}

/// The distance of two pictures that half of all distances do not exceed, in microseconds.
fn typical(sorted: &[i64]) -> i64 {
    let mut distances: Vec<i64> = sorted.windows(2).map(|pair| pair[1] - pair[0]).collect();
    let middle = distances.len() / 2;
    if distances.is_empty() { 0 } else { *distances.select_nth_unstable(middle).1 }
}

/// More than one distance in fifty is a third off the typical one. Whole-millisecond containers stay well below that.
fn is_uneven(sorted: &[i64], frame: i64) -> bool {
    let odd = sorted.windows(2).filter(|pair| ((pair[1] - pair[0]) - frame).abs() * 3 > frame).count();
    odd * 50 > sorted.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn packets(times_ms: impl IntoIterator<Item = u32>, key_every: usize) -> Packets {
        let mut packets = Packets::default();
        for (n, time) in times_ms.into_iter().enumerate() {
            let flags = if n % key_every == 0 { "K__" } else { "___" };
            assert!(packets.add(&format!("{}.{:03},1000,{flags}", time / 1000, time % 1000)));
        }
        packets
    }

    #[test]
    fn even_frames_in_whole_milliseconds() {
        let found = packets((0..300).map(|n| n * 100 / 3), 60).measure(10_000).expect("frames");
        assert!(!found.variable_fps);
        assert!((found.fps - 30.0).abs() < 0.1);
        assert_eq!(found.longest_keyframe_gap_ms, 2000);
        assert_eq!(found.bitrate / 1000, 240);
    }

    #[test]
    fn a_screen_recording_is_uneven() {
        assert!(packets((0..100).map(|n| n * 33 + n / 5 * 400), 50).measure(0).expect("frames").variable_fps);
    }

    #[test]
    fn the_way_to_the_end_counts_as_a_gap() {
        assert_eq!(packets((0..10).map(|n| n * 40), 100).measure(20_000).expect("frames").longest_keyframe_gap_ms, 20_000);
    }

    #[test]
    fn nothing_without_key_frames() {
        let mut packets = Packets::default();
        assert!(packets.add("0.0,10,___"));
        assert!(!packets.add("garbage"));
        assert_eq!(packets.measure(1000), None);
    }
}

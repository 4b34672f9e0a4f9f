//! Two RTP clocks with two random beginnings, made one timeline in milliseconds.
//!
//! The picture sets the pace: its first arrival is its place, its RTP clock counts from there. Sound is placed beside it through
//! the sender reports of both (RFC 3550 §6.4.1), which tell what each RTP clock showed at one moment of the sender's wall clock.
//! A sender that reports nothing is placed by arrival.

/// Ticks a second of the picture's RTP clock (RFC 6184 §8.2.1).
const VIDEO_HZ: i64 = 90_000;
/// Of the sound's (RFC 7587 §4.1).
pub(super) const AUDIO_HZ: i64 = 48_000;
/// Sound and picture wait at most so long for the reports of both: browsers send the first within three seconds.
const PATIENCE_MS: i64 = 4_000;

/// What an RTP clock showed at a moment of the sender's wall clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Report {
    pub(super) ticks: u64,
    pub(super) unix_us: i64,
}

/// One RTP clock.
#[derive(Debug, Clone, Copy)]
struct Lane {
    hz: i64,
    /// Ticks and milliseconds of the first arrival.
    first: Option<(u64, i64)>,
    report: Option<Report>,
}

impl Lane {
    fn new(hz: i64) -> Self {
        Self { hz, first: None, report: None }
    }

    fn hear(&mut self, ticks: u64, arrived_ms: i64, report: Option<Report>) {
        self.first.get_or_insert((ticks, arrived_ms));
        self.report = report.or(self.report);
    }

    /// Counted from the first arrival.
    fn counted_ms(&self, ticks: u64) -> i64 {
        let (first, ms) = self.first.unwrap_or((ticks, 0));
        ms + steps(ticks, first) * 1000 / self.hz
    }

    /// The sender's wall clock at `ticks`.
    fn unix_us(&self, ticks: u64) -> Option<i64> {
        let report = self.report?;
        Some(report.unix_us + steps(ticks, report.ticks) * 1_000_000 / self.hz)
    }
}

/// From `before` to `ticks`, the shorter way round the circle of 32 bits: reports and packets may be extended differently.
fn steps(ticks: u64, before: u64) -> i64 {
    i64::from((ticks as u32).wrapping_sub(before as u32) as i32)
}

/// The timeline of one session.
#[derive(Debug)]
pub(super) struct Clock {
    video: Lane,
    audio: Lane,
    /// Both tracks come, so that one is placed beside the other.
    both: bool,
    since_ms: Option<i64>,
}

impl Clock {
    pub(super) fn new(both: bool) -> Self {
        Self { video: Lane::new(VIDEO_HZ), audio: Lane::new(AUDIO_HZ), both, since_ms: None }
    }

    /// Places a picture.
    pub(super) fn video(&mut self, ticks: u64, arrived_ms: i64, report: Option<Report>) -> i64 {
        self.since_ms.get_or_insert(arrived_ms);
        self.video.hear(ticks, arrived_ms, report);
        self.keep_near(ticks);
        self.video.counted_ms(ticks)
    }

    /// Places a packet of sound.
    pub(super) fn audio(&mut self, ticks: u64, arrived_ms: i64, report: Option<Report>) -> i64 {
        self.since_ms.get_or_insert(arrived_ms);
        self.audio.hear(ticks, arrived_ms, report);
        self.beside_picture(ticks).unwrap_or_else(|| self.audio.counted_ms(ticks))
    }

    /// Whether places can be believed from now on.
    pub(super) fn is_settled(&self, now_ms: i64) -> bool {
        let waited = self.since_ms.is_some_and(|since| now_ms - since >= PATIENCE_MS);
        !self.both || waited || (self.video.report.is_some() && self.audio.report.is_some())
    }

    /// Where the picture stands that was taken at the same moment.
    fn beside_picture(&self, ticks: u64) -> Option<i64> {
        let (first, ms) = self.video.first?;
        let (heard, seen) = (self.audio.unix_us(ticks)?, self.video.unix_us(first)?);
        Some(ms + (heard - seen) / 1000)
    }

    /// Moves the anchor along, so that no difference of ticks outgrows 32 bits: they would wrap after 13 hours.
    fn keep_near(&mut self, ticks: u64) {
        const MINUTE: i64 = 60 * VIDEO_HZ;
        if let Some((first, ms)) = self.video.first
            && steps(ticks, first) >= MINUTE
        {
            self.video.first = Some((first.wrapping_add(MINUTE as u64), ms + 60_000));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sound_stands_beside_the_picture_of_its_moment() {
        let mut clock = Clock::new(true);
        let report = |ticks, unix_us| Some(Report { ticks, unix_us });
        assert_eq!(clock.video(900_000, 100, None), 100);
        assert_eq!(clock.audio(4_800, 40, None), 40, "by arrival until both have reported");
        assert!(!clock.is_settled(200));
        // The sender's clock at the first picture was 5,000,000 µs; at the first sound 4,950,000 µs.
        assert_eq!(clock.video(990_000, 1_130, report(990_000, 6_000_000)), 1_100, "counted, not as it arrived");
        assert_eq!(clock.audio(52_800, 1_040, report(52_800, 5_950_000)), 1_050);
        assert!(clock.is_settled(1_200));
        assert_eq!(clock.audio(52_800 + 960, 1_100, None), 1_070);
    }

    #[test]
    fn who_reports_nothing_is_placed_by_arrival() {
        let mut clock = Clock::new(true);
        clock.video(0, 0, None);
        assert!(!clock.is_settled(PATIENCE_MS - 1));
        assert!(clock.is_settled(PATIENCE_MS));
        assert!(Clock::new(false).is_settled(0), "a single track waits for nothing");
    }

    #[test]
    fn ticks_wrap_and_long_broadcasts_count_on() {
        let mut clock = Clock::new(false);
        let start = u64::from(u32::MAX) - 90_000;
        assert_eq!(clock.video(start, 0, None), 0);
        assert_eq!(clock.video(start + 180_000, 0, None), 2_000);
        for minute in 1..2_000_u64 {
            assert_eq!(clock.video(start + minute * 30 * 90_000, 0, None), minute as i64 * 30_000);
        }
    }
}

//! How well a publisher's picture and sound arrive, measured over the last seconds.

use super::rungs::Rung;
use kernel::Timestamp;
use live::{Event, Track};
use serde::Serialize;
use std::collections::VecDeque;

/// Seconds that figures are measured over.
const WINDOW_MS: i64 = 5_000;
/// Without anything for so long the link is poor.
const POOR_MS: i64 = 1_500;

/// Measures what arrives.
#[derive(Debug, Default)]
pub struct Meter {
    since: Option<Timestamp>,
    video: Option<(u16, u16)>,
    audio: Option<(u32, u8)>,
    /// Arrival, track, bytes, keyframe.
    seen: VecDeque<(Timestamp, Track, usize)>,
    last: Option<Timestamp>,
    /// Stamps of the last two keyframes.
    keys: (Option<i64>, Option<i64>),
    refused: String,
}

/// Figures of the picture.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, utoipa::ToSchema)]
pub struct Picture {
    /// Pixels.
    pub width: u16,
    /// Pixels.
    pub height: u16,
    /// Pictures a second.
    pub fps: f64,
    /// Kilobits a second.
    pub kbps: i64,
    /// Seconds between the last two keyframes; 0 before the second.
    pub keyframe_s: f64,
}

/// Figures of the sound.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, utoipa::ToSchema)]
pub struct Sound {
    /// Samples a second.
    pub rate: u32,
    /// 1 or 2.
    pub channels: u8,
    /// Kilobits a second.
    pub kbps: i64,
}

/// What a host is told.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub struct Health {
    /// A publisher is there.
    pub connected: bool,
    /// It is a phone's browser and no encoder.
    pub phone: bool,
    /// Since when, milliseconds since 1970.
    #[schema(value_type = Option<i64>)]
    pub since: Option<Timestamp>,
    /// The picture, when there is one.
    pub video: Option<Picture>,
    /// The sound, when there is one.
    pub audio: Option<Sound>,
    /// `good`, `poor` or `lost`.
    pub uplink: &'static str,
    /// Why the last publisher was turned away; empty otherwise.
    pub refused: String,
    /// Lower qualities below the source, once it is on air.
    pub rungs: Vec<Rung>,
}

impl Health {
    /// Of a broadcast that nobody sends.
    pub fn nobody() -> Self {
        Meter::default().report(false, Timestamp(0))
    }
}

impl Meter {
    /// Takes note of what arrived at `now`.
    pub fn note(&mut self, event: &Event, now: Timestamp) {
        self.since.get_or_insert(now);
        match event {
            Event::Video(config) => self.video = Some((config.width, config.height)),
            Event::Audio(config) => self.audio = Some((config.rate, config.channels)),
            Event::Sample(sample) => {
                if sample.key && sample.track == Track::Video {
                    self.keys = (self.keys.1, Some(sample.dts_ms));
                }
                self.last = Some(now);
                self.seen.push_back((now, sample.track, sample.data.len()));
                while self.seen.front().is_some_and(|(at, ..)| now - *at > WINDOW_MS) {
                    self.seen.pop_front();
                }
            }
        }
    }

    /// Remembers why a publisher was turned away.
    pub fn refuse(&mut self, why: &str) {
        why.clone_into(&mut self.refused);
    }

    /// The figures at `now`.
    pub fn report(&self, connected: bool, now: Timestamp) -> Health {
        let uplink = match self.last {
            _ if !connected => "lost",
            Some(last) if now - last > POOR_MS => "poor",
            _ => "good",
        };
        let picture = |(width, height)| {
            let (count, kbps) = self.rate(Track::Video, now);
            let keyframe_s = if let (Some(a), Some(b)) = self.keys { (b - a) as f64 / 1000.0 } else { 0.0 };
            Picture { width, height, fps: (count * 10.0).round() / 10.0, kbps, keyframe_s }
        };
        let sound = |(rate, channels)| Sound { rate, channels, kbps: self.rate(Track::Audio, now).1 };
        Health {
            connected,
            phone: false,
            since: self.since.filter(|_| connected),
            video: self.video.filter(|_| connected).map(picture),
            audio: self.audio.filter(|_| connected).map(sound),
            uplink,
            refused: self.refused.clone(),
            rungs: Vec::new(),
        }
    }

    /// Samples and kilobits a second of a track.
    fn rate(&self, track: Track, now: Timestamp) -> (f64, i64) {
        let of = || self.seen.iter().filter(|(at, of, _)| *of == track && now - *at <= WINDOW_MS);
        let Some((first, ..)) = of().next() else { return (0.0, 0) };
        let ms = (now - *first).max(1_000) as f64;
        let bytes: usize = of().map(|(.., bytes)| bytes).sum();
        (of().count() as f64 * 1000.0 / ms, (bytes as f64 * 8.0 / ms) as i64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use bytes::Bytes;
    use live::{Sample, VideoConfig};

    fn picture(ms: i64, key: bool) -> Event {
        Event::Sample(Sample { track: Track::Video, dts_ms: ms, cts_ms: 0, key, data: Bytes::from(vec![0; 5_000]) })
    }

    #[test]
    fn figures_are_those_of_the_last_seconds() {
        let mut meter = Meter::default();
        meter.note(&Event::Video(VideoConfig { avcc: Bytes::new(), width: 1280, height: 720 }), Timestamp(0));
        for n in 0..400 {
            meter.note(&picture(n * 40, n % 50 == 0), Timestamp(n * 40));
        }
        let health = meter.report(true, Timestamp(399 * 40));
        let picture = health.video.unwrap();
        assert!((24.5..=25.5).contains(&picture.fps), "{picture:?}");
        assert!((980..=1020).contains(&picture.kbps), "{picture:?}");
        assert!((picture.keyframe_s - 2.0).abs() < 0.001, "{picture:?}");
        assert_eq!((health.uplink, health.audio), ("good", None));
        assert_eq!(meter.report(true, Timestamp(20_000)).uplink, "poor");
        assert_eq!(meter.report(false, Timestamp(20_000)).uplink, "lost");
        assert!(meter.seen.len() < 200, "what is old is forgotten");
    }
}

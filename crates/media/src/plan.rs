//! PURE: from the facts of a file to the ordered steps that make it playable.
//!
//! A track that every browser plays as it is gets copied, which takes seconds and is published at once; everything else
//! is encoded. Without a copy the smallest rung comes first, since it is ready soonest.

use serde::{Deserialize, Serialize};

use crate::source::{AudioInfo, SourceInfo, VideoInfo};

/// Long sides of the ladder (1080, 720 and 360 lines of a 16:9 picture), highest first.
const LADDER: [u32; 3] = [1920, 1280, 640];

/// All steps, in the order in which they are to be run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Plan {
    /// Each step may be run again; it replaces its own output only.
    pub steps: Vec<Step>,
}

impl Plan {
    /// Percent of the whole when `done` steps are finished and the next one stands at `fraction` (0 to 1).
    pub fn percent(&self, done: usize, fraction: f32) -> f32 {
        let weight = |steps: &[Step]| steps.iter().map(|step| f64::from(step.weight)).sum::<f64>();
        let done = done.min(self.steps.len());
        let running = self.steps.get(done).map_or(0.0, |step| f64::from(step.weight) * f64::from(fraction.clamp(0.0, 1.0)));
        let all = weight(&self.steps);
        if all == 0.0 { 100.0 } else { (100.0 * (weight(&self.steps[..done]) + running) / all) as f32 }
    }
}

/// One piece of work for [`crate::run_step`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Step {
    /// What to do.
    pub kind: StepKind,
    /// Share of the whole in about milliseconds of CPU, at least 1.
    pub weight: u32,
    /// Length of the source in milliseconds: scales progress and time limits.
    pub duration_ms: u64,
    /// Reader that ffmpeg is told to use.
    pub container: crate::Container,
}

/// What a step does, and where its output goes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "snake_case")]
pub enum StepKind {
    /// Repackage the picture as it is, into `v{width}x{height}`.
    CopyRung {
        /// Size as seen.
        frame: Frame,
    },
    /// Encode the picture as H.264, into `v{width}x{height}`.
    EncodeRung(EncodeRung),
    /// The sound as stereo AAC, into `a`.
    Audio {
        /// Copied or encoded.
        mode: AudioMode,
    },
    /// One still picture from a tenth into the recording: `poster/poster.jpg`.
    Poster(Still),
    /// Small pictures for the seek bar: `storyboard/`.
    Storyboard(Still),
    /// Measure copied sound and, if it is too soft or too loud, write a levelled version into `al`.
    Loudness,
}

/// How single pictures are taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Still {
    /// Size of one picture.
    pub frame: Frame,
    /// Map PQ or HLG to ordinary range.
    pub tone_map: bool,
}

/// Width and height in pixels, both even.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Frame {
    /// Pixels across.
    pub width: u32,
    /// Pixels down.
    pub height: u32,
}

impl Frame {
    /// The usual name of a resolution: 1080 for 1920×1080 and for 1080×1920.
    pub fn lines(self) -> u32 {
        self.width.min(self.height)
    }

    /// Where a rung of this size goes; no two rungs of a plan have the same size.
    pub(crate) fn folder(self) -> String {
        format!("v{}x{}", self.width, self.height)
    }
}

/// How one rung is encoded.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct EncodeRung {
    /// Size of the result.
    pub frame: Frame,
    /// Highest bit rate over two seconds, in kbit/s.
    pub max_kbps: u32,
    /// Where segments may be cut.
    pub key_frames: KeyFrames,
    /// Make whole pictures out of half pictures first.
    pub deinterlace: bool,
    /// Map PQ or HLG to ordinary range.
    pub tone_map: bool,
}

/// Where key frames go; the same for all rungs of a recording, so that players can switch at any segment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KeyFrames {
    /// Where the source has them, frames untouched: keeps step with a copied rung.
    LikeSource,
    /// Every two seconds, at this fixed frame rate.
    EveryTwoSeconds(Rate),
}

/// Frames a second as a fraction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rate {
    /// Frames…
    pub num: u32,
    /// …in this many seconds.
    pub den: u32,
}

/// What happens to the sound.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AudioMode {
    /// AAC-LC in one or two channels is kept as it is.
    Copy,
    /// Anything else becomes stereo AAC at an even loudness.
    Encode,
}

/// The steps for `source`: what plays soonest comes first.
pub fn plan(source: &SourceInfo) -> Plan {
    let mut kinds = Vec::new();
    let copied = source.video.as_ref().filter(|video| may_copy_video(video));
    if let Some(video) = copied {
        kinds.push(StepKind::CopyRung { frame: Frame { width: video.width, height: video.height } });
    }
    let audio = source.audio.as_ref().map(|audio| if may_copy_audio(audio) { AudioMode::Copy } else { AudioMode::Encode });
    kinds.extend(audio.map(|mode| StepKind::Audio { mode }));
    if let Some(video) = &source.video {
        kinds.extend(rungs(video, copied.is_some()).into_iter().map(StepKind::EncodeRung));
        let still = |side| Still { frame: fit(video, side), tone_map: video.hdr };
        kinds.extend([StepKind::Poster(still(1280)), StepKind::Storyboard(still(160))]);
    }
    if audio == Some(AudioMode::Copy) {
        kinds.push(StepKind::Loudness);
    }
    let step = |kind| Step { weight: weight(&kind, source), kind, duration_ms: source.duration_ms, container: source.container };
    Plan { steps: kinds.into_iter().map(step).collect() }
}

/// Every browser we serve plays this picture as it is, in segments of bearable length.
fn may_copy_video(video: &VideoInfo) -> bool {
    video.codec == "h264"
        && ["Baseline", "Constrained Baseline", "Main", "High"].contains(&video.profile.as_str())
        && video.pix_fmt == "yuv420p"
        && (1..=42).contains(&video.level)
        && !video.interlaced
        && !video.hdr
        && video.rotation == 0
        && video.square_pixels
        && !video.variable_fps
        && video.width.is_multiple_of(2)
        && video.height.is_multiple_of(2)
        && video.bitrate < 6_000_000
        && video.longest_keyframe_gap_ms <= 8_000
}

fn may_copy_audio(audio: &AudioInfo) -> bool {
    audio.codec == "aac" && audio.profile == "LC" && (1..=2).contains(&audio.channels)
}

/// The rungs to encode: below a copied one downwards, else from the smallest up.
fn rungs(video: &VideoInfo, copied: bool) -> Vec<EncodeRung> {
    let top = video.long_side().min(LADDER[0]);
    // A rung hardly smaller than the one above it would cost an hour and help nobody.
    let mut sides: Vec<u32> = LADDER.into_iter().filter(|side| side * 6 / 5 <= top).collect();
    if !copied {
        sides.insert(0, top);
        sides.reverse();
    }
    let key_frames = if copied { KeyFrames::LikeSource } else { KeyFrames::EveryTwoSeconds(fixed_rate(video)) };
    let rung = |side| EncodeRung {
        frame: fit(video, side),
        max_kbps: max_kbps(side),
        key_frames,
        deinterlace: video.interlaced,
        tone_map: video.hdr,
    };
    sides.into_iter().map(rung).collect()
}

fn max_kbps(long_side: u32) -> u32 {
    match long_side {
        1281.. => 5000,
        641.. => 2800,
        _ => 800,
    }
}

/// The picture shrunk until its long side is at most `long_side`; sides are even, as H.264 needs.
fn fit(video: &VideoInfo, long_side: u32) -> Frame {
    let long = u64::from(video.long_side().max(1));
    let target = u64::from(long_side).min(long);
    // To the nearest even number, but not above the source.
    let even = |side: u32| (((u64::from(side) * target + long) / (2 * long) * 2) as u32).min(side / 2 * 2).max(2);
    Frame { width: even(video.width), height: even(video.height) }
}

/// A frame rate of the trade that is at most about 30: lectures gain nothing from more.
fn fixed_rate(video: &VideoInfo) -> Rate {
    const USUAL: [Rate; 6] = [
        Rate { num: 24_000, den: 1001 },
        Rate { num: 24, den: 1 },
        Rate { num: 25, den: 1 },
        Rate { num: 30_000, den: 1001 },
        Rate { num: 30, den: 1 },
        Rate { num: 15, den: 1 },
    ];
    let fps = if video.fps > 40.0 { video.fps / 2.0 } else { video.fps };
    let near = |rate: &&Rate| (f64::from(rate.num) / f64::from(rate.den) - fps).abs() < 0.01;
    let fallback = Rate { num: 30, den: 1 };
    if video.variable_fps { fallback } else { USUAL.iter().find(near).copied().unwrap_or(fallback) }
}

/// CPU milliseconds, from the study's measurements on two cores.
fn weight(kind: &StepKind, source: &SourceInfo) -> u32 {
    let per_second = match kind {
        StepKind::CopyRung { .. } => 5,
        StepKind::EncodeRung(rung) => match rung.frame.width.max(rung.frame.height) {
            1281.. => 620,
            641.. => 420,
            _ => 220,
        },
        StepKind::Audio { mode: AudioMode::Copy } => 2,
        StepKind::Audio { mode: AudioMode::Encode } => 80,
        StepKind::Poster(_) => 1,
        StepKind::Storyboard(_) => 6,
        StepKind::Loudness => 60,
    };
    let seconds = source.duration_ms / 1000 + 1;
    (seconds * per_second).clamp(1, u64::from(u32::MAX)) as u32
}

#[cfg(test)]
#[path = "plan_tests.rs"]
mod tests;

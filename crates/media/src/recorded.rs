//! From what was recorded while it was live to one file, and from a file to the parts of it that are kept.

use std::ffi::OsString;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::time::Duration;

use tokio_util::sync::CancellationToken;

use crate::cmaf::{self, Segments};
use crate::ffmpeg;
use crate::jail::Jail;
use crate::playlist::{AudioRendition, RungInfo};
use crate::room::Room;
use crate::source::SourceInfo;
use crate::supervise::{RunError, Task};
use crate::tools::Tools;

/// A stretch of a broadcast that is coded alike: the playlists of its tracks, below the recording's folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stretch {
    /// Of the picture.
    pub video: Option<String>,
    /// Of the sound.
    pub audio: Option<String>,
}

/// Makes one MP4 file at `to` of what was recorded in `folder`. Stretches that are coded alike are copied; where the coding
/// changed, each is copied and then all are encoded anew, since a file has one coding.
///
/// `length_ms` is the length of all stretches together. Running it again begins anew.
///
/// # Errors
///
/// See [`RunError`].
pub async fn join(
    tools: &Tools,
    jail: &Jail,
    (folder, stretches, length_ms): (&Path, &[Stretch], u64),
    to: &Path,
    cancel: &CancellationToken,
) -> Result<(), RunError> {
    let room = Room::beside(to)?;
    let worker = Worker { tools, jail, room: &room.0, length_ms, cancel };
    let folder = folder.canonicalize()?;
    for (n, stretch) in stretches.iter().enumerate() {
        worker.run(&folder, copied(&folder, stretch, n), 2).await?;
    }
    let whole = match stretches.len() {
        0 => return Err(RunError::BadOutput("nothing was recorded")),
        1 => room.0.join("0.mp4"),
        _ => {
            worker.run(&room.0, encoded(stretches), 15).await?;
            room.0.join("whole.mp4")
        }
    };
    Ok(fs::rename(whole, to)?)
}

/// Makes an MP4 file at `to` of the stretches of `input` from the first to the second millisecond of each of `keep`, in their order.
/// It is encoded anew, so that cuts are where they were set and not at the next key frame.
///
/// `progress` hears fractions from 0 to 1.
///
/// # Errors
///
/// See [`RunError`].
pub async fn cut(
    tools: &Tools,
    jail: &Jail,
    (input, source): (&Path, &SourceInfo),
    keep: &[(u64, u64)],
    to: &Path,
    progress: impl Fn(f32),
    cancel: &CancellationToken,
) -> Result<(), RunError> {
    let room = Room::beside(to)?;
    let length_ms: u64 = keep.iter().map(|(from, until)| until.saturating_sub(*from)).sum();
    let input = input.canonicalize()?;
    let mut args = ffmpeg::begin("error", &[], ffmpeg::input(source.container, &input, jail.limits.max_pixels));
    args.extend(cutting(source, keep));
    args.push("whole.mp4".into());
    let worker = Worker { tools, jail, room: &room.0, length_ms, cancel };
    worker.watched(&input, args, 15, |micros| progress((micros / 1000.0 / length_ms.max(1) as f32).clamp(0.0, 1.0))).await?;
    Ok(fs::rename(room.0.join("whole.mp4"), to)?)
}

/// The master playlist of a recording as it lies in `folder`, below `video/` and `audio/`; each track with the name of its first init segment.
///
/// # Errors
///
/// [`RunError::BadOutput`] when a track cannot be read.
pub fn recorded_master(folder: &Path, video: Option<&str>, audio: Option<&str>) -> Result<String, RunError> {
    let unknown = || RunError::BadOutput("unknown codec");
    let track = |name: &str, init: &str| -> Result<_, RunError> {
        let folder = folder.join(name);
        let rate = Segments::read(&folder)?.bit_rate(&folder)?;
        let init = fs::read(folder.join(init))?;
        Ok((rate, cmaf::codec(&init).ok_or_else(unknown)?, init))
    };
    let (mut rungs, mut sound) = (Vec::new(), None);
    if let Some(init) = video {
        let (rate, codec, init) = track("video", init)?;
        let (width, height) = cmaf::size(&init).ok_or_else(unknown)?;
        rungs.push(RungInfo { folder: "video".into(), width, height, codec, peak_bps: rate.peak, average_bps: rate.average, copied: true });
    }
    if let Some(init) = audio {
        let (rate, codec, init) = track("audio", init)?;
        let channels = cmaf::channels(&init).ok_or_else(unknown)?;
        sound = Some(AudioRendition { folder: "audio".into(), codec, channels, peak_bps: rate.peak, average_bps: rate.average });
    }
    Ok(crate::playlist::master_playlist(&rungs, sound.as_ref()))
}

fn words<const N: usize>(words: [&str; N]) -> Vec<OsString> {
    words.map(OsString::from).into()
}

/// How a call begins whose inputs are playlists and files of our own.
fn begin() -> Vec<OsString> {
    words(["-nostdin", "-hide_banner", "-nostats", "-v", "error", "-y", "-threads", "2", "-progress", "pipe:1", "-stats_period", "1"])
}

/// Copies one stretch to `N.mp4`.
fn copied(folder: &Path, stretch: &Stretch, n: usize) -> Vec<OsString> {
    let mut args = begin();
    let tracks = [&stretch.video, &stretch.audio];
    for track in tracks.into_iter().flatten() {
        args.extend(words([
            "-protocol_whitelist",
            "file",
            "-format_whitelist",
            "hls,mov",
            "-allowed_extensions",
            "m3u8,m4s,mp4",
            "-f",
            "hls",
            "-i",
        ]));
        args.push(folder.join(track).into_os_string());
    }
    for (input, track) in tracks.into_iter().flatten().enumerate() {
        let kind = if stretch.video.as_ref() == Some(track) { "v" } else { "a" };
        args.extend(words(["-map", &format!("{input}:{kind}:0")]));
    }
    args.extend(words(["-c", "copy", "-map_metadata", "-1", "-movflags", "+faststart", &format!("{n}.mp4")]));
    args
}

/// Joins `0.mp4`, `1.mp4`, … of different coding: pictures are fitted into the size of the first.
fn encoded(stretches: &[Stretch]) -> Vec<OsString> {
    let mut args = begin();
    for n in 0..stretches.len() {
        args.extend(words(["-protocol_whitelist", "file", "-format_whitelist", "mov", "-f", "mov", "-i", &format!("{n}.mp4")]));
    }
    let (picture, sound) = (stretches.iter().all(|s| s.video.is_some()), stretches.iter().all(|s| s.audio.is_some()));
    let (mut graph, mut ends) = (String::new(), String::new());
    for n in 0..stretches.len() {
        // Writing to a String cannot fail.
        if picture {
            let _ = write!(graph, "[{n}:v:0]scale=1280:720:force_original_aspect_ratio=decrease,pad=1280:720:-1:-1,setsar=1,fps=30[v{n}];");
            let _ = write!(ends, "[v{n}]");
        }
        if sound {
            let _ = write!(graph, "[{n}:a:0]aresample=48000:async=1,aformat=channel_layouts=stereo[a{n}];");
            let _ = write!(ends, "[a{n}]");
        }
    }
    let _ = write!(graph, "{ends}concat=n={}:v={}:a={}", stretches.len(), u8::from(picture), u8::from(sound));
    finish(args, &graph, (picture, sound))
}

fn cutting(source: &SourceInfo, keep: &[(u64, u64)]) -> Vec<OsString> {
    let (picture, sound) = (source.video.is_some(), source.audio.is_some());
    let (mut graph, mut ends) = (String::new(), String::new());
    for (n, (from, until)) in keep.iter().enumerate() {
        let (from, until) = (*from as f64 / 1000.0, *until as f64 / 1000.0);
        if picture {
            let _ = write!(graph, "[0:v:0]trim={from}:{until},setpts=PTS-STARTPTS[v{n}];");
            let _ = write!(ends, "[v{n}]");
        }
        if sound {
            let _ = write!(graph, "[0:a:0]atrim={from}:{until},asetpts=PTS-STARTPTS[a{n}];");
            let _ = write!(ends, "[a{n}]");
        }
    }
    let _ = write!(graph, "{ends}concat=n={}:v={}:a={}", keep.len(), u8::from(picture), u8::from(sound));
    let mut args = finish(Vec::new(), &graph, (picture, sound));
    args.pop();
    args
}

/// Names the ends of the graph, and how they are coded; the file's name comes last.
fn finish(mut args: Vec<OsString>, graph: &str, (picture, sound): (bool, bool)) -> Vec<OsString> {
    let names = [(picture, "[v]"), (sound, "[a]")].into_iter().filter(|(there, _)| *there).map(|(_, name)| name);
    args.extend(words(["-filter_complex", &format!("{graph}{}", names.clone().collect::<String>())]));
    names.for_each(|name| args.extend(words(["-map", name])));
    if picture {
        args.extend(words([
            "-c:v",
            "libx264",
            "-preset",
            "veryfast",
            "-crf",
            "20",
            "-pix_fmt",
            "yuv420p",
            "-force_key_frames",
            "expr:gte(t,n_forced*2)",
        ]));
    }
    if sound {
        args.extend(words(["-c:a", "aac", "-b:a", "160k"]));
    }
    args.extend(words(["-map_metadata", "-1", "-movflags", "+faststart", "whole.mp4"]));
    args
}

struct Worker<'a> {
    tools: &'a Tools,
    jail: &'a Jail,
    room: &'a Path,
    length_ms: u64,
    cancel: &'a CancellationToken,
}

impl Worker<'_> {
    async fn run(&self, input: &Path, args: Vec<OsString>, slowness: u32) -> Result<(), RunError> {
        self.watched(input, args, slowness, |_| ()).await
    }

    /// Runs ffmpeg in the room; `slowness` times the length, besides two minutes, is what it may take.
    async fn watched(&self, input: &Path, args: Vec<OsString>, slowness: u32, hear: impl Fn(f32)) -> Result<(), RunError> {
        let wall = Duration::from_mins(2) + Duration::from_millis(self.length_ms) * slowness;
        let task = Task { program: &self.tools.ffmpeg, args, input: Some(input), folder: self.room, wall, patience: 1 };
        let moved = |line: &str| {
            let micros = line.strip_prefix("out_time_us=").and_then(|micros| micros.parse().ok());
            micros.inspect(|micros| hear(*micros)).is_some() || line.starts_with("total_size=")
        };
        task.run(self.jail, self.cancel, moved).await.map(drop)
    }
}

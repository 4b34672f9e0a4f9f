//! Running one step of a plan to its end.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::time::Duration;
use std::{fs, io};

use serde::{Deserialize, Serialize};
use tokio_util::sync::CancellationToken;

use crate::cmaf::{self, Segments};
use crate::ffmpeg;
use crate::jail::Jail;
use crate::loudness::Loudness;
use crate::plan::{AudioMode, EncodeRung, Frame, Step, StepKind, Still};
use crate::playlist::{AudioRendition, RungInfo};
use crate::storyboard;
use crate::supervise::{RunError, Task};
use crate::tools::Tools;

/// What a finished step left in the output folder.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum StepOutput {
    /// A rung that can be played now.
    Rung(RungInfo),
    /// A sound track that can be played now.
    Audio(AudioRendition),
    /// A still picture.
    Poster {
        /// Path below the output folder.
        file: String,
    },
    /// Small pictures for the seek bar.
    Storyboard {
        /// Path of the WebVTT file below the output folder; it names the sheets beside it.
        track: String,
        /// How many sheets there are.
        sheets: u64,
    },
    /// The loudness of copied sound.
    Loudness {
        /// As measured.
        measured: Loudness,
        /// The levelled sound to use instead, unless the copied one is good enough.
        levelled: Option<AudioRendition>,
    },
}

/// Runs one step on the file at `input`, writing below `out_dir`, which must exist.
///
/// `progress` hears fractions from 0 to 1, about once a second. Running a step again replaces its output. Dropping the
/// future, or cancelling, ends ffmpeg and all it started, and leaves at most a `NAME.part` folder that the next run clears.
///
/// # Errors
///
/// See [`RunError`]; [`RunError::is_worth_retrying`] tells whether to try later.
pub async fn run_step(
    tools: &Tools,
    jail: &Jail,
    step: &Step,
    input: &Path,
    out_dir: &Path,
    progress: impl Fn(f32),
    cancel: &CancellationToken,
) -> Result<StepOutput, RunError> {
    let (out_dir, input) = (out_dir.canonicalize()?, input.canonicalize()?);
    let worker = Worker { tools, jail, step, input: &input, out_dir: &out_dir, progress: &progress, cancel };
    match &step.kind {
        StepKind::CopyRung { frame } => worker.rung(*frame, ffmpeg::copy_video(), true, Effort::QUICK).await,
        StepKind::EncodeRung(rung) => worker.encoded(rung).await,
        StepKind::Audio { mode: AudioMode::Copy } => Ok(StepOutput::Audio(worker.sound("a", ffmpeg::copy_audio(), Effort::QUICK).await?)),
        StepKind::Audio { mode: AudioMode::Encode } => {
            let loudness = worker.measure().await?;
            Ok(StepOutput::Audio(worker.sound("a", ffmpeg::encode_audio(&loudness), Effort::SOUND).await?))
        }
        StepKind::Poster(still) => worker.poster(*still).await,
        StepKind::Storyboard(still) => worker.storyboard(*still).await,
        StepKind::Loudness => {
            let measured = worker.measure().await?;
            let levelled =
                if measured.is_good() { None } else { Some(worker.sound("al", ffmpeg::encode_audio(&measured), Effort::SOUND).await?) };
            Ok(StepOutput::Loudness { measured, levelled })
        }
    }
}

/// How long a run of ffmpeg may take.
#[derive(Clone, Copy)]
struct Effort {
    /// Times the length of the recording, besides two minutes.
    slowness: u32,
    /// Times the ordinary silence.
    patience: u32,
}

impl Effort {
    const QUICK: Self = Self { slowness: 1, patience: 1 };
    const SOUND: Self = Self { slowness: 3, patience: 1 };
    const ENCODE: Self = Self { slowness: 15, patience: 1 };
    /// A sheet is only written when 25 pictures are together, and some files have nothing but key frames to go through.
    const SHEETS: Self = Self { slowness: 4, patience: 10 };
}

struct Worker<'a, P> {
    tools: &'a Tools,
    jail: &'a Jail,
    step: &'a Step,
    input: &'a Path,
    out_dir: &'a Path,
    progress: &'a P,
    cancel: &'a CancellationToken,
}

impl<P: Fn(f32)> Worker<'_, P> {
    async fn encoded(&self, rung: &EncodeRung) -> Result<StepOutput, RunError> {
        self.rung(rung.frame, ffmpeg::encode_video(rung, self.tools), false, Effort::ENCODE).await
    }

    async fn rung(&self, frame: Frame, output: Vec<OsString>, copied: bool, effort: Effort) -> Result<StepOutput, RunError> {
        let part = Part::new(self.out_dir, &frame.folder())?;
        self.ffmpeg(&part, "error", &[], output, effort).await?;
        let segments = Segments::read(&part.path)?;
        let rate = segments.bit_rate(&part.path)?;
        let codec = part.codec()?;
        let folder = part.finish()?;
        let Frame { width, height } = frame;
        Ok(StepOutput::Rung(RungInfo { folder, width, height, codec, peak_bps: rate.peak, average_bps: rate.average, copied }))
    }

    async fn sound(&self, name: &str, output: Vec<OsString>, effort: Effort) -> Result<AudioRendition, RunError> {
        let part = Part::new(self.out_dir, name)?;
        self.ffmpeg(&part, "error", &[], output, effort).await?;
        let mut segments = Segments::read(&part.path)?;
        segments.fold_last(&part.path)?;
        let rate = segments.bit_rate(&part.path)?;
        let codec = part.codec()?;
        let channels = cmaf::channels(&part.init()?).ok_or(RunError::BadOutput("no channels"))?;
        Ok(AudioRendition { folder: part.finish()?, codec, channels, peak_bps: rate.peak, average_bps: rate.average })
    }

    async fn measure(&self) -> Result<Loudness, RunError> {
        let part = Part::new(self.out_dir, "loudness")?;
        let said = self.ffmpeg(&part, "info", &["-vn"], ffmpeg::measure_loudness(), Effort::SOUND).await?;
        part.discard()?;
        Loudness::parse(&said).ok_or(RunError::BadOutput("no loudness figures"))
    }

    async fn poster(&self, still: Still) -> Result<StepOutput, RunError> {
        let part = Part::new(self.out_dir, "poster")?;
        let at = format!("{:.3}", self.step.duration_ms as f64 / 10_000.0);
        // To the key frame before: a short clip may have only its first.
        let before = ["-skip_frame", "nokey", "-noaccurate_seek", "-ss", &at];
        self.ffmpeg(&part, "error", &before, ffmpeg::poster(still, self.tools), Effort::QUICK).await?;
        if !part.path.join("poster.jpg").is_file() {
            return Err(RunError::BadOutput("no poster"));
        }
        Ok(StepOutput::Poster { file: format!("{}/poster.jpg", part.finish()?) })
    }

    async fn storyboard(&self, still: Still) -> Result<StepOutput, RunError> {
        let part = Part::new(self.out_dir, "storyboard")?;
        let duration_ms = self.step.duration_ms;
        let output = ffmpeg::storyboard(still, duration_ms, self.tools);
        self.ffmpeg(&part, "error", &["-skip_frame", "nokey"], output, Effort::SHEETS).await?;
        let sheets = fs::read_dir(&part.path)?.count() as u64;
        if sheets != storyboard::sheets(duration_ms) {
            return Err(RunError::BadOutput("sheets are missing from the storyboard"));
        }
        fs::write(part.path.join("index.vtt"), storyboard::track(still.frame, duration_ms))?;
        Ok(StepOutput::Storyboard { track: format!("{}/index.vtt", part.finish()?), sheets })
    }

    /// Runs ffmpeg in `part`.
    async fn ffmpeg(
        &self,
        part: &Part,
        verbosity: &str,
        before: &[&str],
        output: Vec<OsString>,
        effort: Effort,
    ) -> Result<String, RunError> {
        let input = ffmpeg::input(self.step.container, self.input, self.jail.limits.max_pixels);
        let mut args = ffmpeg::begin(verbosity, before, input);
        args.extend(output);
        let wall = Duration::from_mins(2) + Duration::from_millis(self.step.duration_ms) * effort.slowness;
        let task = Task { program: &self.tools.ffmpeg, args, input: Some(self.input), folder: &part.path, wall, patience: effort.patience };
        let mut meter = Meter::default();
        let hear = |line: &str| {
            let moved = meter.moved(line);
            if moved && let Some(micros) = meter.micros() {
                (self.progress)((micros / 1000.0 / self.step.duration_ms.max(1) as f32).clamp(0.0, 1.0));
            }
            moved
        };
        task.run(self.jail, self.cancel, hear).await
    }
}

/// The last word of ffmpeg on the figures that grow while it works.
///
/// It speaks each second even when nothing moves, so only a change counts.
#[derive(Default)]
struct Meter {
    time: String,
    frame: String,
    size: String,
}

impl Meter {
    fn moved(&mut self, line: &str) -> bool {
        let Some((key, value)) = line.split_once('=') else { return false };
        let last = match key {
            "out_time_us" => &mut self.time,
            "frame" => &mut self.frame,
            "total_size" => &mut self.size,
            _ => return false,
        };
        let moved = last != value;
        value.clone_into(last);
        moved
    }

    fn micros(&self) -> Option<f32> {
        self.time.parse().ok()
    }
}

/// A folder in the making.
struct Part {
    path: PathBuf,
    name: String,
    whole: PathBuf,
}

impl Part {
    /// An empty folder; what an earlier, broken run left is cleared away.
    fn new(out_dir: &Path, name: &str) -> io::Result<Self> {
        let path = out_dir.join(format!("{name}.part"));
        remove(&path)?;
        fs::create_dir(&path)?;
        Ok(Self { path, name: name.to_owned(), whole: out_dir.join(name) })
    }

    fn codec(&self) -> Result<String, RunError> {
        cmaf::codec(&self.init()?).ok_or(RunError::BadOutput("unknown codec"))
    }

    fn init(&self) -> io::Result<Vec<u8>> {
        fs::read(self.path.join("init.mp4"))
    }

    /// Gives the folder its final name, which says that it is whole.
    fn finish(self) -> io::Result<String> {
        remove(&self.whole)?;
        fs::rename(&self.path, &self.whole)?;
        Ok(self.name)
    }

    fn discard(self) -> io::Result<()> {
        remove(&self.path)
    }
}

fn remove(folder: &Path) -> io::Result<()> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

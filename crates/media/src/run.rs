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

/// EBU R 128 figures of a recording, as ffmpeg measured them.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Loudness {
    /// Integrated loudness in LUFS.
    pub integrated: f64,
    /// True peak in dBTP.
    pub true_peak: f64,
    /// Loudness range in LU.
    pub range: f64,
    /// Gate in LUFS.
    pub threshold: f64,
    /// Gain that remains to be applied, in LU.
    pub offset: f64,
}

impl Loudness {
    /// Nothing to be heard, so nothing to be levelled.
    pub fn is_silent(&self) -> bool {
        self.integrated < -70.0 || !self.threshold.is_finite() || !self.offset.is_finite()
    }

    /// Within 2 LU of -16 LUFS and not clipping: re-encoding would gain nothing.
    pub fn is_good(&self) -> bool {
        self.is_silent() || ((self.integrated + 16.0).abs() <= 2.0 && self.true_peak <= 0.0)
    }

    /// From the JSON at the end of ffmpeg's standard error, where every number is a text.
    fn parse(complaint: &str) -> Option<Self> {
        let json = complaint.get(complaint.rfind('{')?..=complaint.rfind('}')?)?;
        let texts: std::collections::HashMap<String, String> = serde_json::from_str(json).ok()?;
        let number = |name: &str| texts.get(name)?.parse().ok();
        Some(Self {
            integrated: number("input_i")?,
            true_peak: number("input_tp")?,
            range: number("input_lra")?,
            threshold: number("input_thresh")?,
            offset: number("target_offset")?,
        })
    }
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
        StepKind::CopyRung { frame } => worker.rung(*frame, ffmpeg::copy_video(), true, 1).await,
        StepKind::EncodeRung(rung) => worker.encoded(rung).await,
        StepKind::Audio { mode: AudioMode::Copy } => Ok(StepOutput::Audio(worker.sound("a", ffmpeg::copy_audio(), 1).await?)),
        StepKind::Audio { mode: AudioMode::Encode } => {
            let loudness = worker.measure().await?;
            Ok(StepOutput::Audio(worker.sound("a", ffmpeg::encode_audio(&loudness), 3).await?))
        }
        StepKind::Poster(still) => worker.poster(*still).await,
        StepKind::Storyboard(still) => worker.storyboard(*still).await,
        StepKind::Loudness => {
            let measured = worker.measure().await?;
            let levelled = if measured.is_good() { None } else { Some(worker.sound("al", ffmpeg::encode_audio(&measured), 3).await?) };
            Ok(StepOutput::Loudness { measured, levelled })
        }
    }
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
        self.rung(rung.frame, ffmpeg::encode_video(rung, self.tools), false, 15).await
    }

    async fn rung(&self, frame: Frame, output: Vec<OsString>, copied: bool, slowness: u32) -> Result<StepOutput, RunError> {
        let part = Part::new(self.out_dir, &frame.folder())?;
        self.ffmpeg(&part, "error", &[], output, slowness).await?;
        let segments = Segments::read(&part.path)?;
        let rate = segments.bit_rate(&part.path)?;
        let codec = part.codec()?;
        let folder = part.finish()?;
        let Frame { width, height } = frame;
        Ok(StepOutput::Rung(RungInfo { folder, width, height, codec, peak_bps: rate.peak, average_bps: rate.average, copied }))
    }

    async fn sound(&self, name: &str, output: Vec<OsString>, slowness: u32) -> Result<AudioRendition, RunError> {
        let part = Part::new(self.out_dir, name)?;
        self.ffmpeg(&part, "error", &[], output, slowness).await?;
        let mut segments = Segments::read(&part.path)?;
        segments.fold_last(&part.path)?;
        let rate = segments.bit_rate(&part.path)?;
        let codec = part.codec()?;
        let channels = cmaf::channels(&part.init()?).ok_or(RunError::BadOutput("no channels"))?;
        Ok(AudioRendition { folder: part.finish()?, codec, channels, peak_bps: rate.peak, average_bps: rate.average })
    }

    async fn measure(&self) -> Result<Loudness, RunError> {
        let part = Part::new(self.out_dir, "loudness")?;
        let said = self.ffmpeg(&part, "info", &["-vn"], ffmpeg::measure_loudness(), 2).await?;
        part.discard()?;
        Loudness::parse(&said).ok_or(RunError::BadOutput("no loudness figures"))
    }

    async fn poster(&self, still: Still) -> Result<StepOutput, RunError> {
        let part = Part::new(self.out_dir, "poster")?;
        let at = format!("{:.3}", self.step.duration_ms as f64 / 10_000.0);
        // To the key frame before: a short clip may have only its first.
        let before = ["-skip_frame", "nokey", "-noaccurate_seek", "-ss", &at];
        self.ffmpeg(&part, "error", &before, ffmpeg::poster(still, self.tools), 1).await?;
        if !part.path.join("poster.jpg").is_file() {
            return Err(RunError::BadOutput("no poster"));
        }
        Ok(StepOutput::Poster { file: format!("{}/poster.jpg", part.finish()?) })
    }

    async fn storyboard(&self, still: Still) -> Result<StepOutput, RunError> {
        let part = Part::new(self.out_dir, "storyboard")?;
        let duration_ms = self.step.duration_ms;
        let output = ffmpeg::storyboard(still, duration_ms, self.tools);
        self.ffmpeg(&part, "error", &["-skip_frame", "nokey"], output, 2).await?;
        let sheets = fs::read_dir(&part.path)?.count() as u64;
        if sheets != storyboard::sheets(duration_ms) {
            return Err(RunError::BadOutput("sheets are missing from the storyboard"));
        }
        fs::write(part.path.join("index.vtt"), storyboard::track(still.frame, duration_ms))?;
        Ok(StepOutput::Storyboard { track: format!("{}/index.vtt", part.finish()?), sheets })
    }

    /// Runs ffmpeg in `part`; `slowness` is how many times the length of the recording it may take, besides two minutes.
    async fn ffmpeg(
        &self,
        part: &Part,
        verbosity: &str,
        before: &[&str],
        output: Vec<OsString>,
        slowness: u32,
    ) -> Result<String, RunError> {
        let input = ffmpeg::input(self.step.container, self.input, self.jail.limits.max_pixels);
        let mut args = ffmpeg::begin(verbosity, before, input);
        args.extend(output);
        let wall = Duration::from_mins(2) + Duration::from_millis(self.step.duration_ms) * slowness;
        let task = Task { program: &self.tools.ffmpeg, args, input: Some(self.input), folder: &part.path, wall };
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

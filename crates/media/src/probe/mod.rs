//! Finding out what a file is: by its first bytes, then by ffprobe inside the jail.

mod packets;
mod report;

use std::ffi::OsString;
use std::io;
use std::path::Path;
use std::time::Duration;

use tokio::io::AsyncReadExt;
use tokio_util::sync::CancellationToken;

use self::packets::Packets;
use self::report::Report;
use crate::ffmpeg;
use crate::jail::Jail;
use crate::sniff::{Container, HEAD, NotPlayable, sniff};
use crate::source::{SourceInfo, VideoInfo};
use crate::supervise::{RunError, Task};
use crate::tools::Tools;

/// Longest text ffprobe may need to describe a file.
const DESCRIPTION: usize = 1 << 20;

/// Why a file cannot be taken.
#[derive(Debug, thiserror::Error)]
pub enum ProbeError {
    /// Not a single byte arrived.
    #[error("the file is empty")]
    Empty,
    /// A text that names other files or addresses.
    #[error("the file is a playlist or manifest, not a recording")]
    DisguisedPlaylist,
    /// Not a container we accept, whatever its name says.
    #[error("the file is not a video or sound recording we know")]
    NotMedia,
    /// A good container without picture and without sound.
    #[error("the file has neither picture nor sound")]
    NoTracks,
    /// The end is missing.
    #[error("the file ends too early: it seems cut off")]
    Truncated,
    /// Larger pictures than we decode.
    #[error("pictures of {width}×{height} are too large: at most {limit} pixels")]
    TooManyPixels {
        /// Zero when the file does not say.
        width: u32,
        /// Zero when the file does not say.
        height: u32,
        /// Most pixels taken.
        limit: u64,
    },
    /// Longer than we take.
    #[error("the recording is {found_ms} ms long: at most {limit_ms} ms")]
    TooLong {
        /// As the file says, or as found.
        found_ms: u64,
        /// Longest taken.
        limit_ms: u64,
    },
    /// ffprobe could not do its work.
    #[error(transparent)]
    Run(#[from] RunError),
}

impl ProbeError {
    /// True if another file is needed; false if the same file may pass later.
    pub fn is_user_fault(&self) -> bool {
        !matches!(self, Self::Run(_))
    }

    /// A stable word for translation and statistics.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Empty => "empty-file",
            Self::DisguisedPlaylist => "disguised-playlist",
            Self::NotMedia => "not-media",
            Self::NoTracks => "no-tracks",
            Self::Truncated => "truncated",
            Self::TooManyPixels { .. } => "too-many-pixels",
            Self::TooLong { .. } => "too-long",
            Self::Run(error) => error.code(),
        }
    }
}

impl From<NotPlayable> for ProbeError {
    fn from(refusal: NotPlayable) -> Self {
        match refusal {
            NotPlayable::Empty => Self::Empty,
            NotPlayable::Playlist => Self::DisguisedPlaylist,
            NotPlayable::Unknown => Self::NotMedia,
        }
    }
}

impl From<io::Error> for ProbeError {
    fn from(error: io::Error) -> Self {
        Self::Run(RunError::Io(error))
    }
}

/// Describes the file at `path`, whatever it is called. Changes nothing, so it may be repeated.
///
/// Reads the whole file once, to find key frames and missing ends: about a second per gigabyte from a fast disk.
pub async fn probe(tools: &Tools, jail: &Jail, path: &Path, cancel: &CancellationToken) -> Result<SourceInfo, ProbeError> {
    let bytes = tokio::fs::metadata(path).await?.len();
    let container = sniff(&head(path).await?)?;
    let prober = Prober { tools, jail, path, container, bytes, cancel };
    let report = prober.describe().await?;
    let mut source = report.source(container, bytes)?;
    check_length(source.duration_ms, jail)?;
    if let Some(video) = &mut source.video {
        check_pixels(video.width, video.height, jail)?;
        prober.measure(video, &mut source.duration_ms).await?;
        check_length(source.duration_ms, jail)?;
    }
    Ok(source)
}

async fn head(path: &Path) -> io::Result<Vec<u8>> {
    let mut head = Vec::with_capacity(HEAD);
    tokio::fs::File::open(path).await?.take(HEAD as u64).read_to_end(&mut head).await?;
    Ok(head)
}

fn check_length(found_ms: u64, jail: &Jail) -> Result<(), ProbeError> {
    let limit_ms = jail.limits.max_duration.as_millis() as u64;
    if found_ms > limit_ms { Err(ProbeError::TooLong { found_ms, limit_ms }) } else { Ok(()) }
}

fn check_pixels(width: u32, height: u32, jail: &Jail) -> Result<(), ProbeError> {
    let limit = jail.limits.max_pixels;
    if u64::from(width) * u64::from(height) > limit { Err(ProbeError::TooManyPixels { width, height, limit }) } else { Ok(()) }
}

struct Prober<'a> {
    tools: &'a Tools,
    jail: &'a Jail,
    path: &'a Path,
    container: Container,
    bytes: u64,
    cancel: &'a CancellationToken,
}

impl Prober<'_> {
    /// What the container says about its tracks. Asks for no tags: nothing a stranger wrote freely comes back.
    async fn describe(&self) -> Result<Report, ProbeError> {
        const WANTED: &str = "format=duration:stream=codec_type,codec_name,profile,level,width,height,pix_fmt,avg_frame_rate,\
            field_order,color_transfer,sample_aspect_ratio,channels,sample_rate,duration:stream_disposition=attached_pic:\
            stream_side_data=rotation";
        let mut text = String::new();
        let done = self
            .run(&["-show_entries", WANTED, "-of", "json"], |line| {
                if text.len() < DESCRIPTION {
                    text.push_str(line);
                }
                true
            })
            .await;
        let complaint = match done {
            Ok(complaint) => complaint,
            Err(RunError::Failed { complaint }) => return Err(self.refusal(&complaint)),
            Err(error) => return Err(error.into()),
        };
        if complaint.contains("exceeds specified max pixel count") {
            return Err(self.refusal(&complaint));
        }
        serde_json::from_str(&text).map_err(|_| ProbeError::NotMedia)
    }

    /// What ffprobe's complaint means to the person who sent the file.
    fn refusal(&self, complaint: &str) -> ProbeError {
        if complaint.contains("moov atom not found") || complaint.contains("End of file") {
            ProbeError::Truncated
        } else if complaint.contains("exceeds specified max pixel count") {
            ProbeError::TooManyPixels { width: 0, height: 0, limit: self.jail.limits.max_pixels }
        } else {
            ProbeError::NotMedia
        }
    }

    /// Goes through all packets of the picture and fills in what only they tell.
    async fn measure(&self, video: &mut VideoInfo, duration_ms: &mut u64) -> Result<(), ProbeError> {
        let mut packets = Packets::default();
        let args = ["-select_streams", "V:0", "-show_entries", "packet=pts_time,size,flags", "-of", "csv=p=0"];
        let done = self.run(&args, |line| packets.add(line)).await;
        match done {
            Ok(_) => {}
            Err(RunError::Failed { .. }) => return Err(ProbeError::Truncated),
            Err(error) => return Err(error.into()),
        }
        let measured = packets.measure(*duration_ms).ok_or(ProbeError::Truncated)?;
        if measured.ends_ms + 2_000 < *duration_ms * 9 / 10 {
            return Err(ProbeError::Truncated);
        }
        video.variable_fps = measured.variable_fps;
        video.longest_keyframe_gap_ms = measured.longest_keyframe_gap_ms;
        video.bitrate = measured.bitrate;
        if video.fps <= 0.0 {
            video.fps = measured.fps;
        }
        *duration_ms = (*duration_ms).max(measured.ends_ms);
        Ok(())
    }

    async fn run(&self, wanted: &[&str], hear: impl FnMut(&str) -> bool) -> Result<String, RunError> {
        // ffprobe takes neither `-y` nor threads, but the same fence of options in front of the input.
        let mut args: Vec<OsString> = ["-hide_banner", "-v", "error"].map(OsString::from).into();
        args.extend(ffmpeg::input(self.container, self.path, self.jail.limits.max_pixels));
        args.extend(wanted.iter().map(OsString::from));
        let wall = Duration::from_secs(60 + self.bytes / 10_000_000);
        let folder = EmptyFolder::beside(self.path).await?;
        let task = Task { program: &self.tools.ffprobe, args, input: Some(self.path), folder: &folder.0, wall, patience: 1 };
        task.run(self.jail, self.cancel, hear).await
    }
}

/// The folder ffprobe starts in; it writes nothing, and the folder goes at once.
struct EmptyFolder(std::path::PathBuf);

impl EmptyFolder {
    async fn beside(path: &Path) -> io::Result<Self> {
        let mut name = path.file_name().unwrap_or_default().to_owned();
        name.push(".probe");
        let folder = path.with_file_name(name);
        tokio::fs::create_dir_all(&folder).await?;
        Ok(Self(folder))
    }
}

impl Drop for EmptyFolder {
    fn drop(&mut self) {
        // Two probes of one file share it; the last one takes it away.
        let _ = std::fs::remove_dir(&self.0);
    }
}

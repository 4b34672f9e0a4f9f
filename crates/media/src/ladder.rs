//! Lower qualities of a broadcast while it runs: its pictures go in as they come, smaller ones come out.
//!
//! ```text
//! FLV ─stdin─► ffmpeg: one decoder, N encoders ─named pipe each─► FLV of one rung
//! ```
//!
//! * Every picture comes out with the stamp that it went in with, and a keyframe is a keyframe in every rung, so that
//!   whoever packages them can cut all rungs where the source was cut (decision 0013).
//! * It runs in the [`Jail`] like everything that reads what others sent, but above the encoding of recordings.

use std::ffi::OsString;
use std::io;
use std::time::Duration;

use rustix::fs::{CWD, FileType, Mode, mknodat};
use tokio::io::AsyncReadExt;
use tokio::net::unix::pipe;
use tokio::process::ChildStdin;
use tokio_util::sync::{CancellationToken, DropGuard};

use crate::jail::{Cell, Jail, Running};
use crate::plan::Frame;
use crate::room::Room;
use crate::supervise::{self, RunError};
use crate::tools::Tools;

/// Far more than a broadcast takes: it is its feeder who ends it.
const CPU: Duration = Duration::from_hours(24 * 30);

/// A lower quality of a broadcast.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LiveRung {
    /// Pixels of the picture's shorter side.
    pub lines: u16,
    /// Most kilobits a second.
    pub max_kbps: u32,
}

/// What there can be below a source, the most valuable last: the smallest serves those whose line carries nothing else.
const RUNGS: [LiveRung; 2] = [LiveRung { lines: 720, max_kbps: 2800 }, LiveRung { lines: 360, max_kbps: 800 }];

/// The rungs below a source whose pictures are so large, the largest first.
pub fn live_rungs(source: Frame) -> Vec<LiveRung> {
    let lines = source.width.min(source.height);
    RUNGS.into_iter().filter(|rung| u32::from(rung.lines) < lines).collect()
}

/// An ffmpeg that makes rungs. Its three ends are used side by side; dropping [`Ladder::child`] kills it.
#[derive(Debug)]
pub struct Ladder {
    /// FLV of the source; closing it lets the encoder finish.
    pub input: ChildStdin,
    /// FLV of each rung, by its lines.
    pub outputs: Vec<(u16, LadderOutput)>,
    /// The process.
    pub child: LadderChild,
}

/// The process of a ladder.
#[derive(Debug)]
pub struct LadderChild {
    running: Running,
    complaint: tokio::task::JoinHandle<String>,
    _ended: DropGuard,
    _room: Room,
}

/// What comes out of one rung.
#[derive(Debug)]
pub struct LadderOutput {
    pipe: pipe::Receiver,
    /// Kept until ffmpeg has the pipe open itself, since a pipe without a writer looks like one at its end.
    writer: Option<pipe::Sender>,
    ended: CancellationToken,
}

impl Ladder {
    /// Starts it for a source of `frame`'s proportions.
    ///
    /// # Errors
    ///
    /// The machine's fault: no folder, no process to be had.
    pub async fn start(tools: &Tools, jail: &Jail, frame: Frame, rungs: &[LiveRung]) -> io::Result<Self> {
        let room = Room::temporary("ladder")?;
        let ended = CancellationToken::new();
        let outputs = rungs.iter().map(|rung| Ok((rung.lines, LadderOutput::new(&room, *rung, ended.clone())?)));
        let outputs = outputs.collect::<io::Result<Vec<_>>>()?;
        let args = arguments(frame, rungs, jail.limits.max_pixels);
        let cell = Cell { live: true, ..Cell::new(&room.0, CPU) };
        let mut running = jail.start(&tools.ffmpeg, &args, cell).await?;
        let input = running.child.stdin.take().ok_or_else(|| io::Error::other("no pipe to the child"))?;
        // It has nothing to say there.
        drop(running.child.stdout.take());
        let complaint = tokio::spawn(supervise::last_words(running.child.stderr.take()));
        let child = LadderChild { running, complaint, _ended: ended.drop_guard(), _room: room };
        Ok(Self { input, outputs, child })
    }
}

impl LadderChild {
    /// Waits for its end.
    ///
    /// # Errors
    ///
    /// See [`RunError`]; the words of ffmpeg are for the log.
    pub async fn wait(mut self) -> Result<(), RunError> {
        let status = self.running.child.wait().await?;
        // Kills the whole group, so that nobody is left to hold the error pipe open.
        drop(self.running);
        supervise::verdict(status, self.complaint.await.unwrap_or_default()).map(drop)
    }
}

impl LadderOutput {
    fn new(room: &Room, rung: LiveRung, ended: CancellationToken) -> io::Result<Self> {
        let path = room.0.join(name(rung));
        mknodat(CWD, &path, FileType::Fifo, Mode::RUSR | Mode::WUSR, 0)?;
        let pipe = pipe::OpenOptions::new().open_receiver(&path)?;
        let writer = Some(pipe::OpenOptions::new().open_sender(&path)?);
        Ok(Self { pipe, writer, ended })
    }

    /// The next bytes; 0 at the end.
    ///
    /// # Errors
    ///
    /// As any pipe.
    pub async fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.writer.is_some() {
            tokio::select! {
                biased;
                read = self.pipe.read(buffer) => {
                    self.writer = None;
                    return read;
                }
                () = self.ended.cancelled() => self.writer = None,
            }
        }
        self.pipe.read(buffer).await
    }
}

fn name(rung: LiveRung) -> String {
    format!("{}.flv", rung.lines)
}

fn arguments(frame: Frame, rungs: &[LiveRung], max_pixels: u64) -> Vec<OsString> {
    let pixels = max_pixels.to_string();
    // Frames decoded side by side would come out later; so would what is probed for longer than the first picture.
    let input = ["-threads", "1", "-copyts", "-analyzeduration", "0", "-probesize", "32"];
    let fenced = ["-protocol_whitelist", "pipe", "-format_whitelist", "flv", "-max_alloc", "268435456", "-max_pixels", &pixels];
    let filter = filter(frame, rungs);
    let mut args: Vec<&str> = vec!["-hide_banner", "-nostats", "-v", "error", "-y", "-filter_complex_threads", "1"];
    args.extend(input.into_iter().chain(fenced).chain(["-f", "flv", "-i", "pipe:0", "-filter_complex", &filter]));
    let mut args: Vec<OsString> = args.into_iter().map(OsString::from).collect();
    args.extend(rungs.iter().flat_map(|rung| output(*rung)));
    args
}

fn filter(frame: Frame, rungs: &[LiveRung]) -> String {
    let upright = frame.height > frame.width;
    let size = |lines: u16| if upright { format!("{lines}:-2") } else { format!("-2:{lines}") };
    let split: Vec<_> = rungs.iter().map(|rung| format!("[s{}]", rung.lines)).collect();
    let scale = |LiveRung { lines, .. }: &LiveRung| format!(";[s{lines}]scale={},format=yuv420p[v{lines}]", size(*lines));
    let scaled: Vec<_> = rungs.iter().map(scale).collect();
    format!("[0:v:0]split={}{}{}", rungs.len(), split.concat(), scaled.concat())
}

/// No picture waits in the encoder for another, none is left out, and the source alone says where keyframes are.
fn output(rung: LiveRung) -> Vec<OsString> {
    let (map, peak, file) = (format!("[v{}]", rung.lines), format!("{}k", rung.max_kbps), format!("file:{}", name(rung)));
    let encoder = ["-c:v", "libx264", "-preset", "veryfast", "-tune", "zerolatency", "-threads", "2", "-bf", "0", "-crf", "23"];
    let keys = ["-force_key_frames", "source", "-sc_threshold", "0", "-g", "9999", "-fps_mode", "passthrough"];
    let stamps = ["-avoid_negative_ts", "disabled", "-flvflags", "no_duration_filesize+no_metadata", "-flush_packets", "1", "-f", "flv"];
    let rate = ["-map", &map, "-maxrate", &peak, "-bufsize", &peak];
    rate.into_iter().chain(encoder).chain(keys).chain(stamps).chain([file.as_str()]).map(OsString::from).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rungs_lie_below_their_source() {
        let lines = |width, height| live_rungs(Frame { width, height }).iter().map(|rung| rung.lines).collect::<Vec<_>>();
        assert_eq!(lines(1920, 1080), [720, 360]);
        assert_eq!(lines(1280, 720), [360]);
        assert_eq!(lines(720, 1280), [360], "a phone held upright");
        assert_eq!(lines(1080, 1920), [720, 360]);
        assert_eq!(lines(640, 360), [0_u16; 0]);
    }

    #[test]
    fn one_decoder_feeds_all_rungs() {
        let rungs = live_rungs(Frame { width: 1080, height: 1920 });
        let want = "[0:v:0]split=2[s720][s360];[s720]scale=720:-2,format=yuv420p[v720];[s360]scale=360:-2,format=yuv420p[v360]";
        assert_eq!(filter(Frame { width: 1080, height: 1920 }, &rungs), want);
    }
}

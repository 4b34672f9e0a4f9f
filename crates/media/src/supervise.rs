//! Watching one child until it ends: what it says, whether it moves, and when it must stop.

use std::collections::VecDeque;
use std::ffi::OsString;
use std::io;
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::ExitStatus;
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, AsyncReadExt, BufReader};
use tokio::process::ChildStderr;
use tokio::time::{Instant, sleep_until};
use tokio_util::sync::CancellationToken;

use crate::jail::{Cell, Jail};

/// How much of what a child complains about is kept, from its end.
const COMPLAINT: usize = 8 * 1024;
/// How much a child may say on its standard output: the packet list of twelve hours at 60 frames fits.
const SPEECH: u64 = 256 << 20;

/// Why a child did not do its work.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// The caller asked to stop.
    #[error("stopped on request")]
    Cancelled,
    /// No progress for this long.
    #[error("ffmpeg hung: no progress for {} s", .0.as_secs())]
    Stalled(Duration),
    /// Longer than this recording may take.
    #[error("ffmpeg took longer than {} s", .0.as_secs())]
    TooSlow(Duration),
    /// Ended by a signal, which mostly means by a limit of the jail.
    #[error("ffmpeg was ended by signal {signal}: {complaint}")]
    Killed {
        /// 24 is CPU time, 25 file size; 6, 9 and 11 often memory.
        signal: i32,
        /// The end of what it wrote to its standard error.
        complaint: String,
    },
    /// Ended by itself, without success.
    #[error("ffmpeg failed: {complaint}")]
    Failed {
        /// The end of what it wrote to its standard error. For the log; it may hold paths.
        complaint: String,
    },
    /// The machine's fault: no such file, disk full, no process to be had.
    #[error("{0}")]
    Io(#[from] io::Error),
    /// ffmpeg reported success, but the output is not what we asked for.
    #[error("ffmpeg left an unusable result: {0}")]
    BadOutput(&'static str),
}

impl RunError {
    /// A stable word for translation and statistics.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Cancelled => "cancelled",
            Self::Stalled(_) => "ffmpeg-hung",
            Self::TooSlow(_) => "ffmpeg-too-slow",
            Self::Killed { .. } => "ffmpeg-killed",
            Self::Failed { .. } => "ffmpeg-failed",
            Self::Io(_) => "machine-fault",
            Self::BadOutput(_) => "ffmpeg-bad-output",
        }
    }

    /// Whether trying again later can help: yes unless the caller stopped it or ffmpeg rejected the file.
    pub fn is_worth_retrying(&self) -> bool {
        !matches!(self, Self::Cancelled | Self::Failed { .. } | Self::BadOutput(_))
    }
}

/// A program to run in a cell, and how long it may take.
pub(crate) struct Task<'a> {
    pub(crate) program: &'a Path,
    pub(crate) args: Vec<OsString>,
    pub(crate) input: Option<&'a Path>,
    pub(crate) folder: &'a Path,
    /// Longest time by the clock; twice that in CPU time, for two threads.
    pub(crate) wall: Duration,
    /// How many times the ordinary silence is no sign of hanging, for work that shows its progress rarely.
    pub(crate) patience: u32,
}

impl Task<'_> {
    /// Runs to the end and returns what was complained about on success.
    ///
    /// `hear` gets every line of standard output and says whether it shows progress.
    pub(crate) async fn run(self, jail: &Jail, cancel: &CancellationToken, hear: impl FnMut(&str) -> bool) -> Result<String, RunError> {
        let cell = Cell { input: self.input, ..Cell::new(self.folder, self.wall * 2) };
        let mut running = jail.start(self.program, &self.args, cell).await?;
        let complaint = tokio::spawn(last_words(running.child.stderr.take()));
        let stall = jail.limits.stall * self.patience;
        let status = tokio::select! {
            status = follow(&mut running.child, stall, hear) => status,
            () = cancel.cancelled() => Err(RunError::Cancelled),
            () = tokio::time::sleep(self.wall) => Err(RunError::TooSlow(self.wall)),
        };
        // Kills the whole group, so that nobody is left to hold the error pipe open.
        drop(running);
        let complaint = complaint.await.unwrap_or_default();
        verdict(status?, complaint)
    }
}

pub(crate) fn verdict(status: ExitStatus, complaint: String) -> Result<String, RunError> {
    match (status.success(), status.signal()) {
        (true, _) => Ok(complaint),
        (false, _) if complaint.contains("No space left on device") => Err(io::Error::from(io::ErrorKind::StorageFull).into()),
        (false, Some(signal)) => Err(RunError::Killed { signal, complaint }),
        (false, None) => Err(RunError::Failed { complaint }),
    }
}

async fn follow(child: &mut tokio::process::Child, stall: Duration, mut hear: impl FnMut(&str) -> bool) -> Result<ExitStatus, RunError> {
    let stdout = child.stdout.take().ok_or_else(|| io::Error::other("no pipe from the child"))?;
    let mut lines = BufReader::new(stdout.take(SPEECH)).lines();
    let mut deadline = Instant::now() + stall;
    loop {
        let line = tokio::select! {
            line = lines.next_line() => line?,
            () = sleep_until(deadline) => return Err(RunError::Stalled(stall)),
        };
        match line {
            Some(line) if hear(&line) => deadline = Instant::now() + stall,
            Some(_) => {}
            None => break,
        }
    }
    tokio::time::timeout(stall, child.wait()).await.map_err(|_| RunError::Stalled(stall))?.map_err(RunError::Io)
}

/// Reads to the end and keeps the last [`COMPLAINT`] bytes, so that a noisy child fills no memory.
pub(crate) async fn last_words(stderr: Option<ChildStderr>) -> String {
    let mut kept = VecDeque::new();
    if let Some(mut stderr) = stderr {
        let mut buffer = [0; 4096];
        while let Ok(n @ 1..) = stderr.read(&mut buffer).await {
            kept.extend(&buffer[..n]);
            let excess = kept.len().saturating_sub(COMPLAINT);
            kept.drain(..excess);
        }
    }
    String::from_utf8_lossy(kept.make_contiguous()).trim().to_owned()
}

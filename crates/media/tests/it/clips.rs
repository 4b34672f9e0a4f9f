//! Clips that the tests render, and what they ask of the results.

use std::path::{Path, PathBuf};
use std::process::Command;

use media::{CancellationToken, Jail, Limits, Plan, ProbeError, SourceInfo, StepOutput, Tools, plan, probe, run_step};
use tempfile::TempDir;

/// A folder with one source file, an output folder, and the means to work on them.
pub struct Bench {
    pub dir: TempDir,
    pub tools: Tools,
    pub jail: Jail,
}

impl Bench {
    pub async fn new() -> Self {
        Self::with(Limits::default()).await
    }

    pub async fn with(limits: Limits) -> Self {
        let dir = tempfile::tempdir().expect("a folder");
        std::fs::create_dir(dir.path().join("out")).expect("a folder");
        Self { dir, tools: Tools::find().expect("ffmpeg"), jail: Jail::detect(limits).await }
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    pub fn out(&self) -> PathBuf {
        self.path("out")
    }

    /// Renders with ffmpeg, outside the jail; `args` are split at spaces.
    pub fn render(&self, args: &str, name: &str) -> PathBuf {
        let path = self.path(name);
        let status = Command::new("ffmpeg")
            .args(["-nostdin", "-v", "error", "-y"])
            .args(args.split_whitespace())
            .arg(&path)
            .status()
            .expect("ffmpeg");
        assert!(status.success(), "rendering {name}");
        path
    }

    pub fn write(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(name);
        std::fs::write(&path, bytes).expect("a file");
        path
    }

    pub async fn probe(&self, path: &Path) -> Result<SourceInfo, ProbeError> {
        probe(&self.tools, &self.jail, path, &CancellationToken::new()).await
    }

    /// Probes, plans, and runs every step.
    pub async fn publish(&self, path: &Path) -> (SourceInfo, Plan, Vec<StepOutput>) {
        let source = self.probe(path).await.expect("a good file");
        let plan = plan(&source);
        let mut outputs = Vec::new();
        for step in &plan.steps {
            let done = run_step(&self.tools, &self.jail, step, path, &self.out(), |_| {}, &CancellationToken::new()).await;
            outputs.push(done.unwrap_or_else(|error| panic!("{:?}: {error}", step.kind)));
        }
        (source, plan, outputs)
    }
}

/// Decodes all of it; anything ffmpeg has to say is a failure.
pub fn assert_decodes(path: &Path) {
    let done =
        Command::new("ffmpeg").args(["-nostdin", "-v", "warning", "-i"]).arg(path).args(["-f", "null", "-"]).output().expect("ffmpeg");
    let said = String::from_utf8_lossy(&done.stderr);
    assert!(done.status.success() && said.trim().is_empty(), "{}: {said}", path.display());
}

/// The lengths of all segments, as the playlist in `folder` gives them.
pub fn lengths(folder: &Path) -> Vec<f64> {
    let text = std::fs::read_to_string(folder.join("index.m3u8")).expect("a playlist");
    text.lines().filter_map(|line| line.strip_prefix("#EXTINF:")?.trim_end_matches(',').parse().ok()).collect()
}

/// Whether this ffmpeg has an option; they come and go between versions.
pub fn ffmpeg_knows(option: &str) -> bool {
    let help = Command::new("ffmpeg").args(["-v", "error", "-h", "full"]).output().expect("ffmpeg");
    String::from_utf8_lossy(&help.stdout).lines().any(|line| line.starts_with(&format!("-{option}")))
}

/// The first line of ffprobe's answer about a file.
pub fn ffprobe(path: &Path, entries: &str) -> String {
    let args = ["-v", "error", "-of", "csv=p=0", "-show_entries", entries];
    let done = Command::new("ffprobe").args(args).arg(path).output().expect("ffprobe");
    String::from_utf8_lossy(&done.stdout).lines().next().unwrap_or_default().to_owned()
}

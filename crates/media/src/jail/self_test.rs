//! Asking the jail to prove itself: each promise is tried from inside.

use std::ffi::OsString;
use std::io;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::ExitStatus;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use tokio::io::AsyncReadExt;

use super::{Cell, Jail};
use crate::tools::{Tools, on_path};

/// What the jail holds back on this machine, in plain words, for the log and the health page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JailReport {
    /// Tried from inside and refused.
    pub enforced: Vec<&'static str>,
    /// Not held back here; the operator should know.
    pub missing: Vec<&'static str>,
}

impl Jail {
    /// Tries every promise from inside the jail; takes about a second.
    ///
    /// # Errors
    ///
    /// Only when the test itself cannot run: no temporary folder, or no child can be started at all.
    pub async fn self_test(&self, tools: &Tools) -> io::Result<JailReport> {
        let room = Room::new()?;
        let inside = room.0.join("inside");
        std::fs::create_dir(&inside)?;
        let secret = room.0.join("secret");
        std::fs::write(&secret, vec![b'x'; 4096])?;
        let cell = Cell::new(&inside, Duration::from_secs(10));
        let limits = self.output(Path::new("prlimit"), &["--raw", "--noheadings", "-o", "RESOURCE,SOFT"], cell).await.unwrap_or_default();
        let held = |line: String| limits.lines().any(|found| found == line);
        let findings = [
            ("reading files other than the input", !self.copies(tools, &secret, Path::new("copy"), cell).await?),
            ("writing outside the output folder", !self.writes_outside(tools, &room.0, cell).await?),
            ("the network", !self.reaches_network(tools, cell).await?),
            ("more memory than allowed", held(format!("AS {}", self.limits.memory_bytes))),
            ("files larger than allowed", held(format!("FSIZE {}", self.limits.file_bytes))),
            ("more open files than allowed", held(format!("NOFILE {}", self.limits.open_files))),
            ("more CPU time than allowed", held("CPU 10".into())),
            ("core dumps", held("CORE 0".into())),
            ("running at ordinary priority", self.has("nice")),
            ("outliving the server", self.has("setpriv")),
        ];
        let named = |want: bool| findings.iter().filter(|(_, held)| *held == want).map(|(name, _)| *name).collect();
        Ok(JailReport { enforced: named(true), missing: named(false) })
    }

    /// Whether a jailed ffmpeg can copy `from` to `to`, byte for byte.
    async fn copies(&self, tools: &Tools, from: &Path, to: &Path, cell: Cell<'_>) -> io::Result<bool> {
        let mut source = OsString::from("file:");
        source.push(from);
        let mut target = OsString::from("file:");
        target.push(to);
        let mut args: Vec<OsString> = ["-nostdin", "-v", "error", "-y", "-f", "data", "-i"].map(OsString::from).into();
        args.push(source);
        args.extend(["-map", "0", "-c", "copy", "-f", "data"].map(OsString::from));
        args.push(target);
        Ok(self.start(&tools.ffmpeg, &args, cell).await?.wait().await?.success())
    }

    async fn writes_outside(&self, tools: &Tools, outside: &Path, cell: Cell<'_>) -> io::Result<bool> {
        let mine = cell.folder.join("mine");
        std::fs::write(&mine, vec![b'x'; 4096])?;
        let target = outside.join("written");
        // That it can copy within its own folder shows that the refusals are refusals, not a broken ffmpeg.
        if !self.copies(tools, &mine, Path::new("copied"), cell).await? {
            return Err(io::Error::other("ffmpeg does not run inside the jail"));
        }
        self.copies(tools, &mine, &target, cell).await?;
        Ok(target.exists())
    }

    async fn reaches_network(&self, tools: &Tools, cell: Cell<'_>) -> io::Result<bool> {
        let listener = TcpListener::bind(("127.0.0.1", 0))?;
        listener.set_nonblocking(true)?;
        let address = format!("tcp://{}?timeout=1000000", listener.local_addr()?);
        let args =
            ["-nostdin", "-v", "error", "-rw_timeout", "1000000", "-f", "data", "-i", &address, "-f", "null", "-"].map(OsString::from);
        let mut child = self.start(&tools.ffmpeg, &args, cell).await?;
        // The connection waits in the listener's queue, so asking afterwards is soon enough.
        let ended: Result<io::Result<ExitStatus>, _> = tokio::time::timeout(Duration::from_secs(5), child.child.wait()).await;
        drop(ended);
        Ok(listener.accept().is_ok())
    }

    async fn output(&self, program: &Path, args: &[&str], cell: Cell<'_>) -> Option<String> {
        let program = on_path(&program.display().to_string()).ok()?;
        let args: Vec<OsString> = args.iter().map(OsString::from).collect();
        let mut child = self.start(&program, &args, cell).await.ok()?;
        let mut text = String::new();
        child.child.stdout.take()?.read_to_string(&mut text).await.ok()?;
        Some(text)
    }
}

/// A temporary folder that goes when we go.
struct Room(PathBuf);

impl Room {
    fn new() -> io::Result<Self> {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let name = format!("jail-test-{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let path = std::env::temp_dir().join(name);
        std::fs::create_dir(&path)?;
        Ok(Self(path))
    }
}

impl Drop for Room {
    fn drop(&mut self) {
        // A folder left in the temporary directory harms nobody.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::jail::Limits;

    #[tokio::test]
    async fn what_is_not_held_back_is_said() {
        let bare =
            Jail { limits: Limits::default(), priority: Vec::new(), live_priority: Vec::new(), prlimit: None, isolation: Vec::new() };
        let report = bare.self_test(&Tools::find().expect("ffmpeg")).await.expect("a report");
        for name in ["more memory than allowed", "more open files than allowed", "running at ordinary priority", "outliving the server"] {
            assert!(report.missing.contains(&name), "{report:?}");
        }
    }
}

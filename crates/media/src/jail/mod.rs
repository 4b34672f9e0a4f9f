//! How children run: as far from everything else as this machine allows.
//!
//! ```text
//! launcher thread ── fence (Landlock): reads system folders and ONE input, writes ONE folder, no TCP, no signals
//!   └─ nice, ionice ─ prlimit ─ unshare --net ─ setpriv ─ ffmpeg …       own process group, no environment
//! ```
//!
//! The fence is put on a thread that then starts the child, since it is inherited, and needs no rights. The wrappers
//! are small programs of util-linux and coreutils that replace themselves with the next; none is a shell. A wrapper that
//! is missing or refused is left out, and [`Jail::self_test`] says so.

mod fence;
mod self_test;

use std::ffi::{OsStr, OsString};
use std::io;
use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Stdio};
use std::sync::mpsc;
use std::time::Duration;

use tokio::process::{Child, Command};

use fence::Fence;
pub use self_test::JailReport;

use crate::tools::on_path;

/// What one child may use. The defaults fit a machine with 4 GB that also serves viewers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Address space in bytes. Default 4 GiB; ffmpeg takes 0.6 GB for our ladder.
    pub memory_bytes: u64,
    /// Size of any one file it writes, in bytes. Default 8 GiB.
    pub file_bytes: u64,
    /// Open files. Default 64.
    pub open_files: u32,
    /// Longest silence without progress before the child counts as hung. Default 60 s.
    pub stall: Duration,
    /// Longest recording we take. Default 12 h.
    pub max_duration: Duration,
    /// Most pixels of one picture. Default 9 million, a little over 4K.
    pub max_pixels: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            memory_bytes: 4 << 30,
            file_bytes: 8 << 30,
            open_files: 64,
            stall: Duration::from_mins(1),
            max_duration: Duration::from_hours(12),
            max_pixels: 9_000_000,
        }
    }
}

/// The means of confinement that work here; made once at start and shared.
#[derive(Debug, Clone)]
pub struct Jail {
    pub(crate) limits: Limits,
    /// Wrappers in front of `prlimit`, each with its arguments.
    priority: Vec<OsString>,
    /// The same for what is on air now.
    live_priority: Vec<OsString>,
    prlimit: Option<PathBuf>,
    /// Wrappers behind `prlimit`.
    isolation: Vec<OsString>,
}

/// What one child may touch, and for how long it may compute.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Cell<'a> {
    /// The one file it may read.
    pub(crate) input: Option<&'a Path>,
    /// The one folder it may write; also its current folder.
    pub(crate) folder: &'a Path,
    /// CPU time.
    pub(crate) cpu: Duration,
    /// Viewers wait for what it makes: it is fed through its standard input and goes before the encoding of recordings.
    pub(crate) live: bool,
}

impl<'a> Cell<'a> {
    /// Without an input, for work that can wait.
    pub(crate) fn new(folder: &'a Path, cpu: Duration) -> Self {
        Self { input: None, folder, cpu, live: false }
    }
}

impl Jail {
    /// Finds out, by trying, which means of confinement this machine grants.
    ///
    /// Works as root and as an ordinary user. Never fails: what is missing is told by [`Jail::self_test`].
    pub async fn detect(limits: Limits) -> Self {
        let mut jail = Self { limits, priority: Vec::new(), live_priority: Vec::new(), prlimit: None, isolation: Vec::new() };
        // Below the server, which has to send the source whatever else there is to do.
        jail.live_priority = jail.working(&["nice", "-n", "5"]).await.unwrap_or_default();
        for wrapper in [&["nice", "-n", "15"][..], &["ionice", "-c", "3"]] {
            if let Some(words) = jail.working(wrapper).await {
                jail.priority.extend(words);
            }
        }
        jail.prlimit = jail.working(&["prlimit", "--core=0"]).await.and_then(|words| words.into_iter().next().map(PathBuf::from));
        let network: [&[&str]; 2] = [&["unshare", "--net"], &["unshare", "--map-current-user", "--net"]];
        // The last one gives up every capability, so that root inside is root in name only.
        let powers: [&[&str]; 2] = [
            &["setpriv", "--pdeathsig=KILL", "--no-new-privs", "--inh-caps=-all", "--bounding-set=-all"],
            &["setpriv", "--pdeathsig=KILL", "--no-new-privs"],
        ];
        for choices in [network, powers] {
            for wrapper in choices {
                if let Some(words) = jail.working(wrapper).await {
                    jail.isolation.extend(words);
                    break;
                }
            }
        }
        jail
    }

    /// The wrapper with its full path, if it starts `true` successfully behind the isolation found so far.
    async fn working(&self, wrapper: &[&str]) -> Option<Vec<OsString>> {
        let (name, args) = wrapper.split_first()?;
        let mut words = vec![on_path(name).ok()?.into_os_string()];
        words.extend(args.iter().map(OsString::from));
        let probe = Self { isolation: [self.isolation.clone(), words.clone()].concat(), prlimit: None, ..self.clone() };
        let folder = std::env::temp_dir();
        let cell = Cell::new(&folder, Duration::from_secs(5));
        let child = probe.start(&on_path("true").ok()?, &[], cell).await.ok()?;
        child.wait().await.ok()?.success().then_some(words)
    }

    /// Starts `program` in `cell`. Dropping the returned value kills it and all its children.
    pub(crate) async fn start(&self, program: &Path, args: &[OsString], cell: Cell<'_>) -> io::Result<Running> {
        let mut words = self.words(cell);
        words.push(program.as_os_str().to_owned());
        words.extend_from_slice(args);
        let mut command = Command::new(&words[0]);
        command.args(&words[1..]).current_dir(cell.folder).env_clear();
        command.stdin(if cell.live { Stdio::piped() } else { Stdio::null() }).stdout(Stdio::piped()).stderr(Stdio::piped());
        command.process_group(0).kill_on_drop(true);
        launch(Fence::new(program, cell)?, command).await
    }

    fn words(&self, cell: Cell<'_>) -> Vec<OsString> {
        let mut words = if cell.live { self.live_priority.clone() } else { self.priority.clone() };
        if let Some(prlimit) = &self.prlimit {
            let Limits { memory_bytes, file_bytes, open_files, .. } = self.limits;
            words.push(prlimit.clone().into_os_string());
            words.extend([
                format!("--as={memory_bytes}").into(),
                format!("--fsize={file_bytes}").into(),
                format!("--nofile={open_files}").into(),
                format!("--cpu={}", cell.cpu.as_secs().max(1)).into(),
                OsString::from("--core=0"),
            ]);
        }
        words.extend(self.isolation.iter().cloned());
        words
    }

    fn has(&self, word: &str) -> bool {
        let ends = |arg: &OsString| Path::new(arg).file_name() == Some(OsStr::new(word)) || arg == word;
        self.priority.iter().chain(&self.isolation).any(ends)
    }
}

/// Puts the fence on a thread of its own and starts the child from there.
///
/// The thread stays until the child is done, because "die with your parent" means the thread that started it.
async fn launch(fence: Fence, mut command: Command) -> io::Result<Running> {
    let runtime = tokio::runtime::Handle::current();
    let (tell, told) = tokio::sync::oneshot::channel();
    let (keep, kept) = mpsc::channel::<()>();
    std::thread::Builder::new().name("jail".into()).spawn(move || {
        let _inside = runtime.enter();
        let started = fence.close().and_then(|()| command.spawn());
        if tell.send(started).is_ok() {
            // Ends with an error when `keep` is dropped, which is the signal we wait for.
            let _ = kept.recv();
        }
    })?;
    let child = told.await.map_err(|_| io::Error::other("the launching thread ended"))??;
    let group = child.id().and_then(|id| rustix::process::Pid::from_raw(id as i32));
    Ok(Running { child, group, _keep: keep })
}

/// A child in its cell.
#[derive(Debug)]
pub(crate) struct Running {
    pub(crate) child: Child,
    group: Option<rustix::process::Pid>,
    _keep: mpsc::Sender<()>,
}

impl Running {
    /// Waits for the end without reading what the child says.
    async fn wait(mut self) -> io::Result<ExitStatus> {
        drop((self.child.stdout.take(), self.child.stderr.take()));
        self.child.wait().await
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if let Some(group) = self.group {
            // The group may be gone already, and then there is nothing to kill.
            let _ = rustix::process::kill_process_group(group, rustix::process::Signal::KILL);
        }
    }
}

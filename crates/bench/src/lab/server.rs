//! A server on its own core, that ends with the bench.

use super::{Lab, tree_cpu};
use anyhow::{Context, bail};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use std::ffi::OsString;
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

/// A running server and everything it started.
#[derive(Debug)]
pub struct Server {
    child: Child,
    log: PathBuf,
    farewell: Signal,
}

/// A port of this machine that nobody listens on.
pub fn free_port() -> anyhow::Result<u16> {
    Ok(TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port())
}

/// How often a condition is looked at while something starts or stops.
const LOOK: Duration = Duration::from_millis(20);
const START_LOOKS: u32 = 3_000;
const STOP_LOOKS: u32 = 750;

impl Server {
    /// Starts `command` on the server's core, its output in `log`; as another user when `owner` is given and we are root.
    pub fn start(lab: &Lab, log: &Path, owner: Option<&str>, command: &[OsString], env: &[(&str, OsString)]) -> anyhow::Result<Self> {
        let mut words: Vec<OsString> = Vec::new();
        if let Some(core) = lab.server_core {
            words.extend(["taskset", "-c", &core.to_string()].map(OsString::from));
        }
        // The server dies with this program, however that ends.
        words.extend(["setpriv", "--pdeathsig", "TERM"].map(OsString::from));
        if let Some(owner) = owner.filter(|_| nix::unistd::geteuid().is_root()) {
            words.extend(["--reuid", owner, "--regid", owner, "--clear-groups"].map(OsString::from));
        }
        words.extend_from_slice(command);
        let out = std::fs::File::options().create(true).append(true).open(log)?;
        let child = Command::new(&words[0])
            .args(&words[1..])
            .envs(env.iter().map(|(name, value)| (name, value)))
            .current_dir(lab.scratch.path())
            .stdin(Stdio::null())
            .stdout(out.try_clone()?)
            .stderr(out)
            .spawn()
            .with_context(|| format!("{}", command[0].display()))?;
        Ok(Self { child, log: log.to_owned(), farewell: Signal::SIGTERM })
    }

    /// The signal that stops it; SIGTERM unless told otherwise.
    pub fn stopped_by(mut self, signal: Signal) -> Self {
        self.farewell = signal;
        self
    }

    /// Waits until it takes connections.
    pub async fn listens(&mut self, address: SocketAddr) -> anyhow::Result<()> {
        for _ in 0..START_LOOKS {
            if let Some(status) = self.child.try_wait()? {
                bail!("it ended ({status}): {}", self.last_words());
            }
            if TcpStream::connect(address).is_ok() {
                return Ok(());
            }
            tokio::time::sleep(LOOK).await;
        }
        bail!("it does not listen on {address}: {}", self.last_words())
    }

    /// CPU seconds used so far.
    pub fn cpu(&self) -> anyhow::Result<f64> {
        tree_cpu(self.child.id())
    }

    /// Bytes of memory that are its own now.
    pub fn memory(&self) -> anyhow::Result<u64> {
        super::cpu::tree_memory(self.child.id())
    }

    /// Largest resident size so far, in MiB.
    pub fn peak_mib(&self) -> f64 {
        super::command::high_water_mib(self.child.id())
    }

    /// `kill -9`, as when the power fails.
    pub fn kill(mut self) -> anyhow::Result<()> {
        self.child.kill()?;
        self.child.wait()?;
        Ok(())
    }

    fn last_words(&self) -> String {
        let text = std::fs::read_to_string(&self.log).unwrap_or_default();
        text.lines().rev().take(3).collect::<Vec<_>>().join(" | ")
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if self.child.try_wait().is_ok_and(|ended| ended.is_some()) {
            return;
        }
        if let Ok(id) = i32::try_from(self.child.id()) {
            let _ = kill(Pid::from_raw(id), self.farewell);
        }
        for _ in 0..STOP_LOOKS {
            if self.child.try_wait().is_ok_and(|ended| ended.is_some()) {
                return;
            }
            std::thread::sleep(LOOK);
        }
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

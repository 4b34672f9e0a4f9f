//! The bench's tools, which know neither our product nor a peer.

mod client;
mod command;
mod cpu;
mod load;
mod pairs;
mod row;
mod server;
mod sockets;

pub use client::{Client, get};
pub use command::{Finished, finish};
pub use cpu::tree_cpu;
pub use load::{Http, Load, Plan, Protocol, open_loop};
pub use pairs::{Pairs, Side, take_turns};
pub use row::{Row, print_table};
pub use server::{Server, free_port};
pub use sockets::Sockets;

use anyhow::Context;
use std::path::{Path, PathBuf};

/// Where everything is, and how much of it to do.
#[derive(Debug)]
pub struct Lab {
    /// The repository.
    pub root: PathBuf,
    /// Folder of the release programs.
    pub programs: PathBuf,
    /// Thrown away at the end.
    pub scratch: tempfile::TempDir,
    /// A smoke run: small amounts, three pairs, figures worth nothing.
    pub small: bool,
    /// The core of the servers, when there are two.
    pub server_core: Option<usize>,
}

impl Lab {
    /// Reads what `bench/run` set.
    pub fn open() -> anyhow::Result<Self> {
        let path = |name: &str| std::env::var_os(name).map(PathBuf::from).with_context(|| format!("{name} is not set: start bench/run"));
        let cores = std::thread::available_parallelism()?.get();
        // `bench/run` pins this program to core 0, so what is seen here says nothing about the machine.
        let online = std::env::var("BENCH_CORES").ok().and_then(|n| n.parse().ok()).unwrap_or(cores);
        let scratch = tempfile::Builder::new().prefix("kaijiang-bench.").tempdir()?;
        // Postgres runs as another user and must be able to reach its folder.
        std::fs::set_permissions(scratch.path(), std::os::unix::fs::PermissionsExt::from_mode(0o755))?;
        Ok(Self {
            root: path("BENCH_ROOT")?,
            programs: path("BENCH_PROGRAMS")?,
            scratch,
            small: std::env::var("BENCH_SCALE").is_ok_and(|scale| scale == "small"),
            server_core: (online > 1).then_some(1),
        })
    }

    /// `full`, or `small` in a smoke run.
    pub fn amount<T>(&self, full: T, small: T) -> T {
        if self.small { small } else { full }
    }

    /// How many pairs are measured.
    pub fn pairs(&self) -> usize {
        self.amount(7, 3)
    }

    /// A fresh folder of this run.
    pub fn folder(&self, name: &str) -> anyhow::Result<PathBuf> {
        let folder = self.scratch.path().join(name);
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(&folder)?;
        Ok(folder)
    }

    /// The file of a peer's program or script in `bench/peers`.
    pub fn peer_file(&self, name: &str) -> PathBuf {
        self.root.join("bench/peers").join(name)
    }

    /// A program of the Python environment that `bench/run` made.
    pub fn python(&self, program: &str) -> PathBuf {
        self.root.join("bench/.cache/venv/bin").join(program)
    }

    /// Why a peer is not here, as `bench/run` found when it tried to install it.
    pub fn missing(&self, peer: &str) -> Option<String> {
        let told = std::fs::read_to_string(self.root.join("bench/.cache/missing").join(peer)).ok()?;
        Some(told.lines().last().unwrap_or("could not be installed").trim().to_owned())
    }

    /// A release program of ours.
    pub fn program(&self, name: &str) -> PathBuf {
        self.programs.join(name)
    }

    /// Writes `bench/results.json`: after each bench, so that an interrupted run leaves what it found.
    pub fn keep(&self, rows: &[Row]) -> anyhow::Result<()> {
        let file: &Path = &self.root.join("bench/results.json");
        Ok(std::fs::write(file, serde_json::to_string_pretty(rows)? + "\n")?)
    }
}

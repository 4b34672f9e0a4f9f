//! Postgres: a cluster of its own, durable, with settings a careful administrator would choose for such a machine.

use crate::lab::{Lab, Server, free_port};
use anyhow::Context;
use nix::sys::signal::Signal;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::Command;

/// A running cluster.
#[derive(Debug)]
pub struct Postgres {
    /// To measure.
    pub server: Server,
    /// Where it listens.
    pub address: SocketAddr,
    bin: PathBuf,
}

const SETTINGS: &str = "
unix_socket_directories = ''
max_connections = 60
shared_buffers = 512MB
effective_cache_size = 2GB
max_wal_size = 4GB
checkpoint_timeout = 30min
jit = off
";

impl Postgres {
    /// Makes and starts it, or says why it can't be.
    pub async fn start(lab: &Lab) -> anyhow::Result<Self> {
        let bin = newest().with_context(|| super::absent(lab, "postgres"))?;
        let folder = lab.folder("postgres")?;
        let owner = nix::unistd::geteuid().is_root().then_some("postgres");
        let data = folder.join("data");
        if owner.is_some() {
            run(Command::new("chown").arg("postgres:").arg(&folder))?;
        }
        let mut init = match owner {
            Some(owner) => {
                let mut command = Command::new("setpriv");
                command.args(["--reuid", owner, "--regid", owner, "--clear-groups"]).arg(bin.join("initdb"));
                command
            }
            None => Command::new(bin.join("initdb")),
        };
        init.args(["--username", "bench", "--auth", "trust", "--encoding", "UTF8", "--locale", "C.UTF-8"]).arg("--pgdata").arg(&data);
        run(&mut init)?;
        let port = free_port()?;
        let file = data.join("postgresql.conf");
        let text = std::fs::read_to_string(&file)? + SETTINGS + &format!("listen_addresses = '127.0.0.1'\nport = {port}\n");
        std::fs::write(&file, text)?;
        let command = [bin.join("postgres").into(), "-D".into(), data.into()];
        let server = Server::start(lab, &lab.scratch.path().join("postgres.log"), owner, &command, &[])?;
        // SIGINT: roll back and go, instead of waiting until every client has left.
        let mut server = server.stopped_by(Signal::SIGINT);
        let address = SocketAddr::from(([127, 0, 0, 1], port));
        server.listens(address).await?;
        let found = Self { server, address, bin };
        found.ready().await?;
        Ok(found)
    }

    /// It takes connections before it answers them.
    async fn ready(&self) -> anyhow::Result<()> {
        for _ in 0..500 {
            if self.sql("postgres", "select 1").is_ok() {
                return Ok(());
            }
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
        self.sql("postgres", "select 1").map(drop)
    }

    /// Makes a database; its address.
    pub fn database(&self, name: &str) -> anyhow::Result<String> {
        self.sql("postgres", &format!("create database {name}"))?;
        Ok(format!("postgres://bench@{}/{name}", self.address))
    }

    /// What `psql` prints for `sql`, plain.
    pub fn sql(&self, database: &str, sql: &str) -> anyhow::Result<String> {
        let mut command = Command::new(self.bin.join("psql"));
        let (host, port) = (self.address.ip().to_string(), self.address.port().to_string());
        command.args(["-h", &host, "-p", &port, "-U", "bench", "-d", database, "-v", "ON_ERROR_STOP=1", "-qAtc", sql]);
        run(&mut command)
    }
}

fn newest() -> Option<PathBuf> {
    let version = |path: &PathBuf| path.iter().filter_map(|part| part.to_str()?.parse::<u32>().ok()).next_back();
    let folders = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten().map(|entry| entry.path().join("bin"));
    let debian = folders.filter(|bin| bin.join("initdb").is_file()).max_by_key(version);
    debian.or_else(|| super::find("initdb")?.parent().map(PathBuf::from))
}

fn run(command: &mut Command) -> anyhow::Result<String> {
    let done = command.output().with_context(|| format!("{}", command.get_program().display()))?;
    let told = String::from_utf8_lossy(&done.stderr);
    anyhow::ensure!(done.status.success(), "{}: {}", command.get_program().display(), told.trim());
    Ok(String::from_utf8_lossy(&done.stdout).trim().to_owned())
}

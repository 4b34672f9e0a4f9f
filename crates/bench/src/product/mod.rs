//! Kaijiang as its users run it: the release program, its own data folder, limits of requests lifted and nothing else.

mod contest;
mod on_air;
mod people;
mod seed;

pub use contest::{Contest, Desk, contest};
pub use on_air::OnAir;
pub use people::{Person, person};
pub use seed::{Seed, lesson, publications, title};

use crate::lab::{Lab, Server, free_port};
use app::config::Config;
use app::state::App;
use kernel::SystemClock;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A running server.
#[derive(Debug)]
pub struct Kaijiang {
    /// To measure.
    pub server: Server,
    /// Where it listens.
    pub address: SocketAddr,
}

/// Where it keeps its data.
#[derive(Debug, Clone)]
pub struct Home {
    /// The data folder.
    pub data: PathBuf,
    /// `postgres://…`, or empty for SQLite in the data folder.
    pub database: String,
}

impl Home {
    /// An empty one.
    pub fn new(lab: &Lab, name: &str, database: &str) -> anyhow::Result<Self> {
        Ok(Self { data: lab.folder(name)?, database: database.into() })
    }

    /// Opens its records in this process, to fill them as the product would; close them before serving.
    pub async fn open(&self) -> anyhow::Result<App> {
        let config = Config { data: self.data.clone(), database: self.database.clone(), ..Config::default() };
        app::commands::build_tool(config, Arc::new(SystemClock)).await
    }

    fn settings(&self) -> PathBuf {
        self.data.join("bench.toml")
    }

    /// Serves it on a free port.
    pub async fn serve(&self, lab: &Lab) -> anyhow::Result<Kaijiang> {
        self.serve_with(lab, "").await
    }

    /// The same with more lines of settings.
    pub async fn serve_with(&self, lab: &Lab, settings: &str) -> anyhow::Result<Kaijiang> {
        std::fs::write(self.settings(), format!("requests_per_minute = 10000000\nsign_in_per_minute = 100000\n{settings}"))?;
        let address = SocketAddr::from(([127, 0, 0, 1], free_port()?));
        let command = [lab.program("kaijiang").into(), "serve".into(), "--listen".into(), address.to_string().into()];
        let mut env = vec![("KAIJIANG_DATA", self.data.clone().into()), ("KAIJIANG_CONFIG", self.settings().into())];
        if !self.database.is_empty() {
            env.push(("KAIJIANG_DATABASE", self.database.clone().into()));
        }
        let mut server = Server::start(lab, &log(&self.data), None, &command, &env)?;
        server.listens(address).await?;
        Ok(Kaijiang { server, address })
    }
}

fn log(data: &Path) -> PathBuf {
    data.join("bench.log")
}

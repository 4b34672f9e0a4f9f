//! Django under gunicorn, reading the very tables that ours reads: kept connections, cached templates, no debugging.

use crate::lab::{Lab, Server, free_port};
use anyhow::ensure;
use std::net::SocketAddr;

/// A running server.
#[derive(Debug)]
pub struct Django {
    /// To measure; its Postgres is another process.
    pub server: Server,
    /// Where it listens.
    pub address: SocketAddr,
}

impl Django {
    /// Serves the newest twenty publications of `database`.
    pub async fn start(lab: &Lab, database: &str) -> anyhow::Result<Self> {
        let program = lab.python("gunicorn");
        ensure!(program.is_file() && lab.missing("python").is_none(), super::absent(lab, "python"));
        let port = free_port()?;
        let bind = format!("127.0.0.1:{port}");
        let words = ["--bind", &bind, "--workers", "2", "--worker-class", "gthread", "--threads", "2", "--keep-alive", "75"];
        let mut command = vec![program.into()];
        command.extend(words.map(std::ffi::OsString::from));
        command.extend(["--chdir".into(), lab.peer_file("").into(), "list_page:application".into()]);
        let env = [("BENCH_DATABASE", database.into()), ("PYTHONDONTWRITEBYTECODE", "1".into())];
        let mut server = Server::start(lab, &lab.scratch.path().join("django.log"), None, &command, &env)?;
        let address = SocketAddr::from(([127, 0, 0, 1], port));
        server.listens(address).await?;
        Ok(Self { server, address })
    }
}

//! The command line: what an administrator types.

mod admin;
mod audit;
mod backup;
mod demo;
mod import;
mod recount;
mod serve;

pub use serve::{Server, build, build_tool, start};

use crate::config::{Config, ConfigError};
use clap::{Args, Parser, Subcommand};
use std::io::{ErrorKind, Write};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;

const EXAMPLES: &str = "\
Examples:
  kaijiang serve --demo                      try it: demo data in ./data, http://127.0.0.1:8080
  kaijiang serve --data /srv/kaijiang --listen 0.0.0.0:8080
  kaijiang serve --database postgres://kaijiang@db/kaijiang --config /etc/kaijiang.toml
  kaijiang admin create --login li.wei --name 'Li Wei'
  kaijiang backup /mnt/backup/2026-11-23 --data /srv/kaijiang
  kaijiang audit verify --data /srv/kaijiang
  kaijiang import organisations register.xlsx --dry-run
  kaijiang import accounts people.xlsx --links links.xlsx

Exit codes: 0 done, 1 failed, 2 wrong use, 3 verification found a difference.";

/// Lecture campaigns for hierarchical organisations.
#[derive(Debug, Parser)]
#[command(name = "kaijiang", version, after_help = EXAMPLES)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
}

/// Where the data are: the same for every command.
#[derive(Debug, Args)]
pub struct Place {
    /// Data folder
    #[arg(long, env = "KAIJIANG_DATA")]
    data: Option<PathBuf>,
    /// postgres://… instead of SQLite in the data folder
    #[arg(long, env = "KAIJIANG_DATABASE")]
    database: Option<String>,
    /// TOML file with settings
    #[arg(long, env = "KAIJIANG_CONFIG")]
    config: Option<PathBuf>,
}

impl Place {
    /// File, then environment and flags, checked.
    pub fn config(&self) -> Result<Config, ConfigError> {
        let mut config = Config::load(self.config.as_deref())?;
        if let Some(data) = &self.data {
            config.data.clone_from(data);
        }
        if let Some(database) = &self.database {
            config.database.clone_from(database);
        }
        config.check()?;
        Ok(config)
    }
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run the server
    Serve {
        #[command(flatten)]
        place: Place,
        /// Address and port; port 0 takes a free one
        #[arg(long, env = "KAIJIANG_LISTEN")]
        listen: Option<SocketAddr>,
        /// Fill an empty data folder with a made-up province
        #[arg(long)]
        demo: bool,
    },
    /// Registers from files
    Import {
        #[command(subcommand)]
        what: import::What,
    },
    /// Accounts of administrators
    Admin {
        #[command(subcommand)]
        what: admin::What,
    },
    /// The audit trail
    Audit {
        #[command(subcommand)]
        what: audit::What,
    },
    /// Copy everything into a new folder, also while the server runs
    #[command(after_help = backup::EXAMPLES)]
    Backup(backup::Backup),
    /// Bring a backup back into an empty data folder, after checking every file of it
    #[command(after_help = backup::restore::EXAMPLES)]
    Restore(backup::restore::Restore),
    /// Compare every figure with the records, and count them anew
    #[command(after_help = recount::EXAMPLES)]
    Recount(recount::Counting),
    /// Fill an empty installation with a made-up nation, to see how it behaves at size
    #[command(after_help = demo::EXAMPLES)]
    Demo(demo::Demo),
    /// Print the OpenAPI 3.1 description of everything under /api/v1
    #[command(after_help = "Example:\n  kaijiang openapi > openapi.json")]
    Openapi,
    /// Print the reference of all settings as Markdown
    #[command(hide = true)]
    ConfigDocs,
}

/// Runs what was typed.
pub async fn run(cli: Cli) -> ExitCode {
    let done = match cli.command {
        Command::Serve { place, listen, demo } => serve::serve(&place, listen, demo).await,
        Command::Import { what } => import::run(what).await,
        Command::Admin { what } => admin::run(what).await,
        Command::Audit { what } => audit::run(what).await,
        Command::Backup(what) => backup::run(what).await,
        Command::Restore(what) => backup::restore::run(what).await,
        Command::Demo(typed) => demo::run(typed).await,
        Command::Recount(typed) => recount::run(typed).await,
        Command::Openapi => openapi(),
        Command::ConfigDocs => config_docs(),
    };
    match done {
        Ok(code) => code,
        // `kaijiang audit export | head`: who reads has read enough.
        Err(cause) if cause.root_cause().downcast_ref::<std::io::Error>().is_some_and(|e| e.kind() == ErrorKind::BrokenPipe) => {
            ExitCode::SUCCESS
        }
        Err(cause) => {
            eprintln!("kaijiang: {cause:#}");
            ExitCode::from(1)
        }
    }
}

/// Prints; a reader who has read enough is no failure.
fn print(text: &str) -> std::io::Result<()> {
    let mut out = std::io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(cause) if cause.kind() == ErrorKind::BrokenPipe => Ok(()),
        other => other,
    }
}

fn openapi() -> anyhow::Result<ExitCode> {
    let document = serde_json::to_string_pretty(&crate::openapi::document()?)?;
    print(&format!("{document}\n"))?;
    Ok(ExitCode::SUCCESS)
}

fn config_docs() -> anyhow::Result<ExitCode> {
    print(&Config::reference()?)?;
    Ok(ExitCode::SUCCESS)
}

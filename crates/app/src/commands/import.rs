//! `kaijiang import`: registers of organisations and of accounts, from files.

use super::{Place, build_tool};
use crate::i18n::{Language, Texts};
use crate::jobs::JobId;
use crate::organisations::actions::import::{self, Run};
use crate::organisations::actions::people_import;
use crate::problem::Problem;
use crate::registers::{Fault, grouped, write_workbook};
use crate::state::App;
use anyhow::{Context, anyhow};
use clap::{Args, Subcommand};
use kernel::SystemClock;
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use tokio_util::sync::CancellationToken;

#[derive(Debug, Subcommand)]
pub enum What {
    /// Take over a register of organisations: .xlsx or .csv with the columns code, name, parent code, kind, members
    Organisations(Sent),
    /// Take over accounts and roles: .xlsx or .csv with the columns login, name, organisation code, role, reach, from, last day
    Accounts {
        #[command(flatten)]
        sent: Sent,
        /// Where to write the links by which new people set their passwords; whoever reads them can come in
        #[arg(long, value_name = "XLSX", required_unless_present = "dry_run")]
        links: Option<PathBuf>,
    },
}

/// A file, and what becomes of it.
#[derive(Debug, Args)]
pub struct Sent {
    #[command(flatten)]
    place: Place,
    /// The file
    file: PathBuf,
    /// Only tell what would change
    #[arg(long)]
    dry_run: bool,
    /// Where to write the file with an error column, if there are errors
    #[arg(long, value_name = "XLSX")]
    errors: Option<PathBuf>,
}

pub(super) async fn run(what: What) -> anyhow::Result<ExitCode> {
    let (sent, links) = match &what {
        What::Organisations(sent) => (sent, None),
        What::Accounts { sent, links } => (sent, links.as_deref()),
    };
    let app = build_tool(sent.place.config()?, Arc::new(SystemClock)).await?;
    let texts = app.words.texts(Language::from_tag(&std::env::var("LANG").unwrap_or_default()).unwrap_or(Language::English));
    let in_words = |problem: Problem| anyhow!(texts.args(&format!("problem-{}", problem.code), &problem.args));
    let run = Run { actor: None, dry_run: sent.dry_run, progress: &|_| {}, cancelled: CancellationToken::new() };
    let register = JobId::new(app.clock.as_ref()).to_string();
    let (counts, faults) = match &what {
        What::Organisations(_) => {
            let outcome = import::import(&app, &sent.file, &run).await.map_err(in_words)?;
            (outcome.counts(), outcome.faults)
        }
        What::Accounts { .. } => {
            let outcome = people_import::import(&app, &sent.file, &register, &run).await.map_err(in_words)?;
            (outcome.counts(), outcome.faults)
        }
    };
    if !faults.is_empty() {
        return tell_faults(&texts, sent, &faults);
    }
    tell(&texts, &counts, sent.dry_run);
    let invited = counts.iter().any(|(code, n)| *code == "accounts" && *n > 0);
    if let Some(links) = links.filter(|_| invited && !sent.dry_run) {
        write_links(&app, &texts, &register, links).await?;
    }
    Ok(ExitCode::SUCCESS)
}

fn tell(texts: &Texts, counts: &[(&str, usize)], dry_run: bool) {
    let words = counts.iter().map(|(code, n)| format!("{}: {n}", texts.s(&format!("import-{code}")))).collect::<Vec<_>>().join(", ");
    eprintln!("{words}{}", if dry_run { " (--dry-run)" } else { "" });
}

fn tell_faults(texts: &Texts, sent: &Sent, faults: &[Fault]) -> anyhow::Result<ExitCode> {
    for group in grouped(texts, faults) {
        let rows = group.rows.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
        eprintln!("{} × {}: {} ({} {rows})", group.count, group.column, group.text, texts.s("import-rows"));
    }
    if let Some(target) = &sent.errors {
        write_workbook(texts, &sent.file, faults, target).map_err(|p| anyhow!("{}: {}", target.display(), p.code))?;
        eprintln!("{}", target.display());
    }
    Ok(ExitCode::from(1))
}

/// Writes the links so that only the user who runs the command can read them.
async fn write_links(app: &App, texts: &Texts, register: &str, target: &Path) -> anyhow::Result<()> {
    let bytes = people_import::links(app, None, register, &app.public_url(), texts).await.map_err(|p| anyhow!(p.code))?;
    let opened = std::fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(target);
    opened.and_then(|mut file| file.write_all(&bytes)).with_context(|| target.display().to_string())?;
    eprintln!("{}", target.display());
    Ok(())
}

//! `kaijiang import organisations`: the register, from a file.

use super::{Place, build};
use crate::i18n::{Language, Texts};
use crate::organisations::actions::import::{self, Outcome, Run};
use crate::organisations::import as register;
use anyhow::{Context, bail};
use clap::Subcommand;
use kernel::SystemClock;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use tokio_util::sync::CancellationToken;

#[derive(Debug, Subcommand)]
pub enum What {
    /// Take over a register of organisations: .xlsx or .csv with the columns code, name, parent code, kind, members
    Organisations {
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
    },
}

pub(super) async fn run(what: What) -> anyhow::Result<ExitCode> {
    let What::Organisations { place, file, dry_run, errors } = what;
    let app = build(place.config()?, Arc::new(SystemClock)).await?;
    let texts = app.words.texts(Language::from_tag(&std::env::var("LANG").unwrap_or_default()).unwrap_or(Language::English));
    let run = Run { actor: None, dry_run, progress: &|_| {}, cancelled: CancellationToken::new() };
    let outcome = match import::import(&app, &file, &run).await {
        Ok(outcome) => outcome,
        Err(problem) => bail!(texts.args(&format!("problem-{}", problem.code), &problem.args)),
    };
    if outcome.faults.is_empty() {
        tell(&texts, &outcome, dry_run);
        return Ok(ExitCode::SUCCESS);
    }
    for group in register::grouped(&texts, &outcome.faults) {
        let rows = group.rows.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
        eprintln!("{} × {}: {} ({} {rows})", group.count, group.column, group.text, texts.s("import-rows"));
    }
    if let Some(target) = errors {
        let sheet = import::read_sheet(file).await.map_err(|p| anyhow::anyhow!(p.code))?;
        register::write_workbook(&texts, &sheet, &outcome.faults, &target).with_context(|| target.display().to_string())?;
        eprintln!("{}", target.display());
    }
    Ok(ExitCode::from(1))
}

fn tell(texts: &Texts, outcome: &Outcome, dry_run: bool) {
    let counts = [
        ("import-added", outcome.added),
        ("import-renamed", outcome.renamed),
        ("import-moved", outcome.moved),
        ("import-corrected", outcome.corrected),
        ("import-unchanged", outcome.unchanged),
    ];
    let words = counts.map(|(key, n)| format!("{}: {n}", texts.s(key))).join(", ");
    eprintln!("{words}{}", if dry_run { " (--dry-run)" } else { "" });
}

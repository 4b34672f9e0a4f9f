//! `kaijiang backup`: everything into one folder, while the server runs.
//!
//! ```text
//! links to unfinished uploads ─► copy of the database ─► files and views ─► manifest (hashes, counts) ─► rename
//! ```
//!
//! * The database is copied before the files: files are added and never changed, so every file that the copy names is
//!   there when its turn comes. An unfinished upload may end meanwhile and move; a link made first keeps its bytes.
//! * The views come last: their ledger may be ahead of the copy, which then counts the rest, but never behind it.
//! * The folder has its name only when it is complete.
//! * Records in Postgres are copied by `pg_dump` out of one snapshot, in which the rows are counted too.

mod files;
mod manifest;
pub(super) mod restore;

use super::Place;
use super::serve::{ledger_options, open_existing};
use crate::config::Config;
use crate::db::{Db, Tx};
use anyhow::{Context, ensure};
use clap::Args;
use files::Copying;
use kernel::{Clock, SystemClock};
use manifest::{MANIFEST, Manifest};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

pub(super) const EXAMPLES: &str = "\
Examples:
  kaijiang backup /mnt/backup/2026-11-23 --data /srv/kaijiang
  kaijiang backup /mnt/backup/2026-11-23 --with-renditions     larger, but a restored server plays at once
  kaijiang backup /mnt/backup/2026-11-23 --data /srv/kaijiang --database postgres://…     by pg_dump, into the same folder

Exit codes: 0 done, 1 nothing was written, 3 written, but an original is damaged or missing (it is named).";

/// `kaijiang backup DIR`.
#[derive(Debug, Args)]
pub(super) struct Backup {
    /// The folder to make; it must be empty or not be there
    target: PathBuf,
    #[command(flatten)]
    place: Place,
    /// Copy also what can be made again from the originals
    #[arg(long)]
    with_renditions: bool,
}

/// Copies on this thread: the program does nothing else meanwhile.
pub(super) async fn run(what: Backup) -> anyhow::Result<ExitCode> {
    let config = what.place.config()?;
    let db = open_existing(&config).await?;
    ensure!(is_free(&what.target)?, "{} is not empty; a backup goes into a new folder", what.target.display());
    let partial = beside(&what.target, "partial")?;
    let made = make(&config, &db, &partial, what.with_renditions).await;
    db.close().await;
    let manifest = made.inspect_err(|_| drop(std::fs::remove_dir_all(&partial)))?;
    std::fs::rename(&partial, &what.target).with_context(|| format!("cannot name it {}", what.target.display()))?;
    files::sync_folder(what.target.parent().unwrap_or(Path::new(".")))?;
    tell(&what.target, &manifest);
    Ok(ExitCode::from(if manifest.faults.is_empty() { 0 } else { 3 }))
}

fn tell(target: &Path, manifest: &Manifest) {
    let bytes: u64 = manifest.files.iter().map(|file| file.bytes).sum();
    eprintln!("{} files, {bytes} bytes, {} views and plays in {}", manifest.files.len(), manifest.ledger_events, target.display());
    for fault in &manifest.faults {
        eprintln!("{fault}");
    }
}

/// Not there, or an empty folder.
fn is_free(folder: &Path) -> std::io::Result<bool> {
    match std::fs::read_dir(folder) {
        Ok(mut entries) => Ok(entries.next().is_none()),
        Err(cause) if cause.kind() == std::io::ErrorKind::NotFound => Ok(true),
        Err(cause) => Err(cause),
    }
}

/// A new folder in the folder of `target`, so that it can be renamed to it.
fn beside(target: &Path, ending: &str) -> anyhow::Result<PathBuf> {
    let name = target.file_name().context("a folder name is wanted")?;
    let parent = target.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    std::fs::create_dir_all(parent)?;
    let path = parent.join(format!(".{}.{ending}-{}", name.to_string_lossy(), std::process::id()));
    std::fs::create_dir(&path).with_context(|| format!("cannot make {}", path.display()))?;
    Ok(path)
}

async fn make(config: &Config, db: &Db, into: &Path, with_renditions: bool) -> anyhow::Result<Manifest> {
    let links = files::link_unfinished(&config.data, into)?;
    let mut manifest = Manifest::new(SystemClock.now(), with_renditions);
    let look = async |tx: &mut Tx| Ok((tx.row_counts().await?, manifest::originals(tx).await?));
    (manifest.tables, manifest.originals) = db.copy_into(into, &config.database, look).await.context("the records")?;
    Copying::new(&config.data, into).everything(&links, with_renditions)?;
    manifest.ledger_events = check_ledger(&into.join("ledger"))?;
    manifest.files = files::list(into)?;
    manifest.compare_originals();
    manifest.write(&into.join(MANIFEST))?;
    files::sync_folders(into)?;
    Ok(manifest)
}

/// Reads the copied ledger through, cutting a last batch that was only half copied; how many events it holds.
fn check_ledger(folder: &Path) -> anyhow::Result<u64> {
    if !folder.exists() {
        return Ok(0);
    }
    let ledger = ledger::Ledger::open(folder, &ledger_options()).context("the copied view ledger")?;
    for entry in ledger.events(ledger::Offset(0)) {
        entry.context("the copied view ledger")?;
    }
    Ok(ledger.head().0)
}

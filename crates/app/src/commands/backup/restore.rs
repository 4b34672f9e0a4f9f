//! `kaijiang restore`: a backup into an empty data folder, after every file of it was checked.

use super::super::audit::verify;
use super::super::serve::open_database;
use super::files::{self, Copying};
use super::manifest::{MANIFEST, Manifest};
use super::{Place, beside, is_free};
use crate::config::Config;
use crate::db::{Db, POSTGRES, SQLITE};
use crate::jobs;
use crate::recordings::{RENDITIONS, Recordings};
use anyhow::{Context, ensure};
use clap::Args;
use kernel::SystemClock;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

pub(in crate::commands) const EXAMPLES: &str = "\
Examples:
  kaijiang restore /mnt/backup/2026-11-23 --data /srv/kaijiang
  kaijiang restore /mnt/backup/2026-11-23 --data /srv/kaijiang --database postgres://…     into an empty database, by pg_restore

Exit codes: 0 restored and verified, 1 nothing was written, 3 a file or figure differs (nothing was written) or the audit trail is broken.";

/// `kaijiang restore DIR`.
#[derive(Debug, Args)]
pub(in crate::commands) struct Restore {
    /// The folder that `kaijiang backup` made
    source: PathBuf,
    #[command(flatten)]
    place: Place,
}

pub(in crate::commands) async fn run(what: Restore) -> anyhow::Result<ExitCode> {
    let config = what.place.config()?;
    ensure!(is_free(&config.data)?, "{} is not empty; a backup is restored into a new data folder", config.data.display());
    let manifest = Manifest::read(&what.source.join(MANIFEST))?;
    let differences = compare(&what.source, &manifest).await?;
    if !differences.is_empty() {
        eprintln!("{}", differences.join("\n"));
        eprintln!("nothing was restored: the backup differs from its manifest");
        return Ok(ExitCode::from(3));
    }
    eprintln!("{} files and {} tables of the backup of {} are whole", manifest.files.len(), manifest.tables.len(), manifest.made_at);
    ensure!(
        manifest.in_postgres() != config.database.is_empty(),
        "the records of this backup are in {}",
        if manifest.in_postgres() { "Postgres: give --database" } else { "SQLite: leave --database away" }
    );
    if manifest.in_postgres() {
        let differences = fill(&config, &what.source, &manifest).await?;
        if !differences.is_empty() {
            eprintln!("{}\nthe database differs from the manifest: drop it", differences.join("\n"));
            return Ok(ExitCode::from(3));
        }
    }
    copy_all(&what.source, &config.data, &manifest)?;
    let db = open_database(&config).await?;
    db.migrate().await?;
    let queued = if manifest.with_renditions { 0 } else { rebuild(&db).await? };
    eprintln!("{queued} recordings will be prepared for watching again by the server");
    let code = verify(&db, None).await?;
    db.close().await;
    Ok(code)
}

/// Files against the manifest, then the rows of the database against it.
async fn compare(source: &Path, manifest: &Manifest) -> anyhow::Result<Vec<String>> {
    let mut differences = manifest.differences(&files::list(source)?);
    if differences.is_empty() && !manifest.in_postgres() {
        let copy = Db::sqlite_copy(&source.join(SQLITE)).await?;
        let found = copy.read().await?.row_counts().await?;
        copy.close().await;
        differences.extend(manifest.table_differences(&found));
    }
    Ok(differences)
}

/// Fills the empty database with the copied records; what differs afterwards.
async fn fill(config: &Config, source: &Path, manifest: &Manifest) -> anyhow::Result<Vec<String>> {
    let db = open_database(config).await?;
    let before = db.read().await?.row_counts().await?;
    ensure!(before.is_empty(), "the database is not empty; a backup is restored into a new one");
    db.fill_from(source, &config.database).await.context("the records")?;
    let found = db.read().await?.row_counts().await?;
    db.close().await;
    Ok(manifest.table_differences(&found))
}

/// Into a folder beside the data folder, which gets its name when everything is there.
fn copy_all(source: &Path, data: &Path, manifest: &Manifest) -> anyhow::Result<()> {
    let partial = beside(data, "restoring")?;
    let copying = Copying::new(source, &partial);
    // Postgres holds its records by now.
    let mut files = manifest.files.iter().filter(|file| file.path != POSTGRES);
    let copied = files.try_for_each(|file| copying.file(Path::new(&file.path)));
    copied.and_then(|()| Ok(files::sync_folders(&partial)?)).inspect_err(|_| drop(std::fs::remove_dir_all(&partial)))?;
    std::fs::rename(&partial, data).with_context(|| format!("cannot name it {}", data.display()))?;
    Ok(files::sync_folder(data.parent().unwrap_or(Path::new(".")))?)
}

/// Queues what makes the missing renditions again; for how many recordings.
async fn rebuild(db: &Db) -> anyhow::Result<usize> {
    let mut tx = db.begin().await?;
    let lacking = Recordings(&mut tx).forget_renditions().await?;
    for material in &lacking {
        jobs::enqueue(&mut tx, &SystemClock, RENDITIONS, &material.to_string(), &serde_json::json!({}), None).await?;
    }
    tx.commit().await?;
    Ok(lacking.len())
}

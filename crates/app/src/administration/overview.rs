//! How this server is, gathered from its parts.

use crate::jobs;
use crate::problem::Problem;
use crate::state::App;
use kernel::Timestamp;
use serde::Serialize;
use std::collections::BTreeMap;

/// How this server is.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Overview {
    /// Version of the program.
    pub version: &'static str,
    /// When this node started, milliseconds UTC.
    #[schema(value_type = i64)]
    pub started_at: Timestamp,
    /// How long it runs.
    pub uptime_ms: i64,
    /// `sqlite` or `postgres`.
    pub database: &'static str,
    /// Bytes that are free where the data folder is.
    pub disk_free: i64,
    /// Bytes that there are in all.
    pub disk_total: i64,
    /// Whether ffmpeg is there; otherwise recordings wait.
    pub media_ready: bool,
    /// What to install, when it is not.
    pub media_missing: Option<String>,
    /// ffmpeg and ffprobe, when they are there.
    pub media_tools: Vec<MediaTool>,
    /// What the jail of ffmpeg holds back: tried from inside and refused. None while that could not be tried.
    pub jail_enforced: Option<Vec<&'static str>>,
    /// What this machine does not hold back.
    pub jail_missing: Option<Vec<&'static str>>,
    /// Views, plays and steps of watch time in the ledger.
    pub ledger_events: Option<i64>,
    /// Audit records with a seal.
    pub audit_sealed: i64,
    /// Hash of the newest of them: publish it, and nobody can rewrite what came before.
    pub audit_head: String,
    /// How many jobs are in each state.
    pub jobs: BTreeMap<String, i64>,
}

/// A program that prepares recordings.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct MediaTool {
    /// Where it is.
    pub path: String,
    /// What it says of its version.
    pub version: String,
}

pub(super) async fn of(app: &App) -> Result<Overview, Problem> {
    let mut tx = app.db.read().await?;
    let (audit_sealed, audit_head) = crate::audit::head(&mut tx).await?;
    let jobs = jobs::counts(&mut tx).await?;
    drop(tx);
    let tools = app.toolbox.ready().await.map(|(tools, _)| tools);
    let jail = app.toolbox.report().await;
    let disk = rustix::fs::statvfs(&app.config.data).map_err(Problem::internal)?;
    let bytes = |blocks: u64| i64::try_from(blocks.saturating_mul(disk.f_frsize)).unwrap_or(i64::MAX);
    Ok(Overview {
        version: env!("CARGO_PKG_VERSION"),
        started_at: app.started_at,
        uptime_ms: app.clock.now() - app.started_at,
        database: app.db.engine(),
        disk_free: bytes(disk.f_bavail),
        disk_total: bytes(disk.f_blocks),
        media_ready: tools.is_ok(),
        media_tools: tools.as_ref().map(tools_told).unwrap_or_default(),
        media_missing: tools.err().map(|missing| missing.to_string()),
        jail_enforced: jail.map(|report| report.enforced.clone()),
        jail_missing: jail.map(|report| report.missing.clone()),
        ledger_events: app.views.as_ref().map(|ledger| i64::try_from(ledger.head().0).unwrap_or(i64::MAX)),
        audit_sealed,
        audit_head,
        jobs,
    })
}

fn tools_told(tools: &media::Tools) -> Vec<MediaTool> {
    tools.told().map(|(path, version)| MediaTool { path: path.display().to_string(), version: version.to_owned() }).into()
}

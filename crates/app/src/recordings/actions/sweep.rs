//! Forgetting what was left alone.

use super::uploads::spool;
use crate::problem::Problem;
use crate::recordings::spool::blocking;
use crate::recordings::{UploadId, Uploads};
use crate::state::App;

/// Spool files that no row knows are removed when they are this old.
const STRAY_S: u64 = 3_600;

/// Forgets uploads whose time is over, and spool files that a crash left without a row. How many.
pub async fn sweep(app: &App) -> Result<usize, Problem> {
    let overdue = Uploads(&mut app.db.read().await?).overdue(app.clock.now()).await?;
    let mut swept = 0;
    for id in overdue {
        let _pass = app.uploads.enter(id).await;
        let mut tx = app.db.begin().await?;
        let over = Uploads(&mut tx).expire(id, app.clock.now()).await?;
        tx.commit().await?;
        if over {
            spool(app, id).remove().await.map_err(Problem::internal)?;
            swept += 1;
        }
    }
    Ok(swept + strays(app).await?)
}

async fn strays(app: &App) -> Result<usize, Problem> {
    let folder = app.objects.spool("");
    let old = move || -> std::io::Result<Vec<UploadId>> {
        let stale = |entry: &std::fs::DirEntry| Some(entry.metadata().ok()?.modified().ok()?.elapsed().ok()?.as_secs() > STRAY_S);
        let entries = std::fs::read_dir(folder)?.filter_map(Result::ok).filter(|entry| stale(entry) == Some(true));
        Ok(entries.filter_map(|entry| entry.file_name().to_str()?.parse().ok()).collect())
    };
    let mut swept = 0;
    for id in blocking(old).await.map_err(Problem::internal)? {
        if Uploads(&mut app.db.read().await?).find(id).await?.is_none() {
            spool(app, id).remove().await.map_err(Problem::internal)?;
            swept += 1;
        }
    }
    Ok(swept)
}

//! Long work on files: examining what came in, making it playable, forgetting what was left alone.

mod ingest;
mod photos;
mod renditions;

pub use ingest::ingest;
pub use renditions::renditions;

use super::actions;
use crate::jobs::{Context, Failure, Outcome};
use crate::recordings::{MaterialId, Toolbox};
use crate::state::App;
use media::{Jail, Tools};
use tokio_util::sync::CancellationToken;

/// How long a job waits before it looks for ffmpeg again.
const LOOK_AGAIN_MS: i64 = 5_000;

/// Forgets overdue uploads once a minute until `stop` fires.
pub async fn sweep(app: App, stop: CancellationToken) {
    while !stop.is_cancelled() {
        if let Err(problem) = actions::sweep(&app).await {
            tracing::error!(code = problem.code, "overdue uploads could not be removed");
        }
        tokio::select! { () = stop.cancelled() => {}, () = tokio::time::sleep(std::time::Duration::from_mins(1)) => {} }
    }
}

fn subject(context: &Context) -> Result<MaterialId, Failure> {
    Ok(context.job.subject.parse::<MaterialId>()?)
}

/// The tools and the jail, or what the job waits for.
async fn tools(toolbox: &Toolbox) -> Result<(Tools, &Jail), Outcome> {
    toolbox.ready().await.map_err(|missing| Outcome::Later { ms: LOOK_AGAIN_MS, why: missing.to_string() })
}

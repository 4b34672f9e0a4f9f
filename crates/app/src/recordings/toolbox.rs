//! ffmpeg and the jail it works in.

use media::{Jail, JailReport, Limits, Tools, ToolsMissing};
use std::path::PathBuf;
use tokio::sync::OnceCell;

/// Finds the tools when they are needed, so that work goes on by itself once they are installed.
#[derive(Debug, Default)]
pub struct Toolbox {
    folder: PathBuf,
    jail: OnceCell<Jail>,
    report: OnceCell<Option<JailReport>>,
}

impl Toolbox {
    /// Tools of `folder`; of the search path when it is empty.
    pub fn of(folder: PathBuf) -> Self {
        Self { folder, ..Self::default() }
    }

    /// The tools as they are now, and the jail; the first call tries out what this machine can hold back.
    ///
    /// # Errors
    ///
    /// [`ToolsMissing`] says in words what to install.
    pub async fn ready(&self) -> Result<(Tools, &Jail), ToolsMissing> {
        let folder = self.folder.clone();
        let find =
            move || if folder.as_os_str().is_empty() { Tools::find() } else { Tools::at(&folder.join("ffmpeg"), &folder.join("ffprobe")) };
        let asked = tokio::task::spawn_blocking(find).await;
        let tools = asked.map_err(|panic| ToolsMissing::Broken("ffmpeg".into(), panic.to_string()))??;
        Ok((tools, self.jail.get_or_init(|| Jail::detect(Limits::default())).await))
    }

    /// What the jail holds back here; none while there is no ffmpeg to try it with. The first time takes about a second.
    pub async fn report(&self) -> Option<&JailReport> {
        let (tools, jail) = self.ready().await.ok()?;
        let tested = self.report.get_or_init(|| async { jail.self_test(&tools).await.ok() }).await;
        tested.as_ref()
    }

    /// Tells the log what the jail holds back and what it cannot.
    pub async fn tell(&self) {
        match (self.ready().await, self.report().await) {
            (Err(missing), _) => tracing::warn!(%missing, "recordings are kept and wait"),
            (Ok(_), None) => tracing::warn!("the jail of ffmpeg could not be tried out"),
            (Ok(_), Some(JailReport { enforced, missing })) if missing.is_empty() => tracing::info!(?enforced, "ffmpeg is jailed"),
            (Ok(_), Some(JailReport { enforced, missing })) => {
                tracing::warn!(?enforced, ?missing, "ffmpeg is jailed in part; this machine does not hold back what is missing");
            }
        }
    }
}

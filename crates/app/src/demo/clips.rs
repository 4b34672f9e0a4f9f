//! Short clips for the demo's lessons: moving picture, a voice-like sound, a title card.

use crate::state::App;
use media::demo_clip::{self, DemoClip};
use std::path::PathBuf;
use tokio_util::sync::CancellationToken;

/// Seconds of a demo lesson: enough to hear it, little enough to render a dozen in a minute.
const SECONDS: u32 = 24;

/// Renders the clip of the `n`th lesson into a temporary file; the caller removes it.
pub(super) async fn render(app: &App, n: u32, title: &str, cancel: &CancellationToken) -> anyhow::Result<PathBuf> {
    let path = app.config.data.join(format!("demo-{n}.mp4"));
    let (tools, jail) = app.toolbox.ready().await?;
    let clip = DemoClip { seconds: SECONDS, title, seed: n, frame: media::Frame { width: 1280, height: 720 } };
    demo_clip::render(&tools, jail, &clip, &path, cancel).await?;
    Ok(path)
}

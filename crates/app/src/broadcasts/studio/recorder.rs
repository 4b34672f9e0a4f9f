//! What was on air is kept as it closes: a file, then a row. A slow disk costs the recording a segment, never the broadcast.

use super::rungs::{Board, Rung};
use super::{ladder, packaging};
use crate::broadcasts::{Broadcast, BroadcastId, Broadcasts, Kind, RecordedSegments};
use crate::state::App;
use live::playlist::name::Name;
use live::{ClosedSegment, Live, Resume, Track};
use std::collections::HashSet;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tokio::sync::mpsc;

/// Segments that may wait for the disk: about half a minute of both tracks.
const WAITING: usize = 16;

/// What everybody sees, and its way into the recording.
#[derive(Debug)]
pub struct OnAir {
    /// The package.
    pub live: Arc<Live>,
    id: BroadcastId,
    board: Arc<Board>,
    to_recorder: mpsc::Sender<ClosedSegment>,
}

impl OnAir {
    /// Begins, or goes on after a restart where the recording ends; the recorder runs until this is dropped.
    pub async fn begin(app: &App, broadcast: &Broadcast, unix_ms: i64) -> Result<Arc<Self>, crate::db::DbError> {
        let mut tx = app.db.read().await?;
        let before = RecordedSegments(&mut tx).of(broadcast.id).await?;
        let target_s = Broadcasts(&mut tx).promised(broadcast.id).await?;
        drop(tx);
        let live = Arc::new(match Resume::after(&before) {
            Some(resume) => Live::resume(packaging(), &Resume { target_s, ..resume }, unix_ms),
            None => Live::new(packaging(), unix_ms),
        });
        let (to_recorder, segments) = mpsc::channel(WAITING);
        // What is shown is recorded already: only a live broadcast has something to keep.
        if let Some(material) = broadcast.material.as_ref().filter(|_| broadcast.kind == Kind::Live) {
            let folder = app.objects.renditions(material);
            app.studios.begin_recording(broadcast.id);
            tokio::spawn(record(app.clone(), broadcast.id, folder, live.clone(), segments));
        }
        Ok(Arc::new(Self { live, id: broadcast.id, board: Arc::default(), to_recorder }))
    }

    /// Begins to make lower qualities; before its first picture nothing of it is missing in them.
    pub fn make_rungs(&self, app: &App) {
        ladder::keep(app, self.id, self.live.clone(), self.board.clone());
    }

    /// How the lower qualities stand.
    pub fn rungs(&self) -> Vec<Rung> {
        self.board.report(&self.live)
    }

    /// Hands segments to the recorder; those that find no room are lost to the recording.
    pub fn keep(&self, closed: Vec<ClosedSegment>) {
        for segment in closed {
            let msn = segment.info.msn;
            if self.to_recorder.try_send(segment).is_err() {
                tracing::error!(msn, "the recording lost a segment: the disk does not keep up");
            }
        }
    }

    /// The publisher is gone: what it sent is closed, and who comes next begins a new timeline.
    pub fn interrupt(&self, unix_ms: i64) {
        self.keep(self.live.reconnect(unix_ms));
    }

    /// Nothing follows.
    pub fn end(&self) {
        self.keep(self.live.end());
    }
}

async fn record(app: App, id: BroadcastId, folder: PathBuf, live: Arc<Live>, mut segments: mpsc::Receiver<ClosedSegment>) {
    let (mut begun, mut promised) = (HashSet::new(), false);
    while let Some(segment) = segments.recv().await {
        let (track, generation) = (segment.info.track, segment.info.generation);
        let init = if begun.insert((track, generation)) { live.init(track, generation) } else { None };
        let promise = live.target_s().filter(|_| !promised);
        if let Err(cause) = keep(&app, (id, promise), &folder, init, segment).await {
            tracing::error!(broadcast = %id, %cause, "a segment could not be recorded");
            begun.remove(&(track, generation));
        } else {
            promised |= promise.is_some();
        }
    }
    app.studios.recorded(id);
}

async fn keep(
    app: &App,
    (id, promise): (BroadcastId, Option<u32>),
    folder: &Path,
    init: Option<bytes::Bytes>,
    segment: ClosedSegment,
) -> anyhow::Result<()> {
    let ClosedSegment { info, data } = segment;
    let (folder, bytes) = (folder.join(directory(info.track)), data.len());
    tokio::task::spawn_blocking(move || {
        std::fs::create_dir_all(&folder)?;
        if let Some(init) = init {
            write(&folder, Name::Init(info.generation), &init)?;
        }
        write(&folder, Name::Segment(info.msn), &data)
    })
    .await??;
    let mut tx = app.db.begin().await?;
    RecordedSegments(&mut tx).keep(id, &info, bytes).await?;
    if let Some(target_s) = promise {
        Broadcasts(&mut tx).promise(id, target_s).await?;
    }
    Ok(tx.commit().await?)
}

/// The folder of a track, as playlists name it.
pub const fn directory(track: Track) -> &'static str {
    match track {
        Track::Video => "video",
        Track::Audio => "audio",
    }
}

/// Writes a file that is whole once it has its name.
fn write(folder: &Path, name: Name, bytes: &[u8]) -> std::io::Result<()> {
    let (part, whole) = (folder.join(format!("{name}.part")), folder.join(name.to_string()));
    let mut file = std::fs::File::create(&part)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    std::fs::rename(part, whole)
}

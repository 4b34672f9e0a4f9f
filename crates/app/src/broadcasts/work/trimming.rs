//! `broadcasts.trim`: cuts the recording, sends the result the way of every upload, and shows it once it plays.

use crate::broadcasts::{Broadcast, BroadcastId, Broadcasts, actions, rules};
use crate::jobs::{self, Context, Failure, Outcome};
use crate::lessons::Lessons;
use crate::recordings::{INGEST, Material, MaterialId, MaterialState, Recordings, Variant};
use crate::state::App;
use serde::Deserialize;
use serde_json::json;

/// How long the job waits before it looks again whether the version plays, or ffmpeg is there.
const LOOK_AGAIN_MS: i64 = 1_000;

#[derive(Deserialize)]
struct Asked {
    keep: Vec<rules::Piece>,
    material: MaterialId,
}

/// The body of the job. Every step may be repeated.
///
/// # Errors
///
/// Why a step failed, for the job row.
pub async fn trimming(app: App, context: Context) -> Result<Outcome, Failure> {
    let id: BroadcastId = context.job.subject.parse()?;
    let asked: Asked = serde_json::from_value(context.job.payload.clone())?;
    let mut tx = app.db.read().await?;
    let broadcast = Broadcasts(&mut tx).find(id).await?.ok_or("the broadcast is gone")?;
    let made = Recordings(&mut tx).find(asked.material).await?;
    let plays = Recordings(&mut tx).ready_rungs(asked.material).await?;
    drop(tx);
    match made {
        None => cut(&app, &context, &broadcast, &asked).await,
        Some(Material { state: MaterialState::Refused, .. }) => Err("the cut version was refused".into()),
        Some(Material { source: Some(source), .. }) if plays => show(&app, &broadcast, &asked, source.duration_ms).await,
        Some(_) => Ok(Outcome::Later { ms: LOOK_AGAIN_MS, why: "the cut version is being prepared".into() }),
    }
}

async fn cut(app: &App, context: &Context, broadcast: &Broadcast, asked: &Asked) -> Result<Outcome, Failure> {
    let (tools, jail) = match app.toolbox.ready().await {
        Ok(found) => found,
        Err(missing) => return Ok(Outcome::Later { ms: LOOK_AGAIN_MS, why: missing.to_string() }),
    };
    let whole = actions::recording(broadcast).map_err(|problem| problem.code)?;
    let source = Recordings(&mut app.db.read().await?).find(whole).await?.and_then(|m| m.source).ok_or("the recording is gone")?;
    let keep: Vec<_> = asked.keep.iter().map(|piece| (piece.from_ms.cast_unsigned(), piece.until_ms.cast_unsigned())).collect();
    let (from, to) = (app.objects.original(&whole.to_string()), app.objects.original(&asked.material.to_string()));
    let progress = |fraction: f32| context.progress((fraction * 90.0) as i64);
    media::cut(&tools, jail, (&from, &source), &keep, &to, progress, &context.cancelled).await?;
    let bytes = tokio::fs::metadata(&to).await?.len().cast_signed();
    let mut tx = app.db.begin().await?;
    Recordings(&mut tx).insert(&row(app, broadcast, asked.material, bytes)).await?;
    jobs::enqueue(&mut tx, app.clock.as_ref(), INGEST, &asked.material.to_string(), &json!({}), None).await?;
    tx.commit().await?;
    app.wake.notify_waiters();
    Ok(Outcome::Later { ms: LOOK_AGAIN_MS, why: "the cut version is being prepared".into() })
}

fn row(app: &App, broadcast: &Broadcast, id: MaterialId, bytes: i64) -> Material {
    Material {
        id,
        lesson: broadcast.lesson,
        slot: "video".into(),
        variant: Variant::Polished,
        filename: rules::title_of_recording(&broadcast.title),
        bytes,
        sha256: None,
        sent_sha256: None,
        state: MaterialState::Checking,
        source: None,
        photo: None,
        problems: Vec::new(),
        created_by: broadcast.created_by,
        created_at: app.clock.now(),
        replaced_at: None,
    }
}

/// Puts the version into the library, in the place of the recording that this broadcast put there.
async fn show(app: &App, broadcast: &Broadcast, asked: &Asked, duration_ms: u64) -> Result<Outcome, Failure> {
    let mut tx = app.db.begin().await?;
    if Lessons(&mut tx).set_recording(broadcast.lesson, &asked.material.to_string(), duration_ms.cast_signed()).await? {
        Broadcasts(&mut tx).set_kept(broadcast.id, Some(&asked.keep)).await?;
    }
    tx.commit().await?;
    Ok(Outcome::Done)
}

//! `broadcasts.recording`: what was on air becomes a lesson that plays, and then an original like any upload.
//!
//! ```text
//! segments in files, rows ─► playlists over them: plays at once ─► publication ─► one file ─► recordings.ingest ─► rungs, poster, …
//! ```

use crate::audit::{self, Entry};
use crate::broadcasts::{Admission, Broadcast, BroadcastId, Broadcasts, RecordedSegments, rules};
use crate::deltas::{self, Metric};
use crate::jobs::{self, Context, Failure, Outcome};
use crate::lessons::{Lesson, Lessons, Publication};
use crate::recordings::{INGEST, Material, MaterialId, MaterialState, Recordings, Rendition, Variant};
use crate::state::App;
use live::playlist::{name::Name, vod};
use live::{SegmentInfo, Track};
use media::Stretch;
use serde_json::json;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// How long the job waits for the last segments to reach the disk, and for ffmpeg.
const LOOK_AGAIN_MS: i64 = 500;
/// How long it waits before it looks for ffmpeg again.
const TOOLS_AGAIN_MS: i64 = 5_000;

/// The body of the job. Every step may be repeated.
///
/// # Errors
///
/// Why a step failed, for the job row.
pub async fn recording(app: App, context: Context) -> Result<Outcome, Failure> {
    let id: BroadcastId = context.job.subject.parse()?;
    if app.studios.is_recording(id) {
        return Ok(Outcome::Later { ms: LOOK_AGAIN_MS, why: "the last segments are being written".into() });
    }
    let mut tx = app.db.read().await?;
    let broadcast = Broadcasts(&mut tx).find(id).await?.ok_or("the broadcast is gone")?;
    let segments = RecordedSegments(&mut tx).of(id).await?;
    let material = broadcast.material.as_deref().map(str::parse::<MaterialId>).transpose()?;
    drop(tx);
    let (Some(material), false) = (material, segments.is_empty()) else { return Ok(Outcome::Done) };
    let kept = Kept {
        app: &app,
        broadcast: &broadcast,
        material,
        tracks: Tracks::of(segments),
        folder: app.objects.renditions(&material.to_string()),
    };
    kept.make_playable().await?;
    kept.join(&context).await
}

/// The segments of each track in their order.
struct Tracks {
    video: Vec<SegmentInfo>,
    audio: Vec<SegmentInfo>,
}

impl Tracks {
    fn of(segments: Vec<SegmentInfo>) -> Self {
        let (video, audio) = segments.into_iter().partition(|segment| segment.track == Track::Video);
        Self { video, audio }
    }

    fn length_ms(&self) -> u64 {
        let length = |track: &[SegmentInfo]| track.iter().map(SegmentInfo::seconds).sum::<f64>();
        (length(&self.video).max(length(&self.audio)) * 1000.0) as u64
    }

    fn generations(&self) -> BTreeSet<u32> {
        self.video.iter().chain(&self.audio).map(|segment| segment.generation).collect()
    }
}

struct Kept<'a> {
    app: &'a App,
    broadcast: &'a Broadcast,
    material: MaterialId,
    tracks: Tracks,
    folder: PathBuf,
}

impl Kept<'_> {
    /// Writes playlists over the segments as they lie, and the rows that let players in.
    async fn make_playable(&self) -> Result<(), Failure> {
        let (folder, video, audio) = (self.folder.clone(), self.tracks.video.clone(), self.tracks.audio.clone());
        let bytes = tokio::task::spawn_blocking(move || write_playlists(&folder, &video, &audio)).await??;
        let now = self.app.clock.now();
        let mut tx = self.app.db.begin().await?;
        if Recordings(&mut tx).find(self.material).await?.is_none() {
            Recordings(&mut tx).insert(&self.row()).await?;
            let master = Rendition { name: "master".into(), kind: "master".into(), detail: json!({}), bytes };
            Recordings(&mut tx).keep_rendition(self.material, &master, now).await?;
            self.publish(&mut tx).await?;
        }
        Ok(tx.commit().await?)
    }

    fn row(&self) -> Material {
        Material {
            id: self.material,
            lesson: self.broadcast.lesson,
            slot: "video".into(),
            variant: Variant::Field,
            filename: rules::title_of_recording(&self.broadcast.title),
            bytes: 0,
            sha256: None,
            sent_sha256: None,
            state: MaterialState::Checking,
            source: None,
            photo: None,
            problems: Vec::new(),
            created_by: self.broadcast.created_by,
            created_at: self.app.clock.now(),
            replaced_at: None,
        }
    }

    /// What everybody could see live goes into the library, if it was planned so and the lesson is not there yet.
    async fn publish(&self, tx: &mut crate::db::Tx) -> Result<(), Failure> {
        let broadcast = self.broadcast;
        if !broadcast.keeps_recording || broadcast.admission != Admission::Everybody {
            return Ok(());
        }
        let lesson = Lessons(tx).find(broadcast.lesson).await?.ok_or("the lesson is gone")?;
        if Lessons(tx).publication(lesson.id).await?.is_some_and(|public| public.unpublished_at.is_none()) {
            return Ok(());
        }
        Lessons(tx).publish(&self.publication(lesson)).await?;
        let clock = self.app.clock.as_ref();
        deltas::post(tx, clock, broadcast.organisation, self.app.today(), Metric::Published, "", 1).await?;
        let entry = Entry {
            account: Some(broadcast.created_by),
            organisation: Some(broadcast.organisation),
            action: "broadcast.published",
            object: broadcast.id.to_string(),
            allowed: true,
            detail: json!({ "lesson": broadcast.lesson, "material": self.material }),
        };
        Ok(audit::record(tx, clock, entry).await?)
    }

    fn publication(&self, lesson: Lesson) -> Publication {
        let (broadcast, tree, now) = (self.broadcast, self.app.tree.load(), self.app.clock.now());
        let searched = [&*broadcast.title, &broadcast.lecturer, &broadcast.abstract_, &tree.name(broadcast.organisation)].join("\n");
        Publication {
            lesson: lesson.id,
            organisation: broadcast.organisation,
            submission: String::new(),
            campaign: broadcast.campaign.map(|campaign| campaign.to_string()).unwrap_or_default(),
            category: String::new(),
            material: self.material.to_string(),
            title: broadcast.title.clone(),
            lecturer: broadcast.lecturer.clone(),
            lecturer_kind: lesson.lecturer_kind,
            topic: lesson.topic,
            form: lesson.form,
            level: tree.depth(broadcast.organisation).map_or(0, i64::from),
            year: i64::from(jiff::ZonedDateTime::new(now.to_jiff(), self.app.zone.clone()).year()),
            duration_ms: self.tracks.length_ms().cast_signed(),
            abstract_: broadcast.abstract_.clone(),
            script: lesson.script,
            chapters: lesson.chapters,
            search: searched.to_lowercase(),
            award: String::new(),
            published_at: now,
            unpublished_at: None,
        }
    }

    /// Makes one file of it, which goes the way of every upload.
    async fn join(&self, context: &Context) -> Result<Outcome, Failure> {
        let original = self.app.objects.original(&self.material.to_string());
        if !original.exists() {
            let (tools, jail) = match self.app.toolbox.ready().await {
                Ok(found) => found,
                Err(missing) => return Ok(Outcome::Later { ms: TOOLS_AGAIN_MS, why: missing.to_string() }),
            };
            let stretches = self.stretches();
            let from = (&*self.folder, &stretches[..], self.tracks.length_ms());
            media::join(&tools, jail, from, &original, &context.cancelled).await?;
        }
        let bytes = tokio::fs::metadata(&original).await?.len().cast_signed();
        let mut tx = self.app.db.begin().await?;
        Recordings(&mut tx).set_bytes(self.material, bytes).await?;
        jobs::enqueue(&mut tx, self.app.clock.as_ref(), INGEST, &self.material.to_string(), &json!({}), None).await?;
        tx.commit().await?;
        self.app.wake.notify_waiters();
        Ok(Outcome::Done)
    }

    fn stretches(&self) -> Vec<Stretch> {
        let of = |track: &[SegmentInfo], folder: &str, generation| {
            track.iter().any(|segment| segment.generation == generation).then(|| format!("{folder}/{}", stretch_name(generation)))
        };
        let stretch =
            |generation| Stretch { video: of(&self.tracks.video, "video", generation), audio: of(&self.tracks.audio, "audio", generation) };
        self.tracks.generations().into_iter().map(stretch).collect()
    }
}

/// The playlist of what is coded alike.
fn stretch_name(generation: u32) -> String {
    format!("stretch-{generation}.m3u8")
}

/// Writes every playlist; the size of the master.
fn write_playlists(folder: &Path, video: &[SegmentInfo], audio: &[SegmentInfo]) -> Result<i64, Failure> {
    for (name, track) in [("video", video), ("audio", audio)] {
        if track.is_empty() {
            continue;
        }
        std::fs::write(folder.join(name).join("index.m3u8"), vod(track))?;
        for generation in track.iter().map(|segment| segment.generation).collect::<BTreeSet<_>>() {
            let alike: Vec<_> = track.iter().filter(|segment| segment.generation == generation).copied().collect();
            std::fs::write(folder.join(name).join(stretch_name(generation)), vod(&alike))?;
        }
    }
    let first = |track: &[SegmentInfo]| track.first().map(|segment| Name::Init(segment.generation).to_string());
    let master = media::recorded_master(folder, first(video).as_deref(), first(audio).as_deref())?;
    let part = folder.join("master.part");
    std::fs::write(&part, &master)?;
    std::fs::File::open(&part)?.sync_all()?;
    std::fs::rename(part, folder.join("master.m3u8"))?;
    Ok(master.len() as i64)
}

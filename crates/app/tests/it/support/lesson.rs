//! A lesson that is valid by default, with files that need no ffmpeg.

use super::TestApp;
use app::lessons::{Lesson, LessonId, Lessons};
use app::organisations::OrganisationId;
use app::recordings::{Material, MaterialId, MaterialState, Recordings, Rendition, Variant};
use kernel::{AccountId, Clock, Id};
use serde_json::json;

/// SHA-256 of every file that a builder hands in: of the empty text.
pub const SHA256: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

/// What a test may name about its lesson.
pub struct LessonBuilder<'a> {
    app: &'a TestApp,
    lesson: Lesson,
    videos: Vec<Variant>,
}

impl TestApp {
    /// A described lesson of `organisation`, without files. Registered by nobody who exists.
    pub fn a_lesson(&self, organisation: OrganisationId) -> LessonBuilder<'_> {
        let lesson = Lesson {
            id: LessonId::new(self.clock.as_ref()),
            organisation,
            title: "Accounts in the open".into(),
            lecturer: "Li Wei".into(),
            lecturer_id: None,
            lecturer_kind: "secretary".into(),
            topic: "village".into(),
            form: "lecture".into(),
            held_on: "2026-11-20".into(),
            audience: Some(42),
            abstract_: "How a village shows its books.".into(),
            script: "Good evening.".into(),
            chapters: Vec::new(),
            created_by: Id::from_u128(1),
            created_at: self.clock.now(),
            version: 1,
        };
        LessonBuilder { app: self, lesson, videos: Vec::new() }
    }

    /// A video of `lesson` that is ready, and playable as far as its rows say.
    pub async fn add_video(&self, lesson: LessonId, variant: Variant, by: AccountId) -> MaterialId {
        let now = self.clock.now();
        let material = Material {
            id: MaterialId::new(self.clock.as_ref()),
            lesson,
            slot: "video".into(),
            variant,
            filename: "lesson.mp4".into(),
            bytes: 1_000_000,
            sha256: Some(SHA256.into()),
            sent_sha256: None,
            state: MaterialState::Ready,
            source: Some(source()),
            photo: None,
            problems: Vec::new(),
            created_by: by,
            created_at: now,
            replaced_at: None,
        };
        let master = Rendition { name: "master".into(), kind: "master".into(), detail: json!({}), bytes: 200 };
        let mut tx = self.db.begin().await.unwrap();
        Recordings(&mut tx).insert(&material).await.unwrap();
        Recordings(&mut tx).replace_older(&material, false, now).await.unwrap();
        Recordings(&mut tx).keep_rendition(material.id, &master, now).await.unwrap();
        tx.commit().await.unwrap();
        material.id
    }
}

/// Ten minutes of 720p with sound.
pub fn source() -> media::SourceInfo {
    serde_json::from_value(json!({
        "container": "mp4", "bytes": 1_000_000, "duration_ms": 600_000,
        "video": { "codec": "h264", "profile": "High", "level": 31, "width": 1280, "height": 720, "rotation": 0, "square_pixels": true,
                   "pix_fmt": "yuv420p", "fps": 25.0, "variable_fps": false, "interlaced": false, "hdr": false, "bitrate": 1_200_000,
                   "longest_keyframe_gap_ms": 2_000 },
        "audio": { "codec": "aac", "profile": "LC", "channels": 2, "sample_rate": 48_000 }
    }))
    .expect("the facts have the shape of media::SourceInfo")
}

impl LessonBuilder<'_> {
    pub fn title(mut self, title: &str) -> Self {
        self.lesson.title = title.into();
        self
    }

    pub fn by(mut self, account: AccountId) -> Self {
        self.lesson.created_by = account;
        self
    }

    /// A ready video as it was filmed.
    pub fn with_video(self) -> Self {
        self.with_variant(Variant::Field)
    }

    /// A ready video of another making.
    pub fn with_variant(mut self, variant: Variant) -> Self {
        self.videos.push(variant);
        self
    }

    pub async fn create(self) -> LessonId {
        let mut tx = self.app.db.begin().await.unwrap();
        Lessons(&mut tx).insert(&self.lesson).await.unwrap();
        tx.commit().await.unwrap();
        for variant in self.videos {
            self.app.add_video(self.lesson.id, variant, self.lesson.created_by).await;
        }
        self.lesson.id
    }
}

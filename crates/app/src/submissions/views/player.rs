//! The picture: where the parts of a recording are, or why there is none yet.

use crate::i18n::Texts;
use crate::lessons::Chapter;

/// What the player element is given; without a manifest, what stands in its place.
#[derive(Debug, Clone, Default)]
pub struct PlayerView {
    /// Master playlist, signed; empty when there is nothing to play.
    pub manifest: String,
    /// The sound alone, for those who only listen; empty when there is none.
    pub audio: String,
    /// Picture before it plays.
    pub poster: String,
    /// Small pictures of the time line.
    pub storyboard: String,
    /// Where new addresses are asked for.
    pub refresh: String,
    /// Under which key this browser remembers the moment.
    pub resume_key: String,
    /// Of the lesson, or what is the matter.
    pub title: String,
    /// What to do about it.
    pub text: String,
    /// Captions.
    pub tracks: Vec<Track>,
    /// JSON that is safe inside a script element.
    pub chapters: String,
}

/// Captions in one language.
#[derive(Debug, Clone)]
pub struct Track {
    /// Address of the WebVTT file.
    pub src: String,
    /// BCP 47 tag.
    pub language: String,
    /// What the menu calls it.
    pub label: String,
}

impl PlayerView {
    /// A recording whose parts lie below `base`.
    pub fn of(base: &str, title: &str, refresh: String, resume_key: String, tracks: Vec<Track>, chapters: &[Chapter]) -> Self {
        Self {
            manifest: format!("{base}/master.m3u8"),
            audio: String::new(),
            poster: format!("{base}/poster.jpg"),
            storyboard: format!("{base}/storyboard.vtt"),
            refresh,
            resume_key,
            title: title.to_owned(),
            text: String::new(),
            tracks,
            chapters: serde_json::to_string(chapters).unwrap_or_default().replace('<', "\\u003c"),
        }
    }

    /// With the sound of the recording whose parts lie below `base` as a choice of its own.
    #[must_use]
    pub fn with_sound_alone(self, base: &str) -> Self {
        Self { audio: format!("{base}/a/index.m3u8"), ..self }
    }

    /// While its picture is still being made: asking for it would only fail.
    #[must_use]
    pub fn without_picture(self) -> Self {
        Self { poster: String::new(), ..self }
    }

    /// Nothing was uploaded.
    pub fn missing(texts: &Texts) -> Self {
        Self { title: texts.s("player-missing"), text: texts.s("player-missing-text"), ..Self::default() }
    }

    /// It is being made playable; `percent` when that is known.
    pub fn preparing(texts: &Texts, percent: Option<i64>) -> Self {
        let text = percent.map_or_else(|| texts.s("player-preparing-text"), |n| texts.with("player-preparing-percent", "percent", n));
        Self { title: texts.s("player-preparing"), text, ..Self::default() }
    }
}

//! The picture: where the parts of a recording are, or why there is none yet.

use crate::i18n::Texts;
use crate::lessons::Chapter;
use crate::recordings::Addresses;

/// What the player element is given; without a manifest, what stands in its place.
#[derive(Debug, Clone, Default)]
pub struct PlayerView {
    /// Master playlist, signed; empty when there is nothing to play.
    pub manifest: String,
    /// The sound alone, for those who only listen; empty when there is none.
    pub audio: String,
    /// Picture before it plays; empty while it is being made: asking for it would only fail.
    pub poster: String,
    /// Small pictures of the time line; empty while there are none.
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
    /// A recording whose parts have these addresses.
    pub fn of(at: Addresses, title: &str, refresh: String, resume_key: String, tracks: Vec<Track>, chapters: &[Chapter]) -> Self {
        Self {
            manifest: at.manifest,
            audio: at.audio_manifest.unwrap_or_default(),
            poster: at.poster.unwrap_or_default(),
            storyboard: at.storyboard.unwrap_or_default(),
            refresh,
            resume_key,
            title: title.to_owned(),
            text: String::new(),
            tracks,
            chapters: serde_json::to_string(chapters).unwrap_or_default().replace('<', "\\u003c"),
        }
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

//! Where players find what was made of a material.

use super::Rendition;
use media::{AudioRendition, StepOutput};
use serde::Serialize;

/// Where the parts of a recording are; signed, and good for a while only.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Addresses {
    /// The playlist of all qualities.
    pub manifest: String,
    /// The sound alone; none for a film without sound.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub audio_manifest: Option<String>,
    /// Small pictures of the time line, as WebVTT.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub storyboard: Option<String>,
    /// The picture before it plays.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub poster: Option<String>,
}

impl Addresses {
    /// Of what was `made` so far and lies below `base`. The playlist is named also before it is written.
    pub fn below(base: &str, made: &[Rendition]) -> Self {
        let has = |kind: &str| made.iter().any(|rendition| rendition.kind == kind);
        let outputs: Vec<_> = made.iter().filter_map(|rendition| serde_json::from_value(rendition.detail.clone()).ok()).collect();
        Self {
            manifest: format!("{base}/master.m3u8"),
            audio_manifest: sound(&outputs.iter().collect::<Vec<_>>()).map(|sound| format!("{base}/{}/index.m3u8", sound.folder)),
            storyboard: has("storyboard").then(|| format!("{base}/storyboard/index.vtt")),
            poster: has("poster").then(|| format!("{base}/poster/poster.jpg")),
        }
    }
}

/// The sound that players get: levelled when there is such.
pub(super) fn sound<'a>(made: &[&'a StepOutput]) -> Option<&'a AudioRendition> {
    let levelled = made.iter().find_map(|made| if let StepOutput::Loudness { levelled, .. } = *made { levelled.as_ref() } else { None });
    levelled.or_else(|| made.iter().find_map(|made| if let StepOutput::Audio(sound) = *made { Some(sound) } else { None }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn made(kind: &str, detail: Value) -> Rendition {
        Rendition { name: kind.into(), kind: kind.into(), detail, bytes: 1 }
    }

    fn track(folder: &str) -> AudioRendition {
        AudioRendition { folder: folder.into(), codec: "mp4a.40.2".into(), channels: 2, peak_bps: 1, average_bps: 1 }
    }

    fn levelled(to: Option<AudioRendition>) -> Rendition {
        let measured = json!({ "integrated": -30.0, "true_peak": -9.0, "range": 5.0, "threshold": -40.0, "offset": 0.0 });
        let measured = serde_json::from_value(measured).unwrap();
        made("loudness", json!(StepOutput::Loudness { measured, levelled: to }))
    }

    #[test]
    fn the_sound_alone_is_the_levelled_one_and_a_silent_film_has_none() {
        let (master, plain) = (made("master", json!({})), made("audio", json!(StepOutput::Audio(track("a")))));
        let table = [
            (vec![master.clone()], None),
            (vec![master.clone(), plain.clone()], Some("/m/a/index.m3u8")),
            (vec![master.clone(), plain.clone(), levelled(None)], Some("/m/a/index.m3u8")),
            (vec![master, plain, levelled(Some(track("al")))], Some("/m/al/index.m3u8")),
        ];
        for (made, wanted) in table {
            assert_eq!(Addresses::below("/m", &made).audio_manifest.as_deref(), wanted, "{made:?}");
        }
    }

    #[test]
    fn pictures_are_named_only_when_they_are_there() {
        let addresses = Addresses::below("/m", &[made("poster", json!({})), made("storyboard", json!({}))]);
        assert_eq!(addresses.storyboard.as_deref(), Some("/m/storyboard/index.vtt"));
        assert_eq!(addresses.poster.as_deref(), Some("/m/poster/poster.jpg"));
        assert_eq!(Addresses::below("/m", &[]), Addresses { manifest: "/m/master.m3u8".into(), ..Addresses::default() });
    }
}

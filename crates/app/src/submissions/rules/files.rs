//! What a file breaks of the rules of its slot: every broken rule, with the value found and the value wanted.

use crate::campaigns::SlotRule;
use crate::campaigns::rules::codec_name;
use crate::problem::FieldError;
use crate::recordings::Material;
use media::{Container, PhotoSize, SourceInfo};

/// How far a picture's shape may be from the wanted one, in parts of a thousand: encoders round to even pixels.
const ASPECT_TOLERANCE: u64 = 20;

/// What is known of a file.
#[derive(Debug, Clone, Copy, Default)]
pub struct FileFacts<'a> {
    filename: &'a str,
    bytes: i64,
    /// What the probe found, for recordings.
    source: Option<&'a SourceInfo>,
    /// For photos; none when nobody looked.
    photo: Option<PhotoSize>,
}

impl<'a> From<&'a Material> for FileFacts<'a> {
    fn from(material: &'a Material) -> Self {
        Self { filename: &material.filename, bytes: material.bytes, source: material.source.as_ref(), photo: material.photo }
    }
}

/// What one file breaks of `rule`.
pub fn file_faults<'a>(rule: &SlotRule, file: impl Into<FileFacts<'a>>) -> Vec<FieldError> {
    let FileFacts { filename, bytes, source, photo } = file.into();
    let mut faults = Vec::new();
    let mut broken = |name: &'static str, found: String, wanted: String| faults.push(FieldError::new(&rule.slot, name, found, wanted));
    let ending = filename.rsplit_once('.').map(|(_, e)| e.to_ascii_lowercase()).unwrap_or_default();
    let fits_kind = source.map_or_else(|| rule.kinds.contains(&ending), |s| rule.kinds.iter().any(|k| holds(s.container, k)));
    if !rule.kinds.is_empty() && !fits_kind {
        broken("file-kind", source.map_or(ending, |s| container_name(s.container).to_owned()), rule.kinds.join(", "));
    }
    if let Some(most) = rule.max_bytes.filter(|most| u64::try_from(bytes).unwrap_or(0) > *most) {
        broken("file-size", megabytes(u64::try_from(bytes).unwrap_or(0)), megabytes(most));
    }
    if let Some(source) = source {
        faults.extend(playing_faults(rule, source));
    }
    if let Some(PhotoSize { width, height }) = photo {
        faults.extend(picture_faults(rule, width, height));
    }
    faults
}

fn picture_faults(rule: &SlotRule, width: u32, height: u32) -> Vec<FieldError> {
    let found = format!("{width}×{height}");
    let mut faults = Vec::new();
    if rule.min_width.is_some_and(|least| width < least) || rule.min_height.is_some_and(|least| height < least) {
        let wanted = format!("{}×{}", rule.min_width.unwrap_or(1), rule.min_height.unwrap_or(1));
        faults.push(FieldError::new(&rule.slot, "picture-size", &found, wanted));
    }
    if let Some(wanted) = rule.aspect.as_deref().filter(|wanted| !has_shape(width, height, wanted)) {
        faults.push(FieldError::new(&rule.slot, "picture-shape", &found, wanted));
    }
    faults
}

/// A recording whose picture or sound is coded in another way than the campaign takes. Without picture or sound there is
/// nothing that could be.
fn codec_faults(rule: &SlotRule, source: &SourceInfo) -> Vec<FieldError> {
    let picture = ("video-codec", source.video.as_ref().map(|v| v.codec.as_str()), &rule.video_codecs);
    let sound = ("audio-codec", source.audio.as_ref().map(|a| a.codec.as_str()), &rule.audio_codecs);
    let broken = |(name, found, taken): (&'static str, Option<&str>, &Vec<String>)| {
        let other = found.filter(|found| !taken.is_empty() && !taken.iter().any(|taken| is_coded(found, taken)))?;
        Some(FieldError::new(&rule.slot, name, codec_name(other), taken.iter().map(|code| codec_name(code)).collect::<Vec<_>>().join(", ")))
    };
    [picture, sound].into_iter().filter_map(broken).collect()
}

/// Whether what the probe calls `found` is what a rule calls `taken`: uncompressed sound has a name for each size.
fn is_coded(found: &str, taken: &str) -> bool {
    found == taken || (taken == "pcm" && found.starts_with("pcm_"))
}

fn playing_faults(rule: &SlotRule, source: &SourceInfo) -> Vec<FieldError> {
    let mut faults = codec_faults(rule, source);
    let mut broken = |name: &'static str, found: String, wanted: String| faults.push(FieldError::new(&rule.slot, name, found, wanted));
    let ms = source.duration_ms;
    if let Some(least) = rule.min_seconds.filter(|least| ms < u64::from(*least) * 1000) {
        broken("too-short-time", clock(ms), clock(u64::from(least) * 1000));
    }
    if let Some(most) = rule.max_seconds.filter(|most| ms > u64::from(*most) * 1000) {
        broken("too-long-time", clock(ms), clock(u64::from(most) * 1000));
    }
    let (width, height, kbps) = source.video.as_ref().map_or((0, 0, 0), |v| (v.width, v.height, v.bitrate / 1000));
    faults.extend(picture_faults(rule, width, height));
    let mut broken = |name: &'static str, found: String, wanted: String| faults.push(FieldError::new(&rule.slot, name, found, wanted));
    if let Some(least) = rule.min_kbps.filter(|least| kbps < u64::from(*least)) {
        broken("too-few-kbps", kbps.to_string(), least.to_string());
    }
    if let Some(most) = rule.max_kbps.filter(|most| kbps > u64::from(*most)) {
        broken("too-many-kbps", kbps.to_string(), most.to_string());
    }
    faults
}

/// Whether a file with this ending is in such a container.
fn holds(container: Container, kind: &str) -> bool {
    match kind {
        "mp4" | "mov" | "m4v" => container == Container::Mp4,
        "mkv" | "webm" => container == Container::Matroska,
        other => other == container_name(container),
    }
}

const fn container_name(container: Container) -> &'static str {
    match container {
        Container::Mp4 => "mp4",
        Container::Matroska => "mkv",
        Container::Avi => "avi",
        Container::MpegTs => "ts",
        Container::Flv => "flv",
        Container::Wav => "wav",
        Container::Mp3 => "mp3",
        Container::Ogg => "ogg",
        Container::Aac => "aac",
    }
}

/// Whether the picture has the shape `wanted`, such as `16:9`; a rule that cannot be read binds nothing.
fn has_shape(width: u32, height: u32, wanted: &str) -> bool {
    let Some((w, h)) = wanted.split_once(':').and_then(|(w, h)| Some((w.parse::<u64>().ok()?, h.parse::<u64>().ok()?))) else {
        return true;
    };
    let (left, right) = (u64::from(width) * h, u64::from(height) * w);
    left > 0 && left.abs_diff(right) * 1000 <= right * ASPECT_TOLERANCE
}

fn clock(ms: u64) -> String {
    let s = ms / 1000;
    format!("{}:{:02}", s / 60, s % 60)
}

fn megabytes(bytes: u64) -> String {
    if bytes < 1_000_000 { format!("{:.1} kB", bytes as f64 / 1e3) } else { format!("{:.1} MB", bytes as f64 / 1e6) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use media::{AudioInfo, VideoInfo};

    fn source(container: Container, seconds: u64, width: u32, height: u32, bitrate: u64) -> SourceInfo {
        let video = VideoInfo {
            codec: "h264".into(),
            profile: "High".into(),
            level: 40,
            width,
            height,
            rotation: 0,
            square_pixels: true,
            pix_fmt: "yuv420p".into(),
            fps: 25.0,
            variable_fps: false,
            interlaced: false,
            hdr: false,
            bitrate,
            longest_keyframe_gap_ms: 2000,
        };
        SourceInfo { container, bytes: 1, duration_ms: seconds * 1000, video: Some(video), audio: None }
    }

    fn rule() -> SlotRule {
        SlotRule {
            slot: "video".into(),
            kinds: vec!["mp4".into(), "mov".into()],
            max_bytes: Some(1_000_000_000),
            min_seconds: Some(60),
            max_seconds: Some(600),
            min_width: Some(1280),
            min_height: Some(720),
            aspect: Some("16:9".into()),
            min_kbps: Some(800),
            max_kbps: Some(20_000),
            ..SlotRule::default()
        }
    }

    /// Rule, value found, value wanted.
    type Told = Vec<(&'static str, &'static str, &'static str)>;

    #[test]
    fn every_broken_rule_is_named_with_what_was_found_and_what_is_wanted() {
        let good = || source(Container::Mp4, 300, 1920, 1080, 5_000_000);
        let table: Vec<(SourceInfo, i64, Told)> = vec![
            (good(), 500_000_000, vec![]),
            (source(Container::Mp4, 300, 1918, 1080, 5_000_000), 1, vec![]),
            (source(Container::Matroska, 300, 1920, 1080, 5_000_000), 1, vec![("file-kind", "mkv", "mp4, mov")]),
            (good(), 1_500_000_000, vec![("file-size", "1500.0 MB", "1000.0 MB")]),
            (source(Container::Mp4, 59, 1920, 1080, 5_000_000), 1, vec![("too-short-time", "0:59", "1:00")]),
            (source(Container::Mp4, 601, 1920, 1080, 5_000_000), 1, vec![("too-long-time", "10:01", "10:00")]),
            (
                source(Container::Mp4, 300, 640, 480, 500_000),
                1,
                vec![("picture-size", "640×480", "1280×720"), ("picture-shape", "640×480", "16:9"), ("too-few-kbps", "500", "800")],
            ),
            (
                source(Container::Mp4, 300, 1080, 1920, 5_000_000),
                1,
                vec![("picture-size", "1080×1920", "1280×720"), ("picture-shape", "1080×1920", "16:9")],
            ),
            (source(Container::Mp4, 300, 1920, 1080, 21_000_000), 1, vec![("too-many-kbps", "21000", "20000")]),
        ];
        for (source, bytes, want) in table {
            let faults = file_faults(&rule(), FileFacts { filename: "a.mp4", bytes, source: Some(&source), photo: None });
            let got: Vec<_> = faults.iter().map(|f| (f.rule, f.found.as_str(), f.wanted.as_str())).collect();
            assert_eq!(got, want);
        }
    }

    #[test]
    fn a_recording_without_a_picture_breaks_the_rules_about_pictures() {
        let sound = SourceInfo { video: None, ..source(Container::Mp4, 300, 1, 1, 1) };
        let rules: Vec<_> = file_faults(&rule(), FileFacts { filename: "a.mp4", source: Some(&sound), ..FileFacts::default() })
            .into_iter()
            .map(|f| f.rule)
            .collect();
        assert_eq!(rules, ["picture-size", "picture-shape", "too-few-kbps"]);
    }

    #[test]
    fn a_photo_has_the_size_and_shape_that_are_asked_for() {
        let kinds = vec!["jpg".into()];
        let (least, aspect) = (Some(1200), Some("3:2".into()));
        let rule = SlotRule { slot: "photos".into(), kinds, min_width: least, min_height: Some(800), aspect, ..SlotRule::default() };
        let table: [(Option<(u32, u32)>, Told); 5] = [
            (Some((1200, 800)), vec![]),
            (Some((600, 400)), vec![("picture-size", "600×400", "1200×800")]),
            (Some((1600, 900)), vec![("picture-shape", "1600×900", "3:2")]),
            (Some((800, 1200)), vec![("picture-size", "800×1200", "1200×800"), ("picture-shape", "800×1200", "3:2")]),
            // Taken in before sizes were kept: it breaks nothing that anybody can know.
            (None, vec![]),
        ];
        for (size, want) in table {
            let photo = size.map(|(width, height)| PhotoSize { width, height });
            let faults = file_faults(&rule, FileFacts { filename: "a.jpg", photo, ..FileFacts::default() });
            assert_eq!(faults.iter().map(|f| (f.rule, f.found.as_str(), f.wanted.as_str())).collect::<Vec<_>>(), want, "{size:?}");
        }
    }

    #[test]
    fn b3_only_the_codecs_that_are_asked_for_are_taken() {
        let rule = SlotRule {
            slot: "video".into(),
            kinds: vec!["mp4".into()],
            video_codecs: vec!["h264".into(), "hevc".into()],
            audio_codecs: vec!["aac".into(), "pcm".into()],
            ..SlotRule::default()
        };
        let recording = |video: Option<&str>, audio: Option<&str>| {
            let good = source(Container::Mp4, 300, 1920, 1080, 5_000_000);
            let video = video.map(|codec| VideoInfo { codec: codec.into(), ..good.video.clone().unwrap() });
            let sound = |codec: &str| AudioInfo { codec: codec.into(), profile: String::new(), channels: 2, sample_rate: 48_000 };
            SourceInfo { video, audio: audio.map(sound), ..good }
        };
        let table: [(Option<&str>, Option<&str>, Told); 6] = [
            (Some("h264"), Some("aac"), vec![]),
            (Some("hevc"), Some("pcm_s16le"), vec![]),
            (Some("h264"), None, vec![]),
            (None, Some("aac"), vec![]),
            (Some("mpeg2video"), Some("aac"), vec![("video-codec", "MPEG2VIDEO", "H.264, H.265 (HEVC)")]),
            (Some("vp9"), Some("opus"), vec![("video-codec", "VP9", "H.264, H.265 (HEVC)"), ("audio-codec", "Opus", "AAC, PCM")]),
        ];
        for (video, audio, want) in table {
            let source = recording(video, audio);
            let facts = FileFacts { filename: "a.mp4", source: Some(&source), ..FileFacts::default() };
            let faults = file_faults(&rule, facts);
            assert_eq!(
                faults.iter().map(|f| (f.rule, f.found.as_str(), f.wanted.as_str())).collect::<Vec<_>>(),
                want,
                "{video:?} {audio:?}"
            );
            assert!(
                file_faults(&SlotRule { video_codecs: vec![], audio_codecs: vec![], ..rule.clone() }, facts).is_empty(),
                "none asked for"
            );
        }
    }

    #[test]
    fn a_document_is_known_by_its_ending() {
        let slides = SlotRule { slot: "slides".into(), kinds: vec!["pptx".into(), "pdf".into()], ..SlotRule::default() };
        assert!(file_faults(&slides, FileFacts { filename: "Folien.PDF", ..FileFacts::default() }).is_empty());
        for bad in ["folien.exe", "pdf", ""] {
            assert_eq!(file_faults(&slides, FileFacts { filename: bad, ..FileFacts::default() })[0].rule, "file-kind", "{bad}");
        }
    }
}

//! What a file breaks of the rules of its slot: every broken rule, with the value found and the value wanted.

use crate::campaigns::SlotRule;
use crate::problem::FieldError;
use media::{Container, SourceInfo};

/// How far a picture's shape may be from the wanted one, in parts of a thousand: encoders round to even pixels.
const ASPECT_TOLERANCE: u64 = 20;

/// What one file breaks of `rule`; `source` is what the probe found, for recordings.
pub fn file_faults(rule: &SlotRule, filename: &str, bytes: i64, source: Option<&SourceInfo>) -> Vec<FieldError> {
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
    faults
}

fn playing_faults(rule: &SlotRule, source: &SourceInfo) -> Vec<FieldError> {
    let mut faults = Vec::new();
    let mut broken = |name: &'static str, found: String, wanted: String| faults.push(FieldError::new(&rule.slot, name, found, wanted));
    let ms = source.duration_ms;
    if let Some(least) = rule.min_seconds.filter(|least| ms < u64::from(*least) * 1000) {
        broken("too-short-time", clock(ms), clock(u64::from(least) * 1000));
    }
    if let Some(most) = rule.max_seconds.filter(|most| ms > u64::from(*most) * 1000) {
        broken("too-long-time", clock(ms), clock(u64::from(most) * 1000));
    }
    let (width, height, kbps) = source.video.as_ref().map_or((0, 0, 0), |v| (v.width, v.height, v.bitrate / 1000));
    if rule.min_width.is_some_and(|least| width < least) || rule.min_height.is_some_and(|least| height < least) {
        broken("picture-size", format!("{width}×{height}"), format!("{}×{}", rule.min_width.unwrap_or(1), rule.min_height.unwrap_or(1)));
    }
    if let Some(wanted) = rule.aspect.as_deref().filter(|wanted| !has_shape(width, height, wanted)) {
        broken("picture-shape", format!("{width}×{height}"), wanted.to_owned());
    }
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
    use media::VideoInfo;

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
            let faults = file_faults(&rule(), "a.mp4", bytes, Some(&source));
            let got: Vec<_> = faults.iter().map(|f| (f.rule, f.found.as_str(), f.wanted.as_str())).collect();
            assert_eq!(got, want);
        }
    }

    #[test]
    fn a_recording_without_a_picture_breaks_the_rules_about_pictures() {
        let sound = SourceInfo { video: None, ..source(Container::Mp4, 300, 1, 1, 1) };
        let rules: Vec<_> = file_faults(&rule(), "a.mp4", 1, Some(&sound)).into_iter().map(|f| f.rule).collect();
        assert_eq!(rules, ["picture-size", "picture-shape", "too-few-kbps"]);
    }

    #[test]
    fn a_document_is_known_by_its_ending() {
        let slides = SlotRule { slot: "slides".into(), kinds: vec!["pptx".into(), "pdf".into()], ..SlotRule::default() };
        assert!(file_faults(&slides, "Folien.PDF", 10, None).is_empty());
        for bad in ["folien.exe", "pdf", ""] {
            assert_eq!(file_faults(&slides, bad, 10, None)[0].rule, "file-kind", "{bad}");
        }
    }
}

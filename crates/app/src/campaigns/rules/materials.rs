//! Whether material rules make sense, before anybody is asked to meet them.

use crate::campaigns::{MaterialRules, SlotRule};
use crate::problem::FieldError;

/// What a slot can take at all.
#[derive(Debug, Clone, Copy)]
pub struct SlotKind {
    /// Its code.
    pub slot: &'static str,
    /// Kinds of file.
    pub kinds: &'static [&'static str],
    /// Whether playing time and bit rate can be asked for.
    pub plays: bool,
    /// Whether a size of the picture can be asked for.
    pub shows: bool,
}

/// Every slot there is.
pub const SLOTS: [SlotKind; 5] = [
    SlotKind { slot: "video", kinds: &["mp4", "mov", "mkv", "webm"], plays: true, shows: true },
    SlotKind { slot: "script", kinds: &["docx", "pdf"], plays: false, shows: false },
    SlotKind { slot: "slides", kinds: &["pptx", "pdf"], plays: false, shows: false },
    SlotKind { slot: "photos", kinds: &["jpg", "png"], plays: false, shows: true },
    SlotKind { slot: "supplement", kinds: &["pdf", "docx", "pptx", "jpg", "png"], plays: false, shows: false },
];

/// Ways of coding a picture that can be asked for, and what people call them.
pub const VIDEO_CODECS: [(&str, &str); 6] =
    [("h264", "H.264"), ("hevc", "H.265 (HEVC)"), ("av1", "AV1"), ("vp9", "VP9"), ("vp8", "VP8"), ("prores", "ProRes")];
/// Ways of coding sound that can be asked for; `pcm` is any that is not compressed.
pub const AUDIO_CODECS: [(&str, &str); 6] =
    [("aac", "AAC"), ("mp3", "MP3"), ("opus", "Opus"), ("vorbis", "Vorbis"), ("ac3", "AC3"), ("pcm", "PCM")];

/// What people call a codec.
pub fn codec_name(code: &str) -> String {
    let code = if code.starts_with("pcm_") { "pcm" } else { code };
    let known = VIDEO_CODECS.iter().chain(&AUDIO_CODECS).find(|(known, _)| *known == code);
    known.map_or_else(|| code.to_uppercase(), |(_, name)| (*name).to_owned())
}

/// Files of one slot at most.
const MOST_FILES: u32 = 50;
/// Bytes of one file: 1 kB to 64 GB.
const BYTES: (u64, u64) = (1_000, 64_000_000_000);
/// Seconds of playing time: up to a day.
const SECONDS: (u32, u32) = (1, 86_400);
/// Pixels of an edge: up to 8K.
const PIXELS: (u32, u32) = (16, 8192);
/// Kilobits a second.
const KBPS: (u32, u32) = (16, 400_000);
/// Characters of a script text.
const CHARS: (u32, u32) = (1, 100_000);

/// The slot with this code.
pub fn slot_kind(code: &str) -> Option<&'static SlotKind> {
    SLOTS.iter().find(|s| s.slot == code)
}

/// What `rules` break; fields are named below `at`, such as `/categories/0`.
pub fn material_faults(at: &str, rules: &MaterialRules) -> Vec<FieldError> {
    if rules.slots.is_empty() {
        return vec![FieldError::new(format!("{at}/slots"), "required", "", 1)];
    }
    let twice = |i: usize| rules.slots[..i].iter().any(|earlier| earlier.slot == rules.slots[i].slot);
    let of_slot = |(i, rule): (usize, &SlotRule)| {
        let at = format!("{at}/slots/{i}");
        let mut faults = slot_faults(&at, rule);
        if twice(i) {
            faults.push(FieldError::new(format!("{at}/slot"), "twice", &rule.slot, ""));
        }
        faults
    };
    rules.slots.iter().enumerate().flat_map(of_slot).collect()
}

fn slot_faults(at: &str, rule: &SlotRule) -> Vec<FieldError> {
    let Some(kind) = slot_kind(&rule.slot) else {
        return vec![FieldError::new(format!("{at}/slot"), "one-of", &rule.slot, SLOTS.map(|s| s.slot).join(", "))];
    };
    let mut faults = bound_faults(at, rule);
    if rule.kinds.is_empty() {
        faults.push(FieldError::new(format!("{at}/kinds"), "required", "", kind.kinds.join(", ")));
    }
    if let Some(other) = rule.kinds.iter().find(|k| !kind.kinds.contains(&k.as_str())) {
        faults.push(FieldError::new(format!("{at}/kinds"), "one-of", other, kind.kinds.join(", ")));
    }
    for (name, asked, known) in [("video_codecs", &rule.video_codecs, &VIDEO_CODECS), ("audio_codecs", &rule.audio_codecs, &AUDIO_CODECS)] {
        if let Some(other) = asked.iter().find(|code| !known.iter().any(|(known, _)| known == code)) {
            faults.push(FieldError::new(format!("{at}/{name}"), "one-of", other, known.map(|(code, _)| code).join(", ")));
        }
    }
    let unfit = [
        ("video_codecs", !kind.plays && !rule.video_codecs.is_empty()),
        ("audio_codecs", !kind.plays && !rule.audio_codecs.is_empty()),
        ("min_seconds", !kind.plays && rule.min_seconds.is_some()),
        ("max_seconds", !kind.plays && rule.max_seconds.is_some()),
        ("min_kbps", !kind.plays && rule.min_kbps.is_some()),
        ("max_kbps", !kind.plays && rule.max_kbps.is_some()),
        ("min_width", !kind.shows && rule.min_width.is_some()),
        ("min_height", !kind.shows && rule.min_height.is_some()),
        ("aspect", !kind.shows && rule.aspect.is_some()),
        ("min_chars", kind.slot != "script" && rule.min_chars.is_some()),
        ("max_chars", kind.slot != "script" && rule.max_chars.is_some()),
    ];
    faults.extend(
        unfit.iter().filter(|(_, bad)| *bad).map(|(name, _)| FieldError::new(format!("{at}/{name}"), "not-for-slot", &rule.slot, "")),
    );
    faults
}

fn bound_faults(at: &str, rule: &SlotRule) -> Vec<FieldError> {
    let wide = |v: Option<u32>| v.map(u64::from);
    let within = |(low, high): (u32, u32)| (u64::from(low), u64::from(high));
    let bounds = [
        ("most", Some(u64::from(rule.most)), within((1, MOST_FILES))),
        ("max_bytes", rule.max_bytes, BYTES),
        ("min_seconds", wide(rule.min_seconds), within(SECONDS)),
        ("max_seconds", wide(rule.max_seconds), within(SECONDS)),
        ("min_width", wide(rule.min_width), within(PIXELS)),
        ("min_height", wide(rule.min_height), within(PIXELS)),
        ("min_kbps", wide(rule.min_kbps), within(KBPS)),
        ("max_kbps", wide(rule.max_kbps), within(KBPS)),
        ("min_chars", wide(rule.min_chars), within(CHARS)),
        ("max_chars", wide(rule.max_chars), within(CHARS)),
    ];
    let outside = |(name, value, (low, high)): (&str, Option<u64>, (u64, u64))| {
        let value = value.filter(|v| !(low..=high).contains(v))?;
        Some(FieldError::new(format!("{at}/{name}"), "range", value.to_string(), format!("{low}–{high}")))
    };
    let mut faults: Vec<_> = bounds.into_iter().filter_map(outside).collect();
    for (name, low, high) in [
        ("max_seconds", rule.min_seconds, rule.max_seconds),
        ("max_kbps", rule.min_kbps, rule.max_kbps),
        ("max_chars", rule.min_chars, rule.max_chars),
    ] {
        if let (Some(low), Some(high)) = (low, high)
            && high < low
        {
            faults.push(FieldError::new(format!("{at}/{name}"), "not-below", high.to_string(), low));
        }
    }
    if let Some(aspect) = rule.aspect.as_deref().filter(|a| !is_aspect(a)) {
        faults.push(FieldError::new(format!("{at}/aspect"), "aspect", aspect, "16:9"));
    }
    faults
}

fn is_aspect(text: &str) -> bool {
    let side = |s: &str| s.parse::<u32>().is_ok_and(|n| (1..=100).contains(&n)) && !s.starts_with('+');
    text.split_once(':').is_some_and(|(w, h)| side(w) && side(h))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn video() -> SlotRule {
        SlotRule { slot: "video".into(), required: true, most: 1, kinds: vec!["mp4".into()], ..SlotRule::default() }
    }

    fn faults(slots: Vec<SlotRule>) -> Vec<(String, &'static str)> {
        material_faults("/rules", &MaterialRules { slots }).into_iter().map(|f| (f.field, f.rule)).collect()
    }

    #[test]
    fn rules_that_make_sense_pass() {
        let full = SlotRule {
            max_bytes: Some(8_000_000_000),
            min_seconds: Some(480),
            max_seconds: Some(2700),
            min_width: Some(1280),
            min_height: Some(720),
            aspect: Some("16:9".into()),
            min_kbps: Some(800),
            max_kbps: Some(50_000),
            video_codecs: vec!["h264".into(), "hevc".into()],
            audio_codecs: vec!["aac".into(), "pcm".into()],
            ..video()
        };
        let script = SlotRule {
            slot: "script".into(),
            most: 1,
            kinds: vec!["pdf".into()],
            min_chars: Some(100),
            max_chars: Some(5000),
            ..SlotRule::default()
        };
        assert_eq!(faults(vec![full, script]), vec![]);
    }

    #[test]
    fn each_rule_that_makes_no_sense_is_named() {
        let table = [
            (vec![], "/rules/slots", "required"),
            (vec![SlotRule { slot: "film".into(), ..video() }], "/rules/slots/0/slot", "one-of"),
            (vec![video(), video()], "/rules/slots/1/slot", "twice"),
            (vec![SlotRule { most: 0, ..video() }], "/rules/slots/0/most", "range"),
            (vec![SlotRule { most: 51, ..video() }], "/rules/slots/0/most", "range"),
            (vec![SlotRule { kinds: vec![], ..video() }], "/rules/slots/0/kinds", "required"),
            (vec![SlotRule { kinds: vec!["exe".into()], ..video() }], "/rules/slots/0/kinds", "one-of"),
            (vec![SlotRule { video_codecs: vec!["divx".into()], ..video() }], "/rules/slots/0/video_codecs", "one-of"),
            (vec![SlotRule { audio_codecs: vec!["h264".into()], ..video() }], "/rules/slots/0/audio_codecs", "one-of"),
            (
                vec![SlotRule { slot: "slides".into(), kinds: vec!["pdf".into()], audio_codecs: vec!["aac".into()], ..video() }],
                "/rules/slots/0/audio_codecs",
                "not-for-slot",
            ),
            (vec![SlotRule { max_bytes: Some(0), ..video() }], "/rules/slots/0/max_bytes", "range"),
            (vec![SlotRule { min_seconds: Some(90), max_seconds: Some(60), ..video() }], "/rules/slots/0/max_seconds", "not-below"),
            (vec![SlotRule { min_width: Some(90_000), ..video() }], "/rules/slots/0/min_width", "range"),
            (vec![SlotRule { aspect: Some("wide".into()), ..video() }], "/rules/slots/0/aspect", "aspect"),
            (vec![SlotRule { aspect: Some("0:9".into()), ..video() }], "/rules/slots/0/aspect", "aspect"),
            (vec![SlotRule { min_chars: Some(5), ..video() }], "/rules/slots/0/min_chars", "not-for-slot"),
            (
                vec![SlotRule { slot: "slides".into(), kinds: vec!["pdf".into()], min_seconds: Some(5), ..video() }],
                "/rules/slots/0/min_seconds",
                "not-for-slot",
            ),
        ];
        for (slots, field, rule) in table {
            assert_eq!(faults(slots.clone()), vec![(field.to_owned(), rule)], "{slots:?}");
        }
    }
}

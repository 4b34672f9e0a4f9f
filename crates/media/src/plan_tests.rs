use proptest::prelude::*;

use super::*;
use crate::sniff::Container;

/// A 1080p lecture that every browser plays as it is.
fn good() -> SourceInfo {
    SourceInfo {
        container: Container::Mp4,
        bytes: 50_000_000,
        duration_ms: 60_000,
        video: Some(VideoInfo {
            codec: "h264".into(),
            profile: "High".into(),
            level: 40,
            width: 1920,
            height: 1080,
            rotation: 0,
            square_pixels: true,
            pix_fmt: "yuv420p".into(),
            fps: 30.0,
            variable_fps: false,
            interlaced: false,
            hdr: false,
            bitrate: 4_000_000,
            longest_keyframe_gap_ms: 2_000,
        }),
        audio: Some(AudioInfo { codec: "aac".into(), profile: "LC".into(), channels: 2, sample_rate: 48_000 }),
    }
}

fn with(change: impl FnOnce(&mut VideoInfo)) -> SourceInfo {
    let mut source = good();
    change(source.video.as_mut().expect("a picture"));
    source
}

/// The plan in short words, such as `copy 1920x1080`.
fn words(source: &SourceInfo) -> Vec<String> {
    let word = |step: &Step| match &step.kind {
        StepKind::CopyRung { frame } => format!("copy {}x{}", frame.width, frame.height),
        StepKind::EncodeRung(rung) => format!("encode {}x{}", rung.frame.width, rung.frame.height),
        StepKind::Audio { mode: AudioMode::Copy } => "copy sound".into(),
        StepKind::Audio { mode: AudioMode::Encode } => "encode sound".into(),
        StepKind::Poster(_) => "poster".into(),
        StepKind::Storyboard(still) => format!("storyboard {}x{}", still.frame.width, still.frame.height),
        StepKind::Loudness => "loudness".into(),
    };
    plan(source).steps.iter().map(word).collect()
}

fn encoded(source: &SourceInfo) -> Vec<EncodeRung> {
    let rung = |step: Step| if let StepKind::EncodeRung(rung) = step.kind { Some(rung) } else { None };
    plan(source).steps.into_iter().filter_map(rung).collect()
}

#[test]
fn what_plays_soonest_comes_first() {
    let copied = ["copy 1920x1080", "copy sound", "encode 1280x720", "encode 640x360", "poster", "storyboard 160x90", "loudness"];
    assert_eq!(words(&good()), copied);
    let encoded = ["copy sound", "encode 640x360", "encode 1280x720", "encode 1920x1080", "poster", "storyboard 160x90", "loudness"];
    assert_eq!(words(&with(|v| v.codec = "hevc".into())), encoded);
}

#[test]
fn what_stops_a_copy() {
    type Change = fn(&mut VideoInfo);
    let table: [(&str, Change); 13] = [
        ("another codec", |v| v.codec = "vp9".into()),
        ("another profile", |v| v.profile = "High 4:2:2".into()),
        ("ten bits", |v| v.pix_fmt = "yuv420p10le".into()),
        ("level 5.0", |v| v.level = 50),
        ("unknown level", |v| v.level = -1),
        ("interlaced", |v| v.interlaced = true),
        ("HDR", |v| v.hdr = true),
        ("turned", |v| v.rotation = 90),
        ("anamorphic", |v| v.square_pixels = false),
        ("uneven frames", |v| v.variable_fps = true),
        ("odd size", |v| v.width = 1279),
        ("6 Mbit/s", |v| v.bitrate = 6_000_000),
        ("8.1 s without a key frame", |v| v.longest_keyframe_gap_ms = 8_001),
    ];
    assert!(may_copy_video(good().video.as_ref().expect("a picture")));
    for (why, change) in table {
        assert!(!may_copy_video(with(change).video.as_ref().expect("a picture")), "{why}");
    }
}

#[test]
fn the_edge_of_the_copy_rule_is_inside() {
    let edge = with(|v| {
        v.profile = "Constrained Baseline".into();
        v.level = 42;
        v.bitrate = 5_999_999;
        v.longest_keyframe_gap_ms = 8_000;
    });
    assert_eq!(words(&edge)[0], "copy 1920x1080");
}

#[test]
fn the_ladder_fits_the_source() {
    type Sizes = &'static [(u32, u32)];
    let table: [(u32, u32, Sizes); 9] = [
        (3840, 2160, &[(640, 360), (1280, 720), (1920, 1080)]),
        (1080, 1920, &[(360, 640), (720, 1280), (1080, 1920)]),
        (1600, 900, &[(640, 360), (1280, 720), (1600, 900)]),
        (1440, 1080, &[(640, 480), (1440, 1080)]),
        (1280, 720, &[(640, 360), (1280, 720)]),
        (854, 480, &[(640, 360), (854, 480)]),
        (641, 361, &[(640, 360)]),
        (320, 240, &[(320, 240)]),
        (3, 1, &[(2, 2)]),
    ];
    for (width, height, want) in table {
        let source = with(|v| (v.codec, v.width, v.height) = ("hevc".into(), width, height));
        let got: Vec<_> = encoded(&source).iter().map(|rung| (rung.frame.width, rung.frame.height)).collect();
        assert_eq!(got, want, "{width}x{height}");
    }
}

#[test]
fn frame_rates() {
    let table =
        [(25.0, false, 25, 1), (29.97, false, 30_000, 1001), (50.0, false, 25, 1), (59.94, false, 30_000, 1001), (12.5, false, 30, 1)];
    for (fps, uneven, num, den) in table.into_iter().chain([(25.0, true, 30, 1)]) {
        let source = with(|v| (v.fps, v.variable_fps, v.codec) = (fps, uneven, "hevc".into()));
        for rung in encoded(&source) {
            assert_eq!(rung.key_frames, KeyFrames::EveryTwoSeconds(Rate { num, den }), "{fps}");
        }
    }
    assert!(encoded(&good()).iter().all(|rung| rung.key_frames == KeyFrames::LikeSource));
}

#[test]
fn old_and_new_pictures_are_converted() {
    assert!(encoded(&with(|v| v.interlaced = true)).iter().all(|rung| rung.deinterlace && !rung.tone_map));
    assert!(encoded(&with(|v| v.hdr = true)).iter().all(|rung| rung.tone_map && !rung.deinterlace));
}

#[test]
fn sound() {
    let table =
        [("aac", "LC", 1, true), ("aac", "LC", 2, true), ("aac", "LC", 6, false), ("aac", "HE-AAC", 2, false), ("opus", "", 2, false)];
    for (codec, profile, channels, copied) in table {
        let mut source = good();
        source.audio = Some(AudioInfo { codec: codec.into(), profile: profile.into(), channels, sample_rate: 48_000 });
        let words = words(&source);
        assert_eq!(words.contains(&"copy sound".to_owned()), copied, "{codec} {profile} {channels}");
        assert_eq!(words.contains(&"loudness".to_owned()), copied, "encoded sound is levelled at once");
    }
}

#[test]
fn one_track_is_enough() {
    let silent = SourceInfo { audio: None, ..good() };
    assert_eq!(words(&silent), ["copy 1920x1080", "encode 1280x720", "encode 640x360", "poster", "storyboard 160x90"]);
    let sound_only = SourceInfo { video: None, ..good() };
    assert_eq!(words(&sound_only), ["copy sound", "loudness"]);
}

prop_compose! {
    fn any_source()(
        sides in (1_u32..8000, 1_u32..8000), fps in 0.0..240.0_f64, flags in any::<[bool; 4]>(), bitrate in 0_u64..20_000_000,
        gap in 0_u64..20_000, channels in 0_u32..9, duration_ms in 0_u64..50_000_000,
    ) -> SourceInfo {
        let mut source = with(|v| {
            (v.width, v.height, v.fps, v.bitrate, v.longest_keyframe_gap_ms) = (sides.0, sides.1, fps, bitrate, gap);
            [v.variable_fps, v.interlaced, v.hdr, v.square_pixels] = flags;
        });
        source.duration_ms = duration_ms;
        source.audio = source.audio.filter(|_| channels > 0).map(|audio| AudioInfo { channels, ..audio });
        source
    }
}

proptest! {
    #[test]
    fn rungs_are_even_distinct_and_within_the_source(source in any_source()) {
        let video = source.video.clone().expect("a picture");
        let mut sides = Vec::new();
        for rung in encoded(&source) {
            let Frame { width, height } = rung.frame;
            prop_assert!(width % 2 == 0 && height % 2 == 0 && width <= video.width.max(2) && height <= video.height.max(2));
            prop_assert!(rung.frame.width.max(rung.frame.height) <= LADDER[0]);
            sides.push(width.max(height));
        }
        let all = sides.len();
        sides.sort_unstable();
        sides.dedup();
        prop_assert_eq!(sides.len(), all);
    }

    #[test]
    fn a_copy_is_alone_and_first(source in any_source()) {
        let steps = plan(&source).steps;
        let copies: Vec<usize> = (0..steps.len()).filter(|&n| matches!(steps[n].kind, StepKind::CopyRung { .. })).collect();
        prop_assert!(copies.is_empty() || copies == [0]);
        let sounds = steps.iter().filter(|step| matches!(step.kind, StepKind::Audio { .. })).count();
        prop_assert_eq!(sounds, usize::from(source.audio.is_some()));
    }

    #[test]
    fn percent_grows_from_nothing_to_all(source in any_source()) {
        let plan = plan(&source);
        let mut last = -0.001;
        for done in 0..plan.steps.len() {
            for fraction in [0.0, 0.5] {
                let percent = plan.percent(done, fraction);
                prop_assert!(percent > last && percent < 100.0, "{last} then {percent}");
                last = percent;
            }
        }
        prop_assert!((plan.percent(plan.steps.len(), 0.0) - 100.0).abs() < 0.01);
    }

    #[test]
    fn plans_survive_storage(source in any_source()) {
        let plan = plan(&source);
        let text = serde_json::to_string(&plan).expect("JSON");
        prop_assert_eq!(serde_json::from_str::<Plan>(&text).expect("a plan"), plan);
    }
}

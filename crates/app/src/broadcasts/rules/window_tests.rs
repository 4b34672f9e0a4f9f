//! What holds for the playlists of a showing at any time.

use super::*;
use crate::broadcasts::rules::reel::Segment;
use proptest::prelude::*;

const START: Timestamp = Timestamp(1_795_395_600_000);

/// A rung whose segments have these lengths, in milliseconds.
fn reel(lengths_ms: &[i64]) -> Reel {
    let mut segments: Vec<Segment> = Vec::new();
    for (n, ms) in lengths_ms.iter().enumerate() {
        let start_us = segments.last().map_or(0, Segment::end_us);
        segments.push(Segment { name: format!("s{n:05}.m4s"), start_us, length_us: ms * 1000, init: 0, breaks: 0 });
    }
    let target_s = lengths_ms.iter().map(|ms| (ms + 500) / 1000).max().unwrap().max(1);
    Reel { target_s, inits: vec!["init.mp4".into()], segments }
}

fn showing(of: &Reel) -> Showing {
    Showing { started_at: START, held_at: None, held_ms: 0, duration_ms: of.duration_ms() }
}

fn cut(of: &Reel, at_ms: i64) -> Cut {
    Cut::at(&showing(of), START.plus_ms(at_ms), false, 0)
}

#[test]
fn windows_follow_the_table() {
    let reel = reel(&[4000; 30]);
    let table = [
        // at, first, last, start
        (0, 0, 2, 0),
        (1, 0, 3, 1000),
        (4_000, 0, 3, 4_000),
        (16_000, 0, 6, 16_000),
        (20_000, 1, 7, 20_000),
        (21_500, 1, 8, 22_000),
        (107_000, 22, 29, 107_000),
        (119_999, 26, 29, 120_000),
        (500_000, 26, 29, 120_000),
    ];
    for (at, first, last, start) in table {
        let cut = cut(&reel, at);
        assert_eq!((cut.window(&reel), cut.start_ms, cut.over), ((first, last), start, at >= 120_000), "at {at}");
    }
}

#[test]
fn a_playlist_is_written_as_players_read_it() {
    let reel = reel(&[4000, 4000, 4000, 2500]);
    let showing = Showing { held_ms: 60_000, ..showing(&reel) };
    let want = "#EXTM3U\n#EXT-X-VERSION:7\n#EXT-X-TARGETDURATION:4\n#EXT-X-MEDIA-SEQUENCE:0\n#EXT-X-INDEPENDENT-SEGMENTS\n\
        #EXT-X-START:TIME-OFFSET=2.000000,PRECISE=YES\n#EXT-X-MAP:URI=\"/media/x/init.mp4\"\n\
        #EXT-X-PROGRAM-DATE-TIME:2026-11-23T01:01:00.000Z\n#EXTINF:4.000000,\n/media/x/s00000.m4s\n\
        #EXT-X-PROGRAM-DATE-TIME:2026-11-23T01:01:04.000Z\n#EXTINF:4.000000,\n/media/x/s00001.m4s\n\
        #EXT-X-PROGRAM-DATE-TIME:2026-11-23T01:01:08.000Z\n#EXTINF:4.000000,\n/media/x/s00002.m4s\n\
        #EXT-X-PROGRAM-DATE-TIME:2026-11-23T01:01:12.000Z\n#EXTINF:2.500000,\n/media/x/s00003.m4s\n";
    let at = |ms| Cut::at(&showing, START.plus_ms(ms), false, 0).playlist(&reel, "/media/x");
    assert_eq!(at(62_000), want);
    assert_eq!(at(61_001), want, "the same text for the whole of a second");
    assert!(at(80_000).ends_with("s00003.m4s\n#EXT-X-ENDLIST\n"), "{}", at(80_000));
}

#[test]
fn breaks_and_other_codings_of_a_recording_are_passed_on() {
    let mut reel = reel(&[4000; 30]);
    reel.inits.push("init-1.mp4".into());
    for (n, segment) in reel.segments.iter_mut().enumerate() {
        (segment.init, segment.breaks) = (usize::from(n >= 20), usize::from(n >= 10) + usize::from(n >= 20));
    }
    let text = |at_ms| cut(&reel, at_ms).playlist(&reel, "/media/x");
    let tags = |at_ms| {
        let wanted = ["#EXT-X-DISCONTINUITY", "#EXT-X-MAP"];
        text(at_ms).lines().filter(|line| wanted.iter().any(|tag| line.starts_with(tag))).map(str::to_owned).collect::<Vec<_>>()
    };
    let (first, second) = ("#EXT-X-MAP:URI=\"/media/x/init.mp4\"", "#EXT-X-MAP:URI=\"/media/x/init-1.mp4\"");
    assert_eq!(tags(36_000), [first, "#EXT-X-DISCONTINUITY"], "the break comes");
    assert_eq!(tags(60_000), ["#EXT-X-DISCONTINUITY-SEQUENCE:1", first], "it has left the window");
    assert_eq!(tags(76_000), ["#EXT-X-DISCONTINUITY-SEQUENCE:1", first, "#EXT-X-DISCONTINUITY", second]);
    assert_eq!(tags(110_000), ["#EXT-X-DISCONTINUITY-SEQUENCE:2", second]);
}

#[test]
fn a_node_that_learned_late_of_a_hold_takes_nothing_back() {
    let reel = reel(&[4000; 30]);
    let held = Showing { held_at: Some(START.plus_ms(19_500)), ..showing(&reel) };
    let served = cut(&reel, 20_500);
    let after = Cut::at(&held, START.plus_ms(25_000), false, served.window_ms);
    assert_eq!(after.window(&reel), served.window(&reel));
    assert_eq!((after.start_ms, after.over), (20_000, false), "who comes now begins at the held moment");
}

#[test]
fn only_masters_that_name_rungs_beside_themselves_are_passed_on() {
    let rungs = [media_rung()];
    let sound = media::AudioRendition { folder: "a".into(), codec: "mp4a.40.2".into(), channels: 2, peak_bps: 100, average_bps: 90 };
    assert!(is_plain_master(&media::master_playlist(&rungs, Some(&sound))));
    for bad in ["", "#EXTM3U\n/media/x/index.m3u8\n", "#EXTM3U\n#EXT-X-MEDIA:URI=\"../a/index.m3u8\"\n", "#EXTM3U\nv1/../a/index.m3u8\n"] {
        assert!(!is_plain_master(bad), "{bad}");
    }
}

fn media_rung() -> media::RungInfo {
    let codec = "avc1.64001f".into();
    media::RungInfo { folder: "v1280x720".into(), width: 1280, height: 720, codec, peak_bps: 900, average_bps: 700, copied: true }
}

/// A rung of our ladder, or a copied one whose segments are as long as its keyframes allow.
fn any_reel() -> impl Strategy<Value = Reel> {
    let even = (1_usize..200, 1_i64..4_000).prop_map(|(n, last)| [vec![4_000; n], vec![last]].concat());
    let uneven = prop::collection::vec(40_i64..10_500, 1..120);
    prop_oneof![even, uneven].prop_map(|lengths| reel(&lengths))
}

fn sequence(text: &str) -> usize {
    text.lines().find_map(|line| line.strip_prefix("#EXT-X-MEDIA-SEQUENCE:")).unwrap().parse().unwrap()
}

fn names(text: &str) -> Vec<usize> {
    let number = |line: &str| line.strip_prefix("/media/x/s")?.strip_suffix(".m4s")?.parse().ok();
    text.lines().filter_map(number).collect()
}

fn offset_us(text: &str) -> i64 {
    let offset = text.lines().find_map(|line| line.strip_prefix("#EXT-X-START:TIME-OFFSET=")).unwrap();
    (offset.split(',').next().unwrap().parse::<f64>().unwrap() * 1e6).round() as i64
}

proptest! {
    /// Through holds and goings-on, asked at any times: numbers only grow, segments follow each other, and whoever joins
    /// lands within a second of the common moment.
    #[test]
    fn whoever_joins_whenever_lands_at_the_common_moment(
        reel in any_reel(), steps in prop::collection::vec((0_i64..15_000, any::<bool>(), 0_i64..1_000), 1..40),
    ) {
        let mut showing = showing(&reel);
        let (mut now, mut before, mut reached) = (START, (0, 0), 0);
        for (ms, switch, kept_ms) in steps {
            now = now.plus_ms(ms);
            if switch {
                match showing.held_at {
                    None if showing.is_over(now) => {}
                    None => showing.held_at = Some(now),
                    Some(since) => { showing.held_ms += now - since; showing.held_at = None; }
                }
            }
            let cut = Cut::at(&showing, now, false, reached);
            reached = cut.window_ms;
            let text = cut.playlist(&reel, "/media/x");
            let (first, last) = cut.window(&reel);
            prop_assert_eq!(sequence(&text), first);
            prop_assert_eq!(names(&text), (first..=last).collect::<Vec<_>>(), "contiguous");
            prop_assert!(first >= before.0 && last >= before.1, "{:?} then {:?}", before, (first, last));
            before = (first, last);
            let landed_ms = (reel.segments[first].start_us + offset_us(&text)) / 1000;
            let end_ms = reel.duration_ms();
            // A cache keeps the text for a second, while the showing goes on.
            let common = showing.moment(now.plus_ms(kept_ms)).min(end_ms);
            prop_assert!((landed_ms - common).abs() <= 1_000, "landed at {landed_ms}, the others are at {common}");
            prop_assert!(reel.segments[first].start_us / 1000 <= common && common <= reel.segments[last].end_us() / 1000 + 1);
            let ahead_us = reel.segments[last].end_us() - cut.start_ms * 1000;
            prop_assert!(last + 1 == reel.segments.len() || ahead_us >= AHEAD * reel.target_s * 1_000_000, "{ahead_us}");
            prop_assert_eq!(text.ends_with("#EXT-X-ENDLIST\n"), showing.is_over(now));
            prop_assert_eq!(&text, &Cut::at(&showing, now, false, 0).playlist(&reel, "/media/x"), "every node says the same");
        }
    }
}

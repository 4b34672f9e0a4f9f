use std::collections::BTreeMap;

use super::*;
use crate::{Packager, Packaging, SegmentInfo, Track, VideoConfig, packager::Coding, testing::Encoder};

/// A segment as a player sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Seen {
    map: String,
    at: String,
    length: String,
    uri: String,
    discontinuity: usize,
}

/// A playlist as a player sees it: closed segments by number, and everything that only concerns the end.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Read {
    segments: BTreeMap<u64, Seen>,
    rest: Vec<String>,
}

/// Reads a playlist; a difference is completed from what was read before.
fn read(text: &str, before: Option<&Read>) -> Read {
    let mut read = Read { segments: BTreeMap::new(), rest: Vec::new() };
    let (mut msn, mut discontinuity, mut map, mut at, mut length) = (0, 0, String::new(), String::new(), String::new());
    for line in text.lines() {
        let (tag, value) = line.split_once(':').unwrap_or((line, ""));
        match tag {
            "#EXT-X-MEDIA-SEQUENCE" => msn = value.parse().unwrap(),
            "#EXT-X-DISCONTINUITY-SEQUENCE" => discontinuity = value.parse().unwrap(),
            "#EXT-X-SKIP" => {
                let skipped: u64 = value.strip_prefix("SKIPPED-SEGMENTS=").unwrap().parse().unwrap();
                for number in msn..msn + skipped {
                    let known = before.expect("a difference needs a playlist before it").segments[&number].clone();
                    (map, discontinuity) = (known.map.clone(), known.discontinuity);
                    read.segments.insert(number, known);
                }
                msn += skipped;
            }
            "#EXT-X-MAP" => value.clone_into(&mut map),
            "#EXT-X-DISCONTINUITY" => discontinuity += 1,
            "#EXT-X-PROGRAM-DATE-TIME" => value.clone_into(&mut at),
            "#EXTINF" => value.clone_into(&mut length),
            _ if !line.starts_with('#') => {
                let seen = Seen { map: map.clone(), at: at.clone(), length: length.clone(), uri: line.to_owned(), discontinuity };
                read.segments.insert(msn, seen);
                msn += 1;
            }
            _ => read.rest.push(line.to_owned()),
        }
    }
    read
}

fn view(packager: &Packager, track: Track) -> MediaView<'_> {
    let (window, target_s) = (packager.window(track), packager.target_s().expect("a group of pictures is complete"));
    let others = Report::of(Track::Audio.into(), packager.window(Track::Audio)).into_iter().collect();
    MediaView { window, target_s, part_ms: 350, timeline: packager.timeline_number(), others, ended: false }
}

#[test]
fn a_difference_completed_from_any_recent_playlist_is_the_whole_one() {
    let mut encoder = Encoder { fps: 30, gop: 60, now_ms: 0, sent: 0 };
    let mut packager = Packager::new(Packaging::default(), 1_700_000_000_000);
    let mut events: Vec<_> = Encoder::coding(0).into();
    for variant in [0, 0, 1, 1, 2] {
        events.extend(Encoder::coding(variant));
        events.extend(encoder.run(23_000));
    }
    let (mut history, mut skipped): (Vec<Read>, usize) = (Vec::new(), 0);
    for event in events {
        let parts = packager.push(event).unwrap().parts;
        if packager.target_s().is_none() || !parts.iter().any(|part| part.track == Track::Video) {
            continue;
        }
        let view = view(&packager, Track::Video);
        let whole = read(&view.write(Audience::Interactive, Skip::No), None);
        let text = view.write(Audience::Interactive, Skip::Yes);
        // A player may ask for a difference when its playlist is younger than half the skip boundary: 18 s, 54 parts.
        for before in history.iter().rev().take(50) {
            assert_eq!(read(&text, Some(before)), whole);
        }
        skipped += usize::from(text.contains("#EXT-X-SKIP"));
        history.push(whole);
    }
    assert!(skipped > 150, "differences were left out in {skipped} playlists");
}

#[test]
fn a_low_latency_playlist_says_everything_that_players_need() {
    let mut packager = Packager::new(Packaging::default(), 1_700_000_000_000);
    let mut encoder = Encoder { fps: 30, gop: 60, now_ms: 0, sent: 0 };
    for event in Encoder::coding(0).into_iter().chain(encoder.run(4400)) {
        packager.push(event).unwrap();
    }
    let text = view(&packager, Track::Video).write(Audience::Interactive, Skip::No);
    for line in [
        "#EXTM3U\n#EXT-X-VERSION:9\n#EXT-X-TARGETDURATION:6\n#EXT-X-INDEPENDENT-SEGMENTS\n#EXT-X-PART-INF:PART-TARGET=0.35000\n",
        "#EXT-X-SERVER-CONTROL:CAN-BLOCK-RELOAD=YES,PART-HOLD-BACK=1.05000,CAN-SKIP-UNTIL=36\n#EXT-X-MEDIA-SEQUENCE:0\n",
        "#EXT-X-MAP:URI=\"init-0.mp4\"\n#EXT-X-PROGRAM-DATE-TIME:2023-11-14T22:13:20.000Z\n#EXT-X-PART:DURATION=0.33300,URI=\"0.0.m4s\",INDEPENDENT=YES\n",
        "#EXTINF:2.00000,\n0.m4s\n#EXT-X-PROGRAM-DATE-TIME:2023-11-14T22:13:22.000Z\n#EXT-X-PART:DURATION=0.33300,URI=\"1.0.m4s\",INDEPENDENT=YES\n",
        "#EXT-X-PRELOAD-HINT:TYPE=PART,URI=\"1.7.m4s\"\n#EXT-X-RENDITION-REPORT:URI=\"../audio/index.m3u8\",LAST-MSN=1,LAST-PART=5\n",
    ] {
        assert!(text.contains(line), "{line}\nis missing in\n{text}");
    }
}

#[test]
fn the_mass_playlist_has_whole_segments_only() {
    let mut packager = Packager::new(Packaging::default(), 1_700_000_000_000);
    let mut encoder = Encoder { fps: 30, gop: 60, now_ms: 0, sent: 0 };
    for event in Encoder::coding(0).into_iter().chain(encoder.run(9000)) {
        packager.push(event).unwrap();
    }
    let want = "#EXTM3U\n#EXT-X-VERSION:7\n#EXT-X-TARGETDURATION:6\n#EXT-X-INDEPENDENT-SEGMENTS\n#EXT-X-MEDIA-SEQUENCE:0\n\
        #EXT-X-MAP:URI=\"init-0.mp4\"\n#EXT-X-PROGRAM-DATE-TIME:2023-11-14T22:13:20.000Z\n#EXTINF:2.00000,\n0.m4s\n\
        #EXT-X-PROGRAM-DATE-TIME:2023-11-14T22:13:22.000Z\n#EXTINF:4.00000,\n1.m4s\n";
    assert_eq!(view(&packager, Track::Video).write(Audience::Mass, Skip::Yes), want);
}

#[test]
fn the_master_playlist_names_what_is_there() {
    let mut packager = Packager::new(Packaging::default(), 0);
    let mut encoder = Encoder { fps: 30, gop: 60, now_ms: 0, sent: 0 };
    for event in Encoder::coding(0x1f).into_iter().chain(encoder.run(500)) {
        packager.push(event).unwrap();
    }
    let coding = packager.coding().unwrap();
    let head = "#EXTM3U\n#EXT-X-VERSION:7\n#EXT-X-INDEPENDENT-SEGMENTS\n";
    let both = master(coding, Audience::Interactive, 1_000_000, 100_000, &[]);
    let media =
        "#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID=\"sound\",NAME=\"sound\",DEFAULT=YES,AUTOSELECT=YES,CHANNELS=\"2\",URI=\"audio/index.m3u8\"\n";
    let picture =
        "#EXT-X-STREAM-INF:BANDWIDTH=1320000,CODECS=\"avc1.64001f,mp4a.40.2\",RESOLUTION=320x180,AUDIO=\"sound\"\nvideo/index.m3u8\n";
    let sound = "#EXT-X-STREAM-INF:BANDWIDTH=120000,CODECS=\"mp4a.40.2\",AUDIO=\"sound\"\naudio/index.m3u8\n";
    assert_eq!(both, format!("{head}{media}{picture}{sound}"));
    let small = coding.video.clone().map(|video| VideoConfig { width: 160, height: 90, ..video }).unwrap();
    let lower = [Smaller { lines: 90, coding: &small, bps: 200_000 }];
    let three = master(coding, Audience::Interactive, 1_000_000, 100_000, &lower);
    let smaller =
        "#EXT-X-STREAM-INF:BANDWIDTH=360000,CODECS=\"avc1.64001f,mp4a.40.2\",RESOLUTION=160x90,AUDIO=\"sound\"\nvideo-90/index.m3u8\n";
    assert_eq!(three, format!("{head}{media}{picture}{smaller}{sound}"));
    let silent = master(&Coding { audio: None, ..coding.clone() }, Audience::Mass, 1_000_000, 0, &[]);
    assert_eq!(silent, format!("{head}#EXT-X-STREAM-INF:BANDWIDTH=1200000,CODECS=\"avc1.64001f\",RESOLUTION=320x180\nvideo/plain.m3u8\n"));
    let alone = master(&Coding { video: None, ..coding.clone() }, Audience::Mass, 0, 100_000, &[]);
    assert_eq!(alone, format!("{head}#EXT-X-STREAM-INF:BANDWIDTH=120000,CODECS=\"mp4a.40.2\"\naudio/plain.m3u8\n"));
}

#[test]
fn a_recording_names_its_generations_and_what_was_lost() {
    let segment = |msn: u64, generation: u32, timeline: u64| SegmentInfo {
        track: Track::Video,
        msn,
        generation,
        timeline,
        timescale: 90_000,
        start: msn * 360_000,
        ticks: 360_000,
        at_unix_ms: i64::MAX,
    };
    let want = "#EXTM3U\n#EXT-X-VERSION:7\n#EXT-X-PLAYLIST-TYPE:VOD\n#EXT-X-TARGETDURATION:4\n#EXT-X-INDEPENDENT-SEGMENTS\n#EXT-X-MEDIA-SEQUENCE:0\n\
        #EXT-X-MAP:URI=\"init-0.mp4\"\n#EXTINF:4.00000,\n0.m4s\n\
        #EXT-X-DISCONTINUITY\n#EXTINF:4.00000,\n2.m4s\n\
        #EXT-X-DISCONTINUITY\n#EXT-X-MAP:URI=\"init-1.mp4\"\n#EXTINF:4.00000,\n3.m4s\n#EXT-X-ENDLIST\n";
    assert_eq!(vod(&[segment(0, 0, 0), segment(2, 0, 0), segment(3, 1, 1)]), want);
}

//! What we write, read by others: ffmpeg and mp4-atom.

use std::{collections::BTreeMap, path::Path};

use mp4_atom::{Any, Decode};

use crate::{
    ClosedSegment, Event, Live, Packager, Packaging, Track,
    playlist::{Audience, name::Name, vod},
    testing::{SIZE, clip, silent},
};

/// Packages a broadcast and writes one file for each track and generation.
fn package(events: Vec<Event>, directory: &Path) -> Vec<(Track, String)> {
    let mut packager = Packager::new(Packaging::default(), 1_700_000_000_000);
    let mut files: BTreeMap<(Track, u32), Vec<u8>> = BTreeMap::new();
    let mut closed = Vec::new();
    for event in events {
        closed.extend(packager.push(event).expect("ffmpeg's clips are taken").closed_segments);
    }
    closed.extend(packager.end().closed_segments);
    for segment in closed {
        let (track, generation) = (segment.info.track, segment.info.generation);
        let init = || packager.init(track, generation).expect("its init segment is kept").to_vec();
        files.entry((track, generation)).or_insert_with(init).extend(&segment.data);
    }
    let write = |((track, generation), bytes)| {
        let path = directory.join(format!("{track:?}-{generation}.mp4"));
        std::fs::write(&path, bytes).expect("the file is written");
        (track, path.to_str().expect("UTF-8").to_owned())
    };
    files.into_iter().map(write).collect()
}

/// Decodes the whole file; any warning fails.
fn decodes(path: &str) {
    silent("ffmpeg", &["-v", "warning", "-xerror", "-i", path, "-f", "null", "-"]);
}

fn probe(path: &str, entries: &str) -> String {
    let args = ["-v", "warning", "-count_packets", "-show_entries", entries, "-of", "default=nw=1:nk=1", path];
    silent("ffprobe", &args).lines().collect::<Vec<_>>().join(" ")
}

fn duration(path: &str) -> f64 {
    probe(path, "format=duration").parse().expect("a number")
}

#[test]
fn ffmpeg_reads_both_tracks_without_a_word() {
    let directory = tempfile::tempdir().unwrap();
    let events = clip(9, 60, SIZE);
    let pictures = events.iter().filter(|event| matches!(event, Event::Sample(sample) if sample.track == Track::Video)).count();
    let files = package(events, directory.path());
    assert_eq!(files.len(), 2);
    for (track, path) in &files {
        decodes(path);
        assert!((duration(path) - 9.0).abs() < 0.12, "{track:?} lasts {} s", duration(path));
    }
    let video = probe(&files[0].1, "stream=codec_name,width,height,nb_read_packets");
    assert_eq!(video, format!("h264 {} {} {pictures}", SIZE.0, SIZE.1));
    assert_eq!(probe(&files[1].1, "stream=codec_name,sample_rate,channels"), "aac 48000 2");
}

#[test]
fn each_generation_of_a_changed_picture_decodes_by_itself() {
    let directory = tempfile::tempdir().unwrap();
    let mut events = clip(3, 30, SIZE);
    events.extend(clip(3, 30, (640, 360)));
    let files = package(events, directory.path());
    assert_eq!(files.len(), 4, "two tracks, two generations");
    for (_, path) in &files {
        decodes(path);
    }
    assert_eq!(probe(&files[1].1, "stream=width,height"), "640 360");
}

#[test]
fn silence_put_in_for_lost_sound_decodes_without_a_word() {
    let directory = tempfile::tempdir().unwrap();
    let lost =
        |event: &Event| !matches!(event, Event::Sample(sample) if sample.track == Track::Audio && (1000..2000).contains(&sample.dts_ms));
    let files = package(clip(4, 60, SIZE).into_iter().filter(lost).collect(), directory.path());
    let sound = &files.last().expect("a file of sound").1;
    decodes(sound);
    assert!((duration(sound) - 4.0).abs() < 0.12, "{} s", duration(sound));
}

#[test]
fn an_independent_parser_reads_every_box() {
    let directory = tempfile::tempdir().unwrap();
    for (track, path) in package(clip(5, 60, SIZE), directory.path()) {
        let bytes = std::fs::read(&path).unwrap();
        let mut left = &bytes[..];
        let mut kinds = Vec::new();
        while !left.is_empty() {
            kinds.push(Any::decode(&mut left).expect("a box that mp4-atom knows"));
        }
        let [Any::Ftyp(_), Any::Moov(moov), fragments @ ..] = &kinds[..] else { panic!("ftyp, moov, then fragments") };
        let header = &moov.trak[0].tkhd;
        let size = if track == Track::Video { SIZE } else { (0, 0) };
        assert_eq!((header.width.integer(), header.height.integer(), header.track_id, header.enabled), (size.0, size.1, 1, true));
        assert!(fragments.chunks(2).all(|pair| matches!(pair, [Any::Moof(_), Any::Mdat(_)])));
    }
}

#[test]
fn the_track_header_has_92_bytes() {
    let config = crate::AudioConfig { asc: bytes::Bytes::from_static(&[0x11, 0x90]), rate: 48_000, channels: 2 };
    let init = super::audio_init(&config);
    let at = init.windows(4).position(|name| name == b"tkhd").expect("a track header");
    assert_eq!(init[at - 4..at], 92_u32.to_be_bytes());
}

/// Stores one track as a recorder would, with its playlist.
fn record(live: &Live, track: Track, closed: &[ClosedSegment], directory: &Path) {
    std::fs::create_dir(directory).expect("a new directory");
    let write = |name: Name, bytes: &[u8]| std::fs::write(directory.join(name.to_string()), bytes).expect("the file is written");
    let segments: Vec<&ClosedSegment> = closed.iter().filter(|closed| closed.info.track == track).collect();
    for segment in &segments {
        write(Name::Segment(segment.info.msn), &segment.data);
    }
    write(Name::Init(0), &live.init(track, 0).expect("the only generation"));
    let infos: Vec<_> = segments.iter().map(|segment| segment.info).collect();
    write(Name::Playlist(Audience::Mass), vod(&infos).as_bytes());
}

#[test]
fn a_recording_plays_from_its_master_playlist() {
    let directory = tempfile::tempdir().unwrap();
    let live = Live::new(Packaging::default(), 1_700_000_000_000);
    let mut closed: Vec<_> = clip(9, 60, SIZE).into_iter().flat_map(|event| live.push(event).unwrap()).collect();
    closed.extend(live.end());
    record(&live, Track::Video, &closed, &directory.path().join("video"));
    record(&live, Track::Audio, &closed, &directory.path().join("audio"));
    let master = directory.path().join("master.m3u8");
    std::fs::write(&master, live.master(Audience::Mass).unwrap()).unwrap();
    let path = master.to_str().unwrap();
    silent("ffmpeg", &["-v", "error", "-xerror", "-i", path, "-map", "0:v:0", "-map", "0:a:0", "-f", "null", "-"]);
    assert!((duration(path) - 9.0).abs() < 0.12, "{} s", duration(path));
}

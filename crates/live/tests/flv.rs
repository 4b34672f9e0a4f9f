//! FLV tag bodies (FLV 10.1 Annex E): what is taken, what is named and refused, and bytes that mean harm.

#![allow(clippy::unwrap_used, reason = "test code outside #[test] functions")]

use bytes::Bytes;
use live::Event;
use live::flv::{Demuxer, FlvError};
use proptest::prelude::*;

/// A set by x264: 640x360, High.
const SPS: [u8; 26] =
    [0x67, 0x64, 0, 0x1e, 0xac, 0xd9, 0x40, 0xa0, 0x2f, 0xf9, 0x70, 0x11, 0, 0, 3, 0, 0x10, 0, 0, 3, 3, 0x20, 0xf1, 0x62, 0xd9, 0x60];

fn header(lengths: u8) -> Bytes {
    [&[0x17, 0, 0, 0, 0, 1, 100, 0, 30, 0xFC | lengths, 0xE1, 0, 26][..], &SPS, &[1, 0, 1, 0x68]].concat().into()
}

fn ready(lengths: u8) -> Demuxer {
    let mut demuxer = Demuxer::new();
    assert!(
        matches!(demuxer.video(0, &header(lengths)), Ok(Some(Event::Video(c))) if (c.width, c.height) == (640, 360) && c.avcc[4] & 3 == 3)
    );
    demuxer
}

fn sample(demuxer: &mut Demuxer, body: &[u8]) -> Option<live::Sample> {
    match demuxer.video(40, &Bytes::copy_from_slice(body)).unwrap() {
        Some(Event::Sample(sample)) => Some(sample),
        _ => None,
    }
}

#[test]
fn an_identical_sequence_header_changes_nothing() {
    assert_eq!(ready(3).video(9, &header(3)), Ok(None));
}

#[test]
fn a_keyframe_needs_the_flag_and_a_unit_of_type_5() {
    for (flag, unit, key) in [(0x17, 0x65, true), (0x17, 0x41, false), (0x27, 0x65, false)] {
        let got = sample(&mut ready(3), &[flag, 1, 0xFF, 0xFF, 0xD8, 0, 0, 0, 1, unit]).unwrap();
        assert_eq!((got.key, got.cts_ms, got.dts_ms), (key, -40, 40), "{flag:x} {unit:x}");
    }
}

#[test]
fn short_length_prefixes_become_four_bytes() {
    let got = sample(&mut ready(1), &[0x17, 1, 0, 0, 0, 0, 2, 0x65, 9, 0, 1, 0x41]).unwrap();
    assert_eq!(got.data[..], [0, 0, 0, 2, 0x65, 9, 0, 0, 0, 1, 0x41]);
}

#[test]
fn nothing_comes_of_ends_commands_and_pictures_without_configuration() {
    for body in [&[0x17, 2, 0, 0, 0][..], &[0x57, 0], &[], &[0x17]] {
        assert_eq!(sample(&mut ready(3), body), None, "{body:?}");
    }
    assert_eq!(sample(&mut Demuxer::new(), &[0x17, 1, 0, 0, 0, 0, 0, 0, 1, 0x65]), None);
}

#[test]
fn units_that_overrun_the_picture_are_broken() {
    let body = Bytes::from_static(&[0x17, 1, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF, 0x65]);
    assert_eq!(ready(3).video(0, &body), Err(FlvError::Broken("H.264 picture")));
}

#[test]
fn other_codecs_are_named() {
    let video: [(&[u8], &str); 4] = [(b"\x90hvc1", "H.265"), (b"\x90av01", "AV1"), (&[0x1C, 0], "H.265"), (&[0x12], "Sorenson H.263")];
    for (body, name) in video {
        assert_eq!(Demuxer::new().video(0, &Bytes::copy_from_slice(body)), Err(FlvError::Unsupported(name.to_owned())));
    }
    for (first, name) in [(0x2F, "MP3"), (0xBF, "Speex")] {
        assert_eq!(Demuxer::new().audio(0, &Bytes::from(vec![first])), Err(FlvError::Unsupported(name.to_owned())));
    }
}

proptest! {
    #[test]
    fn arbitrary_tags_never_panic(tags in proptest::collection::vec((any::<u32>(), 0..4u8, proptest::collection::vec(any::<u8>(), 0..80)), 0..20)) {
        let mut demuxer = ready(3);
        for (time, form, rest) in tags {
            let head: &[u8] = match form { 0 => &[0x17, 0, 0, 0, 0, 1], 1 => &[0x17, 1], 2 => &[0xAF], _ => &[] };
            let body = Bytes::from([head, &rest].concat());
            for event in [demuxer.video(time, &body), demuxer.audio(time, &body)].into_iter().flatten().flatten() {
                if let Event::Sample(sample) = event {
                    prop_assert!(sample.data.len() <= body.len());
                }
            }
        }
    }
}

//! Arbitrary tags: times rise within a track, and pictures are made of whole NAL units.
#![no_main]

use bytes::{Buf, Bytes};
use libfuzzer_sys::fuzz_target;
use live::flv::Demuxer;
use live::{Event, Packager, Packaging, Sample, Track};

/// One byte for the track, four for the time, two for the length, and the body: as often as there is something.
fn tag(data: &mut &[u8]) -> Option<(Track, u32, Bytes)> {
    let track = if data.try_get_u8().ok()? % 2 == 0 { Track::Video } else { Track::Audio };
    let (time, length) = (data.try_get_u32().ok()?, usize::from(data.try_get_u16().ok()?));
    let body = Bytes::copy_from_slice(data.get(..length).unwrap_or(data));
    data.advance(body.len());
    Some((track, time, body))
}

fn check_units(sample: &Sample) {
    let mut left = &sample.data[..];
    while !left.is_empty() {
        let length = left.get_u32() as usize;
        left.advance(length);
    }
}

fuzz_target!(|data: &[u8]| {
    let (mut data, mut demuxer, mut times) = (data, Demuxer::new(), [None; 2]);
    let mut packager = Packager::new(Packaging::default(), 0);
    while let Some((track, time, body)) = tag(&mut data) {
        let read = match track {
            Track::Video => demuxer.video(time, &body),
            Track::Audio => demuxer.audio(time, &body),
        };
        let Ok(Some(event)) = read else { continue };
        if let Event::Sample(sample) = &event {
            let before = times[usize::from(track == Track::Audio)].replace(sample.dts_ms);
            assert!(before.is_none_or(|before| before < sample.dts_ms));
            if track == Track::Video {
                check_units(sample);
            }
        }
        // Whatever is read can be packaged, or is refused with words.
        if packager.push(event).is_err() {
            packager.reconnect(0);
        }
    }
    packager.end();
});

//! Arbitrary parameter sets within a valid configuration, and a picture cut as the configuration says.
#![no_main]

use bytes::Bytes;
use libfuzzer_sys::fuzz_target;
use live::Event;
use live::flv::Demuxer;

fuzz_target!(|data: &[u8]| {
    let Some((&prefix, set)) = data.split_first() else { return };
    let Ok(length) = u16::try_from(set.len()) else { return };
    let head = [0x17, 0, 0, 0, 0, 1, 100, 0, 30, 0xFC | prefix, 0xE1];
    let record = [&head[..], &length.to_be_bytes(), set, &[1, 0, 1, 0x68]].concat();
    let mut demuxer = Demuxer::new();
    if let Ok(Some(Event::Video(config))) = demuxer.video(0, &Bytes::from(record)) {
        assert!((16..=8192).contains(&config.width) && (16..=8192).contains(&config.height));
        let picture = [&[0x17, 1, 0, 0, 0][..], set].concat();
        let _ = demuxer.video(40, &Bytes::from(picture));
    }
});

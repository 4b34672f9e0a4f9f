//! Sound through ffmpeg while it comes.

use crate::clips::Bench;
use media::Pipe;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

#[tokio::test]
async fn opus_becomes_aac_inside_the_jail() {
    let bench = Bench::new().await;
    let opus = std::fs::read(bench.render("-f lavfi -i sine=frequency=330:duration=2 -c:a libopus -page_duration 20000", "a.ogg"))
        .expect("a file");
    let Pipe { mut input, mut output, running } = Pipe::opus_to_aac(&bench.tools, &bench.jail).await.expect("a child");
    let feed = async move { input.write_all(&opus).await.expect("room") };
    let mut aac = Vec::new();
    let ((), read) = tokio::join!(feed, output.read_to_end(&mut aac));
    read.expect("AAC");
    drop(running);
    assert_eq!(aac.get(..2), Some(&[0xFF, 0xF1][..]), "ADTS without checksums");
    let frames = frames(&aac);
    assert!((93..=97).contains(&frames), "{frames} frames of 1,024 samples in two seconds");
}

/// Frames by the lengths in their heads: the bytes of a head may stand inside a frame too.
fn frames(aac: &[u8]) -> usize {
    let (mut at, mut count) = (0, 0);
    while let Some(head) = aac.get(at..at + 7).filter(|head| head.starts_with(&[0xFF, 0xF1])) {
        at += usize::from(head[3] & 3) << 11 | usize::from(head[4]) << 3 | usize::from(head[5]) >> 5;
        count += 1;
    }
    assert_eq!(at, aac.len(), "nothing but whole frames");
    count
}

//! Recordings of what was live: joined to one file, and cut.

use crate::clips::{Bench, assert_decodes};
use media::{CancellationToken, Stretch, cut, join, recorded_master};
use std::path::Path;

/// A track as a broadcast leaves it: fragments and their playlist, here written by ffmpeg.
fn track(bench: &Bench, name: &str, source: &str, codec: &str) {
    let folder = bench.out().join(name);
    std::fs::create_dir_all(&folder).expect("a folder");
    let hls = "-f hls -hls_time 2 -hls_playlist_type vod -hls_segment_type fmp4 -hls_fmp4_init_filename init-0.mp4 -hls_segment_filename";
    bench.render(&format!("{source} {codec} {hls} {}/%d.m4s", folder.display()), &format!("out/{name}/index.m3u8"));
}

fn video(bench: &Bench, name: &str, size: &str) {
    let codec = "-c:v libx264 -preset ultrafast -pix_fmt yuv420p -g 50 -bf 0";
    track(bench, name, &format!("-f lavfi -i testsrc2=s={size}:r=25:d=4"), codec);
}

fn audio(bench: &Bench, name: &str) {
    track(bench, name, "-f lavfi -i sine=440:d=4", "-c:a aac -ac 2");
}

fn stretch(video: &str, audio: &str) -> Stretch {
    Stretch { video: Some(format!("{video}/index.m3u8")), audio: Some(format!("{audio}/index.m3u8")) }
}

async fn joined(bench: &Bench, stretches: &[Stretch], to: &Path) -> media::SourceInfo {
    let length_ms = 4_000 * stretches.len() as u64;
    join(&bench.tools, &bench.jail, (&bench.out(), stretches, length_ms), to, &CancellationToken::new()).await.expect("it is joined");
    assert_decodes(to);
    bench.probe(to).await.expect("a recording")
}

#[tokio::test]
async fn what_is_coded_alike_is_copied_to_one_file() {
    let bench = Bench::new().await;
    video(&bench, "video", "640x360");
    audio(&bench, "audio");
    let to = bench.path("whole");
    let source = joined(&bench, &[stretch("video", "audio")], &to).await;
    let picture = source.video.expect("a picture");
    assert_eq!((picture.width, picture.height, picture.codec.as_str()), (640, 360, "h264"));
    assert!(source.audio.is_some() && (3_900..4_200).contains(&source.duration_ms), "{} ms", source.duration_ms);
    assert!(!bench.path("whole.part").exists(), "nothing is left behind");
}

#[tokio::test]
async fn a_change_of_coding_becomes_one_file_all_the_same() {
    let bench = Bench::new().await;
    video(&bench, "one", "640x360");
    video(&bench, "two", "320x240");
    audio(&bench, "audio");
    let source = joined(&bench, &[stretch("one", "audio"), stretch("two", "audio")], &bench.path("whole")).await;
    assert_eq!(source.video.map(|v| (v.width, v.height)), Some((1280, 720)));
    assert!((7_800..8_300).contains(&source.duration_ms), "{} ms", source.duration_ms);
}

#[tokio::test]
async fn sound_alone_is_kept_too() {
    let bench = Bench::new().await;
    audio(&bench, "audio");
    let source = joined(&bench, &[Stretch { video: None, audio: Some("audio/index.m3u8".into()) }], &bench.path("whole")).await;
    assert!(source.video.is_none() && source.audio.is_some());
}

#[tokio::test]
async fn a_cut_keeps_what_it_names_to_the_frame() {
    let bench = Bench::new().await;
    let clip = bench.render(
        "-f lavfi -i testsrc2=s=320x180:r=25:d=6 -f lavfi -i sine=440:d=6 -c:v libx264 -g 250 -pix_fmt yuv420p -c:a aac",
        "clip.mp4",
    );
    let source = bench.probe(&clip).await.expect("a recording");
    let to = bench.path("cut");
    cut(&bench.tools, &bench.jail, (&clip, &source), &[(500, 2_000), (4_000, 5_500)], &to, |_| (), &CancellationToken::new())
        .await
        .expect("it is cut");
    assert_decodes(&to);
    let length = bench.probe(&to).await.expect("a recording").duration_ms;
    assert!((2_950..3_150).contains(&length), "{length} ms");
}

#[tokio::test]
async fn the_master_playlist_names_what_lies_there() {
    let bench = Bench::new().await;
    video(&bench, "video", "640x360");
    audio(&bench, "audio");
    let text = recorded_master(&bench.out(), Some("init-0.mp4"), Some("init-0.mp4")).expect("readable tracks");
    assert!(text.contains("RESOLUTION=640x360") && text.contains("video/index.m3u8") && text.contains("audio/index.m3u8"), "{text}");
    assert!(text.contains("avc1.") && text.contains("mp4a.40.2"), "{text}");
}

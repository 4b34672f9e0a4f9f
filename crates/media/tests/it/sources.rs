//! What people send: phones, old cameras, screen recorders, broken uploads.

use media::{AudioMode, Container, SourceInfo, StepKind, StepOutput, VideoInfo};

use crate::clips::{Bench, assert_decodes, ffmpeg_knows, ffprobe};

fn picture(source: &SourceInfo) -> &VideoInfo {
    source.video.as_ref().expect("a picture")
}

/// Publishes a rendered clip, sees that all results decode without a word, and returns facts and rung sizes.
async fn published(args: &str, name: &str) -> (SourceInfo, Vec<(u32, u32)>, Vec<StepOutput>) {
    let bench = Bench::new().await;
    let clip = bench.render(args, name);
    let (source, plan, outputs) = bench.publish(&clip).await;
    assert_eq!(plan.steps.len(), outputs.len());
    let mut sizes = Vec::new();
    for output in &outputs {
        match output {
            StepOutput::Rung(rung) => {
                sizes.push((rung.width, rung.height));
                let playlist = bench.out().join(&rung.folder).join("index.m3u8");
                assert_decodes(&playlist);
                assert_eq!(ffprobe(&playlist, "stream=width,height,pix_fmt"), format!("{},{},yuv420p", rung.width, rung.height));
            }
            StepOutput::Audio(audio) => {
                assert_decodes(&bench.out().join(&audio.folder).join("index.m3u8"));
                assert!(audio.channels <= 2 && audio.codec == "mp4a.40.2", "{audio:?}");
            }
            StepOutput::Poster { file } => assert_decodes(&bench.out().join(file)),
            _ => {}
        }
    }
    (source, sizes, outputs)
}

#[tokio::test]
async fn a_phone_held_upright() {
    let bench = Bench::new().await;
    let lying = bench.render("-f lavfi -i testsrc2=s=640x360:r=30:d=3 -c:v libx264 -preset ultrafast -pix_fmt yuv420p", "lying.mp4");
    let args = format!("-display_rotation:v:0 90 -i {} -c copy", lying.display());
    let args = if ffmpeg_knows("display_rotation") { args } else { format!("-i {} -c copy -metadata:s:v:0 rotate=90", lying.display()) };
    let (source, sizes, _) = published(&args, "upright.mp4").await;
    assert!(picture(&source).rotation % 180 == 90, "{source:?}");
    assert_eq!((picture(&source).width, picture(&source).height), (360, 640));
    assert_eq!(sizes, [(360, 640)]);
}

#[tokio::test]
async fn ten_bits_and_hdr() {
    let (source, sizes, _) = published(
        "-f lavfi -i testsrc2=s=320x180:r=25:d=2 -c:v libx265 -preset ultrafast -pix_fmt yuv420p10le -x265-params log-level=error \
         -color_primaries bt2020 -color_trc smpte2084 -colorspace bt2020nc",
        "hdr.mp4",
    )
    .await;
    assert!(picture(&source).hdr && picture(&source).pix_fmt == "yuv420p10le", "{source:?}");
    assert_eq!(sizes, [(320, 180)]);
}

#[tokio::test]
async fn uneven_frames() {
    let (source, sizes, outputs) = published(
        "-f lavfi -i testsrc2=s=320x180:r=30:d=6 -vf select='gt(mod(n\\,7)\\,2)+lt(t\\,2)' -fps_mode vfr -c:v libx264 -preset ultrafast -pix_fmt yuv420p",
        "uneven.mkv",
    )
    .await;
    assert!(picture(&source).variable_fps, "{source:?}");
    assert_eq!((source.container, sizes.len()), (Container::Matroska, 1));
    assert!(matches!(&outputs[0], StepOutput::Rung(rung) if !rung.copied));
}

#[tokio::test]
async fn an_old_camera_with_half_pictures() {
    let (source, sizes, _) = published(
        "-f lavfi -i testsrc2=s=720x576:r=50:d=3 -vf interlace,setsar=64/45 -c:v mpeg2video -flags +ilme+ildct -b:v 3M -c:a mp2",
        "old.ts",
    )
    .await;
    assert!(picture(&source).interlaced && !picture(&source).square_pixels, "{source:?}");
    assert_eq!((source.container, picture(&source).width), (Container::MpegTs, 1024));
    assert_eq!(sizes, [(640, 360), (1024, 576)]);
}

#[tokio::test]
async fn six_channels_become_two() {
    let (source, _, outputs) = published(
        "-f lavfi -i testsrc2=s=320x180:r=25:d=3 -f lavfi -i anoisesrc=d=3:a=0.2 -af aformat=channel_layouts=5.1 -c:v libx264 -preset ultrafast \
         -pix_fmt yuv420p -c:a aac",
        "surround.mp4",
    )
    .await;
    assert_eq!(source.audio.expect("sound").channels, 6);
    assert!(outputs.iter().any(|output| matches!(output, StepOutput::Audio(audio) if audio.channels == 2)));
}

#[tokio::test]
async fn odd_sizes_and_no_sound() {
    let (source, sizes, outputs) = published("-f lavfi -i testsrc=s=321x181:r=25:d=2 -c:v mjpeg -pix_fmt yuvj444p", "odd.avi").await;
    assert_eq!((picture(&source).width, picture(&source).height, source.container), (321, 181, Container::Avi));
    assert_eq!(sizes, [(320, 180)]);
    assert!(source.audio.is_none() && !outputs.iter().any(|output| matches!(output, StepOutput::Audio(_))));
}

#[tokio::test]
async fn a_flash_recording_in_an_mp3_world() {
    let args = "-f lavfi -i testsrc2=s=320x180:r=25:d=2 -f lavfi -i sine=440:d=2 -c:v flv1 -c:a libmp3lame -ar 44100";
    let (source, _, _) = published(args, "old.flv").await;
    assert_eq!((source.container, picture(&source).codec.as_str()), (Container::Flv, "flv1"));
}

#[tokio::test]
async fn sound_alone_and_silence() {
    for (args, name) in [
        ("-f lavfi -i anullsrc=d=2 -ac 1", "silence.wav"),
        ("-f lavfi -i sine=330:d=2 -c:a libmp3lame", "tone.mp3"),
        ("-f lavfi -i sine=330:d=2 -c:a aac", "tone.aac"),
    ] {
        let (source, sizes, outputs) = published(args, name).await;
        assert!(source.video.is_none() && sizes.is_empty(), "{name}: {source:?}");
        assert!(matches!(outputs[0], StepOutput::Audio(_)), "{name}");
        assert!((1_500..2_500).contains(&source.duration_ms), "{name}: {source:?}");
    }
}

/// 8 GB that take no room on the disk, with a good head: the tail is nothing, and reading it must not take for ever.
#[tokio::test]
async fn eight_gigabytes_of_hole_behind_a_good_head() {
    let bench = Bench::new().await;
    let args = "-f lavfi -i testsrc2=s=320x180:r=25:d=2 -c:v libx264 -preset ultrafast -pix_fmt yuv420p -movflags +faststart";
    let clip = bench.render(args, "sparse.mp4");
    std::fs::File::options().append(true).open(&clip).and_then(|file| file.set_len(8 << 30)).expect("a sparse file");
    let (source, plan, outputs) = bench.publish(&clip).await;
    assert_eq!((source.bytes, source.duration_ms), (8 << 30, 2_000));
    assert!(matches!(plan.steps[0].kind, StepKind::CopyRung { .. }) && outputs.len() == plan.steps.len());
    assert!(!plan.steps.iter().any(|step| matches!(step.kind, StepKind::Audio { mode: AudioMode::Copy })));
}

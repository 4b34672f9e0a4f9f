//! From a file to a playable folder.

use std::path::Path;

use media::{AudioMode, AudioRendition, RungInfo, StepKind, StepOutput, master_playlist};

use crate::clips::{Bench, assert_decodes, lengths};

const GOOD: &str = "-f lavfi -i testsrc2=s=1280x720:r=25:d=8.06 -f lavfi -i sine=440:d=8.06 -c:v libx264 -preset ultrafast -profile:v main \
    -pix_fmt yuv420p -b:v 900k -g 50 -bf 2 -c:a aac -ac 2";

fn rungs(outputs: &[StepOutput]) -> Vec<RungInfo> {
    outputs.iter().filter_map(|output| if let StepOutput::Rung(rung) = output { Some(rung.clone()) } else { None }).collect()
}

fn sound(outputs: &[StepOutput]) -> Option<&AudioRendition> {
    outputs.iter().find_map(|output| if let StepOutput::Audio(audio) = output { Some(audio) } else { None })
}

/// The names of what lies in a folder, sorted.
fn listing(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = std::fs::read_dir(folder)
        .expect("a folder")
        .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

/// When the first sample of a rendition is shown, in ticks, as players without edit lists see it: `tfdt` and first offset.
fn first_shown(folder: &Path) -> (u64, i32) {
    let segment = std::fs::read(folder.join("s00000.m4s")).expect("a segment");
    let at = |kind: &[u8; 4]| segment.windows(4).position(|word| word == kind).expect("the box") + 4;
    let number = |at: usize| u32::from_be_bytes(*segment[at..].first_chunk().expect("four bytes"));
    let tfdt = at(b"tfdt");
    assert_eq!(segment[tfdt], 1, "64-bit times");
    let trun = at(b"trun");
    let flags = number(trun) & 0x00ff_ffff;
    // Behind version, flags and count: data offset, flags of the first sample, then its duration, size, flags, offset.
    let present = |bit: u32| usize::from(flags & bit != 0) * 4;
    let offset = trun + 8 + present(1) + present(4) + present(0x100) + present(0x200) + present(0x400);
    let shift = if flags & 0x800 == 0 { 0 } else { number(offset) as i32 };
    (u64::from(number(tfdt + 4)) << 32 | u64::from(number(tfdt + 8)), shift)
}

#[tokio::test]
async fn a_good_file_is_copied_and_gets_lower_rungs_in_step() {
    let bench = Bench::new().await;
    let clip = bench.render(GOOD, "good.mp4");
    let (source, plan, outputs) = bench.publish(&clip).await;
    let video = source.video.expect("a picture");
    assert_eq!((video.longest_keyframe_gap_ms, video.variable_fps, video.interlaced), (2_000, false, false));
    assert!(
        matches!(plan.steps[0].kind, StepKind::CopyRung { .. }) && matches!(plan.steps[1].kind, StepKind::Audio { mode: AudioMode::Copy })
    );

    let out = bench.out();
    assert_eq!(listing(&out), ["a", "al", "poster", "storyboard", "v1280x720", "v640x360"], "nothing half done is left");
    assert_eq!(lengths(&out.join("v1280x720")), lengths(&out.join("v640x360")), "players switch at any segment");
    for rung in rungs(&outputs) {
        assert_eq!(first_shown(&out.join(&rung.folder)), (0, 0), "no delay against the sound");
        assert!(rung.average_bps > 10_000 && rung.average_bps <= rung.peak_bps, "{rung:?}");
        assert_eq!(rung.copied, rung.folder == "v1280x720");
    }
    assert_decodes(&bench.write("out/master.m3u8", master_playlist(&rungs(&outputs), sound(&outputs))));
    assert_decodes(&out.join("poster/poster.jpg"));
    assert_decodes(&out.join("storyboard/sheet000.jpg"));
    let track = std::fs::read_to_string(out.join("storyboard/index.vtt")).expect("a track");
    assert_eq!(track.matches("#xywh=").count(), 9, "{track}");
}

#[tokio::test]
async fn a_last_frame_of_sound_is_folded_into_the_segment_before() {
    let bench = Bench::new().await;
    // 188 frames of 1024 samples are a little more than four seconds.
    let clip = bench.render("-f lavfi -i sine=440:r=48000:d=4.005 -c:a aac -ac 2", "sound.mp4");
    let (_, plan, outputs) = bench.publish(&clip).await;
    assert!(plan.steps.iter().all(|step| !matches!(step.kind, StepKind::Poster(_) | StepKind::EncodeRung(_))));
    let folder = bench.out().join("a");
    let lengths = lengths(&folder);
    assert!(lengths.len() == 1 && lengths[0] > 4.0, "{lengths:?}");
    assert_eq!(listing(&folder), ["index.m3u8", "init.mp4", "s00000.m4s"]);
    assert_decodes(&bench.write("out/master.m3u8", master_playlist(&[], sound(&outputs))));
}

#[tokio::test]
async fn loud_sound_is_levelled_and_a_second_run_replaces_the_first() {
    let bench = Bench::new().await;
    let clip = bench.render("-f lavfi -i aevalsrc='0.9*sin(2*PI*440*t)':d=4 -c:a libvorbis -ac 2", "loud.ogg");
    let (_, plan, _) = bench.publish(&clip).await;
    assert!(matches!(plan.steps[0].kind, StepKind::Audio { mode: AudioMode::Encode }) && plan.steps.len() == 1);
    // The result is measured by planning it as a source: now it is copied, and found good.
    let whole = bench.path("again.mp4");
    let (init, segment) = (bench.out().join("a/init.mp4"), bench.out().join("a/s00000.m4s"));
    std::fs::write(&whole, [std::fs::read(init).expect("init"), std::fs::read(segment).expect("segment")].concat()).expect("a file");
    let (_, _, outputs) = bench.publish(&whole).await;
    let Some(StepOutput::Loudness { measured, levelled: None }) = outputs.last() else { panic!("{outputs:?}") };
    assert!((measured.integrated + 16.0).abs() < 2.0, "{measured:?}");
    assert_eq!(listing(&bench.out()), ["a"]);
}

#[tokio::test]
async fn sound_that_starts_late_stays_late() {
    let bench = Bench::new().await;
    let clip = bench.render(
        "-f lavfi -i testsrc2=s=320x180:r=25:d=3 -itsoffset 0.5 -f lavfi -i sine=440:r=48000:d=2.5 -c:v libx264 -preset ultrafast \
         -pix_fmt yuv420p -c:a aac -ac 2",
        "late.mp4",
    );
    bench.publish(&clip).await;
    let (ticks, _) = first_shown(&bench.out().join("a"));
    assert!((22_000..=24_000).contains(&ticks), "half a second, less the encoder's run-in: {ticks} of 48000");
    assert_eq!(first_shown(&bench.out().join("v320x180")), (0, 0));
}

#[tokio::test]
async fn pictures_that_start_late_do_so_in_every_rung() {
    let bench = Bench::new().await;
    let clip = bench.render(
        "-itsoffset 0.48 -f lavfi -i testsrc2=s=854x480:r=25:d=6 -f lavfi -i sine=440:r=48000:d=6 -c:v libx264 -preset ultrafast -g 50 -bf 2 \
         -pix_fmt yuv420p -fps_mode passthrough -c:a aac -ac 2",
        "late.mp4",
    );
    bench.publish(&clip).await;
    let (copied, encoded) = (bench.out().join("v854x480"), bench.out().join("v640x360"));
    assert_eq!(first_shown(&copied), first_shown(&encoded));
    assert_eq!(first_shown(&copied), (6_144, 0), "0.48 s of 12800 ticks");
    assert_eq!(lengths(&copied), lengths(&encoded));
}

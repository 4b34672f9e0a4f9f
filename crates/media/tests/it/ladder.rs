//! Lower qualities of a broadcast, made while it runs.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use media::{Frame, Ladder, live_rungs};
use tokio::io::AsyncWriteExt;

use crate::clips::Bench;

const SOURCE: Frame = Frame { width: 1280, height: 736 };

/// Six seconds as an encoder with B-frames sends them, twenty minutes into a broadcast.
fn source(folder: &Path) -> Vec<u8> {
    let file = folder.join("source.flv");
    let picture = format!("testsrc2=size={}x{}:rate=25:duration=6", SOURCE.width, SOURCE.height);
    let run = Command::new("ffmpeg")
        .args(["-v", "error", "-f", "lavfi", "-i", &picture, "-c:v", "libx264", "-preset", "ultrafast", "-bf", "2", "-g", "50"])
        .args(["-pix_fmt", "yuv420p", "-output_ts_offset", "1200", "-f", "flv"])
        .arg(&file)
        .status();
    assert!(run.expect("ffmpeg").success());
    std::fs::read(file).expect("a clip")
}

/// Moments at which pictures are shown, and whether they are keyframes.
fn shown(file: &Path) -> Vec<String> {
    let run = Command::new("ffprobe")
        .args(["-v", "error", "-select_streams", "v", "-show_entries", "packet=pts_time,flags", "-of", "csv=p=0"])
        .arg(file)
        .output()
        .expect("ffprobe");
    let mut shown: Vec<_> = String::from_utf8(run.stdout).expect("text").lines().map(str::to_owned).collect();
    shown.sort();
    shown
}

#[tokio::test]
async fn rungs_have_the_pictures_of_their_source_with_its_stamps_and_keyframes() {
    let bench = Bench::new().await;
    let folder = tempfile::tempdir().expect("a folder");
    let flv = source(folder.path());
    let Ladder { mut input, outputs, child } =
        Ladder::start(&bench.tools, &bench.jail, SOURCE, &live_rungs(SOURCE)).await.expect("it starts");
    assert_eq!(outputs.iter().map(|(lines, _)| *lines).collect::<Vec<_>>(), [720, 360]);
    let feeding = tokio::spawn(async move {
        input.write_all(&flv).await.expect("it reads");
        drop(input);
    });
    let mut readers = Vec::new();
    for (lines, mut output) in outputs {
        let file = folder.path().join(format!("{lines}.flv"));
        readers.push(tokio::spawn(async move {
            let (mut bytes, mut buffer) = (Vec::new(), vec![0; 65_536]);
            while let n @ 1.. = output.read(&mut buffer).await.expect("a pipe") {
                bytes.extend_from_slice(&buffer[..n]);
            }
            std::fs::write(&file, bytes).expect("a file");
            file
        }));
    }
    child.wait().await.expect("it ends well");
    feeding.await.expect("it was fed");
    let want = shown(&folder.path().join("source.flv"));
    assert_eq!(want.len(), 150);
    assert!(want[0].starts_with("1200."), "{}", want[0]);
    for reader in readers {
        let file = reader.await.expect("it was read");
        assert_eq!(shown(&file), want, "{}", file.display());
        let run = Command::new("ffmpeg").args(["-v", "error", "-i"]).arg(&file).args(["-f", "null", "-"]).output().expect("ffmpeg");
        assert!(run.stderr.is_empty(), "{}", String::from_utf8_lossy(&run.stderr));
    }
}

#[tokio::test]
async fn a_ladder_that_is_fed_nonsense_or_let_go_ends_and_so_do_its_outputs() {
    let bench = Bench::new().await;
    let rungs = live_rungs(SOURCE);
    let start = || Ladder::start(&bench.tools, &bench.jail, SOURCE, &rungs);
    let Ladder { mut input, mut outputs, child } = start().await.expect("it starts");
    // ffmpeg may give up before all of it is written.
    let _ = input.write_all(b"#EXTM3U\nfile:///etc/passwd\n").await;
    drop(input);
    assert!(child.wait().await.is_err());
    let ends = |output: media::LadderOutput| async move {
        let mut output = output;
        tokio::time::timeout(Duration::from_secs(20), output.read(&mut [0; 64])).await.expect("no wait without an end")
    };
    assert_eq!(ends(outputs.remove(0).1).await.expect("a pipe"), 0);
    let Ladder { outputs, child, input: _input } = start().await.expect("it starts");
    drop(child);
    for (_, output) in outputs {
        assert_eq!(ends(output).await.expect("a pipe"), 0);
    }
}

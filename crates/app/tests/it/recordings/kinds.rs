//! What people's devices record, from the upload to what players fetch: pictures the right way up, eight bits, even sizes,
//! sound in stereo. Needs ffmpeg.

use super::real::{Workers, settled, until};
use super::tus::{clerk, patch};
use crate::support::{Client, TestApp};
use app::jobs::{self, JobState};
use app::recordings::RENDITIONS;
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// What became of a clip: its facts, and a folder with everything that the master playlist leads to, as it was served.
struct Served {
    app: TestApp,
    facts: Value,
    master: String,
    folder: PathBuf,
}

fn run(program: &str, args: &str, file: &Path) -> Output {
    let done = Command::new(program).args(["-v", "error"]).args(args.split_whitespace()).arg(file).output().expect("it is installed");
    assert!(
        done.status.success() && done.stderr.is_empty(),
        "{program} {args} {}: {}",
        file.display(),
        String::from_utf8_lossy(&done.stderr)
    );
    done
}

/// Whether this ffmpeg has an option; they come and go between versions.
fn ffmpeg_knows(option: &str) -> bool {
    let help = Command::new("ffmpeg").args(["-v", "error", "-h", "full"]).output().expect("ffmpeg");
    String::from_utf8_lossy(&help.stdout).lines().any(|line| line.starts_with(&format!("-{option}")))
}

/// Renders a clip, sends it in two pieces, waits until it is done and fetches what players would.
async fn served(args: &str, name: &str) -> Served {
    let app = TestApp::sqlite().await.with_tree().await;
    let clip = app.dir.path().join(name);
    run("ffmpeg", &format!("-nostdin {args}"), &clip);
    served_from(app, &clip).await
}

async fn served_from(app: TestApp, clip: &Path) -> Served {
    let clerk = clerk(&app).await;
    let workers = Workers::of(&app);
    let bytes = std::fs::read(clip).unwrap();
    let half = bytes.len() / 2;
    let name = clip.file_name().unwrap().to_str().unwrap();
    let place = clerk.begin("video", name, bytes.len()).await.expect(201).header("location").to_owned();
    patch(&clerk.client, &place, 0, bytes[..half].to_vec()).await.expect(204);
    patch(&clerk.client, &place, half, bytes[half..].to_vec()).await.expect(204);
    let status = settled(&clerk.client, &place).await;
    assert_eq!(status["state"], "ready", "{status}");
    let id = status["material"].as_str().unwrap();
    let job = async || jobs::latest_for(&mut app.db.read().await.unwrap(), RENDITIONS, id).await.unwrap();
    until("it is playable", async || job().await.filter(|job| job.state == JobState::Done)).await;
    workers.stop().await;
    let facts = clerk.client.get(&format!("/api/v1/lessons/{}/materials", clerk.lesson)).await.expect(200).json()[0].clone();
    let folder = app.dir.path().join("served");
    let master = fetch(&app.anonymous(), facts["media"].as_str().unwrap(), &folder).await;
    Served { app, facts, master, folder }
}

/// Fetches the master playlist and everything that it leads to; its text.
async fn fetch(player: &Client, base: &str, folder: &Path) -> String {
    std::fs::create_dir(folder).unwrap();
    let master = player.get(&format!("{base}/master.m3u8")).await.expect(200).text();
    for playlist in addresses(&master) {
        let below = folder.join(&playlist);
        let part = below.parent().unwrap();
        std::fs::create_dir_all(part).unwrap();
        let text = player.get(&format!("{base}/{playlist}")).await.expect(200).text();
        std::fs::write(&below, &text).unwrap();
        for file in addresses(&text) {
            let address = format!("{base}/{}/{file}", playlist.trim_end_matches("/index.m3u8"));
            std::fs::write(part.join(file), player.get(&address).await.expect(200).body).unwrap();
        }
    }
    master
}

/// Everything that a playlist names, each thing once.
fn addresses(playlist: &str) -> Vec<String> {
    let named = playlist.lines().filter_map(|line| line.split_once("URI=\"")?.1.split('"').next());
    let mut all: Vec<_> =
        named.chain(playlist.lines().filter(|line| !line.starts_with('#') && !line.is_empty())).map(str::to_owned).collect();
    all.sort();
    all.dedup();
    all
}

impl Served {
    /// Playlists of pictures, each of which decodes without a word from ffmpeg.
    fn rungs(&self) -> Vec<PathBuf> {
        self.playlists('v')
    }

    /// Playlists of sound.
    fn sounds(&self) -> Vec<PathBuf> {
        self.playlists('a')
    }

    fn playlists(&self, kind: char) -> Vec<PathBuf> {
        let all: Vec<_> =
            addresses(&self.master).into_iter().filter(|name| name.starts_with(kind)).map(|name| self.folder.join(name)).collect();
        for playlist in &all {
            let decoded = Command::new("ffmpeg").args(["-nostdin", "-v", "warning", "-i"]).arg(playlist).args(["-f", "null", "-"]).output();
            let decoded = decoded.unwrap();
            assert!(decoded.status.success() && decoded.stderr.is_empty(), "{}", String::from_utf8_lossy(&decoded.stderr));
        }
        all
    }

    /// The only rung, as ffprobe tells it: `width,height,pix_fmt,color_transfer`.
    fn only_rung(&self) -> (PathBuf, String) {
        let rungs = self.rungs();
        assert_eq!(rungs.len(), 1, "{}", self.master);
        (rungs[0].clone(), probed(&rungs[0], "stream=width,height,pix_fmt,color_transfer"))
    }
}

fn probed(file: &Path, entries: &str) -> String {
    let told = run("ffprobe", &format!("-of csv=p=0 -show_entries {entries}"), file);
    String::from_utf8_lossy(&told.stdout).lines().next().unwrap_or_default().trim_matches(',').to_owned()
}

/// The first picture as players show it, in two pixels, the upper one first.
fn upper_and_lower(file: &Path) -> [[u8; 3]; 2] {
    let args = ["-frames:v", "1", "-vf", "scale=1:2:flags=area", "-f", "rawvideo", "-pix_fmt", "rgb24", "-"];
    let shown = Command::new("ffmpeg").args(["-nostdin", "-v", "error", "-i"]).arg(file).args(args).output().unwrap().stdout;
    [[shown[0], shown[1], shown[2]], [shown[3], shown[4], shown[5]]]
}

fn alike(a: [u8; 3], b: [u8; 3]) -> bool {
    a.iter().zip(b).all(|(a, b)| a.abs_diff(b) < 40)
}

#[tokio::test]
async fn a_phone_held_upright_is_shown_upright_and_tells_no_place() {
    let app = TestApp::sqlite().await.with_tree().await;
    let (lying, upright) = (app.dir.path().join("lying.mp4"), app.dir.path().join("upright.mov"));
    // Red on the left and blue on the right: turned, one of them is on top.
    let picture = "-f lavfi -i color=red:s=160x180:r=25:d=2 -f lavfi -i color=blue:s=160x180:r=25:d=2 -filter_complex hstack";
    run("ffmpeg", &format!("-nostdin {picture} -c:v libx264 -preset ultrafast -pix_fmt yuv420p"), &lying);
    let (before, after) =
        if ffmpeg_knows("display_rotation") { ("-display_rotation:v:0 90", "") } else { ("", "-metadata:s:v:0 rotate=90") };
    let place = "-metadata location=+31.2304+121.4737/";
    run("ffmpeg", &format!("-nostdin {before} -i {} -c copy {after} {place}", lying.display()), &upright);
    let told = |bytes: &[u8]| bytes.windows(7).any(|window| window == b"31.2304");
    assert!(told(&std::fs::read(&upright).unwrap()), "or the test could not fail");
    let wanted = upper_and_lower(&upright);
    assert!(!alike(wanted[0], wanted[1]), "or the test could not fail: {wanted:?}");
    let served = served_from(app, &upright).await;
    assert_eq!((&served.facts["width"], &served.facts["height"]), (&180.into(), &320.into()));
    let (rung, told_of) = served.only_rung();
    assert!(told_of.starts_with("180,320,yuv420p"), "{told_of}");
    let shown = upper_and_lower(&rung);
    assert!(alike(shown[0], wanted[0]) && alike(shown[1], wanted[1]), "{shown:?}, not {wanted:?}");
    assert!(!probed(&rung, "stream_side_data=rotation").contains("90"), "it is turned, not marked");
    for entry in std::fs::read_dir(rung.parent().unwrap()).unwrap() {
        assert!(!told(&std::fs::read(entry.unwrap().path()).unwrap()));
    }
}

#[tokio::test]
async fn ten_bits_of_hdr_become_eight_that_every_phone_shows() {
    let served = served(
        "-f lavfi -i testsrc2=s=320x180:r=25:d=2 -c:v libx265 -preset ultrafast -pix_fmt yuv420p10le -x265-params log-level=error \
         -color_primaries bt2020 -color_trc smpte2084 -colorspace bt2020nc",
        "hdr.mp4",
    )
    .await;
    let (rung, told) = served.only_rung();
    assert!(told.starts_with("320,180,yuv420p,") && !told.contains("smpte2084"), "{told}");
    assert_eq!(probed(&rung, "stream=codec_name"), "h264");
}

#[tokio::test]
async fn uneven_frames_become_even_ones_in_step_with_the_sound() {
    let served = served(
        "-f lavfi -i testsrc2=s=320x180:r=30:d=3 -f lavfi -i sine=440:d=3 -vf select='gt(mod(n\\,7)\\,2)+lt(t\\,1)' -fps_mode vfr \
         -c:v libx264 -preset ultrafast -pix_fmt yuv420p -c:a aac",
        "uneven.mkv",
    )
    .await;
    let (rung, _) = served.only_rung();
    let times = run("ffprobe", "-of csv=p=0 -show_entries packet=duration_time", &rung);
    let mut lengths: Vec<_> = String::from_utf8_lossy(&times.stdout).lines().map(|l| l.trim_matches(',').to_owned()).collect();
    lengths.sort();
    lengths.dedup();
    assert_eq!(lengths.len(), 1, "every frame is as long as the others: {lengths:?}");
    let ends = [&rung, &served.sounds()[0]].map(|file| probed(file, "format=duration").parse::<f64>().unwrap());
    assert!((ends[0] - ends[1]).abs() < 0.2, "{ends:?}");
}

#[tokio::test]
async fn a_film_without_sound_plays_without_sound() {
    let served = served("-f lavfi -i testsrc2=s=320x180:r=25:d=2 -c:v libx264 -preset ultrafast -pix_fmt yuv420p", "mute.mp4").await;
    assert!(served.sounds().is_empty() && !served.master.contains("AUDIO"), "{}", served.master);
    assert!(served.only_rung().1.starts_with("320,180,yuv420p"));
}

#[tokio::test]
async fn sound_alone_plays_as_sound() {
    let served = served("-f lavfi -i sine=330:d=2 -ac 1 -c:a libmp3lame", "tone.mp3").await;
    assert_eq!((&served.facts["width"], served.rungs().len()), (&Value::Null, 0));
    let sounds = served.sounds();
    assert!(sounds.iter().all(|sound| probed(sound, "stream=codec_name") == "aac") && !sounds.is_empty(), "{}", served.master);
    assert!((1_500..2_500).contains(&served.facts["duration_ms"].as_u64().unwrap()), "{}", served.facts);
    assert!(!served.app.objects.renditions(served.facts["id"].as_str().unwrap()).join("poster").exists());
}

#[tokio::test]
async fn six_channels_are_heard_from_two() {
    let served = served(
        "-f lavfi -i testsrc2=s=320x180:r=25:d=2 -f lavfi -i anoisesrc=d=2:a=0.2 -af aformat=channel_layouts=5.1 -c:v libx264 \
         -preset ultrafast -pix_fmt yuv420p -c:a aac",
        "surround.mp4",
    )
    .await;
    let sounds = served.sounds();
    assert!(!sounds.is_empty() && sounds.iter().all(|sound| probed(sound, "stream=codec_name,channels") == "aac,2"), "{}", served.master);
    assert!(served.master.contains("CHANNELS=\"2\""));
}

#[tokio::test]
async fn odd_sizes_become_even_ones() {
    let served = served("-f lavfi -i testsrc=s=853x481:r=25:d=1 -c:v mjpeg -q:v 5 -pix_fmt yuvj444p", "odd.avi").await;
    assert_eq!((&served.facts["width"], &served.facts["height"]), (&853.into(), &481.into()));
    let rungs = served.rungs();
    assert!(!rungs.is_empty());
    for rung in rungs {
        let told = probed(&rung, "stream=width,height,pix_fmt");
        let [width, height, format] = told.split(',').collect::<Vec<_>>().try_into().unwrap();
        let [width, height] = [width, height].map(|side: &str| side.parse::<u32>().unwrap());
        assert!(width % 2 == 0 && height % 2 == 0 && format == "yuv420p", "{told}");
        assert!(width <= 854 && (width * 481).abs_diff(height * 853) < 2 * 853, "{told} has the shape of the film");
    }
}

//! Lower qualities of a broadcast, with the real program and a real encoder.

use super::live::{below, playlist};
use super::{Host, PATIENCE, PAUSE, publish_sized};
use crate::support::TestApp;
use crate::support::binary::Binary;
use kernel::Role;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

async fn server(rungs: &str) -> Binary {
    let app = TestApp::now().await.with_tree().await;
    app.account("host.a", Role::Host, "township-a").await;
    Binary::serve(app, &format!("rtmp_listen = \"127.0.0.1:0\"\nlive_rungs = \"{rungs}\"")).await
}

/// On air with a picture of 640 × 480; the address of the master.
async fn on_air(host: &Host<'_>) -> String {
    host.is("testing").await;
    assert_eq!(host.post("on-air").await.0, 200);
    host.stands("on_air").await["manifest"].as_str().expect("something to play").to_owned()
}

async fn rungs(host: &Host<'_>, wanted: &Value) {
    host.until(&format!("/broadcasts/{}/health", host.id), |health| health["rungs"] == *wanted).await;
}

fn running() -> Value {
    json!([{ "height": 360, "state": "running", "why": "" }])
}

/// Lengths of the segments of a plain playlist, by their numbers.
fn lengths(text: &str) -> BTreeMap<u64, String> {
    let lines: Vec<_> = text.lines().collect();
    let named = lines.windows(2).filter_map(|pair| {
        let number = pair[1].strip_suffix(".m4s")?.parse().ok()?;
        Some((number, pair[0].strip_prefix("#EXTINF:")?.to_owned()))
    });
    named.collect()
}

async fn segments(host: &Host<'_>, master: &str, folder: &str) -> BTreeMap<u64, String> {
    lengths(&playlist(host.server, &below(master, &format!("{folder}/plain.m3u8"))).await)
}

/// Waits until a rendition has a segment from `number` on; its number.
async fn has(host: &Host<'_>, master: &str, folder: &str, number: u64) -> u64 {
    let waiting = async {
        loop {
            let address = host.server.url(&below(master, &format!("{folder}/plain.m3u8")));
            let answer = host.server.client().get(address).send().await.expect("an answer");
            let text = if answer.status() == 200 { answer.text().await.expect("text") } else { String::new() };
            if let Some((last, _)) = lengths(&text).last_key_value().filter(|(last, _)| **last >= number) {
                return *last;
            }
            tokio::time::sleep(PAUSE).await;
        }
    };
    tokio::time::timeout(PATIENCE, waiting).await.expect("it goes on")
}

/// Moments at which the keyframes of a segment are shown, after it was decoded without a complaint.
async fn keyframes(host: &Host<'_>, master: &str, folder: &str, number: u64, to: &Path) -> Vec<String> {
    let text = playlist(host.server, &below(master, &format!("{folder}/plain.m3u8"))).await;
    let init = text.rsplit_once("#EXT-X-MAP:URI=\"").and_then(|(_, rest)| rest.split('"').next()).expect("an init segment");
    let mut bytes = Vec::new();
    for name in [init.to_owned(), format!("{number}.m4s")] {
        let answer = host.server.client().get(host.server.url(&below(master, &format!("{folder}/{name}")))).send().await;
        bytes.extend(answer.expect("an answer").error_for_status().expect("it is there").bytes().await.expect("bytes"));
    }
    let file = to.join(format!("{folder}-{number}.mp4"));
    std::fs::write(&file, bytes).expect("a file");
    let run = Command::new("ffmpeg").args(["-v", "error", "-i"]).arg(&file).args(["-f", "null", "-"]).output().expect("ffmpeg");
    assert!(run.status.success() && run.stderr.is_empty(), "{}", String::from_utf8_lossy(&run.stderr));
    let probe = ["-v", "error", "-select_streams", "v", "-show_entries", "packet=pts,flags", "-of", "csv=p=0"];
    let run = Command::new("ffprobe").args(probe).arg(&file).output().expect("ffprobe");
    let text = String::from_utf8(run.stdout).expect("text");
    text.lines().filter(|line| line.contains('K')).map(str::to_owned).collect()
}

/// The encoder of lower qualities that `server` started.
fn encoder(server: &Binary) -> Option<String> {
    let mine = format!("ladder-{}-", server.pid());
    let runs = |pid: &String| {
        let place = std::fs::read_link(format!("/proc/{pid}/cwd")).unwrap_or_default();
        place.file_name().is_some_and(|name| name.to_string_lossy().starts_with(&mine))
    };
    let all = std::fs::read_dir("/proc").expect("/proc").filter_map(|entry| entry.ok()?.file_name().into_string().ok());
    all.filter(|name| name.bytes().all(|byte| byte.is_ascii_digit())).find(runs)
}

#[tokio::test]
async fn g5_a_lower_quality_is_cut_as_the_source_and_returns_when_its_encoder_was_killed() {
    let mut server = server("on").await;
    let rtmp = server.rtmp().await;
    let host = Host::with_a_broadcast(&server, "host.a").await;
    let _publisher = publish_sized(&rtmp, &host.key, 240, "640x480");
    let master = on_air(&host).await;
    rungs(&host, &running()).await;
    let text = playlist(&server, &below(&master, "master.m3u8")).await;
    for part in ["RESOLUTION=640x480", "RESOLUTION=480x360", "\nvideo-360/index.m3u8\n", "\naudio/index.m3u8\n"] {
        assert!(text.contains(part), "{part} is missing in {text}");
    }
    let parts = playlist(&server, &below(&master, "video-360/index.m3u8")).await;
    assert!(parts.contains("#EXT-X-PART:") && parts.contains("CAN-BLOCK-RELOAD=YES"), "{parts}");

    let newest = has(&host, &master, "video-360", 2).await;
    let (source, lower) = (segments(&host, &master, "video").await, segments(&host, &master, "video-360").await);
    assert!(lower.iter().all(|(number, length)| source.get(number) == Some(length)), "{lower:?} unlike {source:?}");
    let folder = tempfile::tempdir().expect("a folder");
    let of_source = keyframes(&host, &master, "video", newest, folder.path()).await;
    assert_eq!(keyframes(&host, &master, "video-360", newest, folder.path()).await, of_source);

    let pid = encoder(&server).expect("an encoder runs");
    assert!(Command::new("kill").args(["-KILL", &pid]).status().expect("kill").success());
    host.until(&format!("/broadcasts/{}/health", host.id), |health| health["rungs"] != running()).await;
    let before = segments(&host, &master, "video").await.last_key_value().map(|(number, _)| *number).expect("a segment");
    has(&host, &master, "video", before + 2).await;
    rungs(&host, &running()).await;
    let after = has(&host, &master, "video-360", newest + 1).await;
    let (source, lower) = (segments(&host, &master, "video").await, segments(&host, &master, "video-360").await);
    assert!(lower.iter().all(|(number, length)| *number > newest && source.get(number) == Some(length)), "{lower:?} unlike {source:?}");
    assert_eq!(
        keyframes(&host, &master, "video-360", after, folder.path()).await,
        keyframes(&host, &master, "video", after, folder.path()).await
    );
    assert_eq!(host.post("end").await.0, 200);
    let gone = async {
        while encoder(&server).is_some() {
            tokio::time::sleep(PAUSE).await;
        }
    };
    tokio::time::timeout(PATIENCE, gone).await.expect("no encoder outlives its broadcast");
}

#[tokio::test]
async fn g5_lower_qualities_that_are_switched_off_are_not_made() {
    let mut server = server("off").await;
    let rtmp = server.rtmp().await;
    let host = Host::with_a_broadcast(&server, "host.a").await;
    let _publisher = publish_sized(&rtmp, &host.key, 60, "640x480");
    let master = on_air(&host).await;
    rungs(&host, &json!([{ "height": 360, "state": "off", "why": "setting" }])).await;
    has(&host, &master, "video", 1).await;
    assert!(!playlist(&server, &below(&master, "master.m3u8")).await.contains("video-360"));
    assert_eq!(encoder(&server), None);
}

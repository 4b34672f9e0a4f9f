//! The whole life of a live broadcast, with the real program and a real encoder.

use super::{Host, publish};
use crate::support::TestApp;
use crate::support::binary::Binary;
use kernel::{Clock, Role, SystemClock};
use std::process::Command;

const SETTINGS: &str = "rtmp_listen = \"127.0.0.1:0\"\nrejoin_grace_s = 60";

async fn server() -> Binary {
    let app = TestApp::now().await.with_tree().await;
    app.account("host.a", Role::Host, "township-a").await;
    app.account("host.c", Role::Host, "township-c").await;
    Binary::serve(app, SETTINGS).await
}

/// Names and segments of a playlist, by its address.
pub async fn playlist(server: &Binary, address: &str) -> String {
    let answer = server.client().get(server.url(address)).send().await.expect("an answer");
    assert_eq!(answer.status(), 200, "{address}");
    answer.text().await.expect("text")
}

pub fn below(master: &str, name: &str) -> String {
    format!("{}/{name}", master.rsplit_once('/').expect("a folder").0)
}

#[tokio::test]
async fn g5_a_broadcast_is_tested_goes_on_air_loses_its_publisher_comes_back_and_becomes_a_lesson() {
    let mut server = server().await;
    let rtmp = server.rtmp().await;
    let host = Host::with_a_broadcast(&server, "host.a").await;
    assert_eq!(host.post("on-air").await.0, 409, "nobody sends yet");
    let first = publish(&rtmp, &host.key, 60);
    host.is("testing").await;
    host.until(&format!("/broadcasts/{}/health", host.id), |health| health["video"]["width"] == 320).await;
    assert_eq!(host.standing().await["state"], "planned", "viewers see nothing of a test");
    assert!(host.standing().await["manifest"].is_null());
    assert_eq!(host.post("on-air").await.0, 200);
    let standing = host.stands("on_air").await;
    let master = standing["manifest"].as_str().expect("something to play").to_owned();
    let text = host.server.client();
    let text = loop {
        let answer = text.get(host.server.url(&master)).send().await.expect("an answer");
        if answer.status() == 200 {
            break answer.text().await.expect("text");
        }
        tokio::time::sleep(super::PAUSE).await;
    };
    assert!(text.contains("RESOLUTION=320x180") && text.contains("mp4a.40.2"), "{text}");
    let media = playlist(host.server, &below(&master, "video/index.m3u8")).await;
    assert!(media.contains("#EXT-X-PART-INF") && media.contains("CAN-BLOCK-RELOAD=YES"), "{media}");

    drop(first);
    host.stands("dropped").await;
    let _second = publish(&rtmp, &host.key, 60);
    host.stands("on_air").await;
    let segments = |text: &str| text.lines().filter(|line| line.contains(".m4s") && !line.starts_with('#')).count();
    let media = loop {
        let media = playlist(host.server, &below(&master, "video/index.m3u8")).await;
        if media.contains("#EXT-X-DISCONTINUITY") && segments(&media) >= 2 {
            break media;
        }
        tokio::time::sleep(super::PAUSE).await;
    };
    assert!(!media.contains("ENDLIST"));

    assert_eq!(host.post("end").await.0, 200);
    let standing = host.until(&format!("/live/{}/state", host.id), |standing| standing["replay_url"].is_string()).await;
    assert_eq!(standing["state"], "ended");
    let lesson = standing["replay_url"].as_str().expect("an address");
    plays(host.server, lesson).await;
    is_shown(&host, lesson).await;
    is_cut(&host, lesson).await;
}

/// A recording with a break in it, as its publisher left it, is shown to everybody with that break.
async fn is_shown(host: &Host<'_>, lesson: &str) {
    let mut plan = super::a_plan(SystemClock.now().0);
    plan["kind"] = "showing".into();
    plan["lesson"] = lesson.trim_start_matches("/lessons/").into();
    let made = host.client.post(host.server.url("/api/v1/broadcasts")).json(&plan).send().await.expect("an answer");
    assert_eq!(made.status(), 201);
    let id = made.json::<serde_json::Value>().await.expect("JSON")["id"].as_str().expect("an id").to_owned();
    let does = async |act: &str| {
        let path = host.server.url(&format!("/api/v1/broadcasts/{id}/{act}"));
        assert_eq!(host.client.post(path).send().await.expect("an answer").status(), 200, "{act}");
    };
    does("on-air").await;
    let standing = host.until(&format!("/live/{id}/state"), |standing| standing["manifest"].is_string()).await;
    let master = standing["manifest"].as_str().expect("an address").to_owned();
    let media = playlist(host.server, &below(&master, "video/index.m3u8")).await;
    assert!(media.contains("#EXT-X-DISCONTINUITY\n") && media.contains("#EXT-X-MAP:URI=\"/media/"), "{media}");
    does("end").await;
}

/// The recording can be cut once it was examined; the library then shows the version, and the whole again.
async fn is_cut(host: &Host<'_>, lesson: &str) {
    let path = format!("/api/v1/broadcasts/{}/recording", host.id);
    let cutting = serde_json::json!({ "keep": { "from_ms": 500, "until_ms": 2_500 }, "cuts": [{ "from_ms": 1_000, "until_ms": 1_200 }] });
    while host.client.put(host.server.url(&path)).json(&cutting).send().await.expect("an answer").status() != 202 {
        tokio::time::sleep(super::PAUSE).await;
    }
    let library = lesson.replace("/lessons/", "/api/v1/library/");
    let cut = host.until(&library, |public| public["duration_ms"].as_i64().is_some_and(|ms| ms < 2_500)).await;
    assert!(cut["duration_ms"].as_i64().expect("ms") >= 1_700, "{cut}");
    plays(host.server, lesson).await;
    assert_eq!(host.client.delete(host.server.url(&path)).send().await.expect("an answer").status(), 200);
    host.until(&library, |public| public["duration_ms"].as_i64().is_some_and(|ms| ms > 2_500)).await;
}

/// The lesson's recording decodes without a complaint.
async fn plays(server: &Binary, lesson: &str) {
    let addresses = server.client().get(server.url(&format!("{lesson}/addresses"))).send().await.expect("an answer");
    assert_eq!(addresses.status(), 200, "{lesson}");
    let addresses: serde_json::Value = addresses.json().await.expect("JSON");
    let manifest = server.url(addresses["manifest"].as_str().expect("an address"));
    let run = Command::new("ffmpeg").args(["-v", "error", "-i", &manifest, "-f", "null", "-"]).output().expect("ffmpeg");
    let complaints = String::from_utf8_lossy(&run.stderr);
    assert!(run.status.success() && complaints.trim().is_empty(), "{complaints}");
}

#[tokio::test]
async fn g5_a_broadcast_survives_a_kill_of_the_server_and_numbers_on() {
    let mut server = server().await;
    let mut rtmp = server.rtmp().await;
    let (id, key, master) = {
        let host = Host::with_a_broadcast(&server, "host.a").await;
        let _publisher = publish(&rtmp, &host.key, 60);
        host.is("testing").await;
        assert_eq!(host.post("on-air").await.0, 200);
        let master = host.stands("on_air").await["manifest"].as_str().expect("an address").to_owned();
        // Something is recorded once the second segment has begun.
        loop {
            let answer = server.client().get(server.url(&below(&master, "video/plain.m3u8"))).send().await.expect("an answer");
            if answer.status() == 200 && answer.text().await.expect("text").contains("\n0.m4s") {
                break;
            }
            tokio::time::sleep(super::PAUSE).await;
        }
        (host.id, host.key, master)
    };
    tokio::time::sleep(super::PAUSE * 5).await;
    server.kill().await;
    server.restart().await;
    rtmp = server.rtmp().await;
    let host = Host { client: server.signed_in("host.a").await, server: &server, id, key };
    host.is("dropped").await;
    let _publisher = publish(&rtmp, &host.key, 60);
    host.stands("on_air").await;
    let media = loop {
        let answer = server.client().get(server.url(&below(&master, "video/index.m3u8"))).send().await.expect("an answer");
        if answer.status() == 200 {
            break answer.text().await.expect("text");
        }
        tokio::time::sleep(super::PAUSE).await;
    };
    let sequence = media.lines().find_map(|line| line.strip_prefix("#EXT-X-MEDIA-SEQUENCE:")).expect("a number");
    assert!(sequence.parse::<u64>().expect("a number") >= 1, "no number is used twice: {media}");
    assert_eq!(host.post("end").await.0, 200);
    let standing = host.until(&format!("/live/{}/state", host.id), |standing| standing["replay_url"].is_string()).await;
    plays(&server, standing["replay_url"].as_str().expect("an address")).await;
}

#[tokio::test]
async fn s12_a_wrong_old_or_other_key_opens_nothing_and_guesses_are_slowed_down() {
    let mut server = server().await;
    let rtmp = server.rtmp().await;
    let host = Host::with_a_broadcast(&server, "host.a").await;
    let fails = |key: &str| {
        let mut child = publish(&rtmp, key, 5);
        async move { !child.wait().await.expect("it ends").success() }
    };
    assert!(fails("kj-0000").await, "an unknown key");
    let old = host.key.clone();
    assert_eq!(host.post("key").await.0, 200);
    assert!(fails(&old).await, "a key that was replaced");
    assert_eq!(host.get(&format!("/api/v1/broadcasts/{}", host.id)).await.1["state"], "planned");
    let stranger = server.signed_in("host.c").await;
    for path in [format!("/broadcasts/{}", host.id), format!("/api/v1/broadcasts/{}", host.id), format!("/broadcasts/{}/health", host.id)] {
        let status = stranger.get(server.url(&path)).send().await.expect("an answer").status();
        assert!(matches!(status.as_u16(), 403 | 404), "{path}: {status}");
    }
}

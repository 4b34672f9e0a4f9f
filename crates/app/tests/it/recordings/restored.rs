//! A backup that was restored serves its lessons again, once the real workers have prepared what was left out (H4).

use super::real::{Workers, until};
use super::tus::clerk;
use crate::support::binary::{Binary, run};
use crate::support::{TestApp, empty_database};
use app::jobs::{self, JobState};
use app::lessons::LessonId;
use app::recordings::{MaterialId, RENDITIONS};
use app::submissions::State;
use kernel::{Clock, SystemClock};
use media::demo_clip::{DemoClip, render};
use media::{CancellationToken, Frame};
use serde_json::Value;
use std::path::Path;
use std::process::Output;

/// A public lesson whose video was uploaded and prepared.
async fn published(app: &TestApp) -> LessonId {
    let clerk = clerk(app).await;
    let workers = Workers::of(app);
    let (tools, jail) = app.toolbox.ready().await.expect("ffmpeg is installed");
    let clip = DemoClip { seconds: 3, title: "第一课", seed: 7, frame: Frame { width: 320, height: 180 } };
    let file = app.dir.path().join("clip.mp4");
    render(&tools, jail, &clip, &file, &CancellationToken::new()).await.expect("a clip");
    let place = clerk.send("video", "lesson.mp4", &std::fs::read(file).unwrap()).await;
    let status = super::real::settled(&clerk.client, &place).await;
    let material: MaterialId = status["material"].as_str().unwrap().parse().unwrap();
    let prepared = async || {
        let job = jobs::latest_for(&mut app.db.read().await.unwrap(), RENDITIONS, &material.to_string()).await.unwrap();
        job.filter(|job| job.state == JobState::Done)
    };
    until("the recording is prepared", prepared).await;
    app.a_submission().of(clerk.lesson).at(State::Published).create().await;
    workers.stop().await;
    clerk.lesson
}

fn words(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}

/// Runs a command with the address of a database, if there is one.
async fn kaijiang(data: &Path, args: &[&str], database: &str) -> Output {
    let more = if database.is_empty() { vec![] } else { vec!["--database", database] };
    run(data, &[args, &more].concat()).await
}

/// A segment of the lesson's video as a viewer gets it, once it is served.
async fn segment(server: &Binary, lesson: LessonId) -> Vec<u8> {
    let client = server.client();
    let get = async |path: String| client.get(server.url(&path)).send().await.ok().filter(|answer| answer.status() == 200);
    let ask = async || {
        let addresses: Value = get(format!("/lessons/{lesson}/addresses")).await?.json().await.ok()?;
        let master = addresses["manifest"].as_str()?.to_owned();
        let base = master.trim_end_matches("/master.m3u8").to_owned();
        let text = get(master).await?.text().await.ok()?;
        let rung = text.lines().find(|line| line.ends_with("index.m3u8") && line.starts_with('v'))?.to_owned();
        let playlist = get(format!("{base}/{rung}")).await?.text().await.ok()?;
        let name = playlist.lines().find(|line| line.starts_with('s'))?.to_owned();
        Some(get(format!("{base}/{}/{name}", rung.trim_end_matches("/index.m3u8"))).await?.bytes().await.ok()?.to_vec())
    };
    until("the restored copy serves the video", ask).await
}

async fn comes_back(app: TestApp, new_database: &str) {
    app.clock.advance_ms(SystemClock.now() - app.clock.now());
    let app = app.with_tree().await;
    let lesson = published(&app).await;
    let database = app.config.database.clone();
    let mut server = Binary::serve(app, "").await;
    let place = tempfile::tempdir().unwrap();
    let (kept, data) = (place.path().join("kept"), place.path().join("data"));
    let made = kaijiang(server.data(), &["backup", kept.to_str().unwrap()], &database).await;
    assert!(made.status.success(), "{}", words(&made));
    server.kill().await;

    let restored = kaijiang(&data, &["restore", kept.to_str().unwrap()], new_database).await;
    assert!(restored.status.success(), "{}", words(&restored));
    assert!(words(&restored).contains("audit records are whole"), "{}", words(&restored));
    assert!(words(&restored).contains("1 recordings will be prepared"), "{}", words(&restored));
    assert!(!data.join("records.dump").exists(), "Postgres holds its records itself");
    server.serve_copy(&data, new_database).await;
    let bytes = segment(&server, lesson).await;
    assert!(bytes.windows(4).any(|four| four == b"moof"), "a piece of video, {} bytes", bytes.len());
    server.kill().await;
    if !new_database.is_empty() {
        let again = kaijiang(&place.path().join("other"), &["restore", kept.to_str().unwrap()], new_database).await;
        assert_eq!(again.status.code(), Some(1), "{}", words(&again));
        assert!(words(&again).contains("the database is not empty"), "{}", words(&again));
        // A dump that was changed is refused before anything is written.
        let dump = kept.join("records.dump");
        let mut bytes = std::fs::read(&dump).unwrap();
        *bytes.last_mut().unwrap() ^= 1;
        std::fs::write(&dump, bytes).unwrap();
        let changed = kaijiang(&place.path().join("third"), &["restore", kept.to_str().unwrap()], new_database).await;
        assert_eq!(changed.status.code(), Some(3), "{}", words(&changed));
    }
}

#[tokio::test]
async fn h4_a_restored_copy_serves_a_lesson_s_video_again() {
    comes_back(TestApp::sqlite().await, "").await;
}

#[tokio::test]
async fn h4_records_in_postgres_are_backed_up_and_restored_with_the_files() {
    let cluster = crate::support::cluster();
    comes_back(TestApp::postgres(&cluster).await, &empty_database(&cluster).await).await;
}

//! From a real clip to something that plays, and hostile clips to a refusal in words. Needs ffmpeg.

use super::real::{Workers, checksum, settled, until};
use super::tus::{Clerk, clerk};
use crate::support::{TestApp, both};
use app::commands;
use app::config::Config;
use app::jobs::{self, Job, JobState};
use app::recordings::{INGEST, MaterialId, RENDITIONS, Recordings};
use kernel::Clock;
use media::demo_clip::{DemoClip, render};
use media::{CancellationToken, Frame};
use std::path::Path;
use std::sync::Arc;

/// A clip of this length, 320×180, with sound.
async fn clip(app: &TestApp, seconds: u32) -> Vec<u8> {
    clip_of(app, seconds, Frame { width: 320, height: 180 }).await
}

async fn clip_of(app: &TestApp, seconds: u32, frame: Frame) -> Vec<u8> {
    let (tools, jail) = app.toolbox.ready().await.expect("ffmpeg is installed");
    let to = app.dir.path().join(format!("clip-{seconds}.mp4"));
    let clip = DemoClip { seconds, title: "第一课", seed: 7, frame };
    render(&tools, jail, &clip, &to, &CancellationToken::new()).await.expect("a clip");
    std::fs::read(to).unwrap()
}

async fn job(app: &TestApp, kind: &str, material: MaterialId) -> Option<Job> {
    jobs::latest_for(&mut app.db.read().await.unwrap(), kind, &material.to_string()).await.unwrap()
}

async fn job_in(app: &TestApp, kind: &str, material: MaterialId, state: JobState) -> Job {
    until(state.code(), async || job(app, kind, material).await.filter(|job| job.state == state)).await
}

fn material(status: &serde_json::Value) -> MaterialId {
    status["material"].as_str().unwrap().parse().unwrap()
}

async fn uploaded(app: &TestApp, clerk: &Clerk, bytes: &[u8]) -> MaterialId {
    let place = clerk.send("video", "第一课.mp4", bytes).await;
    let status = settled(&clerk.client, &place).await;
    assert_eq!(status["state"], "ready", "{status} {:?}", job(app, INGEST, material(&status)).await);
    material(&status)
}

#[tokio::test]
async fn a_clip_becomes_playable_with_poster_storyboard_and_sound() {
    both(async |app| {
        let app = app.with_tree().await;
        let clerk = clerk(&app).await;
        let workers = Workers::of(&app);
        let bytes = clip(&app, 4).await;
        let id = uploaded(&app, &clerk, &bytes).await;
        assert_eq!(job_in(&app, RENDITIONS, id, JobState::Done).await.percent, 100);
        let files = clerk.client.get(&format!("/api/v1/lessons/{}/materials", clerk.lesson)).await.expect(200).json();
        assert_eq!((&files[0]["sha256"], &files[0]["width"]), (&checksum(&bytes).into(), &320.into()));
        let original = clerk.client.get(files[0]["original"].as_str().unwrap()).await.expect(200);
        assert_eq!(original.body, bytes);
        assert!(original.header("content-disposition").ends_with("filename*=UTF-8''%E7%AC%AC%E4%B8%80%E8%AF%BE.mp4"));
        let base = files[0]["media"].as_str().unwrap();
        let player = app.anonymous();
        let master = player.get(&format!("{base}/master.m3u8")).await.expect(200).text();
        let rung = master.lines().find(|line| line.ends_with("index.m3u8") && line.starts_with('v')).expect("a rung");
        assert!(master.contains("a/index.m3u8") || master.contains("al/index.m3u8"), "{master}");
        let playlist = player.get(&format!("{base}/{rung}")).await.expect(200).text();
        let segment = playlist.lines().find(|line| line.starts_with('s')).expect("a segment");
        let segment = player.get(&format!("{base}/{}/{segment}", rung.trim_end_matches("/index.m3u8"))).await.expect(200);
        assert_eq!(segment.header("content-type"), "video/mp4");
        assert!(player.get(&format!("{base}/poster.jpg")).await.expect(200).body.starts_with(&[0xff, 0xd8, 0xff]));
        let track = player.get(&format!("{base}/storyboard.vtt")).await.expect(200).text();
        let sheet = track.lines().find_map(|line| line.split_once("#xywh")).expect("a sheet").0;
        assert!(player.get(&format!("{base}/{sheet}")).await.expect(200).body.starts_with(&[0xff, 0xd8, 0xff]));
        workers.stop().await;
    })
    .await;
}

#[tokio::test]
async fn s1_s2_hostile_files_are_refused_in_words_and_the_queue_goes_on() {
    both(async |app| {
        let app = app.with_tree().await;
        let clerk = clerk(&app).await;
        let workers = Workers::of(&app);
        let good = clip(&app, 8).await;
        let playlist = b"#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\nfile:///etc/passwd\n#EXT-X-ENDLIST\n".to_vec();
        let table = [
            (b"just a text, called .mp4\n".to_vec(), "not-media"),
            (playlist, "disguised-playlist"),
            (b"ffconcat version 1.0\nfile '/etc/passwd'\n".to_vec(), "disguised-playlist"),
            (good[..good.len() / 3].to_vec(), "truncated"),
        ];
        for (bytes, rule) in table {
            let place = clerk.send("video", "lesson.mp4", &bytes).await;
            let status = settled(&clerk.client, &place).await;
            assert_eq!((&status["state"], &status["errors"][0]["rule"]), (&"refused".into(), &rule.into()), "{status}");
            assert!(status["errors"][0]["text"].as_str().unwrap().contains("lesson.mp4"), "{status}");
            assert!(!app.objects.original(status["material"].as_str().unwrap()).exists());
        }
        uploaded(&app, &clerk, &good).await;
        assert_eq!(std::fs::read_dir(app.objects.spool("")).unwrap().count(), 0, "nothing is left behind");
        workers.stop().await;
    })
    .await;
}

/// When each finished folder was made.
fn made_at(folder: &Path) -> Vec<(String, std::time::SystemTime)> {
    let entry = |e: std::io::Result<std::fs::DirEntry>| {
        let e = e.unwrap();
        (e.file_name().into_string().unwrap(), e.metadata().unwrap().modified().unwrap())
    };
    let mut found: Vec<_> = std::fs::read_dir(folder).unwrap().map(entry).filter(|(name, _)| !name.starts_with("master")).collect();
    found.sort();
    found
}

#[tokio::test]
async fn work_that_was_interrupted_goes_on_with_what_is_missing() {
    let app = TestApp::sqlite().await.with_tree().await;
    let clerk = clerk(&app).await;
    let workers = Workers::of(&app);
    let id = uploaded(&app, &clerk, &clip(&app, 2).await).await;
    job_in(&app, RENDITIONS, id, JobState::Done).await;
    let folder = app.objects.renditions(&id.to_string());
    let before = made_at(&folder);
    // As after a kill: half of a poster, and no row that says it's whole.
    std::fs::create_dir(folder.join("poster.part")).unwrap();
    std::fs::remove_dir_all(folder.join("poster")).unwrap();
    let mut tx = app.db.begin().await.unwrap();
    tx.execute("delete from rendition where name = 'poster'", vec![]).await.unwrap();
    app.clock.advance_ms(1);
    jobs::enqueue(&mut tx, app.clock.as_ref(), RENDITIONS, &id.to_string(), &serde_json::json!({}), None).await.unwrap();
    tx.commit().await.unwrap();
    job_in(&app, RENDITIONS, id, JobState::Done).await;
    let after = made_at(&folder);
    let redone: Vec<_> = after.iter().filter(|made| !before.contains(made)).map(|(name, _)| name.as_str()).collect();
    assert_eq!((redone, before.len()), (vec!["poster"], after.len()));
    workers.stop().await;
}

#[tokio::test]
async fn s7_work_that_fails_three_times_is_parked_with_its_reason_and_can_be_retried() {
    let app = TestApp::sqlite().await.with_tree().await;
    let clerk = clerk(&app).await;
    let workers = Workers::of(&app);
    let id = uploaded(&app, &clerk, &clip(&app, 2).await).await;
    job_in(&app, RENDITIONS, id, JobState::Done).await;
    let (original, aside) = (app.objects.original(&id.to_string()), app.dir.path().join("aside"));
    std::fs::rename(&original, &aside).unwrap();
    let mut tx = app.db.begin().await.unwrap();
    tx.execute("delete from rendition", vec![]).await.unwrap();
    app.clock.advance_ms(1);
    let again = jobs::enqueue(&mut tx, app.clock.as_ref(), RENDITIONS, &id.to_string(), &serde_json::json!({}), None).await.unwrap();
    tx.commit().await.unwrap();
    let parked = until("parked", async || {
        app.clock.advance_ms(1_000);
        job(&app, RENDITIONS, id).await.filter(|job| job.state == JobState::Parked)
    });
    let parked = parked.await;
    assert_eq!((parked.id, parked.attempts), (again, jobs::ATTEMPTS));
    assert!(parked.error.as_deref().is_some_and(|why| why.contains("No such file")), "{parked:?}");
    std::fs::rename(&aside, &original).unwrap();
    let mut tx = app.db.begin().await.unwrap();
    assert!(jobs::retry(&mut tx, app.clock.as_ref(), again).await.unwrap());
    tx.commit().await.unwrap();
    job_in(&app, RENDITIONS, id, JobState::Done).await;
    workers.stop().await;
}

#[tokio::test]
async fn a_cancelled_encode_ends_and_leaves_the_encoder_to_others() {
    let app = TestApp::sqlite().await.with_tree().await;
    let clerk = clerk(&app).await;
    let workers = Workers::of(&app);
    let short = clip(&app, 2).await;
    // Large enough for a rung that has to be encoded.
    let long = clip_of(&app, 12, Frame { width: 1280, height: 720 }).await;
    let id = uploaded(&app, &clerk, &long).await;
    let running = job_in(&app, RENDITIONS, id, JobState::Running).await;
    let mut tx = app.db.begin().await.unwrap();
    assert!(jobs::cancel(&mut tx, app.clock.as_ref(), running.id).await.unwrap());
    tx.commit().await.unwrap();
    let next = uploaded(&app, &clerk, &short).await;
    job_in(&app, RENDITIONS, next, JobState::Done).await;
    assert_eq!(job(&app, RENDITIONS, id).await.unwrap().state, JobState::Cancelled);
    let current = Recordings(&mut app.db.read().await.unwrap()).current(clerk.lesson).await.unwrap();
    assert_eq!(current.iter().map(|m| m.id).collect::<Vec<_>>(), [next], "the newer video took the place of the older");
    workers.stop().await;
}

/// The same application, started anew with another place of ffmpeg.
async fn with_ffmpeg_in(app: TestApp, folder: &Path) -> TestApp {
    let TestApp { app: old, clock, dir } = app;
    if let Some(views) = &old.views {
        views.close().await.unwrap();
    }
    old.db.close().await;
    let config = Config { ffmpeg: folder.to_owned(), ..old.config.clone() };
    drop(old);
    let app = commands::build(config, clock.clone() as Arc<dyn Clock>).await.expect("the application builds");
    TestApp { app, clock, dir }
}

#[tokio::test]
async fn without_ffmpeg_files_are_kept_and_work_goes_on_when_it_appears() {
    let tools = tempfile::tempdir().unwrap();
    let app = TestApp::sqlite().await.with_tree().await;
    let bytes = clip(&app, 2).await;
    let app = with_ffmpeg_in(app, tools.path()).await;
    let clerk = clerk(&app).await;
    let workers = Workers::of(&app);
    let place = clerk.send("video", "a.mp4", &bytes).await;
    let waits = until("it says what it waits for", async || {
        let status = clerk.client.get(&format!("{place}/status")).await.json();
        status["waits_for"].as_str().map(str::to_owned)
    });
    let waits = waits.await;
    assert!(waits.contains("ffmpeg not found: install ffmpeg 5.1 or newer"), "{waits}");
    for name in ["ffmpeg", "ffprobe"] {
        let found = std::env::split_paths(&std::env::var_os("PATH").unwrap()).map(|dir| dir.join(name)).find(|file| file.is_file());
        std::os::unix::fs::symlink(found.expect("it is installed"), tools.path().join(name)).unwrap();
    }
    let id = until("ready", async || {
        app.clock.advance_ms(1_000);
        let status = clerk.client.get(&format!("{place}/status")).await.json();
        (status["state"] == "ready").then(|| material(&status))
    });
    job_in(&app, RENDITIONS, id.await, JobState::Done).await;
    workers.stop().await;
}

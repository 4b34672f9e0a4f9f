//! A recording is shown to everyone at the same moment: real files, a clock that the test moves, ffmpeg as a player.

use super::{a_showing, host, planned};
use crate::recordings::real::{Workers, settled, until};
use crate::recordings::tus::clerk;
use crate::support::{Client, TestApp};
use app::broadcasts::{Admission, BroadcastId, Broadcasts, Plan, actions, addresses, rules::Signal};
use app::jobs::{self, JobState};
use app::lessons::LessonId;
use app::machine::{Load, Watcher};
use app::recordings::{Audience, MaterialId, RENDITIONS};
use kernel::{Actor, Clock, Timestamp};
use media::demo_clip::{DemoClip, render};
use media::{CancellationToken, Frame};

const SECONDS: i64 = 30;

/// A public lesson whose recording of half a minute really plays.
async fn a_public_recording(app: &TestApp) -> LessonId {
    let (tools, jail) = app.toolbox.ready().await.expect("ffmpeg is installed");
    let to = app.dir.path().join("clip.mp4");
    let clip = DemoClip { seconds: SECONDS as u32, title: "同一堂课", seed: 3, frame: Frame { width: 320, height: 180 } };
    render(&tools, jail, &clip, &to, &CancellationToken::new()).await.expect("a clip");
    let (clerk, workers) = (clerk(app).await, Workers::of(app));
    let place = clerk.send("video", "lesson.mp4", &std::fs::read(to).unwrap()).await;
    let status = settled(&clerk.client, &place).await;
    let material: MaterialId = status["material"].as_str().unwrap_or_else(|| panic!("{status}")).parse().unwrap();
    until("the recording plays", async || {
        let job = jobs::latest_for(&mut app.db.read().await.unwrap(), RENDITIONS, &material.to_string()).await.unwrap();
        job.filter(|job| job.state == JobState::Done)
    })
    .await;
    workers.stop().await;
    app.a_submission().of(clerk.lesson).at(app::submissions::State::Published).create().await;
    clerk.lesson
}

/// One showing with its players.
struct Stage<'a> {
    app: &'a TestApp,
    player: Client,
    base: String,
    id: BroadcastId,
}

impl Stage<'_> {
    async fn get(&self, file: &str) -> crate::support::client::Reply {
        self.player.get(&format!("{}/{file}", self.base)).await
    }

    async fn text(&self, file: &str) -> String {
        self.get(file).await.expect(200).text()
    }

    async fn rungs(&self) -> Vec<String> {
        let master = self.text("master.m3u8").await;
        let mut rungs: Vec<_> = master.lines().filter(|line| line.ends_with("/index.m3u8")).map(str::to_owned).collect();
        rungs.dedup();
        assert!(rungs.len() >= 2 && rungs.iter().any(|r| r.starts_with('a')) && rungs[0].starts_with('v'), "{master}");
        rungs
    }

    fn pass_ms(&self, ms: i64) {
        self.app.clock.advance_ms(ms);
    }
}

fn stage(app: &TestApp, id: BroadcastId, audience: Audience) -> Stage<'_> {
    let base = addresses::showing(app, audience, id).trim_end_matches("/master.m3u8").to_owned();
    Stage { app, player: app.anonymous(), base, id }
}

fn tag<'a>(text: &'a str, name: &str) -> &'a str {
    text.lines().find_map(|line| line.strip_prefix(name)).unwrap_or_else(|| panic!("no {name} in {text}"))
}

/// Where somebody who joins now begins, milliseconds from the start of the recording.
fn joins_at(text: &str, started: Timestamp) -> i64 {
    let first: jiff::Timestamp = tag(text, "#EXT-X-PROGRAM-DATE-TIME:").parse().unwrap();
    let offset: f64 = tag(text, "#EXT-X-START:TIME-OFFSET=").split(',').next().unwrap().parse().unwrap();
    first.as_millisecond() - started.0 + (offset * 1000.0).round() as i64
}

fn segments(text: &str) -> Vec<&str> {
    text.lines().filter(|line| line.starts_with("/media/")).collect()
}

#[tokio::test]
async fn g6_everyone_sees_the_same_moment_and_the_segments_are_those_of_the_recording() {
    let app = TestApp::sqlite().await.with_tree().await;
    let host = host(&app).await;
    let lesson = a_public_recording(&app).await;
    let stage = stage(&app, planned(&app, &host, a_showing(&app, lesson)).await, Audience::Public);
    for file in ["master.m3u8", "a/index.m3u8"] {
        let early = stage.get(file).await.expect(503);
        assert_eq!((early.json()["code"].as_str(), early.header("cache-control")), (Some("no-picture-now"), "no-store"));
    }
    stage.pass_ms(60_000);
    let started = app.clock.now();
    actions::move_by(&app, None, stage.id, Signal::Due, "broadcast.on-air").await.unwrap();
    assert_shown(&stage, &stage.rungs().await, started).await;
    assert_held_and_going_on(&stage, &host, started).await;
    for bad in ["v1x1/index.m3u8", "a/init.mp4", "a/../master.m3u8", "A/index.m3u8", "poster/index.m3u8"] {
        stage.get(bad).await.expect(404);
    }
    stage.pass_ms(SECONDS * 1000);
    for rung in stage.rungs().await {
        let text = stage.text(&rung).await;
        assert!(text.ends_with("#EXT-X-ENDLIST\n"), "{text}");
    }
    assert_plays(&stage).await;
    actions::move_by(&app, None, stage.id, Signal::End, "broadcast.ended").await.unwrap();
    stage.pass_ms(3_600_000);
    let ended = stage.text("a/index.m3u8").await;
    assert!(ended.ends_with("#EXT-X-ENDLIST\n") && segments(&ended).len() > 3, "{ended}");
}

async fn assert_shown(stage: &Stage<'_>, rungs: &[String], started: Timestamp) {
    let mut sequences = vec![0; rungs.len()];
    while stage.app.clock.now() - started < 26_000 {
        stage.pass_ms(1_300);
        let moment = stage.app.clock.now() - started;
        for (rung, sequence) in rungs.iter().zip(&mut sequences) {
            let reply = stage.get(rung).await.expect(200);
            assert_eq!(reply.header("cache-control"), "public, max-age=1");
            let text = reply.text();
            assert!((joins_at(&text, started) - moment).abs() <= 1_000, "at {moment}: {text}");
            let now: usize = tag(&text, "#EXT-X-MEDIA-SEQUENCE:").parse().unwrap();
            assert!(now >= *sequence, "{text}");
            *sequence = now;
            let first = segments(&text)[0];
            assert!(first.starts_with("/media/") && first.ends_with(&format!("/s{now:05}.m4s")), "{first}");
            assert_eq!(text, stage.text(rung).await, "everybody gets the same");
        }
    }
    let asked = stage.app.db.statements();
    for rung in rungs.iter().cycle().take(100) {
        stage.text(rung).await;
    }
    assert_eq!(stage.app.db.statements(), asked, "a crowd asks no database");
    let text = stage.text(&rungs[0]).await;
    let segment = stage.player.get(segments(&text)[0]).await.expect(200);
    let kept = segment.header("cache-control");
    assert!(kept.starts_with("public") && kept.ends_with("s-maxage=60, immutable"), "a cache before a crowd may keep it: {kept}");
    let init = tag(&text, "#EXT-X-MAP:URI=\"").trim_end_matches('"');
    assert_eq!(stage.player.get(init).await.expect(200).body[4..8], *b"ftyp");
}

async fn assert_held_and_going_on(stage: &Stage<'_>, host: &Actor, started: Timestamp) {
    actions::hold(stage.app, host, stage.id, true).await.unwrap();
    stage.pass_ms(2_000);
    let held = stage.text("a/index.m3u8").await;
    for _ in 0..3 {
        stage.pass_ms(10_000);
        assert_eq!(stage.text("a/index.m3u8").await, held, "it does not advance");
    }
    let held_at = joins_at(&held, started);
    actions::hold(stage.app, host, stage.id, false).await.unwrap();
    stage.pass_ms(2_000);
    let on = stage.text("a/index.m3u8").await;
    let after = joins_at(&on, started.plus_ms(32_000));
    assert!((1_000..=3_000).contains(&(after - held_at)), "held at {held_at}, two seconds later at {after}: {on}");
}

/// Over a real socket: what is known of the streams, and every listed segment decodes.
async fn assert_plays(stage: &Stage<'_>) {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}{}/master.m3u8", listener.local_addr().unwrap(), stage.base);
    let server = tokio::spawn(axum::serve(listener, app::routes::router(stage.app.app.clone())).into_future());
    let streams = run("ffprobe", &["-v", "error", "-show_entries", "stream=codec_name", "-of", "csv=p=0", &url]).await;
    assert!(streams.contains("h264") && streams.contains("aac"), "{streams}");
    let audio = url.replace("master", "a/index");
    for url in [&url, &audio] {
        run("ffmpeg", &["-v", "error", "-xerror", "-i", url, "-f", "null", "-"]).await;
    }
    server.abort();
}

async fn run(program: &str, args: &[&str]) -> String {
    let output = tokio::process::Command::new(program).args(args).kill_on_drop(true).output().await.expect(program);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success() && said.is_empty(), "{program} {args:?}: {said}");
    String::from_utf8_lossy(&output.stdout).into_owned()
}

#[tokio::test]
async fn s5_a_showing_opens_to_whom_it_is_for() {
    let app = TestApp::sqlite().await.with_tree().await;
    let host = host(&app).await;
    let published = app.a_submission().at(app::submissions::State::Published).create().await;
    let id = planned(&app, &host, Plan { admission: Admission::SignedIn, ..a_showing(&app, published.lesson) }).await;
    let other = planned(&app, &host, a_showing(&app, published.lesson)).await;
    actions::cancel(&app, &host, other).await.unwrap();
    app.clock.advance_ms(60_000);
    actions::move_by(&app, None, id, Signal::Due, "broadcast.on-air").await.unwrap();
    let public = stage(&app, id, Audience::Public);
    assert_eq!(public.get("master.m3u8").await.expect(403).json()["code"], "media-withdrawn");
    let own = stage(&app, id, Audience::Account(host.account));
    // The files of this lesson are rows alone: let in, and nothing found.
    own.get("master.m3u8").await.expect(404);
    let cancelled = stage(&app, other, Audience::Public);
    assert_eq!(cancelled.get("master.m3u8").await.expect(403).json()["code"], "media-withdrawn");
    let stolen = own.base.replace(&id.to_string(), &other.to_string());
    assert_eq!(app.anonymous().get(&format!("{stolen}/master.m3u8")).await.expect(403).json()["code"], "media-forged");
    let row = Broadcasts(&mut app.db.read().await.unwrap()).find(id).await.unwrap().unwrap();
    assert_eq!(app::broadcasts::Showing::of(&row, 600_000).map(|s| s.moment(app.clock.now())), Some(0));
}

/// A second, better quality beside the one that was made: the same files, as a ladder of a larger source has them.
async fn with_a_better_quality(app: &TestApp, id: BroadcastId) {
    let broadcast = Broadcasts(&mut app.db.read().await.unwrap()).find(id).await.unwrap().unwrap();
    let folder = app.objects.renditions(&broadcast.material.unwrap());
    let master = std::fs::read_to_string(folder.join("master.m3u8")).unwrap();
    let made = master.lines().find_map(|line| line.strip_suffix("/index.m3u8").filter(|name| name.starts_with('v'))).unwrap();
    std::fs::create_dir(folder.join("v9")).unwrap();
    for entry in std::fs::read_dir(folder.join(made)).unwrap() {
        let path = entry.unwrap().path();
        std::fs::copy(&path, folder.join("v9").join(path.file_name().unwrap())).unwrap();
    }
    let facts = "#EXT-X-STREAM-INF:BANDWIDTH=9000000,AVERAGE-BANDWIDTH=8000000,CODECS=\"avc1.64001f,mp4a.40.2\",RESOLUTION=1920x1080,AUDIO=\"sound\"";
    std::fs::write(folder.join("master.m3u8"), format!("{master}{facts}\nv9/index.m3u8\n")).unwrap();
}

#[tokio::test]
async fn g9_a_showing_gives_up_its_best_quality_under_load_and_takes_it_back() {
    let app = TestApp::sqlite().await.with_tree().await;
    let (host, lesson) = (host(&app).await, a_public_recording(&app).await);
    let stage = stage(&app, planned(&app, &host, a_showing(&app, lesson)).await, Audience::Public);
    stage.pass_ms(60_000);
    actions::move_by(&app, None, stage.id, Signal::Due, "broadcast.on-air").await.unwrap();
    let only = stage.rungs().await;
    with_a_better_quality(&app, stage.id).await;
    let all = stage.rungs().await;
    assert!(all.contains(&"v9/index.m3u8".to_owned()) && all.len() == only.len() + 1, "{all:?}");
    stage.get("v9/index.m3u8").await.expect(200);

    let quiet = Load { cores: 4.0, urgent: 0.4, late_ms: 2, on_air: 1 };
    let mut machine = Watcher::default();
    (0..20).for_each(|_| machine.heed(&app.app, &Load { late_ms: 400, ..quiet }));
    assert!(app.machine.stage().sheds_rungs());
    assert_eq!(stage.rungs().await, only, "who comes now is offered the others");
    let gone = stage.get("v9/index.m3u8").await.expect(404);
    assert_eq!((gone.json()["code"].as_str(), gone.header("cache-control")), (Some("quality-shed"), "no-store"));
    for rung in &only {
        stage.get(rung).await.expect(200);
    }

    (0..3 * 240).for_each(|_| machine.heed(&app.app, &quiet));
    assert_eq!(stage.rungs().await, all);
    stage.get("v9/index.m3u8").await.expect(200);
}

//! What is given up under load, and how it comes back (G9): the load is the test's, everything else is real.

use super::{PATIENCE, PAUSE, a_showing, host, planned, publish_sized};
use crate::rooms::{look, only, say, texts, unmoderated};
use crate::support::{Client, TestApp};
use app::broadcasts::{Broadcast, BroadcastId, Kind, Plan, actions, studio::intake};
use app::machine::{Load, LoadStage, Watcher};
use axum::http::Method;
use kernel::{Clock, Role};
use live::playlist::Audience;
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;

const QUIET: Load = Load { cores: 4.0, urgent: 0.4, late_ms: 2, on_air: 1 };
const LATE: Load = Load { late_ms: 400, ..QUIET };
/// Full of others' work, yet in time: nothing but our own encoders has to go.
const FULL: Load = Load { urgent: 3.6, ..QUIET };

/// A machine whose load the test decides.
struct Machine<'a> {
    app: &'a TestApp,
    watcher: Watcher,
}

impl Machine<'_> {
    fn seconds(&mut self, count: u32, load: &Load) {
        (0..count).for_each(|_| self.watcher.heed(&self.app.app, load));
        self.app.rooms.all().iter().for_each(|room| app::rooms::actions::restage(&self.app.app, room));
        self.app.rooms.tick(self.app.clock.now());
    }

    /// Calm for as long as it takes.
    fn recovers(&mut self) {
        self.seconds(3 * 240, &QUIET);
        assert_eq!(self.app.machine.stage(), LoadStage::Normal);
    }
}

async fn page(who: &Client, room: &Broadcast) -> String {
    who.clone().browser().get(&format!("/live/{}", room.id)).await.expect(200).text()
}

async fn standing(who: &Client, room: &Broadcast) -> (Value, Value) {
    let told = who.get(&format!("/live/{}/state", room.id)).await.expect(200).json();
    (told["mode"].clone(), told["poll_ms"].clone())
}

#[tokio::test]
async fn g9_chat_slows_then_the_page_keeps_the_picture_alone_and_all_of_it_recovers() {
    let app = TestApp::sqlite().await.with_tree().await;
    let room = app.a_broadcast("branch-a").create().await;
    let (host, li) = (app.person("host", Role::Host, "county-a").await, app.person("lin", Role::Viewer, "branch-d").await);
    unmoderated(&host, &room).await;
    look(&app, &li, &room, "").await;
    let mut machine = Machine { app: &app, watcher: Watcher::default() };
    let metrics = async |text: &str| assert!(app.anonymous().get("/metrics").await.expect(200).text().contains(text), "{text}");
    metrics("kaijiang_load_stage 0").await;
    say(&host, &room, 1, "at once").await.expect(201);
    assert_eq!(texts(&look(&app, &li, &room, "").await), ["at once"]);

    machine.seconds(10, &LATE);
    metrics("kaijiang_load_stage 1").await;
    let rules = look(&app, &li, &room, "").await;
    let told = only(&rules, "rules");
    assert_eq!((&told[0]["claps_one_in"], &told[0]["stage"]), (&json!(4), &json!("chat-slows")));
    say(&host, &room, 2, "in a batch").await.expect(201);
    assert_eq!(texts(&look(&app, &li, &room, "").await), ["at once"], "it is gathered for a second");
    app.clock.advance_ms(1_000);
    assert_eq!(texts(&look(&app, &li, &room, "").await), ["at once", "in a batch"]);
    for one_in in [4, 400] {
        host.post(&format!("/rooms/{}/reactions", room.id), &json!({ "kind": "clap", "one_in": one_in })).await.expect(204);
    }
    app.clock.advance_ms(1_000);
    let after = look(&app, &li, &room, "?after=16").await;
    assert_eq!(only(&after, "reactions")[0]["counts"], json!({ "clap": 8 }), "one stands for four, and never for more");
    let control = host.clone().browser().get(&format!("/broadcasts/{}", room.id)).await.expect(200).text();
    assert!(control.contains("data-load-stage=\"chat-slows\"") && control.contains("Chat slows"), "{control}");
    assert!(page(&li, &room).await.contains("<kj-room"));

    machine.seconds(20, &LATE);
    metrics("kaijiang_load_stage 3").await;
    let alone = page(&li, &room).await;
    assert!(!alone.contains("<kj-room") && alone.contains("keeps the picture alone") && alone.contains("<kj-player"), "{alone}");
    assert_eq!(standing(&li, &room).await, (json!("mass"), json!(15_000)));
    let rules = look(&app, &li, &room, "").await;
    assert_eq!(only(&rules, "rules")[0]["transport"], "files", "whoever is there already moves to files");

    machine.recovers();
    metrics("kaijiang_load_stage 0").await;
    assert!(page(&li, &room).await.contains("<kj-room"));
    assert_eq!(standing(&li, &room).await, (json!("interactive"), json!(5_000)));
    say(&host, &room, 3, "at once again").await.expect(201);
    assert_eq!(texts(&look(&app, &li, &room, "").await).last(), Some(&"at once again"));
}

#[tokio::test]
async fn g9_what_a_moderator_does_waits_for_no_batch() {
    let app = TestApp::sqlite().await.with_tree().await;
    let room = app.a_broadcast("branch-a").with(|b| b.pinned_stage = Some(LoadStage::SourceOnly)).create().await;
    let (host, li) = (app.person("host", Role::Host, "county-a").await, app.person("lin", Role::Viewer, "branch-d").await);
    unmoderated(&host, &room).await;
    app.clock.advance_ms(5_000);
    say(&li, &room, 1, "to be cleared").await.expect(201);
    assert_eq!(texts(&look(&app, &li, &room, "").await), ["to be cleared"]);
    host.post(&format!("/rooms/{}/clearing", room.id), &json!(null)).await.expect(204);
    assert_eq!(only(&look(&app, &li, &room, "?after=16").await, "cleared").len(), 1);
}

#[tokio::test]
async fn g9_a_host_pins_a_stage_whatever_is_measured_and_lets_it_go() {
    let app = TestApp::sqlite().await.with_tree().await;
    let room = app.a_broadcast("branch-a").create().await;
    let (host, li) = (app.person("host", Role::Host, "county-a").await, app.person("lin", Role::Viewer, "branch-d").await);
    let path = format!("/api/v1/broadcasts/{}/stage", room.id);
    li.json(Method::PUT, &path, &json!({ "stage": "static" })).await.expect(403);
    host.json(Method::PUT, &path, &json!({ "stage": "slowest" })).await.expect(422);
    let told = host.json(Method::PUT, &path, &json!({ "stage": "static" })).await.expect(200).json();
    assert_eq!(told["pinned_stage"], "static");
    assert!(!page(&li, &room).await.contains("<kj-room"));
    assert_eq!(app.machine.stage(), LoadStage::Normal, "of this broadcast alone");
    let mut machine = Machine { app: &app, watcher: Watcher::default() };
    host.post_form(&format!("/broadcasts/{}/stage", room.id), &[("stage", "normal")]).await.expect(303);
    machine.seconds(30, &LATE);
    assert_eq!(app.machine.stage(), LoadStage::Static);
    assert!(page(&li, &room).await.contains("<kj-room"), "pinned to normal");
    host.post_form(&format!("/broadcasts/{}/stage", room.id), &[("stage", "")]).await.expect(303);
    assert!(!page(&li, &room).await.contains("<kj-room"), "left to what is measured");
    assert_eq!(crate::rooms::audited(&app, "broadcast.stage-pinned").await, 3);
}

/// A live broadcast on air with a picture of 640 × 480, whose lower quality is 360.
async fn on_air(app: &TestApp, stop: &CancellationToken) -> (BroadcastId, tokio::process::Child) {
    let host = host(app).await;
    let now = app.clock.now();
    let live = Plan {
        kind: Kind::Live,
        lesson: None,
        title: "Harvest".into(),
        lecturer: "Li Wei".into(),
        ends_at: now.plus_ms(3_600_000),
        ..a_showing(app, kernel::Id::from_u128(1))
    };
    let id = planned(app, &host, live).await;
    let key = actions::new_key(app, &host, id).await.unwrap().key;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let rtmp = format!("rtmp://{}/live", listener.local_addr().unwrap());
    tokio::spawn(intake::listen(app.app.clone(), listener, live::serve::Plain, stop.clone()));
    let publisher = publish_sized(&rtmp, &key, 240, "640x480");
    until(app, "its publisher is there", || app.studios.get(id).is_some_and(|studio| studio.preview().is_some())).await;
    actions::go_on_air(app, &host, id).await.unwrap();
    (id, publisher)
}

async fn until(app: &TestApp, what: &str, mut is: impl FnMut() -> bool) {
    let waiting = async {
        while !is() {
            tokio::time::sleep(PAUSE).await;
        }
    };
    assert!(tokio::time::timeout(PATIENCE, waiting).await.is_ok(), "{what}; stage {:?}", app.machine.stage());
}

#[tokio::test]
async fn g9_lower_qualities_leave_the_playlist_under_load_and_come_back() {
    let (app, stop) = (TestApp::now().await.with_tree().await, CancellationToken::new());
    let mut machine = Machine { app: &app, watcher: Watcher::default() };
    machine.seconds(1, &QUIET);
    let (id, _publisher) = on_air(&app, &stop).await;
    let studio = app.studios.get(id).unwrap();
    let listed = || studio.air().and_then(|air| air.master(Audience::Interactive)).is_some_and(|text| text.contains("video-360/"));
    until(&app, "the lower quality is there", listed).await;

    // The machine fills up, and the server is still in time: the governor sheds what we make, and nothing else goes.
    machine.seconds(20, &FULL);
    assert_eq!(app.machine.stage(), LoadStage::Normal);
    until(&app, "it was shed", || !listed()).await;
    machine.recovers();
    until(&app, "it is back", listed).await;

    // The server is late itself: the stage takes everything that we make.
    machine.seconds(20, &LATE);
    assert_eq!(app.machine.stage(), LoadStage::SourceOnly);
    until(&app, "the source alone", || !listed()).await;
    assert!(studio.air().unwrap().master(Audience::Interactive).unwrap().contains("\nvideo/"), "the picture stays");
    machine.recovers();
    until(&app, "all of it is back", listed).await;
    stop.cancel();
}

//! `kill -9` of the real program at any moment loses no acknowledged view and counts none twice (G8, S17).

use crate::recordings::real::until;
use crate::support::TestApp;
use crate::support::binary::Binary;
use crate::watching::published;
use app::lessons::Catalogue;
use app::watching::{PLAY, VIEW, WATCHED, Watching, actions};
use kernel::Role;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

const VIEWERS: usize = 1_200;
const AT_ONCE: usize = 16;
const KILLS: usize = 4;

/// Reports of 30 seconds, one a viewer, and which of them were acknowledged.
struct Load {
    address: String,
    tokens: Arc<Vec<String>>,
    acknowledged: Arc<Mutex<BTreeSet<usize>>>,
}

async fn report(client: &reqwest::Client, address: &str, token: &str) -> Option<reqwest::Response> {
    client.post(address).json(&json!({ "token": token, "seq": 1, "played_s": 30 })).send().await.ok()
}

impl Load {
    /// Sends what is not acknowledged yet, many at once, until all is or the server is gone.
    async fn run(self) {
        let known = self.acknowledged.lock().unwrap().clone();
        let waiting: Arc<Vec<usize>> = Arc::new((0..self.tokens.len()).filter(|n| !known.contains(n)).collect());
        let next = Arc::new(AtomicUsize::new(0));
        let workers = (0..AT_ONCE).map(|_| {
            let (address, tokens, acknowledged) = (self.address.clone(), self.tokens.clone(), self.acknowledged.clone());
            let (waiting, next) = (waiting.clone(), next.clone());
            tokio::spawn(async move {
                let client = reqwest::Client::new();
                while let Some(n) = waiting.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let Some(answer) = report(&client, &address, &tokens[*n]).await else { return };
                    assert_eq!(answer.status(), 200);
                    acknowledged.lock().unwrap().insert(*n);
                }
            })
        });
        for worker in workers.collect::<Vec<_>>() {
            worker.await.expect("a viewer");
        }
    }
}

/// Tokens that were given a minute ago, to so many viewers.
async fn tokens(app: &TestApp) -> (app::lessons::LessonId, Vec<String>) {
    let lesson = published(app, "Seen by many").await;
    let publication = Catalogue(&mut app.db.read().await.unwrap()).find(lesson).await.unwrap().unwrap();
    app.clock.advance_ms(-60_000);
    let token = |viewer| actions::playback_token(app, &publication, viewer, "Mozilla/5.0").expect("no bot");
    let tokens = (0..VIEWERS as u128).map(token).collect();
    app.clock.advance_ms(60_000);
    (lesson, tokens)
}

#[tokio::test]
async fn g8_acknowledged_views_survive_kills_under_load_and_count_once() {
    let app = TestApp::now().await.with_tree().await;
    let (lesson, tokens) = tokens(&app).await;
    let tokens = Arc::new(tokens);
    let acknowledged = Arc::new(Mutex::new(BTreeSet::new()));
    let mut server = Binary::serve(app, "").await;
    for kill in 0..=KILLS {
        let load = Load { address: server.url("/watch/heartbeat"), tokens: tokens.clone(), acknowledged: acknowledged.clone() };
        let running = tokio::spawn(load.run());
        if kill < KILLS {
            // A random moment, told by progress and not by the clock.
            let more = usize::from(kernel::random::bytes::<1>()[0]) / 2 + 1;
            let target = acknowledged.lock().unwrap().len() + more;
            while acknowledged.lock().unwrap().len() < target {
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
            server.kill().await;
            server.restart().await;
        }
        running.await.expect("the viewers");
    }
    assert_eq!(acknowledged.lock().unwrap().len(), VIEWERS, "everybody was heard in the end");

    let client = reqwest::Client::new();
    let again: Value = report(&client, &server.url("/watch/heartbeat"), &tokens[0]).await.unwrap().json().await.unwrap();
    assert_eq!(again["counted"], false, "a repetition counts nothing");
    let forged = format!("{}x", tokens[1]);
    assert_eq!(report(&client, &server.url("/watch/heartbeat"), &forged).await.unwrap().status(), 403);

    let records = server.open().await;
    let folded = async || Watching(&mut records.db.read().await.unwrap()).counts(lesson).await.unwrap();
    while folded().await.views < VIEWERS as i64 {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    server.terminate();
    assert!(server.ended().await.success());
    let numbers = folded().await;
    assert_eq!((numbers.plays, numbers.views, numbers.watch_s), (VIEWERS as i64, VIEWERS as i64, 30 * VIEWERS as i64));
    let ledger = ledger::Ledger::open(server.data().join("ledger"), &ledger::Options::default()).unwrap();
    let (mut keys, mut kinds) = (BTreeSet::new(), BTreeMap::new());
    for (_, event) in ledger.events(ledger::Offset(0)).map(Result::unwrap) {
        assert!(keys.insert((event.kind, event.key)), "an event stands there twice");
        *kinds.entry(event.kind).or_insert(0) += 1;
    }
    assert_eq!(kinds, BTreeMap::from([(PLAY, VIEWERS), (VIEW, VIEWERS), (WATCHED, 3 * VIEWERS)]));
}

/// How many organisations there are, and how many imports of them are recorded.
async fn taken_over(server: &Binary) -> (i64, i64) {
    let app = server.open().await;
    let mut tx = app.db.read().await.unwrap();
    let organisations = tx.fetch_int("select count(*) from organisation", vec![]).await.unwrap();
    let imports = tx.fetch_int("select count(*) from audit_record where action = 'organisations.imported'", vec![]).await.unwrap();
    drop(tx);
    app.db.close().await;
    (organisations, imports)
}

#[tokio::test]
async fn s6_a_register_whose_import_is_killed_is_taken_over_wholly_and_once() {
    const ROWS: usize = 40_000;
    let app = TestApp::now().await.with_tree().await;
    app.account("admin", Role::Administrator, "province").await;
    let mut server = Binary::serve(app, "").await;
    let before = taken_over(&server).await.0;
    let mut text = String::from("code,name,parent code,kind\n");
    for n in 0..ROWS {
        writeln!(text, "x{n},Branch {n},township-a,branch").unwrap();
    }
    let admin = server.signed_in("admin").await;
    let sent = admin.post(server.url("/api/v1/organisations/imports?name=r.csv")).header("content-type", "text/csv").body(text);
    let sent: Value = sent.send().await.unwrap().error_for_status().unwrap().json().await.unwrap();
    let state = async |server: &Binary, id: &str| -> Value {
        let path = server.url(&format!("/api/v1/organisations/imports/{id}"));
        admin.get(path).send().await.unwrap().error_for_status().unwrap().json().await.unwrap()
    };
    let checked = sent["id"].as_str().unwrap();
    until("it is checked", async || Some(state(&server, checked).await).filter(|s| s["state"] == "done")).await;
    let apply = server.url(&format!("/api/v1/organisations/imports/{checked}/apply"));
    let applied: Value = admin.post(apply).send().await.unwrap().error_for_status().unwrap().json().await.unwrap();
    let id = applied["id"].as_str().unwrap();
    until("it is under way", async || Some(state(&server, id).await).filter(|s| s["state"] == "running" || s["state"] == "done")).await;
    server.kill().await;
    let (organisations, imports) = taken_over(&server).await;
    let whole = before + ROWS as i64;
    assert!((organisations, imports) == (before, 0) || (organisations, imports) == (whole, 1), "all or nothing: {organisations} {imports}");
    server.restart().await;
    until("it is done by whoever comes after", async || Some(state(&server, id).await).filter(|s| s["state"] == "done")).await;
    server.terminate();
    assert!(server.ended().await.success());
    assert_eq!(taken_over(&server).await, (whole, 1));
}

/// Everything that an import of held sessions wrote, in one hash, and how many sessions and imports there are.
async fn sessions_of(app: &app::state::App) -> (String, i64, i64) {
    use sha2::Digest;
    let mut tx = app.db.read().await.unwrap();
    let mut hash = sha2::Sha256::new();
    for sql in [
        "select id || organisation || day || held_at || title || lecturer || people || form || state || version as line from held_session order by id",
        "select held_session || version || fields || state as line from held_session_revision order by held_session",
        "select object || action as line from audit_record where action like 'held-session.%' order by object",
        "select import || row as line from held_session_staged order by row",
    ] {
        for row in tx.fetch_all(sql, vec![]).await.unwrap() {
            hash.update(row.text("line").unwrap());
        }
    }
    let sessions = tx.fetch_int("select count(*) from held_session", vec![]).await.unwrap();
    let imports = tx.fetch_int("select count(*) from audit_record where action = 'held-sessions.imported'", vec![]).await.unwrap();
    (format!("{:x?}", hash.finalize()), sessions, imports)
}

#[tokio::test]
async fn f13_an_import_of_sessions_that_is_killed_ends_as_if_it_had_not_been() {
    const ROWS: usize = 12_000;
    let text = crate::held_sessions::files::many(ROWS);
    let whole = TestApp::now().await.with_tree().await;
    let clerk = whole.person("clerk", Role::Clerk, "township-a").await;
    crate::held_sessions::files::taken(&whole, &clerk, text.clone(), true).await;
    let want = sessions_of(&whole).await;
    assert_eq!((want.1, want.2), (ROWS as i64, 1));

    let app = TestApp::now().await.with_tree().await;
    app.account("clerk", Role::Clerk, "township-a").await;
    let mut server = Binary::serve(app, "").await;
    let clerk = server.signed_in("clerk").await;
    let state = async |server: &Binary, id: &str| -> Value {
        let path = server.url(&format!("/api/v1/held-sessions/imports/{id}"));
        clerk.get(path).send().await.unwrap().error_for_status().unwrap().json().await.unwrap()
    };
    let sent = clerk.post(server.url("/api/v1/held-sessions/imports?name=s.csv")).body(text);
    let sent: Value = sent.send().await.unwrap().error_for_status().unwrap().json().await.unwrap();
    let checked = sent["id"].as_str().unwrap();
    until("it is checked", async || Some(state(&server, checked).await).filter(|s| s["state"] == "done")).await;
    let apply = server.url(&format!("/api/v1/held-sessions/imports/{checked}/apply"));
    let applied: Value = clerk.post(apply).send().await.unwrap().error_for_status().unwrap().json().await.unwrap();
    let id = applied["id"].as_str().unwrap();
    until("it is under way", async || Some(state(&server, id).await).filter(|s| s["state"] != "queued")).await;
    server.kill().await;
    let app = server.open().await;
    let (_, sessions, imports) = sessions_of(&app).await;
    app.db.close().await;
    assert!((sessions, imports) == (0, 0) || (sessions, imports) == (ROWS as i64, 1), "all or nothing: {sessions} {imports}");
    server.restart().await;
    let done = until("it is done by whoever comes after", async || Some(state(&server, id).await).filter(|s| s["state"] == "done")).await;
    assert_eq!(done["added"], ROWS, "{done}");
    server.terminate();
    assert!(server.ended().await.success());
    let app = server.open().await;
    let found = sessions_of(&app).await;
    assert_eq!(found, want, "as if nobody had killed it");
    while app::statistics::drain(&app).await.unwrap() > 0 {}
    assert_eq!(app::statistics::compare(&app).await.unwrap().count(), 0, "and counted once");
    app.db.close().await;
}

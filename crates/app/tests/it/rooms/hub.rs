//! The hub itself: one frame for everybody, order, slow readers, restarts.

use super::{ask, look, only, say, texts, unmoderated};
use crate::support::{TestApp, both};
use app::rooms::Reader;
use app::rooms::hub::{Heard, News, Room};
use kernel::{Clock, Role};
use serde_json::{Value, json};
use std::sync::Arc;

/// Everything that a listener hears until there is nothing new.
async fn drain(listener: &mut app::rooms::hub::Listener) -> Vec<Value> {
    let mut heard = Vec::new();
    while let Ok(next) = tokio::time::timeout(std::time::Duration::from_millis(50), listener.next()).await {
        let Heard::Events(_, text) = next else { break };
        heard.extend(serde_json::from_str::<Vec<Value>>(text.as_str()).unwrap());
    }
    heard
}

async fn a_room(app: &TestApp) -> Arc<Room> {
    let broadcast = app.a_broadcast("county-a").create().await;
    app.rooms.open(app, broadcast).await.unwrap()
}

#[tokio::test]
async fn a_thousand_listeners_are_sent_the_same_bytes() {
    let app = TestApp::sqlite().await.with_tree().await;
    let room = a_room(&app).await;
    let mut listeners: Vec<_> = (0..1_000).map(|n| room.listen(None, n % 10 == 0).1).collect();
    room.tell(News::presence(1));
    room.tick(app.clock.now());
    let mut pointers = std::collections::BTreeSet::new();
    for listener in &mut listeners {
        let Heard::Events(_, text) = listener.next().await else { panic!("events") };
        pointers.insert(text.bytes().as_ptr() as usize);
    }
    assert_eq!(pointers.len(), 1, "made once, for the board too when it hears nothing else");
    assert_eq!(app.rooms.watching(room.id), 1_000);
    drop(listeners);
    assert_eq!(app.rooms.watching(room.id), 0);
}

#[tokio::test]
async fn s15_a_slow_reader_loses_the_oldest_chat_and_no_act_of_a_moderator() {
    let app = TestApp::sqlite().await.with_tree().await;
    let room = a_room(&app).await;
    let (_, mut slow) = room.listen(None, false);
    let (_, mut quick) = room.listen(None, false);
    let mut heard_by_quick = 0;
    for n in 0..300 {
        room.tell(News::reactions(&serde_json::Map::from_iter([("clap".to_owned(), json!(n))])));
        if n == 5 || n == 150 {
            room.tell(News::cleared());
        }
        room.tick(app.clock.now());
        heard_by_quick += drain_one(&mut quick).await;
    }
    let heard = drain(&mut slow).await;
    assert!(heard_by_quick >= 302);
    assert_eq!(only(&heard, "cleared").len(), 2, "what moderators did arrives");
    let claps = only(&heard, "reactions");
    assert!(claps.len() < 100 && claps.last().unwrap()["counts"]["clap"] == 299, "the newest chat arrives: {}", claps.len());
    let numbers: Vec<_> = heard.iter().map(|e| e["seq"].as_i64().unwrap()).collect();
    assert!(numbers.is_sorted_by(|a, b| a < b));
}

async fn drain_one(listener: &mut app::rooms::hub::Listener) -> usize {
    let Heard::Events(_, text) = listener.next().await else { panic!("events") };
    serde_json::from_str::<Vec<Value>>(text.as_str()).unwrap().len()
}

#[tokio::test]
async fn s15_who_is_hopelessly_behind_is_sent_away_to_come_back() {
    let app = TestApp::sqlite().await.with_tree().await;
    let room = a_room(&app).await;
    let (_, mut slow) = room.listen(None, false);
    for _ in 0..700 {
        room.tell(News::cleared());
        room.tick(app.clock.now());
    }
    assert_eq!(slow.next().await, Heard::Lost);
}

#[tokio::test]
async fn numbers_follow_commits_and_nothing_overtakes_an_open_transaction() {
    let app = TestApp::sqlite().await.with_tree().await;
    let room = a_room(&app).await;
    let (_, mut listener) = room.listen(None, false);
    let turn = room.turn().await;
    let number = turn.number();
    room.tell(News::presence(7));
    room.tick(app.clock.now());
    assert!(room.last() < number, "the count waits for the smaller number");
    turn.tell([(number, News::cleared())], app.clock.now());
    drop(turn);
    room.tick(app.clock.now());
    let heard = drain(&mut listener).await;
    assert_eq!(heard.iter().map(|e| e["kind"].as_str().unwrap()).filter(|k| *k != "presence").collect::<Vec<_>>(), ["cleared"]);
    assert!(heard.iter().map(|e| e["seq"].as_i64().unwrap()).is_sorted_by(|a, b| a < b));
    let given_up = room.turn().await;
    given_up.number();
    drop(given_up);
    room.tell(News::presence(8));
    room.tick(app.clock.now());
    assert_eq!(drain(&mut listener).await.len(), 1, "a transaction that failed holds nobody up");
}

#[tokio::test]
async fn s22_numbers_go_on_after_a_restart_and_whoever_was_away_is_told_what_changed() {
    both(|app| async move {
        let app = app.with_tree().await;
        let broadcast = app.a_broadcast("county-a").create().await;
        let host = app.person("host", Role::Host, "county-a").await;
        let li = app.person("lin", Role::Viewer, "branch-a").await;
        unmoderated(&host, &broadcast).await;
        say(&host, &broadcast, 1, "one").await.expect(201);
        say(&host, &broadcast, 2, "two").await.expect(201);
        let question = ask(&host, &broadcast, 3, "three?").await;
        let heard = look(&app, &li, &broadcast, "").await;
        let last = heard.last().unwrap()["seq"].as_i64().unwrap();
        let one = only(&heard, "message")[0]["id"].as_str().unwrap().to_owned();
        // What this node remembers is lost, as by a restart.
        app.rooms.forget(broadcast.id);
        host.json(axum::http::Method::DELETE, &format!("/rooms/{}/messages/{one}", broadcast.id), &json!(null)).await.expect(204);
        li.post(&format!("/rooms/{}/questions/{question}/votes", broadcast.id), &json!(null)).await.expect(204);
        say(&host, &broadcast, 4, "four").await.expect(201);
        let since = look(&app, &li, &broadcast, &format!("?after={last}")).await;
        assert!(since.iter().all(|e| e["seq"].as_i64().unwrap() > last), "{since:#?}");
        assert_eq!((only(&since, "removed")[0]["id"].as_str(), texts(&since)), (Some(one.as_str()), vec!["four"]));
        assert_eq!(only(&since, "question")[0]["votes"], 1);
        assert_eq!(texts(&look(&app, &li, &broadcast, "").await), ["two", "four"]);
    })
    .await;
}

#[tokio::test]
async fn whoever_comes_in_while_others_speak_hears_everything_once() {
    both(|app| async move {
        let app = app.with_tree().await;
        let broadcast = app.a_broadcast("county-a").create().await;
        let host = app.person("host", Role::Host, "county-a").await;
        let room = app.rooms.open(&app, broadcast.clone()).await.unwrap();
        let speaking = async {
            for n in 0..60 {
                say(&host, &broadcast, n, &format!("message {n}")).await.expect(201);
                room.tick(app.clock.now());
                tokio::task::yield_now().await;
            }
        };
        let coming = async {
            let mut readers = Vec::new();
            for _ in 0..20 {
                let (_, first, listener) = app::rooms::joined(&app, &room, Reader::default()).await.unwrap();
                readers.push((first, listener));
                tokio::time::sleep(std::time::Duration::from_millis(5)).await;
            }
            readers
        };
        let ((), readers) = tokio::join!(speaking, coming);
        for (first, mut listener) in readers {
            let mut heard: Vec<Value> = serde_json::from_str(first.as_str()).unwrap();
            heard.extend(drain(&mut listener).await);
            let said: Vec<_> = texts(&heard).into_iter().map(str::to_owned).collect();
            let want: Vec<_> = (60 - said.len()..60).map(|n| format!("message {n}")).collect();
            assert_eq!(said, want);
            assert!(said.len() >= 50, "the last fifty at least: {}", said.len());
            assert!(heard.iter().map(|e| e["seq"].as_i64().unwrap()).is_sorted_by(|a, b| a < b));
        }
    })
    .await;
}

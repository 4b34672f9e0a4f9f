//! Batch files: cacheable, immutable, and the same talk as everywhere else.

use super::{follow, look, only, say, unmoderated};
use crate::support::TestApp;
use app::broadcasts::{Broadcast, Broadcasts, Profile};
use kernel::{Clock, Role};
use serde_json::{Value, json};

#[tokio::test]
async fn in_mass_mode_batches_hold_all_that_sockets_hear_and_never_change() {
    let app = TestApp::sqlite().await.with_tree().await;
    let room = app.a_broadcast("county-a").create().await;
    let host = app.person("host", Role::Host, "county-a").await;
    let people = [app.person("lin", Role::Viewer, "branch-a").await, app.person("wang", Role::Viewer, "branch-d").await];
    unmoderated(&host, &room).await;
    let open = app.rooms.get(room.id).unwrap();
    let start = open.last();
    app.clock.advance_ms(2_000);
    app.rooms.tick(app.clock.now());
    let first = open.newest_batch();
    let current = format!("/rooms/{}/batches/current.json", room.id);
    let mut seen: Vec<(i64, Vec<u8>)> = Vec::new();
    for n in 0..30 {
        say(&people[n % 2], &room, n as u32, &format!("message {n}")).await.expect(201);
        if n % 7 == 3 {
            host.post(&format!("/rooms/{}/clearing", room.id), &json!(null)).await.expect(204);
        }
        app.clock.advance_ms(700);
        app.rooms.tick(app.clock.now());
        let newest = app.anonymous().get(&current).await.expect(200);
        assert_eq!(newest.header("cache-control"), "public, max-age=1");
        let newest = newest.json()["n"].as_i64().unwrap();
        for batch in first + 1..=newest {
            let file = app.anonymous().get(&format!("/rooms/{}/batches/{batch}.json", room.id)).await.expect(200);
            assert_eq!(file.header("cache-control"), "public, max-age=3600, immutable");
            match seen.iter().find(|(n, _)| *n == batch) {
                Some((_, before)) => assert_eq!(before, &file.body, "batch {batch} changed"),
                None => seen.push((batch, file.body)),
            }
        }
        app.anonymous().get(&format!("/rooms/{}/batches/{}.json", room.id, newest + 1)).await.expect(404);
    }
    app.clock.advance_ms(2_000);
    app.rooms.tick(app.clock.now());
    let last = open.newest_batch();
    let file = app.anonymous().get(&format!("/rooms/{}/batches/{last}.json", room.id)).await.expect(200);
    if seen.iter().all(|(n, _)| *n != last) {
        seen.push((last, file.body));
    }
    for batch in first + 1..last {
        if seen.iter().all(|(n, _)| *n != batch) {
            seen.push((batch, app.anonymous().get(&format!("/rooms/{}/batches/{batch}.json", room.id)).await.expect(200).body));
        }
    }
    seen.sort_by_key(|(n, _)| *n);
    let union: Vec<Value> = seen.iter().flat_map(|(_, body)| serde_json::from_slice::<Vec<Value>>(body).unwrap()).collect();
    let heard: Vec<Value> =
        open.since(start, None, false).unwrap().iter().map(|event| serde_json::from_str(&event.json).unwrap()).collect();
    assert!(heard.len() > 30);
    assert_eq!(union, heard);
}

#[tokio::test]
async fn switching_to_mass_mode_tells_the_room_to_read_files() {
    let app = TestApp::sqlite().await.with_tree().await;
    let room = app.a_broadcast("county-a").create().await;
    let last = look(&app, &app.anonymous(), &room, "").await.last().unwrap()["seq"].clone();
    let mut tx = app.db.begin().await.unwrap();
    Broadcasts(&mut tx).save(&Broadcast { profile: Profile::Mass, ..room.clone() }).await.unwrap();
    tx.commit().await.unwrap();
    follow(&app, room.id).await;
    let events = look(&app, &app.anonymous(), &room, &format!("?after={last}")).await;
    assert_eq!(only(&events, "state")[0]["mode"], "mass");
    assert_eq!(only(&events, "rules")[0]["transport"], "files");
}

#[tokio::test]
async fn the_crowd_costs_no_look_at_the_records() {
    let app = TestApp::sqlite().await.with_tree().await;
    let room = app.a_broadcast("county-a").create().await;
    let current = format!("/rooms/{}/batches/current.json", room.id);
    app.anonymous().get(&current).await.expect(200);
    let signed_in = app.person("lin", Role::Viewer, "branch-a").await;
    let before = app.db.statements();
    for _ in 0..50 {
        app.anonymous().get(&current).await.expect(200);
        signed_in.get(&current).await.expect(200);
    }
    assert_eq!(app.db.statements(), before);
    app.anonymous().get(&format!("/rooms/{}/batches/old.json", room.id)).await.expect(404);
    app.anonymous().get("/rooms/brd_00000000000000000000000000000001/batches/current.json").await.expect(404);
    app.rooms.tick(app.clock.now());
}

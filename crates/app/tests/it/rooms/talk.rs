//! Saying something: idempotent, limited, moderated first by default.

use super::{audited, look, name, only, say, texts, unmoderated};
use crate::support::{TestApp, both};
use app::broadcasts::{Broadcast, State};
use axum::http::Method;
use kernel::{Clock, Role};
use serde_json::json;

#[tokio::test]
async fn s22_the_same_words_sent_twice_are_said_once() {
    both(|app| async move {
        let app = app.with_tree().await;
        let room = app.a_broadcast("county-a").create().await;
        let (host, li) = (app.person("host", Role::Host, "county-a").await, app.person("lin", Role::Viewer, "branch-a").await);
        unmoderated(&host, &room).await;
        let first = say(&li, &room, 1, "Very clear").await.expect(201).json();
        assert_eq!((&first["state"], first["seq"].is_i64()), (&json!("shown"), true));
        assert_eq!(say(&li, &room, 1, "Very clear").await.expect(201).json(), first);
        assert_eq!(say(&li, &room, 1, "Another text").await.expect(409).json()["code"], "client-id-reused");
        // Somebody else's names are his own.
        let wang = app.person("wang", Role::Viewer, "branch-d").await;
        say(&wang, &room, 1, "Very clear").await.expect(201);
        let events = look(&app, &app.anonymous(), &room, "").await;
        assert_eq!(texts(&events), ["Very clear", "Very clear"]);
        let numbers: Vec<_> = events.iter().map(|e| e["seq"].as_i64().unwrap()).collect();
        assert!(numbers.is_sorted_by(|a, b| a < b), "{numbers:?}");
        assert_eq!(events[0]["seq"], first["seq"]);
    })
    .await;
}

#[tokio::test]
async fn g7_a_message_waits_for_a_moderator_unless_the_room_is_run_otherwise() {
    both(|app| async move {
        let app = app.with_tree().await;
        let room = app.a_broadcast("county-a").create().await;
        let (host, li) = (app.person("host", Role::Host, "county-a").await, app.person("lin", Role::Viewer, "branch-a").await);
        let waiting = say(&li, &room, 1, "讲得真好").await.expect(201).json();
        assert_eq!(waiting, json!({ "seq": null, "state": "waiting" }));
        assert_eq!(say(&host, &room, 1, "Welcome").await.expect(201).json()["state"], "shown", "moderators wait for nobody");
        assert_eq!(texts(&look(&app, &li, &room, "").await), ["Welcome"]);
        assert_eq!(only(&look(&app, &li, &room, "").await, "waiting").len(), 0, "nobody else reads what waits");
        let board = look(&app, &host, &room, "?board=1").await;
        let waits = only(&board, "waiting");
        assert_eq!(waits[0]["text"], "讲得真好");
        let path = format!("/rooms/{}/messages/{}/approval", room.id, waits[0]["id"].as_str().unwrap());
        host.post(&path, &json!(null)).await.expect(204);
        host.post(&path, &json!(null)).await.expect(204);
        assert_eq!(audited(&app, "room.message-approved").await, 1, "pressing twice decides once");
        assert_eq!(texts(&look(&app, &li, &room, "").await), ["Welcome", "讲得真好"]);
        let repeated = say(&li, &room, 1, "讲得真好").await.expect(201).json();
        assert_eq!(repeated["state"], "shown", "a repetition tells how it is now");
    })
    .await;
}

#[tokio::test]
async fn g7_limits_of_a_person_hold_on_both_databases() {
    both(|app| async move {
        let app = app.with_tree().await;
        let room = app.a_broadcast("county-a").create().await;
        let (host, li) = (app.person("host", Role::Host, "county-a").await, app.person("lin", Role::Viewer, "branch-a").await);
        unmoderated(&host, &room).await;
        say(&li, &room, 1, "one").await.expect(201);
        let hasty = say(&li, &room, 2, "two").await.expect(429);
        assert_eq!((hasty.header("retry-after"), hasty.json()["code"].as_str()), ("1", Some("slow-down")));
        app.clock.advance_ms(1_000);
        assert_eq!(say(&li, &room, 2, "one").await.expect(409).json()["code"], "said-already");
        say(&li, &room, 2, "two").await.expect(201);
        let slow = json!({ "chat": "slow", "slow_s": 30, "pre_moderated": false, "danmaku": true });
        host.json(Method::PUT, &format!("/rooms/{}/rules", room.id), &slow).await.expect(204);
        app.clock.advance_ms(5_500);
        assert_eq!(say(&li, &room, 3, "three").await.expect(429).header("retry-after"), "25");
        app.clock.advance_ms(25_000);
        say(&li, &room, 3, "three").await.expect(201);
        for text in ["", &"字".repeat(201), "two\nlines", "exe.\u{202E}4pm"] {
            say(&li, &room, 9, text).await.expect(422);
        }
        app.anonymous().post(&format!("/rooms/{}/messages", room.id), &json!({ "client_id": name(1), "text": "x" })).await.expect(401);
    })
    .await;
}

#[tokio::test]
async fn g7_the_kill_switch_silences_everybody_at_once_and_is_audited() {
    both(|app| async move {
        let app = app.with_tree().await;
        let room = app.a_broadcast("county-a").create().await;
        let (host, li) = (app.person("host", Role::Host, "county-a").await, app.person("lin", Role::Viewer, "branch-a").await);
        let closed = json!({ "chat": "closed", "slow_s": 0, "pre_moderated": true, "danmaku": false });
        host.json(Method::PUT, &format!("/rooms/{}/rules", room.id), &closed).await.expect(204);
        assert_eq!(say(&li, &room, 1, "anybody?").await.expect(403).json()["code"], "chat-closed");
        say(&host, &room, 1, "We go on in a moment").await.expect(201);
        assert_eq!(audited(&app, "room.rules-changed").await, 1);
        let events = look(&app, &li, &room, "").await;
        let rules = only(&events, "rules");
        assert_eq!((&rules[0]["chat"], &rules[0]["transport"], &rules[0]["danmaku"]), (&json!("closed"), &json!("socket"), &json!(false)));
        assert_eq!(only(&events, "message")[0]["danmaku"], false, "nothing flies where nothing may");
    })
    .await;
}

#[tokio::test]
async fn g7_the_word_list_holds_and_refuses_in_every_room() {
    both(|app| async move {
        let app = app.with_tree().await;
        let room = app.a_broadcast("county-a").create().await;
        let (host, li) = (app.person("host", Role::Host, "county-a").await, app.person("lin", Role::Viewer, "branch-a").await);
        unmoderated(&host, &room).await;
        let operator = app.person("operator", Role::Administrator, "province").await;
        let lists = operator.get("/api/v1/forbidden-words").await.expect(200).json();
        assert_eq!((&lists["hold"], &lists["refuse"]), (&json!([]), &json!([])), "empty by default");
        let wanted = json!({ "hold": ["加微信"], "refuse": ["Lottery"], "version": lists["version"] });
        operator.json(Method::PUT, "/api/v1/forbidden-words", &wanted).await.expect(200);
        operator.json(Method::PUT, "/api/v1/forbidden-words", &wanted).await.expect(409);
        assert_eq!(audited(&app, "words.changed").await, 1);
        assert_eq!(say(&li, &room, 1, "win the L-O-T-T-E-R-Y").await.expect(422).json()["code"], "word-refused");
        assert_eq!(say(&li, &room, 2, "请加 微 信").await.expect(201).json()["state"], "waiting");
        app.clock.advance_ms(2_000);
        assert_eq!(say(&li, &room, 3, "讲得好").await.expect(201).json()["state"], "shown");
        host.get("/api/v1/forbidden-words").await.expect(403);
        let page = operator.clone().browser().get("/administration/words").await.expect(200).text();
        assert!(page.contains("加微信</textarea>") && !page.contains("[words-"), "{page}");
        let version = operator.get("/api/v1/forbidden-words").await.json()["version"].as_str().unwrap().to_owned();
        let kept = operator.post_form("/administration/words", &[("hold", "甲\n\n乙 "), ("refuse", ""), ("version", &version)]).await;
        assert_eq!(kept.expect(303).header("location"), "/administration/words?done=words-kept");
        let again = operator.post_form("/administration/words", &[("hold", "丙"), ("refuse", ""), ("version", &version)]).await;
        assert_eq!(again.status.as_u16(), 409, "somebody else was quicker");
    })
    .await;
}

#[tokio::test]
async fn a_room_is_open_around_its_broadcast_and_readable_ever_after() {
    let app = TestApp::sqlite().await.with_tree().await;
    let li = app.person("lin", Role::Viewer, "branch-a").await;
    let at = |minutes: i64| app.clock.now().plus_ms(minutes * 60_000);
    let moved = |state, starts, ended: Option<i64>| {
        let (starts_at, ended_at) = (at(starts), ended.map(at));
        move |b: &mut Broadcast| {
            *b = Broadcast { state, starts_at, ended_at, ends_at: starts_at.plus_ms(1_800_000), on_air_at: None, ..b.clone() };
        }
    };
    let table = [
        (State::Planned, 31, None, 403),
        (State::Planned, 30, None, 201),
        (State::Ended, -60, Some(-29), 201),
        (State::Ended, -60, Some(-30), 403),
        (State::Cancelled, 0, None, 404),
    ];
    for (state, starts, ended, want) in table {
        let room = app.a_broadcast("county-a").with(moved(state, starts, ended)).create().await;
        assert_eq!(say(&li, &room, 1, "hello").await.status.as_u16(), want, "{state:?} {starts} {ended:?}");
        let read = if want == 404 { 404 } else { 200 };
        app.anonymous().get(&format!("/rooms/{}/messages", room.id)).await.expect(read);
    }
}

#[tokio::test]
async fn claps_are_counted_without_a_name_and_shown_together() {
    let app = TestApp::sqlite().await.with_tree().await;
    let room = app.a_broadcast("county-a").create().await;
    let path = format!("/rooms/{}/reactions", room.id);
    look(&app, &app.anonymous(), &room, "").await;
    let after = app.rooms.get(room.id).unwrap().last();
    for kind in ["clap", "clap", "heart"] {
        app.anonymous().post(&path, &json!({ "kind": kind })).await.expect(204);
    }
    app.anonymous().post(&path, &json!({ "kind": "brick" })).await.expect(422);
    let events = look(&app, &app.anonymous(), &room, &format!("?after={after}")).await;
    assert_eq!(only(&events, "reactions")[0]["counts"], json!({ "clap": 2, "heart": 1 }));
}

#[tokio::test]
async fn s9_what_people_say_reaches_pages_and_scripts_as_text() {
    let app = TestApp::sqlite().await.with_tree().await;
    let room = app.a_broadcast("county-a").create().await;
    let host = app.person("host", Role::Host, "county-a").await;
    let evil = "<img src=x onerror=alert(1)></script>";
    say(&host, &room, 1, evil).await.expect(201);
    super::ask(&host, &room, 2, evil).await;
    app.rooms.tick(app.clock.now());
    let page = host.clone().browser().get(&format!("/broadcasts/{}/board", room.id)).await.expect(200).text();
    assert!(page.contains("&#60;img src=x") || page.contains("&lt;img src=x"), "{page}");
    assert!(!page.contains("<img src=x"));
    let reply = app.anonymous().get(&format!("/rooms/{}/messages", room.id)).await.expect(200);
    assert_eq!((reply.header("content-type"), reply.header("x-content-type-options")), ("application/json", "nosniff"));
}

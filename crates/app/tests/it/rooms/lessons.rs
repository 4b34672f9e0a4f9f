//! What stays with the recording: questions on the lesson page, and what was said at its moment.

use super::{ask, name, say, unmoderated};
use crate::support::{TestApp, both};
use crate::watching::publish;
use app::broadcasts::{Broadcast, Broadcasts, State};
use kernel::{Clock, Id, Role};
use serde_json::json;

async fn ended(app: &TestApp, room: &Broadcast) {
    let mut tx = app.db.begin().await.unwrap();
    let is = Broadcast { state: State::Ended, ended_at: Some(app.clock.now()), ..room.clone() };
    assert!(Broadcasts(&mut tx).save(&is).await.unwrap());
    tx.commit().await.unwrap();
    super::follow(app, room.id).await;
}

#[tokio::test]
async fn g7_questions_stay_with_the_lesson_and_can_be_asked_afterwards() {
    both(|app| async move {
        let app = app.with_tree().await;
        let room = app.a_broadcast("branch-a").create().await;
        let (host, li) = (app.person("host", Role::Host, "county-a").await, app.person("lin", Role::Viewer, "branch-d").await);
        let path = format!("/api/v1/lessons/{}/questions", room.lesson);
        li.get(&path).await.expect(404);
        let first = ask(&li, &room, 1, "During the live?").await;
        app.clock.advance_ms(5_000);
        let at = |question: &str, act: &str| format!("/rooms/{}/questions/{question}/{act}", room.id);
        host.post(&at(&first, "answer"), &json!({ "aloud": true })).await.expect(204);
        ended(&app, &room).await;
        publish(&app, room.lesson, Id::from_u128(7), "Water").await;
        app.clock.advance_ms(3_600_000);
        let late = json!({ "client_id": name(2), "text": "And next year?", "at_ms": 42_000 });
        li.post(&format!("/rooms/{}/questions", room.id), &late).await.expect(403);
        let second = li.post(&path, &late).await.expect(201).json()["id"].as_str().unwrap().to_owned();
        app.anonymous().post(&path, &late).await.expect(401);
        let editor = app.person("clerk", Role::Clerk, "branch-a").await;
        editor.post(&at(&second, "approval"), &json!(null)).await.expect(403);
        editor.post(&at(&second, "answer"), &json!({ "text": "In spring." })).await.expect(204);
        let listed = app.anonymous().get(&path).await.expect(200).json();
        let shown: Vec<_> = listed.as_array().unwrap().iter().map(|q| (q["text"].as_str().unwrap(), &q["answer"], &q["at_ms"])).collect();
        assert_eq!(shown, [("And next year?", &json!("In spring."), &json!(42_000)), ("During the live?", &json!(null), &json!(60_000))]);
        assert_eq!(listed[1]["answered_at_ms"], 65_000);
        let form = [("client_id", name(3)), ("text", "By a form?".to_owned())];
        let form: Vec<_> = form.iter().map(|(n, v)| (*n, v.as_str())).collect();
        li.post_form(&format!("/lessons/{}/questions", room.lesson), &form).await.expect(303);
    })
    .await;
}

#[tokio::test]
async fn what_was_said_on_air_is_replayed_at_its_moment() {
    let app = TestApp::sqlite().await.with_tree().await;
    let room = app.a_broadcast("branch-a").create().await;
    let (host, li) = (app.person("host", Role::Host, "county-a").await, app.person("lin", Role::Viewer, "branch-d").await);
    unmoderated(&host, &room).await;
    say(&li, &room, 1, "好").await.expect(201);
    app.clock.advance_ms(30_000);
    say(&host, &room, 1, "to be removed").await.expect(201);
    say(&li, &room, 2, "记下了").await.expect(201);
    app.rooms.tick(app.clock.now());
    let events = super::look(&app, &host, &room, "").await;
    let gone = super::only(&events, "message").into_iter().find(|m| m["text"] == "to be removed").unwrap()["id"].clone();
    let path = format!("/rooms/{}/messages/{}", room.id, gone.as_str().unwrap());
    host.json(axum::http::Method::DELETE, &path, &json!(null)).await.expect(204);
    ended(&app, &room).await;
    app.clock.advance_ms(1_000);
    say(&li, &room, 3, "after the end").await.expect(201);
    let talk = format!("/lessons/{}/talk.json", room.lesson);
    app.anonymous().get(&talk).await.expect(404);
    publish(&app, room.lesson, Id::from_u128(7), "Water").await;
    let said = app.anonymous().get(&talk).await.expect(200).json();
    assert_eq!(
        said,
        json!([{ "at_ms": 60_000, "name": "lin", "text": "好", "danmaku": true }, { "at_ms": 90_000, "name": "lin", "text": "记下了", "danmaku": true }])
    );
}

#[tokio::test]
async fn s12_what_was_said_among_those_signed_in_stays_among_them() {
    let app = TestApp::sqlite().await.with_tree().await;
    let room = app.a_broadcast("branch-a").signed_in().create().await;
    let host = app.person("host", Role::Host, "county-a").await;
    say(&host, &room, 1, "among us").await.expect(201);
    ask(&host, &room, 2, "between us?").await;
    publish(&app, room.lesson, Id::from_u128(7), "Water").await;
    for path in [
        format!("/rooms/{}/messages", room.id),
        format!("/rooms/{}/events", room.id),
        format!("/rooms/{}/socket", room.id),
        format!("/rooms/{}/batches/current.json", room.id),
        format!("/lessons/{}/talk.json", room.lesson),
        format!("/api/v1/lessons/{}/questions", room.lesson),
    ] {
        let reply = app.anonymous().get(&path).await.expect(401);
        assert!(!reply.text().contains("among us") && !reply.text().contains("between us"), "{path}");
    }
    let page = app.anonymous().browser().get(&format!("/lessons/{}", room.lesson)).await.text();
    assert!(!page.contains("between us?"));
    assert!(host.get(&format!("/rooms/{}/batches/current.json", room.id)).await.expect(200).header("cache-control").starts_with("private"));
}

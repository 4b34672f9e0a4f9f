//! Watching as a group: one account, one screen, so many heads (G10).

use crate::support::tree::PASSWORD;
use crate::support::{TestApp, both};
use crate::watching::publish;
use app::broadcasts::{Broadcast, Broadcasts, State};
use axum::http::Method;
use kernel::{Clock, Id, Role};
use serde_json::{Value, json};

async fn count(app: &TestApp, path: &str) -> (Value, Value) {
    let told = app.anonymous().get(path).await.expect(200).json();
    assert_eq!(told["own_people"], Value::Null, "nobody is told another's number");
    (told["groups"].clone(), told["people"].clone())
}

#[tokio::test]
async fn g10_a_group_counts_its_heads_once_a_day_and_corrects_them() {
    both(|app| async move {
        let app = app.with_tree().await;
        let room = app.a_broadcast("branch-a").create().await;
        publish(&app, room.lesson, Id::from_u128(7), "Water").await;
        let (li, wang) = (app.person("lin", Role::Viewer, "branch-d").await, app.person("wang", Role::Viewer, "branch-a").await);
        let path = format!("/api/v1/lessons/{}/group-viewing", room.lesson);
        app.anonymous().json(Method::PUT, &path, &json!({ "people": 23 })).await.expect(401);
        for bad in [-1, 0, 1, 5_001] {
            li.json(Method::PUT, &path, &json!({ "people": bad })).await.expect(422);
        }
        let told = li.json(Method::PUT, &path, &json!({ "people": 23 })).await.expect(200).json();
        assert_eq!((&told["own_people"], &told["groups"], &told["people"]), (&json!(23), &json!(1), &json!(23)));
        wang.json(Method::PUT, &path, &json!({ "people": 7 })).await.expect(200);
        app.clock.advance_ms(60_000);
        let again = li.json(Method::PUT, &path, &json!({ "people": 25 })).await.expect(200).json();
        assert_eq!((&again["own_people"], &again["own_since"]), (&json!(25), &told["own_since"]), "corrected, not counted twice");
        assert_eq!(count(&app, &path).await, (json!(2), json!(32)));
        app.clock.advance_ms(24 * 3_600_000);
        let li = app.anonymous().signed_in("lin", PASSWORD).await;
        li.json(Method::PUT, &path, &json!({ "people": 10 })).await.expect(200);
        assert_eq!(count(&app, &path).await, (json!(3), json!(42)), "another day is another time");
        for _ in 0..2 {
            li.json(Method::DELETE, &path, &json!(null)).await.expect(204);
        }
        assert_eq!(count(&app, &path).await, (json!(2), json!(32)));
        assert_eq!((super::audited(&app, "group.counted").await, super::audited(&app, "group.taken-back").await), (4, 1));
        let views = app.anonymous().get(&format!("/api/v1/library/{}", room.lesson)).await.expect(200).json()["counts"]["views"].clone();
        assert_eq!(views, 0, "heads are never views");
        let page = app.anonymous().browser().get(&format!("/lessons/{}", room.lesson)).await.expect(200).text();
        assert!(page.contains("people in groups (2)") && page.contains("<dd>32</dd>"), "{page}");
    })
    .await;
}

#[tokio::test]
async fn g10_the_host_sees_the_groups_of_a_broadcast_and_they_stay_with_its_lesson() {
    let app = TestApp::sqlite().await.with_tree().await;
    let room = app.a_broadcast("branch-a").create().await;
    let (host, li) = (app.person("host", Role::Host, "county-a").await, app.person("lin", Role::Viewer, "branch-d").await);
    let board = format!("/broadcasts/{}/board", room.id);
    assert!(!host.clone().browser().get(&board).await.expect(200).text().contains("with 23 people"));
    li.post_form(&format!("/live/{}/group", room.id), &[("people", "23")]).await.expect(303);
    assert!(host.clone().browser().get(&board).await.expect(200).text().contains("One group with 23 people"));
    let page = li.clone().browser().get(&format!("/live/{}", room.id)).await.expect(200).text();
    assert!(page.contains("Watching as a group: 23") && page.contains("value=\"23\""), "{page}");
    li.post_form(&format!("/live/{}/group", room.id), &[("people", "1")]).await.expect(422);
    li.post_form(&format!("/live/{}/group", room.id), &[("people", ""), ("act", "leave")]).await.expect(303);
    li.post_form(&format!("/live/{}/group", room.id), &[("people", "30")]).await.expect(303);
    let mut tx = app.db.begin().await.unwrap();
    let over = Broadcast { state: State::Ended, ended_at: Some(app.clock.now()), ..room.clone() };
    assert!(Broadcasts(&mut tx).save(&over).await.unwrap());
    tx.commit().await.unwrap();
    app.clock.advance_ms(3_600_000);
    li.post_form(&format!("/live/{}/group", room.id), &[("people", "99")]).await.expect(403);
    publish(&app, room.lesson, Id::from_u128(7), "Water").await;
    assert_eq!(count(&app, &format!("/api/v1/lessons/{}/group-viewing", room.lesson)).await, (json!(1), json!(30)));
    let hidden = app.a_broadcast("branch-a").signed_in().create().await;
    app.anonymous().get(&format!("/api/v1/live/{}/group-viewing", hidden.id)).await.expect(401);
    app.anonymous().get(&format!("/api/v1/lessons/{}/group-viewing", hidden.lesson)).await.expect(404);
}

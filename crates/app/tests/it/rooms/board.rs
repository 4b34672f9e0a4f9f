//! What moderators do: removing, muting, clearing; who they are.

use super::{audited, look, only, say, texts, unmoderated};
use crate::support::{TestApp, both};
use axum::http::Method;
use kernel::Role;
use serde_json::json;

#[tokio::test]
async fn g7_a_removed_message_is_gone_from_every_screen_and_from_the_history() {
    both(|app| async move {
        let app = app.with_tree().await;
        let room = app.a_broadcast("county-a").create().await;
        let (host, li) = (app.person("host", Role::Host, "county-a").await, app.person("lin", Role::Viewer, "branch-a").await);
        unmoderated(&host, &room).await;
        say(&li, &room, 1, "out with it").await.expect(201);
        let before = look(&app, &li, &room, "").await;
        let message = only(&before, "message")[0].clone();
        let path = format!("/rooms/{}/messages/{}", room.id, message["id"].as_str().unwrap());
        host.json(Method::DELETE, &path, &json!(null)).await.expect(204);
        host.json(Method::DELETE, &path, &json!(null)).await.expect(204);
        let since = look(&app, &li, &room, &format!("?after={}", message["seq"])).await;
        assert_eq!(only(&since, "removed")[0]["id"], message["id"]);
        assert_eq!(texts(&look(&app, &li, &room, "").await), Vec::<&str>::new());
        assert_eq!(audited(&app, "room.message-removed").await, 1);
        host.post(&format!("{path}/approval"), &json!(null)).await.expect(409);
    })
    .await;
}

#[tokio::test]
async fn g7_muting_takes_the_words_away_and_ends_by_itself_and_banning_does_not() {
    both(|app| async move {
        let app = app.with_tree().await;
        let room = app.a_broadcast("county-a").create().await;
        let (host, li) = (app.person("host", Role::Host, "county-a").await, app.person("lin", Role::Viewer, "branch-a").await);
        let wang = app.person("wang", Role::Viewer, "branch-d").await;
        unmoderated(&host, &room).await;
        say(&li, &room, 1, "spam").await.expect(201);
        say(&wang, &room, 1, "thanks").await.expect(201);
        let events = look(&app, &li, &room, "").await;
        let last = events.last().unwrap()["seq"].clone();
        let message = only(&events, "message").into_iter().find(|m| m["text"] == "spam").unwrap()["id"].clone();
        let bans = format!("/rooms/{}/bans", room.id);
        host.post(&bans, &json!({ "message": message, "minutes": 0 })).await.expect(422);
        host.post(&bans, &json!({ "message": message, "minutes": 10 })).await.expect(204);
        assert_eq!(texts(&look(&app, &wang, &room, "").await), ["thanks"]);
        let told = look(&app, &li, &room, &format!("?after={last}")).await;
        assert!(only(&told, "muted")[0]["until"].is_i64());
        assert!(only(&look(&app, &wang, &room, &format!("?after={last}")).await, "muted").is_empty(), "nobody else is told");
        app.clock.advance_ms(599_999);
        assert_eq!(say(&li, &room, 2, "me again").await.expect(403).json()["code"], "muted");
        app.clock.advance_ms(1);
        say(&li, &room, 2, "me again").await.expect(201);
        host.post(&bans, &json!({ "message": message, "minutes": null })).await.expect(204);
        assert_eq!(say(&li, &room, 3, "and again").await.expect(403).json()["code"], "banned");
        assert_eq!(li.get(&format!("/rooms/{}/messages", room.id)).await.expect(403).json()["code"], "banned");
        assert_eq!(audited(&app, "room.muted").await, 2);
    })
    .await;
}

#[tokio::test]
async fn g7_clearing_empties_every_screen_with_one_word() {
    both(|app| async move {
        let app = app.with_tree().await;
        let room = app.a_broadcast("county-a").create().await;
        let (host, li) = (app.person("host", Role::Host, "county-a").await, app.person("lin", Role::Viewer, "branch-a").await);
        unmoderated(&host, &room).await;
        say(&li, &room, 1, "before").await.expect(201);
        let last = look(&app, &li, &room, "").await.last().unwrap()["seq"].clone();
        host.post(&format!("/rooms/{}/clearing", room.id), &json!(null)).await.expect(204);
        app.clock.advance_ms(2_000);
        say(&li, &room, 2, "after").await.expect(201);
        let since = look(&app, &li, &room, &format!("?after={last}")).await;
        let kinds: Vec<_> = since.iter().map(|e| e["kind"].as_str().unwrap()).filter(|k| *k != "presence").collect();
        assert_eq!(kinds, ["cleared", "message"]);
        assert_eq!(texts(&look(&app, &li, &room, "").await), ["after"]);
        assert_eq!(audited(&app, "room.cleared").await, 1);
    })
    .await;
}

#[tokio::test]
async fn s12_only_those_who_run_the_broadcast_moderate() {
    let app = TestApp::sqlite().await.with_tree().await;
    let room = app.a_broadcast("county-a").create().await;
    let li = app.person("lin", Role::Viewer, "branch-a").await;
    say(&li, &room, 1, "waits").await.expect(201);
    app.rooms.tick(kernel::Timestamp(i64::MAX / 2));
    for (login, role, code) in [
        ("clerk", Role::Clerk, "county-a"),
        ("host.beside", Role::Host, "county-b"),
        ("host.below", Role::Host, "township-a"),
        ("administrator", Role::Administrator, "province"),
    ] {
        let who = app.person(login, role, code).await;
        who.get(&format!("/rooms/{}/messages?board=1", room.id)).await.expect(403);
        who.get(&format!("/rooms/{}/events?board=1", room.id)).await.expect(403);
        who.get(&format!("/broadcasts/{}/board", room.id)).await.expect(403);
        who.post(&format!("/rooms/{}/clearing", room.id), &json!(null)).await.expect(403);
        let reply = who.get(&format!("/rooms/{}/messages", room.id)).await.expect(200).text();
        assert!(!reply.contains("waits"), "{login} reads what waits");
    }
    app.anonymous().get(&format!("/rooms/{}/messages?board=1", room.id)).await.expect(401);
    let above = app.person("host.above", Role::Host, "city-a").await;
    assert!(above.get(&format!("/rooms/{}/messages?board=1", room.id)).await.expect(200).text().contains("waits"));
}

#[tokio::test]
async fn the_board_works_as_plain_forms() {
    let app = TestApp::sqlite().await.with_tree().await;
    let room = app.a_broadcast("county-a").create().await;
    let (host, li) = (app.person("host", Role::Host, "county-a").await.browser(), app.person("lin", Role::Viewer, "branch-a").await);
    say(&li, &room, 1, "waits for you").await.expect(201);
    let question = super::ask(&li, &room, 2, "And why?").await;
    let path = format!("/broadcasts/{}/board", room.id);
    let page = host.get(&path).await.expect(200).text();
    assert!(page.contains("waits for you") && page.contains("And why?") && !page.contains("[board-"), "{page}");
    let message = page.split("name=\"message\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let back = |act: &str| format!("{path}?done=board-{act}");
    for (act, field, id) in
        [("approve", "message", &message), ("approve-question", "question", &question), ("answer-aloud", "question", &question)]
    {
        let reply = host.post_form(&path, &[("act", act), (field, id)]).await.expect(303);
        assert_eq!(reply.header("location"), back(act));
    }
    let rules = [("act", "rules"), ("chat", "slow"), ("slow_s", "20"), ("danmaku", "1")];
    host.post_form(&path, &rules).await.expect(303);
    host.post_form(&path, &[("act", "rules"), ("chat", "slow"), ("slow_s", "0")]).await.expect(422);
    host.post_form(&path, &[("act", "merge"), ("question", &question), ("into", &question)]).await.expect(409);
    host.post_form(&path, &[("act", "mute"), ("message", &message)]).await.expect(303);
    host.post_form(&path, &[("act", "clear")]).await.expect(303);
    for words in ["room.message-approved", "question.approved", "question.answered", "room.rules-changed", "room.muted", "room.cleared"] {
        assert_eq!(audited(&app, words).await, 1, "{words}");
    }
    li.clone().browser().post_form(&path, &[("act", "clear")]).await.expect(403);
}

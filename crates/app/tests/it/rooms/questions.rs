//! Questions to the lecturer: asked, voted for, merged, answered.

use super::{ask, audited, look, name, only};
use crate::support::{TestApp, both};
use axum::http::Method;
use kernel::{Clock, Role};
use serde_json::json;

#[tokio::test]
async fn g7_a_question_is_shown_voted_for_merged_and_answered() {
    both(|app| async move {
        let app = app.with_tree().await;
        let room = app.a_broadcast("county-a").create().await;
        let host = app.person("host", Role::Host, "county-a").await;
        let (li, wang) = (app.person("lin", Role::Viewer, "branch-a").await, app.person("wang", Role::Viewer, "branch-d").await);
        let (first, second) = (ask(&li, &room, 1, "What about water?").await, ask(&wang, &room, 1, "And the water?").await);
        assert_eq!(ask(&li, &room, 1, "What about water?").await, first, "a repetition is the same question");
        let events = look(&app, &li, &room, "").await;
        assert!(only(&events, "question").is_empty(), "it waits for a moderator");
        let at = |question: &str, act: &str| format!("/rooms/{}/questions/{question}/{act}", room.id);
        wang.post(&at(&first, "votes"), &json!(null)).await.expect(404);
        for question in [&first, &second] {
            host.post(&at(question, "approval"), &json!(null)).await.expect(204);
        }
        li.post(&at(&first, "votes"), &json!(null)).await.expect(409);
        for _ in 0..2 {
            host.post(&at(&first, "votes"), &json!(null)).await.expect(204);
        }
        let votes =
            |events: &[serde_json::Value], id: &str| only(events, "question").iter().find(|q| q["id"] == id).unwrap()["votes"].clone();
        assert_eq!(votes(&look(&app, &li, &room, "").await, &first), 1, "pressing twice is one vote");
        host.json(Method::DELETE, &at(&first, "votes"), &json!(null)).await.expect(204);
        assert_eq!(votes(&look(&app, &li, &room, "").await, &first), 0);
        host.post(&at(&second, "votes"), &json!(null)).await.expect(204);
        host.post(&at(&second, "merge"), &json!({ "into": first })).await.expect(204);
        let after_merge = look(&app, &li, &room, "").await;
        assert_eq!(votes(&after_merge, &first), 2, "whoever asked the same, or voted for it, votes");
        assert_eq!(only(&after_merge, "question").len(), 1);
        host.post(&at(&first, "merge"), &json!({ "into": second })).await.expect(409);
        host.post(&at(&first, "answer"), &json!({ "aloud": true })).await.expect(204);
        host.post(&at(&first, "answer"), &json!({ "text": "The pipes come in May." })).await.expect(204);
        let answered = look(&app, &li, &room, "").await;
        let question = only(&answered, "question")[0].clone();
        assert_eq!((&question["state"], &question["answer"]), (&json!("answered"), &json!("The pipes come in May.")));
        assert_eq!(question["answered_at"], app.clock.now().0);
        for (action, n) in [("question.approved", 2), ("question.merged", 1), ("question.answered", 2)] {
            assert_eq!(audited(&app, action).await, n, "{action}");
        }
    })
    .await;
}

#[tokio::test]
async fn g7_five_questions_of_one_person_wait_and_a_sixth_is_refused() {
    let app = TestApp::sqlite().await.with_tree().await;
    let room = app.a_broadcast("county-a").create().await;
    let (host, li) = (app.person("host", Role::Host, "county-a").await, app.person("lin", Role::Viewer, "branch-a").await);
    let first = ask(&li, &room, 1, "question 1").await;
    for n in 2..=5 {
        ask(&li, &room, n, &format!("question {n}")).await;
    }
    let sixth = json!({ "client_id": name(6), "text": "question 6" });
    let path = format!("/rooms/{}/questions", room.id);
    assert_eq!(li.post(&path, &sixth).await.expect(409).json()["code"], "too-many-questions");
    host.json(Method::DELETE, &format!("{path}/{first}"), &json!(null)).await.expect(204);
    li.post(&path, &sixth).await.expect(201);
    li.post(&path, &json!({ "client_id": name(7), "text": "" })).await.expect(422);
}

#[tokio::test]
async fn the_last_word_about_a_question_says_all_of_a_tick() {
    let app = TestApp::sqlite().await.with_tree().await;
    let room = app.a_broadcast("county-a").create().await;
    let host = app.person("host", Role::Host, "county-a").await;
    let question = ask(&host, &room, 1, "How many hectares?").await;
    let last = look(&app, &host, &room, "").await.last().unwrap()["seq"].clone();
    for n in 0..10 {
        let who = app.person(&format!("viewer.{n}"), Role::Viewer, "branch-a").await;
        who.post(&format!("/rooms/{}/questions/{question}/votes", room.id), &json!(null)).await.expect(204);
    }
    let since = look(&app, &host, &room, &format!("?after={last}")).await;
    let told = only(&since, "question");
    assert_eq!((told.len(), &told[0]["votes"]), (1, &json!(10)));
}

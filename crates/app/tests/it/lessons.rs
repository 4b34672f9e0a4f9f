//! Lessons over HTTP: who sees and changes them, and what a field refuses.

use crate::support::{Client, TestApp, both, tree::org};
use axum::http::Method;
use kernel::Role;
use serde_json::{Value, json};

const LESSONS: &str = "/api/v1/lessons";

async fn registered(clerk: &Client, code: &str) -> Value {
    let new = json!({ "organisation": org(code), "title": " Accounts in the open ", "topic": "village" });
    clerk.post(LESSONS, &new).await.expect(201).json()
}

#[tokio::test]
async fn a_clerk_registers_describes_and_finds_a_lesson() {
    both(async |app| {
        let app = app.with_tree().await;
        let clerk = app.person("clerk", Role::Clerk, "branch-a").await;
        let lesson = registered(&clerk, "branch-a").await;
        assert_eq!(lesson["title"], "Accounts in the open");
        let place = format!("{LESSONS}/{}", lesson["id"].as_str().unwrap());
        let more = json!({ "audience": 30, "script": "one\ntwo", "chapters": [{ "at_ms": 0, "title": "Start" }] });
        let saved = clerk.clone().with("if-match", "\"1\"").json(Method::PATCH, &place, &more).await.expect(200);
        assert_eq!(saved.header("etag"), "\"2\"");
        let cleared = clerk.json(Method::PATCH, &place, &json!({ "audience": null })).await.expect(200).json();
        assert_eq!((&cleared["audience"], &cleared["script"], &cleared["version"]), (&Value::Null, &json!("one\ntwo"), &json!(3)));
        assert_eq!(clerk.get(LESSONS).await.json()["items"][0]["id"], lesson["id"]);
        let counted = "select count(*) from stat_delta where metric = 'lessons' and amount = 1";
        assert_eq!(app.db.read().await.unwrap().fetch_int(counted, vec![]).await.unwrap(), 1);
    })
    .await;
}

#[tokio::test]
async fn s22_the_second_of_two_editors_loses_cleanly() {
    both(async |app| {
        let app = app.with_tree().await;
        let clerk = app.person("clerk", Role::Clerk, "branch-a").await;
        let place = format!("{LESSONS}/{}", registered(&clerk, "branch-a").await["id"].as_str().unwrap());
        let seen = clerk.clone().with("if-match", "\"1\"");
        seen.json(Method::PATCH, &place, &json!({ "title": "first" })).await.expect(200);
        let lost = seen.json(Method::PATCH, &place, &json!({ "title": "second" })).await.expect(412);
        assert_eq!(lost.json()["code"], "stale");
        assert_eq!(clerk.get(&place).await.json()["title"], "first");
    })
    .await;
}

#[tokio::test]
async fn s12_nobody_sees_or_changes_a_lesson_beside() {
    both(async |app| {
        let app = app.with_tree().await;
        let clerk = app.person("clerk", Role::Clerk, "branch-a").await;
        let place = format!("{LESSONS}/{}", registered(&clerk, "branch-a").await["id"].as_str().unwrap());
        let beside = app.person("beside", Role::Clerk, "branch-b").await;
        beside.get(&place).await.expect(404);
        beside.json(Method::PATCH, &place, &json!({ "title": "x" })).await.expect(404);
        beside.post(LESSONS, &json!({ "organisation": org("branch-a"), "title": "x" })).await.expect(403);
        assert_eq!(beside.get(LESSONS).await.json()["items"], json!([]));
        let above = app.person("above", Role::Reviewer, "county-a").await;
        above.get(&place).await.expect(200);
        above.json(Method::PATCH, &place, &json!({ "title": "x" })).await.expect(403);
        assert_eq!(above.get(LESSONS).await.json()["items"].as_array().unwrap().len(), 1);
        app.anonymous().get(&place).await.expect(401);
    })
    .await;
}

#[tokio::test]
async fn a_long_list_is_paged_and_each_lesson_comes_once() {
    both(async |app| {
        let app = app.with_tree().await;
        for n in 0..45 {
            app.a_lesson(org(if n % 3 == 0 { "branch-d" } else { "branch-a" })).title(&format!("{n}")).create().await;
            app.clock.advance_ms(if n % 2 == 0 { 0 } else { 1_000 });
        }
        let clerk = app.person("clerk", Role::Clerk, "branch-a").await;
        let (mut seen, mut next) = (std::collections::BTreeSet::new(), Some(String::new()));
        while let Some(after) = next {
            let page = clerk.get(&format!("{LESSONS}?after={after}")).await.expect(200).json();
            for item in page["items"].as_array().unwrap() {
                assert!(seen.insert(item["id"].as_str().unwrap().to_owned()), "{item}");
                assert_eq!(item["organisation"], json!(org("branch-a")));
            }
            next = page["next"].as_str().map(str::to_owned);
        }
        assert_eq!(seen.len(), 30);
    })
    .await;
}

#[tokio::test]
async fn bad_fields_are_named_in_the_readers_language_and_change_nothing() {
    let app = TestApp::sqlite().await.with_tree().await;
    let clerk = app.person("clerk", Role::Clerk, "branch-a").await;
    let place = format!("{LESSONS}/{}", registered(&clerk, "branch-a").await["id"].as_str().unwrap());
    let bad = json!({ "title": "", "lecturer": "a\u{202e}b", "topic": "nonsense", "held_on": "2026-02-30", "audience": -1,
                      "chapters": [{ "at_ms": 0, "title": "x".repeat(200) }] });
    let refused = clerk.json(Method::PATCH, &place, &bad).await.expect(422).json();
    let fields: Vec<_> = refused["errors"].as_array().unwrap().iter().map(|e| e["field"].as_str().unwrap()).collect();
    assert_eq!(fields, ["topic", "held_on", "audience", "title", "lecturer", "chapters/0/title"]);
    let chinese = app.anonymous().signed_in("clerk", crate::support::tree::PASSWORD).await.with("cookie", "language=zh-CN");
    let words = chinese.json(Method::PATCH, &place, &json!({ "topic": "nonsense" })).await.expect(422).text();
    assert!(words.contains("主题"), "{words}");
    assert_eq!(clerk.get(&place).await.json()["version"], 1);
    clerk.send(Method::PATCH, &place, "application/json", r#"{"title":"\ud800"}"#).await.expect(400);
    clerk.json(Method::PATCH, &place, &json!({ "organisation": org("branch-b") })).await.expect(422);
}

#[tokio::test]
async fn every_code_has_words_in_both_languages_and_packs() {
    use app::i18n::{Language, Translations};
    use app::lessons::rules::{FORMS, LECTURER_KINDS, TOPICS};
    for pack in ["generic", "lecture-opens"] {
        for language in Language::ALL {
            let keys = Translations::keys(language, pack);
            let codes = [("lecturer-kind", &LECTURER_KINDS[..]), ("topic", &TOPICS), ("form", &FORMS)];
            for (group, code) in codes.into_iter().flat_map(|(group, codes)| codes.iter().map(move |code| (group, code))) {
                let key = format!("{group}-{code}");
                assert!(keys.contains(&key), "{pack} {} lacks {key}", language.tag());
            }
        }
    }
}

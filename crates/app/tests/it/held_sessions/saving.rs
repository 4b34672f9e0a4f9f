//! Saving over HTTP, as a phone does it.

use crate::support::held::{fields, id};
use crate::support::{Client, TestApp, both, tree::org};
use axum::http::Method;
use kernel::Role;
use serde_json::{Value, json};

fn body(code: &str, operation: &str, based_on: i64, people: i64) -> Value {
    let mut told = json!(fields());
    told["people"] = people.into();
    json!({ "organisation": org(code), "operation": operation, "based_on": based_on, "fields": told })
}

fn place(n: u128) -> String {
    format!("/api/v1/held-sessions/{}", id(n))
}

async fn put(who: &Client, n: u128, body: &Value, status: u16) -> Value {
    who.json(Method::PUT, &place(n), body).await.expect(status).json()
}

const FIRST: &str = "018f0000-0000-4000-8000-000000000001";
const SECOND: &str = "018f0000-0000-4000-8000-000000000002";
const THIRD: &str = "018f0000-0000-4000-8000-000000000003";

#[tokio::test]
async fn f1_a_save_that_is_repeated_answers_as_the_first_time_and_changes_nothing() {
    both(async |app| {
        let app = app.with_tree().await;
        let clerk = app.person("clerk", Role::Clerk, "branch-a").await;
        let first = put(&clerk, 1, &body("branch-a", FIRST, 0, 20), 200).await;
        assert_eq!((&first["version"], &first["state"], &first["day"]), (&json!(1), &json!("registered"), &json!(20_261_120)));
        app.clock.advance_ms(60_000);
        assert_eq!(put(&clerk, 1, &body("branch-a", FIRST, 0, 20), 200).await, first);
        let second = put(&clerk, 1, &body("branch-a", SECOND, 1, 25), 200).await;
        assert_eq!((&second["version"], &second["fields"]["people"]), (&json!(2), &json!(25)));
        assert_eq!(put(&clerk, 1, &body("branch-a", FIRST, 0, 20), 200).await, first, "still, after a later save");
        let other = put(&clerk, 1, &body("branch-a", FIRST, 0, 21), 409).await;
        assert_eq!(other["code"], "operation-reused");
        assert_eq!(put(&clerk, 2, &body("branch-a", FIRST, 0, 20), 409).await["code"], "operation-reused");
        let whole = clerk.get(&place(1)).await.expect(200).json();
        assert_eq!(whole["version"], 2);
        assert_eq!(whole["revisions"][0]["changed"], json!([{ "field": "people", "before": 20, "after": 25 }]));
        assert_eq!(whole["revisions"].as_array().unwrap().len(), 2);
    })
    .await;
}

#[tokio::test]
async fn f1_a_save_that_comes_too_late_is_told_field_by_field() {
    both(async |app| {
        let app = app.with_tree().await;
        let clerk = app.person("clerk", Role::Clerk, "branch-a").await;
        put(&clerk, 1, &body("branch-a", FIRST, 0, 20), 200).await;
        put(&clerk, 1, &body("branch-a", SECOND, 1, 25), 200).await;
        let late = put(&clerk, 1, &body("branch-a", THIRD, 1, 30), 409).await;
        assert_eq!((&late["code"], &late["status"]), (&json!("changed-meanwhile"), &json!(409)));
        assert_eq!(late["fields"], json!([{ "field": "people", "mine": 30, "theirs": 25 }]));
        assert_eq!((&late["current"]["version"], &late["current"]["fields"]["people"]), (&json!(2), &json!(25)));
        assert!(late["detail"].as_str().unwrap().contains("Compare"), "{late}");
        let merged = put(&clerk, 1, &body("branch-a", THIRD, 2, 30), 200).await;
        assert_eq!(merged["version"], 3, "an operation that did nothing may be sent again over the version that is there");
    })
    .await;
}

#[tokio::test]
async fn f1_bad_fields_are_named_and_nothing_is_kept() {
    let app = TestApp::sqlite().await.with_tree().await;
    let clerk = app.person("clerk", Role::Clerk, "branch-a").await;
    let mut bad = body("branch-a", FIRST, 0, -1);
    bad["fields"]["held_at"] = "2026-12-01T08:00".into();
    bad["fields"]["campaign"] = "cmp_1".into();
    let refused = put(&clerk, 1, &bad, 422).await;
    let named: Vec<_> = refused["errors"].as_array().unwrap().iter().map(|e| (e["field"].clone(), e["rule"].clone())).collect();
    assert_eq!(named, [(json!("people"), json!("range")), (json!("held_at"), json!("lies-ahead"))]);
    assert_eq!(put(&clerk, 1, &body("branch-a", "short", 0, 1), 422).await["errors"][0]["field"], "operation");
    let mut unknown = body("branch-a", FIRST, 0, 1);
    unknown["fields"]["campaign"] = "cmp_1".into();
    assert_eq!(put(&clerk, 1, &unknown, 422).await["errors"][0]["rule"], "not-there");
    clerk.get(&place(1)).await.expect(404);
    put(&clerk, 1, &body("branch-a", FIRST, 3, 1), 404).await;
}

#[tokio::test]
async fn s12_nobody_sees_or_changes_what_was_held_beside() {
    both(async |app| {
        let app = app.with_tree().await;
        let clerk = app.person("clerk", Role::Clerk, "branch-a").await;
        put(&clerk, 1, &body("branch-a", FIRST, 0, 20), 200).await;
        let beside = app.person("beside", Role::Clerk, "branch-b").await;
        beside.get(&place(1)).await.expect(404);
        put(&beside, 1, &body("branch-b", SECOND, 1, 20), 404).await;
        put(&beside, 1, &body("branch-a", SECOND, 1, 20), 404).await;
        put(&beside, 2, &body("branch-a", SECOND, 0, 20), 403).await;
        assert_eq!(beside.get("/api/v1/held-sessions").await.json()["items"], json!([]));
        let filtered = format!("/api/v1/held-sessions?organisation={}", org("branch-a"));
        assert_eq!(beside.get(&filtered).await.json()["items"], json!([]));
        let auditor = app.person("auditor", Role::Auditor, "county-a").await;
        assert_eq!(auditor.get("/api/v1/held-sessions").await.json()["items"][0]["id"], json!(id(1)));
        put(&auditor, 1, &body("branch-a", SECOND, 1, 20), 403).await;
        put(&clerk, 1, &body("branch-b", SECOND, 1, 20), 422).await;
    })
    .await;
}

#[tokio::test]
async fn a_long_list_is_paged_narrowed_and_each_comes_once() {
    both(async |app| {
        let app = app.with_tree().await;
        let clerk = app.person("clerk", Role::Clerk, "township-a").await;
        for n in 0..45 {
            let mut one = body(if n % 3 == 0 { "branch-b" } else { "branch-a" }, &format!("operation-number-{n:08}"), 0, n);
            one["fields"]["held_at"] = format!("2026-11-{:02}T19:30", 1 + n / 4).into();
            one["fields"]["form"] = if n % 2 == 0 { "story" } else { "lecture" }.into();
            put(&clerk, u128::try_from(n).unwrap(), &one, 200).await;
        }
        let (mut seen, mut next) = (std::collections::BTreeSet::new(), Some(String::new()));
        let narrowed = format!("organisation={}&form=story&from=2026-11-02", org("branch-a"));
        while let Some(after) = next {
            let page = clerk.get(&format!("/api/v1/held-sessions?{narrowed}&after={after}")).await.expect(200).json();
            for item in page["items"].as_array().unwrap() {
                assert!(seen.insert(item["fields"]["people"].as_i64().unwrap()), "{item}");
            }
            next = page["next"].as_str().map(str::to_owned);
        }
        assert_eq!(seen, (4..45).filter(|n| n % 2 == 0 && n % 3 != 0).collect());
    })
    .await;
}

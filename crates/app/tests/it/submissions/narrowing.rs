//! A campaign names who alone decides in it (A5): that takes rights away and never gives any.

use crate::support::submission::{actor, ruling};
use crate::support::tree::org;
use crate::support::{TestApp, both};
use app::submissions::actions;
use app::submissions::rules::Decision;
use app::submissions::{State, SubmissionId};
use axum::http::Method;
use kernel::Role;
use serde_json::{Value, json};

async fn verdict(app: &TestApp, who: &crate::support::Client, id: SubmissionId) -> u16 {
    let version = app.submission(id).await.version;
    let body = json!({ "decision": "recommend", "version": version });
    who.post(&format!("/api/v1/submissions/{id}/verdict"), &body).await.status.as_u16()
}

#[tokio::test]
async fn a5_only_those_whom_a_campaign_names_decide_in_it() {
    both(async |app| {
        let app = app.with_tree().await;
        let admin = app.person("admin", Role::Administrator, "province").await;
        let named = app.person("named", Role::Reviewer, "township-a").await;
        let other = app.person("other", Role::Reviewer, "township-a").await;
        let call = app.spring().await;
        let id = app.a_submission().at(State::InReview).held_by("township-a").create().await.id;
        let rows = format!("/api/v1/campaigns/{}/narrowed", call.campaign.id);
        let row = |role: &str, code: &str, login: &str| json!({ "role": role, "organisation": org(code), "login": login });

        admin.post(&rows, &row("reviewer", "township-a", "named")).await.expect(201);
        assert_eq!(verdict(&app, &other, id).await, 403);
        let own = other.get(&format!("/api/v1/submissions/{id}")).await.expect(200).json();
        assert!(own["may"].is_array() && !own["may"].to_string().contains("recommend"), "{own}");
        assert_eq!(other.post(&format!("/api/v1/submissions/{id}/opening"), &Value::Null).await.status, 403);
        let order =
            json!({ "holder": org("township-a"), "campaign": call.campaign.id, "category": call.categories[0].id, "submissions": [] });
        assert_eq!(other.json(Method::PUT, "/api/v1/submissions/order", &order).await.status, 403);
        assert_eq!(named.json(Method::PUT, "/api/v1/submissions/order", &order).await.status.as_u16() / 100, 2);
        let seen = other.get(&format!("/api/v1/campaigns/{}", call.campaign.id)).await.expect(200).text();
        assert!(!seen.contains("named\",") && !seen.contains("nar_"), "who is named is told to those who manage it: {seen}");
        let listed = admin.get(&format!("/api/v1/campaigns/{}", call.campaign.id)).await.expect(200).json();
        let list = if listed["call"].is_object() { &listed["call"]["narrowed"] } else { &listed["narrowed"] };
        let first = list[0]["id"].as_str().unwrap().to_owned();
        assert_eq!(admin.post(&rows, &row("reviewer", "township-a", "named")).await.expect(422).json()["errors"][0]["rule"], "twice");

        admin.json(Method::DELETE, &format!("{rows}/{first}"), &Value::Null).await.expect(200);
        admin.post(&rows, &row("reviewer", "township-a", "other")).await.expect(201);
        assert_eq!(verdict(&app, &named, id).await, 403, "the other one now");
        assert_eq!(verdict(&app, &other, id).await / 100, 2);
    })
    .await;
}

#[tokio::test]
async fn a5_naming_never_grants_and_ends_with_the_role() {
    both(async |app| {
        let app = app.with_tree().await;
        let admin = app.person("admin", Role::Administrator, "province").await;
        let clerk = app.person("clerk", Role::Clerk, "township-a").await;
        let account = app.account("named", Role::Reviewer, "township-a").await;
        let call = app.spring().await;
        let id = app.a_submission().at(State::InReview).held_by("township-a").create().await.id;
        let rows = format!("/api/v1/campaigns/{}/narrowed", call.campaign.id);
        let rule = async |role: &str, code: &str, login: &str| {
            let body = json!({ "role": role, "organisation": org(code), "login": login });
            admin.post(&rows, &body).await.expect(422).json()["errors"][0]["rule"].as_str().unwrap().to_owned()
        };
        assert_eq!(rule("reviewer", "township-a", "clerk").await, "lacks-role");
        assert_eq!(rule("reviewer", "township-a", "nobody").await, "lacks-role");
        assert_eq!(rule("reviewer", "county-a", "named").await, "lacks-role", "a verdict is an act of one organisation");
        assert_eq!(rule("clerk", "township-a", "clerk").await, "one-of");
        assert_eq!(rule("editor", "township-a", "named").await, "only-the-runner");
        let body = json!({ "role": "reviewer", "organisation": org("township-a"), "login": "named" });
        assert_eq!(clerk.post(&rows, &body).await.status, 403);
        admin.post(&rows, &body).await.expect(201);
        // A row stays when the role ends: it does not stand in for the role.
        let mut tx = app.db.begin().await.unwrap();
        app::accounts::Accounts(&mut tx).end_grants_at(org("township-a"), kernel::Clock::now(app.clock.as_ref())).await.unwrap();
        tx.commit().await.unwrap();
        let named = kernel::Actor { account, grants: Vec::new(), scopes: None };
        let version = app.submission(id).await.version;
        let refused = actions::decide(&app, &named, id, version, &ruling(Decision::Recommend)).await.unwrap_err();
        assert!(matches!(refused.code, "forbidden" | "not-found"), "{}", refused.code);
    })
    .await;
}

#[tokio::test]
async fn a5_a_campaign_names_who_clears() {
    both(async |app| {
        let app = app.with_tree().await;
        let admin = app.person("admin", Role::Administrator, "province").await;
        app.account("chief", Role::Editor, "province").await;
        let call = app.spring().await;
        let id = app.a_submission().at(State::Selected).create().await.id;
        let rows = format!("/api/v1/campaigns/{}/narrowed", call.campaign.id);
        let version = app.submission(id).await.version;
        let body = json!({ "role": "editor", "organisation": org("province"), "login": "chief" });
        admin.post(&rows, &body).await.expect(201);
        let editor = actor(Role::Editor, "province");
        assert_eq!(actions::approve(&app, &editor, id, version, "").await.unwrap_err().code, "forbidden");
        let chief = app::accounts::Accounts(&mut app.db.read().await.unwrap()).find_by_login("chief").await.unwrap().unwrap().id;
        let chief = kernel::Actor { account: chief, ..editor };
        actions::approve(&app, &chief, id, version, "").await.unwrap_or_else(|p| panic!("{}", p.code));
        let page = admin.browser().get(&format!("/campaigns/{}/edit", call.campaign.id)).await.expect(200).text();
        assert!(page.contains("Who alone decides here") && page.contains("chief"), "{page}");
    })
    .await;
}

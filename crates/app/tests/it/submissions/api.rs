//! The whole journey over HTTP, and every refusal.

use crate::support::client::{Client, Reply};
use crate::support::submission::{actor, ruling};
use crate::support::tree::org;
use crate::support::{TestApp, both};
use app::campaigns::{QuotaKind, StageKind};
use app::submissions::rules::Decision;
use app::submissions::{State, Submission, SubmissionId, actions};
use kernel::{Clock, Role};
use serde_json::{Value, json};

fn at(id: impl std::fmt::Display, rest: &str) -> String {
    format!("/api/v1/submissions/{id}{rest}")
}

async fn verdict(who: &Client, seen: &Submission, decision: &str) -> Reply {
    who.post(&at(seen.id, "/verdict"), &json!({ "version": seen.version, "decision": decision })).await
}

/// How many refused attempts against rights the audit trail tells.
async fn attempts(app: &TestApp) -> i64 {
    let sql = "select count(*) from audit_record where outcome = 'refused' and action = 'request.refused'";
    app.db.read().await.unwrap().fetch_int(sql, vec![]).await.unwrap()
}

#[tokio::test]
async fn a_lesson_goes_from_a_branch_to_the_public_over_the_api() {
    both(async |app| {
        let app = app.with_tree().await;
        let call = app.a_campaign().consent("originality").create().await;
        let clerk = app.person("clerk", Role::Clerk, "branch-a").await;
        let lesson = app.a_lesson(org("branch-a")).with_video().create().await;
        let body = json!({ "campaign": call.campaign.id, "category": call.categories[0].id, "lesson": lesson });
        let started = clerk.post("/api/v1/submissions", &body).await.expect(201);
        let id = started.json()["id"].as_str().unwrap().to_owned();
        assert_eq!(started.header("location"), at(&id, ""));
        assert_eq!(started.json()["may"], json!(["submit", "withdraw"]));

        let refused = clerk.post(&at(&id, "/revisions"), &json!({ "version": 1 })).await.expect(422).json();
        assert_eq!((&refused["code"], &refused["errors"][0]["rule"]), (&json!("incomplete"), &json!("consent-missing")));

        let saved = json!({ "version": 1, "consents": ["originality"], "lesson_version": 1, "lesson": { "title": "Open books" } });
        clerk.json(axum::http::Method::PATCH, &at(&id, ""), &saved).await.expect(200);
        let list = clerk.get(&at(&id, "/checklist")).await.expect(200).json();
        assert_eq!(list["done"], list["total"], "{list}");

        let receipt = clerk.with("if-match", "\"2\"").post(&at(&id, "/revisions"), &json!({})).await.expect(201);
        let number = receipt.json()["number"].as_str().unwrap().to_owned();
        assert_eq!(receipt.header("location"), format!("/api/v1/receipts/{number}"));
        climb_and_clear(&app, &id).await;
        let public = app.anonymous().get(&format!("/api/v1/receipts/{}", number.to_lowercase())).await.expect(200).json();
        assert_eq!((&public["title"], &public["files"][0]["slot"]), (&json!("Open books"), &json!("video")));
        assert!(public["files"][0]["sha256"].as_str().unwrap().len() == 64 && public["files"][0].get("filename").is_none());
        app.anonymous().get("/api/v1/receipts/KJ-2026-0000-0001").await.expect(404);
    })
    .await;
}

/// Recommends `id` level by level over HTTP and lets three editors approve it.
async fn climb_and_clear(app: &TestApp, id: &str) {
    for desk in ["township-a", "county-a", "city-a", "province"] {
        let reviewer = app.person(&format!("reviewer-{desk}"), Role::Reviewer, desk).await;
        let queue = reviewer.get(&format!("/api/v1/submissions/queue?holder={}", org(desk))).await.expect(200).json();
        assert_eq!(queue["items"][0]["id"], json!(id), "{desk}");
        reviewer.post(&at(id, "/opening"), &json!({})).await.expect(200);
        let seen = reviewer.get(&at(id, "")).await.expect(200);
        assert_eq!(seen.json()["may"][0], json!(if desk == "province" { "select" } else { "recommend" }));
        let body = json!({ "decision": "recommend", "note": "clear and true" });
        reviewer.with("if-match", seen.header("etag")).post(&at(id, "/verdict"), &body).await.expect(200);
    }
    for n in 0..3 {
        let editor = app.person(&format!("editor-{n}"), Role::Editor, "province").await;
        let seen = editor.get(&at(id, "")).await.expect(200).json();
        let done = editor.post(&at(id, "/approvals"), &json!({ "version": seen["version"] })).await.expect(200).json();
        assert_eq!(done["state"], json!(if n == 2 { "published" } else { "selected" }));
    }
}

#[tokio::test]
async fn s12_nobody_but_the_holder_decides_and_siblings_do_not_even_see() {
    both(async |app| {
        let app = app.with_tree().await;
        let seen = app.a_submission().at(State::InReview).create().await;
        let table = [
            ("sibling", Role::Reviewer, "township-b", 404),
            ("other-city", Role::Reviewer, "city-b", 404),
            ("below", Role::Reviewer, "branch-a", 403),
            ("above", Role::Reviewer, "county-a", 403),
            ("clerk-of-holder", Role::Clerk, "township-a", 403),
            ("editor-above", Role::Editor, "province", 403),
            ("viewer", Role::Viewer, "township-a", 404),
        ];
        for (n, (login, role, code, status)) in table.into_iter().enumerate() {
            let who = app.person(login, role, code).await;
            verdict(&who, &seen, "keep").await.expect(status);
            assert_eq!(who.get(&at(seen.id, "")).await.status.as_u16(), if status == 404 { 404 } else { 200 }, "{login}");
            let refusals = if status == 404 { 2 } else { 1 };
            let before: i64 = table[..n].iter().map(|(_, _, _, s)| if *s == 404 { 2 } else { 1 }).sum();
            assert_eq!(attempts(&app).await, before + refusals, "{login}: refused attempts are told to the audit trail");
        }
        assert_eq!(app.submission(seen.id).await.version, seen.version, "nothing changed");
    })
    .await;
}

#[tokio::test]
async fn s12_lists_hold_only_what_their_reader_may_see() {
    both(async |app| {
        let app = app.with_tree().await;
        let draft = app.a_submission().from("branch-a").create().await.id;
        let ours = app.a_submission().from("branch-a").at(State::InReview).create().await.id;
        let siblings = app.a_submission().from("branch-c").at(State::InReview).create().await.id;
        let far = app.a_submission().from("branch-d").at(State::InReview).create().await.id;
        let table: [(&str, Role, &str, &[SubmissionId]); 7] = [
            ("clerk-a", Role::Clerk, "branch-a", &[draft, ours]),
            ("clerk-township", Role::Clerk, "township-a", &[draft, ours]),
            ("reviewer-township", Role::Reviewer, "township-a", &[ours]),
            ("reviewer-county", Role::Reviewer, "county-a", &[ours, siblings]),
            ("auditor-province", Role::Auditor, "province", &[ours, siblings, far]),
            ("clerk-b", Role::Clerk, "branch-b", &[]),
            ("viewer", Role::Viewer, "branch-a", &[]),
        ];
        for (login, role, code, want) in table {
            let who = app.person(login, role, code).await;
            let list = who.get("/api/v1/submissions").await.expect(200).json();
            let mut got: Vec<_> = list["items"].as_array().unwrap().iter().map(|i| i["id"].as_str().unwrap().to_owned()).collect();
            let mut want: Vec<_> = want.iter().map(ToString::to_string).collect();
            got.sort();
            want.sort();
            assert_eq!(got, want, "{login}");
        }
        let county = app.anonymous().signed_in("reviewer-county", crate::support::tree::PASSWORD).await;
        let below = county.get(&format!("/api/v1/submissions?below={}", org("township-b"))).await.expect(200).json();
        assert_eq!(below["items"].as_array().unwrap().len(), 1);
        let aside = county.get(&format!("/api/v1/submissions?below={}", org("city-b"))).await.expect(200).json();
        assert!(aside["items"].as_array().unwrap().is_empty(), "another city's work must not show");
        county.get(&format!("/api/v1/submissions/queue?holder={}", org("county-c"))).await.expect(404);
        county.get(&format!("/api/v1/submissions/quotas?holder={}&campaign={}", org("city-a"), "cmp_0")).await.expect(400);
    })
    .await;
}

#[tokio::test]
async fn a_stale_version_is_told_what_is_and_what_may_be_done() {
    both(async |app| {
        let app = app.with_tree().await;
        let seen = app.a_submission().at(State::InReview).create().await;
        let reviewer = app.person("reviewer", Role::Reviewer, "township-a").await;
        verdict(&reviewer, &seen, "recommend").await.expect(200);
        let again = verdict(&reviewer, &seen, "recommend").await.expect(409).json();
        assert_eq!(again["code"], json!("moved-meanwhile"));
        assert_eq!((&again["state"], &again["version"], &again["may"]), (&json!("in_review"), &json!("4"), &json!("pull_back")));
        assert_eq!(again["holder"], json!(org("county-a")));
        let header = reviewer.clone().with("if-match", "\"3\"");
        let told = header.post(&at(seen.id, "/verdict"), &json!({ "decision": "keep" })).await.expect(412).json();
        assert_eq!(told["code"], json!("stale"));
        reviewer.post(&at(seen.id, "/verdict"), &json!({ "decision": "keep" })).await.expect(422);
        assert_eq!(attempts(&app).await, 0, "coming late is no attempt against rights");
    })
    .await;
}

#[tokio::test]
async fn a_repeated_request_with_its_key_gets_the_first_answer() {
    both(async |app| {
        let app = app.with_tree().await;
        let seen = app.a_submission().at(State::InReview).create().await;
        let reviewer = app.person("reviewer", Role::Reviewer, "township-a").await.with("idempotency-key", "one");
        let first = verdict(&reviewer, &seen, "recommend").await.expect(200);
        let second = verdict(&reviewer, &seen, "recommend").await.expect(200);
        assert_eq!((first.json(), second.header("idempotent-replay")), (second.json(), "true"));
        assert_eq!(app.submission(seen.id).await.version, seen.version + 1);
        verdict(&reviewer, &seen, "keep").await.expect(422);
    })
    .await;
}

#[tokio::test]
async fn a_closed_stage_refuses_and_an_extension_opens_it() {
    both(async |app| {
        let app = app.with_tree().await;
        let now = app.clock.now();
        let call = app.a_campaign().submit(now.plus_days(-2), now.plus_days(1)).grace_s(3_600).create().await;
        let draft = app.a_submission().to(&call).create().await;
        let waiting = app.a_submission().from("branch-b").to(&call).at(State::InReview).create().await;
        app.clock.advance_ms(86_400_000 + 3_600_000);
        let clerk = actor(Role::Clerk, "branch-a");
        let refused = actions::submit(&app.app, &clerk, draft.id, draft.version).await.unwrap_err();
        assert_eq!((refused.code, refused.args[0].1.as_str()), ("stage-over", "2026-11-24 10:00 (UTC+08:00)"));
        extend(&app, &call, "branch-a", StageKind::Submit).await;
        app.hand_in(draft.id).await;
        app.clock.set(call.campaign.closes_at);
        let reviewer = actor(Role::Reviewer, "township-a");
        let late = actions::decide(&app.app, &reviewer, waiting.id, waiting.version, &ruling(Decision::Keep)).await.unwrap_err();
        assert_eq!(late.code, "stage-over");
        extend(&app, &call, "township-a", StageKind::Review).await;
        app.give(waiting.id, &ruling(Decision::Keep)).await;
    })
    .await;
}

/// Two more days for one organisation.
async fn extend(app: &TestApp, call: &app::campaigns::Call, code: &str, kind: StageKind) {
    let extension = app::campaigns::Extension {
        id: kernel::Id::new(app.clock.as_ref()),
        campaign: call.campaign.id,
        organisation: org(code),
        kind,
        until_at: app.clock.now().plus_days(2),
        reason: "flood".into(),
        granted_by: kernel::Id::from_u128(1),
        created_at: app.clock.now(),
    };
    let mut tx = app.db.begin().await.unwrap();
    app::campaigns::Campaigns(&mut tx).insert_extension(&extension).await.unwrap();
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn a_used_up_quota_refuses_and_a_withdrawal_frees_its_place() {
    both(async |app| {
        let app = app.with_tree().await;
        let call = app.a_campaign().quota(Some((QuotaKind::Number, 1))).create().await;
        let first = app.a_submission().from("branch-a").to(&call).held_by("county-a").at(State::InReview).create().await;
        let second = app.a_submission().from("branch-b").to(&call).at(State::InReview).create().await;
        let reviewer = app.person("reviewer", Role::Reviewer, "township-a").await;
        let quotas = format!("/api/v1/submissions/quotas?holder={}&campaign={}", org("township-a"), call.campaign.id);
        assert_eq!(reviewer.get(&quotas).await.expect(200).json()["items"][0]["used"], json!(1));
        let refused = verdict(&reviewer, &second, "recommend").await.expect(409).json();
        assert_eq!((&refused["code"], &refused["places"]), (&json!("quota-used-up"), &json!("1")));
        let clerk = app.person("clerk", Role::Clerk, "branch-a").await;
        let gone = json!({ "version": first.version, "reason": "the lecturer asks for it" });
        clerk.post(&at(first.id, "/withdrawal"), &gone).await.expect(200);
        verdict(&reviewer, &second, "recommend").await.expect(200);
        let dead = verdict(&reviewer, &app.submission(first.id).await, "recommend").await.expect(403).json();
        assert_eq!(dead["code"], json!("forbidden"), "a withdrawn submission lies with its owner");
        let clerks = json!({ "version": app.submission(first.id).await.version });
        assert_eq!(clerk.post(&at(first.id, "/revisions"), &clerks).await.expect(409).json()["code"], json!("not-possible"));
    })
    .await;
}

#[tokio::test]
async fn another_persons_id_a_wrong_id_and_a_wrong_shape_are_refused() {
    both(async |app| {
        let app = app.with_tree().await;
        let theirs = app.a_submission().from("branch-c").create().await;
        let clerk = app.person("clerk", Role::Clerk, "branch-a").await;
        let table: [(&str, String, Value, u16); 6] = [
            ("another's draft", at(theirs.id, "/revisions"), json!({ "version": 1 }), 404),
            ("an unknown id", at("sub_00000000000000000000000000000001", "/revisions"), json!({ "version": 1 }), 404),
            ("a lesson's id", at(theirs.lesson, "/revisions"), json!({ "version": 1 }), 400),
            ("no id", at("x", "/revisions"), json!({ "version": 1 }), 400),
            ("a text for a version", at(theirs.id, "/revisions"), json!({ "version": "one" }), 422),
            ("an unknown decision", at(theirs.id, "/verdict"), json!({ "version": 1, "decision": "applaud" }), 422),
        ];
        for (what, path, body, status) in table {
            assert_eq!(clerk.post(&path, &body).await.status.as_u16(), status, "{what}");
        }
        app.anonymous().get("/api/v1/submissions").await.expect(401);
        assert_eq!(app.submission(theirs.id).await.version, theirs.version);
    })
    .await;
}

//! Copies, stages, quotas, consents, more time: what belongs to a campaign, for programs.

use super::{LIST, basics, category, day, stages, written};
use crate::support::campaign::video_required;
use crate::support::tree::org;
use crate::support::{TestApp, both};
use axum::http::Method;
use kernel::{Clock, Role};
use serde_json::{Value, json};

#[tokio::test]
async fn b1_a_copy_moves_every_date_by_a_year_and_starts_as_a_draft() {
    both(async |app| {
        let app = app.with_tree().await;
        let admin = app.person("admin", Role::Administrator, "province").await;
        let call = app.a_campaign().consent("portrait").create().await;
        let at = format!("{LIST}/{}", call.campaign.id);
        let copy = admin.post(&format!("{at}/copies"), &json!({ "code": "spring-2027", "years": 1 })).await.expect(201).json();
        assert_eq!(copy["campaign"]["state"], "draft");
        assert_eq!(copy["campaign"]["cloned_from"], call.campaign.id.to_string());
        let year = 365 * 86_400_000_i64;
        assert_eq!(copy["campaign"]["opens_at"].as_i64(), Some(call.campaign.opens_at.0 + year));
        assert_eq!(copy["stages"][0]["closes_at"].as_i64(), Some(call.stages[0].closes_at.0 + year));
        assert_eq!(copy["categories"][0]["rules"]["slots"], json!(call.categories[0].rules.slots));
        assert_ne!(copy["categories"][0]["id"], call.categories[0].id.to_string());
        assert_eq!(copy["quota_rules"].as_array().unwrap().len(), call.quota_rules.len());
        assert_eq!(copy["quota_rules"][0]["category"], copy["categories"][0]["id"]);
        assert_eq!(copy["consents"][0]["body"], call.consents[0].body);
        let taken = admin.post(&format!("{at}/copies"), &json!({ "code": "spring-2027", "years": 1 })).await.expect(422).json();
        assert_eq!(taken["errors"][0]["rule"], "taken");
    })
    .await;
}

#[tokio::test]
async fn b1_an_open_campaign_gives_time_and_never_takes_it() {
    both(async |app| {
        let app = app.with_tree().await;
        let admin = app.person("admin", Role::Administrator, "province").await;
        let at = written(&app, &admin).await;
        admin.post(&format!("{at}/state"), &json!({ "state": "open" })).await.expect(200);
        let mut shorter = stages(&app);
        shorter["stages"][0]["closes_at"] = json!(day(&app, 19));
        let refused = admin.json(Method::PUT, &format!("{at}/stages"), &shorter).await.expect(422).json();
        assert_eq!(
            (refused["errors"][0]["field"].as_str(), refused["errors"][0]["rule"].as_str()),
            (Some("/stages/0/closes_at"), Some("only-later"))
        );
        let mut fewer = stages(&app);
        fewer["stages"].as_array_mut().unwrap().pop();
        let refused = admin.json(Method::PUT, &format!("{at}/stages"), &fewer).await.expect(422).json();
        assert_eq!(refused["errors"][0]["rule"], "kept-once-open");
        let mut longer = stages(&app);
        longer["stages"][0]["closes_at"] = json!(day(&app, 24));
        admin.json(Method::PUT, &format!("{at}/stages"), &longer).await.expect(200);
        let category_at = format!("{at}/categories/{}", admin.get(&at).await.json()["categories"][0]["id"].as_str().unwrap());
        let mut stricter = category();
        stricter["rules"]["slots"][0]["min_seconds"] = json!(600);
        let refused = admin.json(Method::PUT, &category_at, &stricter).await.expect(422).json();
        assert_eq!(refused["errors"][0]["rule"], "only-laxer");
        let mut zone = basics(&app);
        zone["zone"] = json!("UTC");
        assert_eq!(admin.json(Method::PUT, &at, &zone).await.expect(422).json()["errors"][0]["rule"], "fixed-once-open");
    })
    .await;
}

#[tokio::test]
async fn b4_quotas_are_replaced_as_a_table() {
    both(async |app| {
        let app = app.with_tree().await;
        let admin = app.person("admin", Role::Administrator, "province").await;
        let call = app.a_campaign().create().await;
        let at = format!("{LIST}/{}/quotas", call.campaign.id);
        let quota =
            |depth, kind: &str, amount| json!({ "category": call.categories[0].id, "depth": depth, "kind": kind, "amount": amount });
        let table = json!({ "quotas": [quota(0, "number", 5), quota(1, "percent", 20)] });
        let now = admin.json(Method::PUT, &at, &table).await.expect(200).json();
        let kept: Vec<_> =
            now["quota_rules"].as_array().unwrap().iter().map(|q| (q["depth"].as_i64().unwrap(), q["amount"].as_i64().unwrap())).collect();
        assert_eq!(kept, [(0, 5), (1, 20)]);
        let refused = admin.json(Method::PUT, &at, &json!({ "quotas": [quota(1, "percent", 120)] })).await.expect(422).json();
        assert_eq!(
            (refused["errors"][0]["field"].as_str(), refused["errors"][0]["found"].as_str()),
            (Some("/quotas/0/amount"), Some("120"))
        );
    })
    .await;
}

#[tokio::test]
async fn b1_a_changed_consent_is_a_new_revision_and_the_same_words_are_not() {
    both(async |app| {
        let app = app.with_tree().await;
        let admin = app.person("admin", Role::Administrator, "province").await;
        let call = app.a_campaign().create().await;
        let at = format!("{LIST}/{}/consents", call.campaign.id);
        let words = |body: &str| json!({ "code": "portrait", "title": "Portrait", "body": body, "required": true });
        for (body, revision) in [("I agree.", 1), ("I agree.", 1), ("I fully agree.", 2)] {
            let now = admin.post(&at, &words(body)).await.expect(200).json();
            assert_eq!(now["consents"][0]["revision"], revision, "{body}");
        }
        let none = admin.json(Method::DELETE, &format!("{at}/portrait"), &Value::Null).await.expect(200).json();
        assert_eq!(none["consents"], json!([]));
        admin.json(Method::DELETE, &format!("{at}/portrait"), &Value::Null).await.expect(404);
        let again = admin.post(&at, &words("I agree.")).await.expect(200).json();
        assert_eq!(again["consents"][0]["revision"], 3, "old answers keep their text");
    })
    .await;
}

#[tokio::test]
async fn b1_more_time_is_given_within_the_campaign_and_with_a_reason() {
    both(async |app| {
        let app = app.with_tree().await;
        let admin = app.person("admin", Role::Administrator, "city-a").await;
        let clerk = app.person("clerk", Role::Clerk, "branch-a").await;
        let now = app.clock.now();
        let call = app.a_campaign().run_by("city-a").submit(now.plus_days(-10), now.plus_days(-1)).create().await;
        let at = format!("{LIST}/{}", call.campaign.id);
        assert_eq!(clerk.get(&at).await.json()["standing"]["submit"]["state"], "closed");
        let more = |code: &str, days, reason: &str| json!({ "organisation": org(code), "kind": "submit", "until_at": day(&app, days), "reason": reason });
        let table = [
            (more("branch-d", 5, "flood"), "not-in-campaign"),
            (more("branch-a", -1, "flood"), "after"),
            (more("branch-a", 900, "flood"), "at-the-latest"),
            (more("branch-a", 5, ""), "required"),
        ];
        for (body, rule) in table {
            assert_eq!(admin.post(&format!("{at}/extensions"), &body).await.expect(422).json()["errors"][0]["rule"], rule);
        }
        clerk.post(&format!("{at}/extensions"), &more("branch-a", 5, "please")).await.expect(403);
        admin.post(&format!("{at}/extensions"), &more("branch-a", 5, "flood")).await.expect(201);
        let seen = clerk.get(&at).await.json();
        assert_eq!((seen["standing"]["submit"]["state"].as_str(), seen["standing"]["submit"]["at"].as_i64()), (Some("open"), Some(day(&app, 5))));
        let other = app.person("other", Role::Clerk, "branch-b").await;
        let seen = other.get(&at).await.json();
        assert_eq!((seen["standing"]["submit"]["state"].as_str(), seen["extensions"].as_array().map(Vec::len)), (Some("closed"), Some(0)));
    })
    .await;
}

#[tokio::test]
async fn b6_a_call_that_leaves_under_seven_days_is_warned_about() {
    let app = TestApp::sqlite().await.with_tree().await;
    let admin = app.person("admin", Role::Administrator, "province").await;
    let now = app.clock.now();
    for (code, days, warned) in [("six", 6, true), ("seven", 7, false), ("over", -1, false)] {
        let call = app.a_campaign().code(code).submit(now.plus_days(-30), now.plus_days(days)).create().await;
        let seen = admin.get(&format!("{LIST}/{}", call.campaign.id)).await.expect(200).json();
        assert_eq!(seen["warnings"] == json!(["short-call"]), warned, "{days} days");
    }
}

#[tokio::test]
async fn b1_a_category_without_submissions_goes_with_its_quotas() {
    both(async |app| {
        let app = app.with_tree().await;
        let admin = app.person("admin", Role::Administrator, "province").await;
        let call = app.a_campaign().category("extra", video_required()).create().await;
        let extra = call.categories[1].id;
        let at = format!("{LIST}/{}/categories/{extra}", call.campaign.id);
        let now = admin.json(Method::DELETE, &at, &Value::Null).await.expect(200).json();
        assert_eq!(now["categories"].as_array().unwrap().len(), 1);
        assert!(now["quota_rules"].as_array().unwrap().iter().all(|q| q["category"] != extra.to_string()));
        admin.json(Method::DELETE, &at, &Value::Null).await.expect(404);
    })
    .await;
}

#[tokio::test]
async fn b1_a_category_that_lessons_were_handed_in_for_stays() {
    both(async |app| {
        let app = app.with_tree().await;
        let admin = app.person("admin", Role::Administrator, "province").await;
        let call = app.a_campaign().category("extra", video_required()).create().await;
        let extra = call.categories[1].id;
        app.a_submission().to(&call).in_category(extra).create().await;
        let at = format!("{LIST}/{}", call.campaign.id);
        let before = admin.get(&at).await.expect(200).json();
        let refused = admin.json(Method::DELETE, &format!("{at}/categories/{extra}"), &Value::Null).await.expect(409).json();
        assert_eq!(refused["code"], "category-in-use");
        assert!(refused["detail"].as_str().unwrap().contains("“extra”"), "{refused}");
        assert_eq!(admin.get(&at).await.expect(200).json(), before, "nothing was changed");
    })
    .await;
}

#[tokio::test]
async fn lists_go_on_after_a_cursor() {
    both(async |app| {
        let app = app.with_tree().await;
        let admin = app.person("admin", Role::Administrator, "province").await;
        for n in 0..25 {
            app.a_campaign().code(&format!("call-{n:02}")).create().await;
        }
        let first = admin.get(LIST).await.expect(200).json();
        let second = admin.get(&format!("{LIST}?after={}", first["next"].as_str().unwrap())).await.expect(200).json();
        let ids = |page: &Value| page["items"].as_array().unwrap().iter().map(|c| c["id"].to_string()).collect::<Vec<_>>();
        let all: std::collections::BTreeSet<_> = ids(&first).into_iter().chain(ids(&second)).collect();
        assert_eq!((ids(&first).len(), ids(&second).len(), all.len(), &second["next"]), (20, 5, 25, &Value::Null));
    })
    .await;
}

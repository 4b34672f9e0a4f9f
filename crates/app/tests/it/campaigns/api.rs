//! Campaigns for programs.

use crate::support::campaign::video_required;
use crate::support::tree::org;
use crate::support::{Client, TestApp, both};
use app::campaigns::{CampaignState, Campaigns, ConsentId, Extension, ExtensionId, SUBMIT_DEPTH, StageKind};
use axum::http::Method;
use kernel::{Clock, Id, Role};
use serde_json::{Value, json};

#[tokio::test]
async fn b1_a_call_reads_back_as_it_was_stored() {
    both(async |app| {
        let app = app.with_tree().await;
        let call = app.a_campaign().consent("portrait").create().await;
        assert_eq!(call.stages[0].depth, SUBMIT_DEPTH);
        assert_eq!(call.stages.len(), 6);
        assert_eq!(call.categories[0].rules.slots[0].slot, "video");
        assert_eq!(call.quota(call.categories[0].id, 3).map(|q| q.amount), Some(2));
        let mut tx = app.db.begin().await.unwrap();
        let again = Campaigns(&mut tx).run_by(&[org("city-a"), org("province")], Some(CampaignState::Open)).await.unwrap();
        assert_eq!(again, vec![call.campaign.clone()]);
        assert!(Campaigns(&mut tx).run_by(&[org("province")], Some(CampaignState::Draft)).await.unwrap().is_empty());
        assert!(Campaigns(&mut tx).run_by(&[], None).await.unwrap().is_empty());
    })
    .await;
}

#[tokio::test]
async fn b1_only_the_newest_revision_of_a_consent_is_asked_for_and_the_old_text_stays() {
    both(async |app| {
        let app = app.with_tree().await;
        let call = app.a_campaign().consent("portrait").consent("original").create().await;
        let mut tx = app.db.begin().await.unwrap();
        let (original, portrait) = (call.consents[0].clone(), call.consents[1].clone());
        let newer =
            app::campaigns::Consent { id: ConsentId::new(app.clock.as_ref()), revision: 2, body: "Other words.".into(), ..portrait };
        Campaigns(&mut tx).insert_consent(call.campaign.id, &newer).await.unwrap();
        Campaigns(&mut tx).retire_consent(original.id).await.unwrap();
        let now = Campaigns(&mut tx).call(call.campaign.id).await.unwrap().unwrap();
        assert_eq!(now.consents, vec![newer]);
        assert_eq!(Campaigns(&mut tx).consent_revisions(call.campaign.id).await.unwrap().len(), 3);
    })
    .await;
}

#[tokio::test]
async fn b1_an_extension_is_of_one_organisation() {
    both(async |app| {
        let app = app.with_tree().await;
        let call = app.a_campaign().create().await;
        let mut tx = app.db.begin().await.unwrap();
        let extension = Extension {
            id: ExtensionId::new(app.clock.as_ref()),
            campaign: call.campaign.id,
            organisation: org("township-a"),
            kind: StageKind::Submit,
            until_at: app.clock.now().plus_days(30),
            reason: "flood".into(),
            granted_by: Id::from_u128(1),
            created_at: app.clock.now(),
        };
        Campaigns(&mut tx).insert_extension(&extension).await.unwrap();
        assert_eq!(Campaigns(&mut tx).extensions(call.campaign.id, org("township-a")).await.unwrap(), vec![extension]);
        assert!(Campaigns(&mut tx).extensions(call.campaign.id, org("township-b")).await.unwrap().is_empty());
    })
    .await;
}

const LIST: &str = "/api/v1/campaigns";

fn day(app: &TestApp, days: i64) -> i64 {
    app.clock.now().plus_days(days).0
}

fn basics(app: &TestApp) -> Value {
    json!({
        "organisation": org("province").to_string(), "code": "autumn", "title": "Autumn lectures", "theme": "Fields\nand books",
        "zone": "Asia/Shanghai", "opens_at": day(app, 1), "closes_at": day(app, 60),
    })
}

fn stages(app: &TestApp) -> Value {
    let stage = |kind: &str, depth: i64, closes: i64| json!({ "kind": kind, "depth": depth, "opens_at": day(app, 1), "closes_at": day(app, closes), "grace_s": 3600 });
    json!({ "stages": [stage("submit", -1, 20), stage("review", 3, 25), stage("review", 0, 50)] })
}

fn category() -> Value {
    let video = json!({ "slot": "video", "required": true, "most": 1, "kinds": ["mp4"], "min_seconds": 480, "max_seconds": 2700 });
    json!({ "code": "main", "name": "Main", "rules": { "slots": [video] } })
}

/// A draft with everything it needs to open.
async fn written(app: &TestApp, admin: &Client) -> String {
    let made = admin.post(LIST, &basics(app)).await.expect(201);
    let at = made.header("location").to_owned();
    admin.post(&format!("{at}/categories"), &category()).await.expect(201);
    admin.json(Method::PUT, &format!("{at}/stages"), &stages(app)).await.expect(200);
    at
}

#[tokio::test]
async fn b1_a_campaign_is_written_opened_closed_and_reopened_with_a_reason() {
    both(async |app| {
        let app = app.with_tree().await;
        let admin = app.person("admin", Role::Administrator, "province").await;
        let at = admin.post(LIST, &basics(&app)).await.expect(201).header("location").to_owned();
        let early = admin.post(&format!("{at}/state"), &json!({ "state": "open" })).await.expect(422).json();
        let rules: Vec<_> = early["errors"].as_array().unwrap().iter().map(|e| e["rule"].as_str().unwrap().to_owned()).collect();
        assert_eq!(rules, ["required", "submit-stage", "review-stage"]);
        admin.post(&format!("{at}/categories"), &category()).await.expect(201);
        admin.json(Method::PUT, &format!("{at}/stages"), &stages(&app)).await.expect(200);
        let open = admin.post(&format!("{at}/state"), &json!({ "state": "open" })).await.expect(200).json();
        assert_eq!(open["campaign"]["state"], "open");
        admin.post(&format!("{at}/state"), &json!({ "state": "closed" })).await.expect(200);
        let shut = admin.post(&format!("{at}/categories"), &category()).await.expect(409).json();
        assert_eq!(shut["code"], "campaign-closed");
        let silent = admin.post(&format!("{at}/state"), &json!({ "state": "open" })).await.expect(422).json();
        assert_eq!(silent["errors"][0]["field"], "reason");
        admin.post(&format!("{at}/state"), &json!({ "state": "open", "reason": "closed by mistake" })).await.expect(200);
        admin.post(&format!("{at}/state"), &json!({ "state": "draft" })).await.expect(409);
        let sql = "select count(*) from audit_record where action = 'campaign.reopened' and outcome = 'done'";
        assert_eq!(app.db.read().await.unwrap().fetch_int(sql, vec![]).await.unwrap(), 1);
    })
    .await;
}

#[tokio::test]
async fn s12_another_organisations_campaign_is_hidden_and_the_attempt_is_audited() {
    both(async |app| {
        let app = app.with_tree().await;
        let call = app.a_campaign().run_by("city-b").create().await;
        let at = format!("{LIST}/{}", call.campaign.id);
        let stranger = app.person("stranger", Role::Administrator, "city-a").await;
        stranger.get(&at).await.expect(404);
        stranger.post(&format!("{at}/state"), &json!({ "state": "closed" })).await.expect(404);
        stranger.post(&format!("{at}/copies"), &json!({ "code": "mine", "organisation": org("city-a").to_string() })).await.expect(404);
        assert_eq!(stranger.get(LIST).await.expect(200).json()["items"], json!([]));
        let sql = "select count(*) from audit_record where action = 'request.refused' and outcome = 'refused'";
        assert_eq!(app.db.read().await.unwrap().fetch_int(sql, vec![]).await.unwrap(), 3);
        app.anonymous().get(&at).await.expect(401);
    })
    .await;
}

#[tokio::test]
async fn s12_those_below_see_an_open_call_and_no_draft_and_change_neither() {
    both(async |app| {
        let app = app.with_tree().await;
        let open = app.a_campaign().create().await.campaign.id;
        let draft = app.a_campaign().code("secret").state(CampaignState::Draft).create().await.campaign.id;
        let below = app.a_campaign().code("local").run_by("county-a").create().await.campaign.id;
        let clerk = app.person("clerk", Role::Clerk, "branch-a").await;
        let other = app.person("other", Role::Clerk, "branch-d").await;
        let titles = async |who: &Client| who.get(LIST).await.expect(200).json()["items"].as_array().unwrap().len();
        assert_eq!((titles(&clerk).await, titles(&other).await), (2, 1));
        let seen = clerk.get(&format!("{LIST}/{open}")).await.expect(200).json();
        assert_eq!(seen["standing"]["submit"]["state"], "open");
        assert_eq!(seen["standing"]["depth"], 4);
        clerk.get(&format!("{LIST}/{draft}")).await.expect(404);
        other.get(&format!("{LIST}/{below}")).await.expect(404);
        clerk.post(&format!("{LIST}/{open}/state"), &json!({ "state": "closed" })).await.expect(403);
        clerk.post(LIST, &basics(&app)).await.expect(403);
        let auditor = app.person("auditor", Role::Auditor, "province").await;
        auditor.get(&format!("{LIST}/{draft}")).await.expect(200);
        auditor.post(&format!("{LIST}/{draft}/state"), &json!({ "state": "open" })).await.expect(403);
    })
    .await;
}

#[tokio::test]
async fn a_stale_version_changes_nothing() {
    both(async |app| {
        let app = app.with_tree().await;
        let admin = app.person("admin", Role::Administrator, "province").await;
        let at = written(&app, &admin).await;
        let tag = admin.get(&at).await.header("etag").to_owned();
        assert_eq!(tag, "\"3\"");
        let first = admin.clone().with("if-match", &tag);
        first.json(Method::PUT, &at, &basics(&app)).await.expect(200);
        let second =
            first.json(Method::PUT, &at, &json!({ "title": "Lost", "zone": "UTC", "opens_at": 0, "closes_at": 1 })).await.expect(412);
        assert_eq!(second.json()["code"], "stale");
        assert_eq!(admin.get(&at).await.json()["campaign"]["title"], "Autumn lectures");
    })
    .await;
}

#[tokio::test]
async fn bad_texts_name_field_value_and_rule_in_both_languages() {
    let app = TestApp::sqlite().await.with_tree().await;
    let admin = app.person("admin", Role::Administrator, "province").await;
    let table = [
        ("title", json!(""), "required"),
        ("title", json!("字".repeat(81)), "too-long"),
        ("title", json!("exe.\u{202E}4pm"), "hidden-characters"),
        ("theme", json!("a\u{0}b"), "hidden-characters"),
        ("code", json!("Ünfit code"), "code"),
        ("zone", json!("Mars/Olympus"), "zone"),
        ("approvals", json!(0), "range"),
        ("closes_at", json!(1), "after"),
    ];
    for (field, value, rule) in table {
        let mut body = basics(&app);
        body[field] = value;
        let reply = admin.post(LIST, &body).await.expect(422).json();
        assert_eq!((reply["errors"][0]["field"].as_str(), reply["errors"][0]["rule"].as_str()), (Some(field), Some(rule)));
        let mut chinese = admin.clone();
        chinese.headers.retain(|(name, _)| name != "accept-language");
        let chinese = chinese.with("accept-language", "zh-CN").post(LIST, &body).await.expect(422).json();
        let (english, chinese) = (reply["errors"][0]["text"].as_str().unwrap(), chinese["errors"][0]["text"].as_str().unwrap());
        let is_chinese = |text: &str| text.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c));
        assert!(is_chinese(chinese) && !is_chinese(english) && !english.starts_with('['), "{english} {chinese}");
    }
    let lone = format!("{{\"title\":\"\\ud800\",\"organisation\":\"{}\"}}", org("province"));
    admin.send(Method::POST, LIST, "application/json", lone).await.expect(400);
    assert_eq!(admin.get(LIST).await.json()["items"], json!([]), "nothing was kept");
}

#[tokio::test]
async fn a_code_is_taken_once() {
    both(async |app| {
        let app = app.with_tree().await;
        let admin = app.person("admin", Role::Administrator, "province").await;
        let at = written(&app, &admin).await;
        let again = admin.post(LIST, &basics(&app)).await.expect(422).json();
        assert_eq!((again["errors"][0]["field"].as_str(), again["errors"][0]["rule"].as_str()), (Some("code"), Some("taken")));
        let again = admin.post(&format!("{at}/categories"), &category()).await.expect(422).json();
        assert_eq!(again["errors"][0]["rule"], "taken");
    })
    .await;
}

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

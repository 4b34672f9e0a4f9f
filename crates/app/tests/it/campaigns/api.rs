//! Campaigns for programs.

use super::{LIST, basics, category, stages, written};
use crate::support::tree::org;
use crate::support::{Client, TestApp, both};
use app::campaigns::{CampaignState, Campaigns, ConsentId, Extension, ExtensionId, SUBMIT_DEPTH, StageKind};
use axum::http::Method;
use kernel::{Clock, Id, Role};
use serde_json::json;

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

//! Who sees how the server is, its long work and the audit trail; and what an operator can do (H3, H5, S12).

use crate::support::tree::{PASSWORD, org};
use crate::support::{Client, TestApp, both};
use app::audit::{self, Entry};
use app::jobs::{self, JobId, JobState};
use kernel::{OrganisationId, Role};
use serde_json::json;

async fn act(app: &TestApp, organisation: Option<OrganisationId>, object: &str) {
    app.clock.advance_ms(1_000);
    let detail = json!({ "title": "=1+1" });
    let entry = Entry { account: None, organisation, action: "thing.done", object: object.into(), allowed: true, detail };
    let mut tx = app.db.begin().await.unwrap();
    audit::record(&mut tx, app.clock.as_ref(), entry).await.unwrap();
    tx.commit().await.unwrap();
}

async fn a_job(app: &TestApp, kind: &str) -> JobId {
    let mut tx = app.db.begin().await.unwrap();
    let id = jobs::enqueue(&mut tx, app.clock.as_ref(), kind, "mat_1", &json!({ "secret": "planted" }), None).await.unwrap();
    tx.commit().await.unwrap();
    id
}

async fn state(app: &TestApp, id: JobId) -> JobState {
    jobs::find(&mut app.db.read().await.unwrap(), id).await.unwrap().unwrap().state
}

/// Objects of every record that this person is shown, over all pages.
async fn seen(client: &Client, query: &str) -> Vec<String> {
    let (mut objects, mut after) = (Vec::new(), String::new());
    loop {
        let page = client.get(&format!("/api/v1/audit-records?action=thing.&{query}&after={after}")).await.expect(200).json();
        objects.extend(page["items"].as_array().unwrap().iter().map(|item| item["object"].as_str().unwrap().to_owned()));
        match page["next"].as_str() {
            Some(next) => next.clone_into(&mut after),
            None => return objects,
        }
    }
}

#[tokio::test]
async fn s12_audit_records_show_only_what_the_reader_s_organisations_did() {
    both(async |app| {
        let app = app.with_tree().await;
        act(&app, Some(org("city-a")), "of-city-a").await;
        act(&app, Some(org("township-a")), "of-township-a").await;
        act(&app, Some(org("city-b")), "of-city-b").await;
        act(&app, None, "of-nobody").await;
        let whole = app.person("whole", Role::Auditor, "province").await;
        let part = app.person("part", Role::Administrator, "city-a").await;
        let clerk = app.person("clerk", Role::Clerk, "province").await;
        assert_eq!(seen(&whole, "").await, ["of-nobody", "of-city-b", "of-township-a", "of-city-a"]);
        assert_eq!(seen(&part, "").await, ["of-township-a", "of-city-a"]);
        clerk.get("/api/v1/audit-records").await.expect(403);
        clerk.browser().get("/administration/audit").await.expect(403);
        app.anonymous().get("/api/v1/audit-records").await.expect(401);
        for path in ["/administration/audit", "/administration/audit.csv", "/administration/audit.jsonl"] {
            let text = part.clone().browser().get(path).await.expect(200).text();
            assert!(text.contains("of-township-a"), "{path}");
            assert!(!text.contains("of-city-b") && !text.contains("of-nobody"), "{path} leaks: {text}");
        }
        part.get("/api/v1/audit-records/verification").await.expect(403);
        assert_eq!(whole.get("/api/v1/audit-records/verification").await.expect(200).json()["broken"], json!(null));
    })
    .await;
}

#[tokio::test]
async fn h5_the_trail_is_narrowed_by_who_what_and_when() {
    both(async |app| {
        let app = app.with_tree().await;
        app.account("whole", Role::Auditor, "province").await;
        act(&app, None, "first").await;
        app.clock.advance_ms(86_400_000);
        let whole = app.anonymous().signed_in("whole", PASSWORD).await;
        act(&app, None, "second").await;
        assert_eq!(seen(&whole, "from=2026-11-24").await, ["second"]);
        assert_eq!(seen(&whole, "to=2026-11-23").await, ["first"]);
        assert_eq!(seen(&whole, "object=first").await, ["first"]);
        assert!(seen(&whole, "account=whole").await.is_empty());
        let mine = whole.get("/api/v1/audit-records?account=whole").await.expect(200).json();
        assert_eq!(mine["items"][0]["name"], "whole");
        assert!(seen(&whole, "account=nobody").await.is_empty());
        let bad = whole.get("/api/v1/audit-records?from=yesterday").await.expect(422).json();
        assert_eq!(bad["errors"][0]["field"], "from");
    })
    .await;
}

#[tokio::test]
async fn h5_pages_follow_each_other_and_exports_hold_everything() {
    both(async |app| {
        let app = app.with_tree().await;
        let whole = app.person("whole", Role::Auditor, "province").await;
        for n in 0..45 {
            act(&app, None, &format!("thing-{n:02}")).await;
        }
        let want: Vec<_> = (0..45).rev().map(|n| format!("thing-{n:02}")).collect();
        assert_eq!(seen(&whole, "").await, want);
        let csv = whole.get("/administration/audit.csv?action=thing.").await.expect(200);
        assert_eq!(csv.header("content-disposition"), "attachment; filename=\"audit.csv\"");
        let text = csv.text();
        let mut rows = csv::Reader::from_reader(text.as_bytes());
        assert_eq!(rows.headers().unwrap().iter().collect::<Vec<_>>(), audit::COLUMNS);
        assert_eq!(rows.records().map(|row| row.unwrap()[5].to_owned()).collect::<Vec<_>>(), want);
        let lines = whole.get("/administration/audit.jsonl?action=thing.").await.expect(200).text();
        assert_eq!(lines.lines().count(), 45);
        let taken = whole.get("/api/v1/audit-records?action=audit.exported").await.expect(200).json();
        assert_eq!(taken["items"].as_array().unwrap().len(), 2, "taking it is recorded");
    })
    .await;
}

#[tokio::test]
async fn s9_no_cell_of_the_export_becomes_a_formula() {
    let app = TestApp::sqlite().await.with_tree().await;
    let whole = app.person("whole", Role::Auditor, "province").await;
    for object in ["=HYPERLINK(\"http://evil\")", "+1", "-1", "@SUM(A1)"] {
        act(&app, None, object).await;
    }
    let text = whole.get("/administration/audit.csv?action=thing.").await.expect(200).text();
    let cells = csv::Reader::from_reader(text.as_bytes()).into_records().map(|row| row.unwrap()[5].to_owned()).collect::<Vec<_>>();
    assert_eq!(cells, ["'@SUM(A1)", "'-1", "'+1", "'=HYPERLINK(\"http://evil\")"]);
}

#[tokio::test]
async fn h3_an_operator_stops_and_retries_long_work_and_it_is_recorded() {
    both(async |app| {
        let app = app.with_tree().await;
        let root = app.person("root", Role::Administrator, "province").await;
        let id = a_job(&app, "recordings.ingest").await;
        let listed = root.get("/api/v1/jobs?state=queued").await.expect(200);
        assert!(!listed.text().contains("planted"), "what a job was given is not shown");
        assert_eq!(listed.json()["items"][0]["id"], id.to_string());
        assert_eq!(root.post(&format!("/api/v1/jobs/{id}/cancel"), &json!({})).await.expect(200).json()["state"], "cancelled");
        assert_eq!(root.post(&format!("/api/v1/jobs/{id}/cancel"), &json!({})).await.expect(409).json()["code"], "job-over");
        let page = root.clone().browser();
        app.clock.advance_ms(1);
        page.post_form(&format!("/administration/jobs/{id}/retry"), &[]).await.expect(303);
        app.clock.advance_ms(1);
        assert_eq!(state(&app, id).await, JobState::Queued);
        page.post_form(&format!("/administration/jobs/{id}/retry"), &[]).await.expect(409);
        page.post_form(&format!("/administration/jobs/{id}/cancel"), &[]).await.expect(303);
        let told = page.get("/administration/jobs?done=job-cancelled").await.expect(200).text();
        assert!(told.contains("It was stopped.") && told.contains("Examine an upload"), "{told}");
        let records = root.get(&format!("/api/v1/audit-records?object={id}")).await.expect(200).json();
        let actions: Vec<_> = records["items"].as_array().unwrap().iter().map(|r| r["action"].as_str().unwrap()).collect();
        assert_eq!(actions, ["job.cancelled", "job.retried", "job.cancelled"]);
        root.post(&format!("/api/v1/jobs/{}/cancel", JobId::from_u128(1)), &json!({})).await.expect(404);
    })
    .await;
}

#[tokio::test]
async fn s12_only_who_operates_the_whole_sees_and_touches_long_work() {
    both(async |app| {
        let app = app.with_tree().await;
        let id = a_job(&app, "recordings.ingest").await;
        for (login, role, place) in [
            ("part", Role::Administrator, "city-a"),
            ("auditor", Role::Auditor, "province"),
            ("clerk", Role::Clerk, "province"),
            ("editor", Role::Editor, "province"),
        ] {
            let other = app.person(login, role, place).await;
            for path in ["/api/v1/administration", "/api/v1/jobs", "/administration/jobs"] {
                other.get(path).await.expect(403);
            }
            for deed in ["cancel", "retry"] {
                other.post(&format!("/api/v1/jobs/{id}/{deed}"), &json!({})).await.expect(403);
                other.post_form(&format!("/administration/jobs/{id}/{deed}"), &[]).await.expect(403);
            }
        }
        assert_eq!(state(&app, id).await, JobState::Queued);
        let auditor = app.anonymous().signed_in("auditor", PASSWORD).await.browser();
        assert_eq!(auditor.get("/administration").await.expect(303).header("location"), "/administration/audit");
    })
    .await;
}

#[tokio::test]
async fn h7_the_overview_tells_how_the_server_is_in_both_languages() {
    both(async |app| {
        let app = app.with_tree().await;
        let root = app.person("root", Role::Administrator, "province").await;
        a_job(&app, "recordings.ingest").await;
        app.clock.advance_ms(60_000);
        let told = root.get("/api/v1/administration").await.expect(200).json();
        assert_eq!(told["uptime_ms"], 60_000);
        assert_eq!(told["jobs"]["queued"], 1);
        assert!(told["disk_free"].as_i64().unwrap() > 0 && told["disk_total"].as_i64() >= told["disk_free"].as_i64());
        for language in ["en", "zh-CN"] {
            for path in ["/administration", "/administration/jobs", "/administration/audit", "/administration/audit/verification"] {
                let page = root.clone().browser().with("cookie", &format!("language={language}")).get(path).await.expect(200).text();
                assert!(!page.contains(">["), "{path} in {language} lacks a text");
            }
        }
    })
    .await;
}

#[tokio::test]
async fn s21_the_page_names_the_record_that_was_tampered_with() {
    let app = TestApp::sqlite().await.with_tree().await;
    let whole = app.person("whole", Role::Auditor, "province").await.browser();
    for n in 0..3 {
        act(&app, None, &format!("thing-{n}")).await;
    }
    audit::seal(&app.db).await.unwrap();
    assert!(whole.get("/administration/audit/verification").await.expect(200).text().contains("The trail is whole"));
    let mut tx = app.db.begin().await.unwrap();
    assert_eq!(tx.execute("update audit_record set object = 'other' where object = 'thing-1'", vec![]).await.unwrap(), 1);
    tx.commit().await.unwrap();
    let page = whole.get("/administration/audit/verification").await.expect(200).text();
    assert!(page.contains("was tampered with") && page.contains("Its text was changed."), "{page}");
}

#[tokio::test]
async fn h8_the_overview_tells_ffmpeg_and_what_its_jail_holds_back() {
    let app = TestApp::sqlite().await.with_tree().await;
    let root = app.person("root", Role::Administrator, "province").await;
    let found = root.get("/api/v1/administration").await.expect(200).json();
    assert_eq!(found["media_ready"], true, "{found}");
    assert!(found["media_tools"][1]["path"].as_str().unwrap().ends_with("/ffprobe"), "{found}");
    assert!(found["media_tools"][0]["version"].as_str().unwrap().starts_with(|c: char| c.is_ascii_alphanumeric()), "{found}");
    let tried = found["jail_enforced"].as_array().unwrap().len() + found["jail_missing"].as_array().unwrap().len();
    assert_eq!(tried, 10, "every promise is told, kept or not: {found}");
    let page = root.browser().get("/administration").await.expect(200).text();
    assert!(page.contains("/ffprobe") && page.contains("Tried from inside") && !page.contains("[jail"), "{page}");
    for name in found["jail_missing"].as_array().unwrap() {
        let key = format!("jail-{}", name.as_str().unwrap().to_lowercase().replace(' ', "-"));
        assert!(page.contains(&app.words.texts(app::i18n::Language::English).s(&key)), "{key}");
    }
}

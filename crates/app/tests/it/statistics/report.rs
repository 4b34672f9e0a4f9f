//! The report on paper: what it says equals the screen, for whoever may see it.

use super::post;
use crate::broadcasts::as_others_read;
use crate::support::{TestApp, both, tree::org};
use app::deltas::Metric;
use app::organisations::{self, OrganisationId, Organisations};
use kernel::{Id, Role};
use serde_json::Value;

fn address(code: &str, more: &str) -> String {
    format!("/statistics/report.pdf?organisation={}{more}", org(code))
}

/// The texts of its sheets.
fn texts(read: &Value) -> Vec<String> {
    read["texts"].as_array().unwrap().iter().map(|text| text.as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn f12_a_report_says_what_the_screen_says() {
    both(async |app| {
        let app = app.with_tree().await;
        post(&app, org("branch-a"), Metric::Lessons, "", 1_234).await;
        post(&app, org("branch-c"), Metric::Lessons, "", 55).await;
        post(&app, org("branch-d"), Metric::Lessons, "", 77_777).await;
        let li = app.person("li.wei", Role::Auditor, "city-a").await;
        let answer = li.get(&address("county-a", "")).await.expect(200);
        assert_eq!((answer.header("content-type"), answer.header("cache-control")), ("application/pdf", "private, no-store"));
        let read = as_others_read("poster_read.py", &answer.body);
        assert_eq!(read["size"], serde_json::json!([842.0, 595.0]));
        assert_eq!(read["title"], "county-a Monthly report, Nov 2026");
        let texts = texts(&read);
        for said in
            ["county-a", "1 Nov 2026 – 23 Nov 2026", "As it was", "23 Nov 2026 09:00 (UTC+8)", "1,289", "Lessons", "9 Oct 2026", "branch-a"]
        {
            assert!(texts[0].contains(said), "{said} is not in {}", texts[0]);
        }
        for said in ["township-a", "1,234", "township-b", "55", "county-a itself", "Total", "1,289", "Page 2 of"] {
            assert!(texts[1].contains(said), "{said} is not in {}", texts[1]);
        }
        assert!(!read["texts"].to_string().contains("77,777"), "another county's");
        let same = li.get(&format!("/api/v1{}", address("county-a", ""))).await.expect(200);
        assert_eq!(self::texts(&as_others_read("poster_read.py", &same.body)), texts);
    })
    .await;
}

#[tokio::test]
async fn a_province_with_126_children_is_told_row_by_row_in_both_languages() {
    let app = TestApp::sqlite().await.with_tree().await;
    let mut tx = app.db.begin().await.unwrap();
    let child = |n: u128| -> OrganisationId { Id::from_u128(0x9000 + n) };
    for n in 1..=126 {
        let (code, name) = (format!("z{n:03}"), format!("第{n}号县"));
        let from = organisations::BEGINNING;
        Organisations(&mut tx)
            .insert_plain(child(n), &code, &name, "county", 1, Some(org("city-b")), from, app.clock.as_ref())
            .await
            .unwrap();
    }
    Organisations(&mut tx).bump_revision().await.unwrap();
    tx.commit().await.unwrap();
    organisations::refresh(&app.app).await.unwrap();
    for n in 1..=126 {
        post(&app, child(n), Metric::Lessons, "", 10_000 + n as i64).await;
    }
    let mut li = app.person("li.wei", Role::Auditor, "province").await;
    for language in ["en", "zh-CN"] {
        li.headers.insert(0, ("accept-language".into(), language.into()));
        let answer = li.get(&address("city-b", "&period=year&metric=lessons")).await.expect(200);
        assert!(answer.body.len() < 400_000, "{} bytes", answer.body.len());
        let read = as_others_read("poster_read.py", &answer.body);
        let all = texts(&read).join("\n");
        for n in 1..=126 {
            let figure = format!("10,{n:03}");
            assert_eq!(all.matches(&figure).count(), 1, "{figure}");
            let name = format!("第{n}号县");
            assert!(all.contains(&name), "{name}");
        }
        let heads = if language == "en" { "Organisation" } else { "单位" };
        let sheets = texts(&read);
        let told = sheets
            .iter()
            .filter(|text| text.contains("号县") && !text.contains(if language == "en" { "Statistics report" } else { "统计报告" }));
        assert!(told.clone().count() > 3 && told.clone().all(|text| text.contains(heads)), "heads on every sheet of the table");
    }
}

#[tokio::test]
async fn s12_a_report_is_for_whom_the_statistics_are() {
    let app = TestApp::sqlite().await.with_tree().await;
    let li = app.person("li.wei", Role::Clerk, "county-a").await;
    li.get(&address("county-c", "")).await.expect(403);
    li.get(&address("province", "")).await.expect(403);
    app.anonymous().get(&address("county-a", "")).await.expect(401);
    li.get(&address("county-a", "&from=2026-02-30")).await.expect(422);
    li.get(&address("branch-a", "&period=all&tree=now")).await.expect(200);
}

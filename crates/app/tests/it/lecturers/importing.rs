//! A4: lecturers from a table.

use crate::support::jobs::ended;
use crate::support::tree::org;
use crate::support::{Client, TestApp, both};
use app::jobs::Handlers;
use app::lecturers::work;
use axum::http::Method;
use kernel::Role;
use serde_json::{Value, json};

const HEAD: &str = "姓名,组织编码,类别,主题,职务,联系方式,聘期开始,聘期结束,账号\n";

async fn finished(app: &TestApp, who: &Client, path: &str) -> Value {
    ended(app, Handlers::default().with(work::IMPORT, work::import), who, path).await
}

async fn taken(app: &TestApp, who: &Client, text: &str, apply: bool) -> Value {
    let reply = who.send(Method::POST, "/api/v1/lecturers/imports?name=l.csv", "text/csv", text.to_owned()).await.expect(202).json();
    let path = format!("/api/v1/lecturers/imports/{}", reply["id"].as_str().unwrap());
    let checked = finished(app, who, &path).await;
    if !apply || checked["faults"].as_array().is_some_and(|f| !f.is_empty()) {
        return checked;
    }
    let reply = who.post(&format!("{path}/apply"), &Value::Null).await.expect(202).json();
    finished(app, who, &format!("/api/v1/lecturers/imports/{}", reply["id"].as_str().unwrap())).await
}

async fn count(app: &TestApp) -> i64 {
    app.db.read().await.unwrap().fetch_int("select count(*) from lecturer", vec![]).await.unwrap()
}

#[tokio::test]
async fn a4_lecturers_are_taken_over_and_a_second_time_changes_nothing() {
    both(async |app| {
        let app = app.with_tree().await;
        let clerk = app.person("clerk", Role::Clerk, "county-a").await;
        app.account("wang.fang", Role::Lecturer, "township-a").await;
        let kind = app.words.texts(app::i18n::Language::Chinese).s("lecturer-kind-teacher");
        let topics = ["topic-law", "topic-history"].map(|key| app.words.texts(app::i18n::Language::Chinese).s(key)).join("、");
        let text = format!("{HEAD}王芳,township-a,{kind},{topics},教师,139,2026-01-01,2027-12-31,wang.fang\n李伟,branch-a,model,,,,,,\n");
        let dry = taken(&app, &clerk, &text, false).await;
        assert_eq!((&dry["added"], &dry["unchanged"], count(&app).await), (&json!(2), &json!(0), 0), "{dry}");
        let done = taken(&app, &clerk, &text, true).await;
        assert_eq!((&done["added"], count(&app).await), (&json!(2), 2), "{done}");
        let found = clerk.get(&format!("/api/v1/lecturers?organisation={}", org("township-a"))).await.expect(200).json();
        assert_eq!(found["items"].as_array().unwrap().len(), 2);
        let again = taken(&app, &clerk, &text, true).await;
        assert_eq!(
            (&again["added"], &again["corrected"], &again["unchanged"], count(&app).await),
            (&json!(0), &json!(0), &json!(2), 2),
            "{again}"
        );
        let changed = taken(&app, &clerk, &text.replace("教师,139", "副教授,139"), true).await;
        assert_eq!((&changed["corrected"], &changed["unchanged"]), (&json!(1), &json!(1)), "{changed}");
        let wang = clerk.get("/api/v1/lecturers?q=王芳").await.expect(200).json()["items"][0].clone();
        assert_eq!((wang["occupation"].as_str(), &wang["topics"]), (Some("副教授"), &json!(["history", "law"])));
    })
    .await;
}

#[tokio::test]
async fn a4_s12_one_fault_refuses_the_file_and_each_is_named() {
    both(async |app| {
        let app = app.with_tree().await;
        let clerk = app.person("clerk", Role::Clerk, "county-a").await;
        let text = format!("{HEAD}王芳,township-a,teacher,,,,,,\n李伟,county-b,teacher,,,,,,\n王 芳,township-a,teacher,,,,,,\n赵一,branch-a,teacher,,,,,,nobody\n");
        let checked = taken(&app, &clerk, &text, true).await;
        let told: Vec<_> = checked["faults"].as_array().unwrap().iter().map(|f| (f["row"].as_i64().unwrap(), f["rule"].as_str().unwrap())).collect();
        assert_eq!(told, [(3, "not-yours"), (4, "duplicate-lecturer"), (5, "unknown-account")], "{checked}");
        assert_eq!(count(&app).await, 0);
        let path = format!("/api/v1/lecturers/imports/{}", checked["id"].as_str().unwrap());
        clerk.post(&format!("{path}/apply"), &Value::Null).await.expect(409);
        clerk.get(&format!("{path}/workbook")).await.expect(200);
        app.person("other", Role::Clerk, "county-a").await.get(&path).await.expect(404);
        let auditor = app.person("auditor", Role::Auditor, "county-a").await;
        auditor.send(Method::POST, "/api/v1/lecturers/imports", "text/csv", text).await.expect(403);
        let page = clerk.browser().get("/desk/lecturers/import").await.expect(200).text();
        assert!(page.contains("/desk/lecturers/import"));
    })
    .await;
}

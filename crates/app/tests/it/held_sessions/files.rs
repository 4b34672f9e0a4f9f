//! F13: files of held sessions in and out.

use crate::support::jobs::ended;
use crate::support::tree::org;
use crate::support::{Client, TestApp, both};
use app::held_sessions::work;
use app::jobs::Handlers;
use app::spreadsheets::{self, Limits};
use axum::http::Method;
use kernel::Role;
use serde_json::{Value, json};
use std::fmt::Write;

pub const HEAD: &str = "单位编码,开讲时间,标题,主讲人,时长（分钟）,到场人数,形式,场所类型,编号\n";

/// Works on jobs of files until the one at `path` ended.
pub async fn finished(app: &TestApp, who: &Client, path: &str) -> Value {
    ended(app, Handlers::default().with(work::IMPORT, work::import).with(work::EXPORT, work::export), who, path).await
}

/// Sends a file, and imports it unless something is wrong or only its check is wanted.
pub async fn taken(app: &TestApp, who: &Client, bytes: impl Into<axum::body::Body>, apply: bool) -> Value {
    let reply =
        who.send(Method::POST, "/api/v1/held-sessions/imports?name=s.csv", "application/octet-stream", bytes).await.expect(202).json();
    let path = format!("/api/v1/held-sessions/imports/{}", reply["id"].as_str().unwrap());
    let checked = finished(app, who, &path).await;
    if !apply || !checked["faults"].as_array().unwrap().is_empty() || !checked["refused"].is_null() {
        return checked;
    }
    let reply = who.post(&format!("{path}/apply"), &Value::Null).await.expect(202).json();
    finished(app, who, &format!("/api/v1/held-sessions/imports/{}", reply["id"].as_str().unwrap())).await
}

async fn number(app: &TestApp, sql: &'static str) -> i64 {
    app.db.read().await.unwrap().fetch_int(sql, vec![]).await.unwrap()
}

async fn sessions(app: &TestApp) -> i64 {
    number(app, "select count(*) from held_session").await
}

fn told(checked: &Value) -> Vec<(i64, &str, &str)> {
    checked["faults"]
        .as_array()
        .unwrap()
        .iter()
        .map(|f| (f["row"].as_i64().unwrap(), f["column"].as_str().unwrap(), f["rule"].as_str().unwrap()))
        .collect()
}

fn counts(done: &Value) -> [i64; 3] {
    ["added", "corrected", "unchanged"].map(|code| done[code].as_i64().unwrap_or_else(|| panic!("{done}")))
}

const THREE: &str = "branch-a,2026-11-20 19:30,秋收里的一堂课,李桂芳,90,42,讲授,会议室,A-1\n\
                     branch-b,2026/11/19 9:00,党史故事,王伟,60,20,story,hall,\n\
                     township-a,2026年11月18日 14:30,村里的账,赵一,45,12,,,\n";

#[tokio::test]
async fn f13_sessions_are_taken_over_counted_and_a_second_time_changes_nothing() {
    both(async |app| {
        let app = app.with_tree().await;
        let clerk = app.person("clerk", Role::Clerk, "township-a").await;
        let text = format!("{HEAD}{THREE}");
        let dry = taken(&app, &clerk, text.clone(), false).await;
        assert_eq!((counts(&dry), sessions(&app).await), ([3, 0, 0], 0), "{dry}");
        let done = taken(&app, &clerk, text.clone(), true).await;
        assert_eq!((counts(&done), sessions(&app).await), ([3, 0, 0], 3), "{done}");
        let figures = clerk.get(&format!("/api/v1/statistics?organisation={}", org("township-a"))).await.expect(200).json();
        assert_eq!((&figures["total"]["sessions"], &figures["total"]["attendances"]), (&json!(3), &json!(74)), "before they are folded");
        app::statistics::drain(&app).await.unwrap();
        let figures = clerk.get(&format!("/api/v1/statistics?organisation={}", org("township-a"))).await.expect(200).json();
        assert_eq!((&figures["total"]["sessions"], &figures["total"]["attendances"]), (&json!(3), &json!(74)), "and after");
        let again = taken(&app, &clerk, text.clone(), true).await;
        assert_eq!((counts(&again), sessions(&app).await), ([0, 0, 3], 3), "{again}");
        let changed = text.replace(",42,", ",43,").replace(",60,20,", ",60,0,");
        let corrected = taken(&app, &clerk, changed, true).await;
        assert_eq!((counts(&corrected), sessions(&app).await), ([0, 2, 1], 3), "{corrected}");
        let compared = app::statistics::compare(&app).await.unwrap();
        assert_eq!(compared.count(), 0, "{compared:?}");
        let figures = clerk.get(&format!("/api/v1/statistics?organisation={}", org("township-a"))).await.expect(200).json();
        assert_eq!(figures["total"]["attendances"], json!(55));
        assert_eq!(number(&app, "select count(*) from held_session_revision").await, 5);
        assert_eq!(
            number(&app, "select count(*) from audit_record where action = 'held-sessions.imported'").await,
            2,
            "one for each that wrote"
        );
        assert_eq!(
            number(&app, "select count(*) from audit_record where action like 'held-session.%'").await,
            5,
            "and one for each session"
        );
        assert_eq!(number(&app, "select count(*) from held_session_staged").await, 0);
    })
    .await;
}

#[tokio::test]
async fn f13_what_was_recorded_by_hand_is_known_again() {
    both(async |app| {
        let app = app.with_tree().await;
        let clerk = app.person("clerk", Role::Clerk, "township-a").await;
        let actor = app.somebody("actor", Role::Clerk, "branch-a").await;
        let by_hand =
            app.saved(&actor, crate::support::held::save_of(crate::support::held::id(1), "branch-a", crate::support::held::fields())).await;
        let same = format!("{HEAD}branch-a,2026-11-20 19:30,Accounts in the open,Li Wei,90,20,,,\n");
        assert_eq!(counts(&taken(&app, &clerk, same.clone(), true).await), [0, 0, 1], "empty cells change nothing");
        let ours = format!("{HEAD}branch-a,2026-11-20 19:45,Accounts in the open,Li Wei,90,21,,,{}\n", by_hand.id);
        assert_eq!(counts(&taken(&app, &clerk, ours, true).await), [0, 1, 0]);
        let now = clerk.get(&format!("/api/v1/held-sessions/{}", by_hand.id)).await.expect(200).json();
        assert_eq!((&now["version"], &now["fields"]["people"], &now["fields"]["form"]), (&json!(2), &json!(21), &json!("lecture")));
        let gone = format!("{HEAD}branch-a,2026-11-20 19:45,X,Y,90,21,,,hs_0000000000000000000000000000dead\n");
        assert_eq!(told(&taken(&app, &clerk, gone, true).await), [(2, "reference", "not-there")]);
        let elsewhere = format!("{HEAD}branch-b,2026-11-20 19:45,X,Y,90,21,,,{}\n", by_hand.id);
        assert_eq!(told(&taken(&app, &clerk, elsewhere, true).await), [(2, "organisation", "fixed")]);
    })
    .await;
}

#[tokio::test]
async fn f13_s12_one_fault_refuses_the_file_and_each_is_named() {
    both(async |app| {
        let app = app.with_tree().await;
        let clerk = app.person("clerk", Role::Clerk, "township-a").await;
        let long = "长".repeat(300);
        let text = format!(
            "{HEAD}branch-a,2026-11-20 19:30,Good,Li,90,42,,,\n\
             branch-c,2026-11-20 19:30,Not ours,Li,90,42,,,\n\
             nowhere,2026-11-20 19:30,Unknown,Li,90,42,,,\n\
             branch-a,2026-11-24 19:30,To come,Li,90,42,,,\n\
             branch-a,soon,{long},,ninety,-1,opera,,\n\
             branch-a,2026-11-20 19:30,Good,Li,90,42,,,\n\
             branch-a,2026-11-20 19:30,=1+1,Li,90,42,,,\n"
        );
        let checked = taken(&app, &clerk, text.clone(), true).await;
        let want = [
            (3, "organisation", "not-yours"),
            (4, "organisation", "unknown-organisation"),
            (5, "held-at", "lies-ahead"),
            (6, "form", "one-of"),
            (6, "held-at", "moment"),
            (6, "lecturer", "required"),
            (6, "minutes", "number"),
            (6, "people", "range"),
            (6, "title", "too-long"),
            (7, "title", "duplicate-session"),
            (8, "title", "formula"),
        ];
        let mut found = told(&checked);
        found.sort_unstable();
        assert_eq!(found, want, "{checked}");
        assert_eq!((sessions(&app).await, number(&app, "select count(*) from stat_delta").await), (0, 0), "all or nothing");
        let path = format!("/api/v1/held-sessions/imports/{}", checked["id"].as_str().unwrap());
        clerk.post(&format!("{path}/apply"), &Value::Null).await.expect(409);
        let workbook = clerk.get(&format!("{path}/workbook")).await.expect(200).body;
        let file = app.dir.path().join("back.xlsx");
        std::fs::write(&file, workbook).unwrap();
        let back = spreadsheets::read(&file, &Limits::default()).unwrap();
        assert!(back.rows[2].cells[0].text().contains("branch-c"), "{:?}", back.rows[2]);
        assert!(back.rows.iter().flat_map(|row| &row.cells).all(|cell| !matches!(cell, spreadsheets::Cell::Formula(_))));
        app.person("other", Role::Clerk, "township-a").await.get(&path).await.expect(404);
        let auditor = app.person("auditor", Role::Auditor, "township-a").await;
        auditor.send(Method::POST, "/api/v1/held-sessions/imports", "text/csv", text).await.expect(403);
    })
    .await;
}

#[tokio::test]
async fn f13_f8_closed_months_and_voided_sessions_refuse_a_file() {
    both(async |app| {
        let app = app.with_tree().await;
        let clerk = app.person("clerk", Role::Clerk, "township-a").await;
        let before = format!("{HEAD}branch-a,2026-10-20 19:30,October,Li,90,42,,,A\nbranch-a,2026-11-02 19:30,November,Li,90,42,,,B\n");
        assert_eq!(counts(&taken(&app, &clerk, before.clone(), true).await), [2, 0, 0]);
        let county = app.person("county", Role::Clerk, "county-a").await;
        county.json(Method::PUT, &format!("/api/v1/closed-months/{}/2026-10", org("county-a")), &Value::Null).await.expect(201);
        assert_eq!(counts(&taken(&app, &clerk, before.clone(), true).await), [0, 0, 2], "what changes no figure is no fault");
        let late = format!("{HEAD}branch-b,2026-10-05 19:30,Late,Li,90,42,,,\n");
        assert_eq!(told(&taken(&app, &clerk, late, true).await), [(2, "held-at", "month-closed-for-files")]);
        let out = before.replace("2026-10-20", "2026-11-20");
        assert_eq!(told(&taken(&app, &clerk, out, true).await), [(2, "held-at", "month-closed-for-files")], "nor taken out of it");
        let list = clerk.get("/api/v1/held-sessions?from=2026-11-01").await.expect(200).json();
        let (id, version) = (list["items"][0]["id"].as_str().unwrap(), &list["items"][0]["version"]);
        let void = json!({ "items": [{ "id": id, "version": version }], "verdict": "void", "reason": "Twice" });
        county.post("/api/v1/held-sessions/verdicts", &void).await.expect(204);
        assert_eq!(told(&taken(&app, &clerk, before, true).await), [(3, "title", "voided")]);
    })
    .await;
}

#[tokio::test]
async fn f13_files_come_in_every_encoding() {
    both(async |app| {
        let app = app.with_tree().await;
        let clerk = app.person("clerk", Role::Clerk, "township-a").await;
        let text = format!("{HEAD}{THREE}");
        let (gb, _, bad) = encoding_rs::GB18030.encode(&text);
        assert!(!bad);
        assert_eq!(counts(&taken(&app, &clerk, gb.into_owned(), true).await), [3, 0, 0]);
        assert_eq!(counts(&taken(&app, &clerk, format!("\u{feff}{text}"), true).await), [0, 0, 3]);
        assert_eq!(counts(&taken(&app, &clerk, text, true).await), [0, 0, 3]);
        let broken = taken(&app, &clerk, b"PK\x03\x04 and then nothing".to_vec(), false).await;
        assert_eq!(broken["refused"], "sheet-damaged");
    })
    .await;
}

/// Many rows that a township may send.
pub fn many(rows: usize) -> String {
    let mut text = HEAD.to_owned();
    for n in 0..rows {
        let (branch, day, hour) = (if n % 2 == 0 { "branch-a" } else { "branch-b" }, n % 28 + 1, n / 28 % 24);
        writeln!(text, "{branch},2026-10-{day:02} {hour:02}:00,Session {n},Li,90,{},讲授,,N-{n}", n % 50).unwrap();
    }
    text
}

#[tokio::test]
async fn f13_what_goes_out_can_come_in_again() {
    both(async |app| {
        let app = app.with_tree().await;
        let clerk = app.person("clerk", Role::Clerk, "township-a").await;
        let text = many(1_200) + "branch-a,2026-11-20 19:30,'=cmd|' /C calc'!A0,'@Li,90,42,,,X\n";
        let done = taken(&app, &clerk, text, true).await;
        assert_eq!(counts(&done), [1_201, 0, 0], "{done}");
        let csv = clerk.get("/api/v1/held-sessions/export.csv").await.expect(200).body;
        let lines = String::from_utf8(csv.clone()).unwrap();
        assert_eq!(lines.lines().count(), 1_202);
        assert!(lines.contains(",'=cmd|") && lines.contains(",'@Li,"), "S9: no cell begins a formula");
        assert_eq!(counts(&taken(&app, &clerk, csv, true).await), [0, 0, 1_201], "read back, nothing differs");

        let ordered = clerk.post("/api/v1/held-sessions/exports?from=2026-10-01", &Value::Null).await.expect(202).json();
        let path = format!("/api/v1/held-sessions/exports/{}", ordered["id"].as_str().unwrap());
        let made = finished(&app, &clerk, &path).await;
        let workbook = clerk.get(made["file"].as_str().unwrap()).await.expect(200).body;
        let file = app.dir.path().join("out.xlsx");
        std::fs::write(&file, &workbook).unwrap();
        let read = spreadsheets::read(&file, &Limits::default()).unwrap();
        assert_eq!(read.rows.len(), 1_202);
        assert_eq!(read.rows[1].cells[3].text(), "2026-11-20 19:30:00", "a time is a time");
        assert_eq!(counts(&taken(&app, &clerk, workbook, true).await), [0, 0, 1_201]);
        app.person("other", Role::Clerk, "township-a").await.get(&path).await.expect(404);
        let stranger = app.person("stranger", Role::Clerk, "township-b").await.get("/api/v1/held-sessions/export.csv").await.expect(200);
        assert_eq!(stranger.text().lines().count(), 1, "S12: nothing of others");
        let narrowed = clerk.get("/held-sessions/export.csv?from=2026-11-01").await.expect(200).text();
        assert_eq!(narrowed.lines().count(), 2, "as the screen is narrowed");
        assert_eq!(number(&app, "select count(*) from audit_record where action = 'held-sessions.exported'").await, 4);
    })
    .await;
}

#[tokio::test]
async fn f13_files_are_cancelled_and_watched() {
    both(async |app| {
        let app = app.with_tree().await;
        let clerk = app.person("clerk", Role::Clerk, "township-a").await;
        let ordered = clerk.post("/api/v1/held-sessions/exports", &Value::Null).await.expect(202).json();
        let path = format!("/api/v1/held-sessions/exports/{}", ordered["id"].as_str().unwrap());
        let page = clerk.clone().browser().get(path.trim_start_matches("/api/v1")).await.expect(200).text();
        assert!(page.contains("http-equiv=\"refresh\"") && page.contains("/cancel"));
        clerk.send(Method::DELETE, &path, "", axum::body::Body::empty()).await.expect(204);
        clerk.send(Method::DELETE, &path, "", axum::body::Body::empty()).await.expect(409);
        assert_eq!(finished(&app, &clerk, &path).await["state"], "cancelled");
        clerk.get(&format!("{path}/file")).await.expect(404);
        let reply =
            clerk.send(Method::POST, "/api/v1/held-sessions/imports", "text/csv", format!("{HEAD}{THREE}")).await.expect(202).json();
        let path = format!("/api/v1/held-sessions/imports/{}", reply["id"].as_str().unwrap());
        clerk.send(Method::DELETE, &path, "", axum::body::Body::empty()).await.expect(204);
        assert_eq!(finished(&app, &clerk, &path).await["state"], "cancelled");
        assert_eq!(sessions(&app).await, 0);
    })
    .await;
}

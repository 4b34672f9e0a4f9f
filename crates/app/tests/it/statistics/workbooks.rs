//! F9: a superior's blank workbook, filled for a period.

use crate::support::held::{fields, id, save_of};
use crate::support::tree::org;
use crate::support::{Client, TestApp, both, openpyxl};
use app::held_sessions::SessionFields;
use axum::body::Body;
use axum::http::Method;
use kernel::Role;
use rust_xlsxwriter::{Color, Format, Formula, Workbook};
use serde_json::{Value, json};

/// A form of the county: a head, figures in styled cells, a total as a formula, a table with room for three.
fn form() -> Vec<u8> {
    let (mut book, look) = (Workbook::new(), Format::new().set_bold().set_background_color(Color::Yellow).set_num_format("#,##0"));
    let sheet = book.add_worksheet();
    sheet.set_name("报表").unwrap();
    sheet.merge_range(0, 0, 0, 3, "", &Format::new().set_bold()).unwrap();
    sheet.write_string(1, 0, "场次").unwrap();
    sheet.write_blank(1, 1, &look).unwrap();
    sheet.write_string(2, 0, "人次").unwrap();
    sheet.write_blank(2, 1, &look).unwrap();
    sheet.write_formula(3, 1, Formula::new("=B3/B2")).unwrap();
    sheet.write_string(4, 0, "单位").unwrap();
    for column in 0..3 {
        sheet.write_blank(5, column, &look).unwrap();
    }
    sheet.write_string(8, 0, "填表人").unwrap();
    book.save_to_buffer().unwrap()
}

async fn held(app: &TestApp) {
    let clerk = app.somebody("recorder", Role::Clerk, "province").await;
    let on = |day: &str, people: i64, form: &str| SessionFields { held_at: format!("{day}T19:30"), people, form: form.into(), ..fields() };
    for (n, code, told) in [
        (1, "branch-a", on("2026-10-20", 20, "lecture")),
        (2, "branch-b", on("2026-10-21", 30, "story")),
        (3, "branch-c", on("2026-10-22", 40, "lecture")),
        (4, "branch-a", on("2026-11-02", 99, "lecture")),
        (5, "branch-d", on("2026-10-22", 77, "lecture")),
    ] {
        app.saved(&clerk, save_of(id(n), code, told)).await;
    }
}

async fn added(who: &Client, code: &str, bytes: Vec<u8>) -> crate::support::client::Reply {
    let path = format!("/api/v1/statistics/workbooks?organisation={}&title=Monthly", org(code));
    who.send(Method::POST, &path, "application/octet-stream", bytes).await
}

fn marks() -> Value {
    let cell = |cell: &str, what: &str, organisation: &str| json!({ "kind": "cell", "sheet": "报表", "cell": cell, "what": what, "organisation": organisation });
    json!({ "marks": [
        cell("C1", "name", ""),
        cell("B2", "sessions", ""),
        cell("B3", "attendances@form:lecture", ""),
        cell("D2", "sessions", "township-b"),
        cell("D3", "period", ""),
        { "kind": "table", "sheet": "报表", "row": 6, "rows": 500, "columns": { "A": "name", "B": "sessions", "C": "coverage" } },
    ] })
}

#[tokio::test]
async fn f9_a_blank_workbook_is_filled_for_any_period() {
    both(async |app| {
        let app = app.with_tree().await;
        held(&app).await;
        let clerk = app.person("clerk", Role::Clerk, "county-a").await;
        let blank = form();
        let one = added(&clerk, "county-a", blank.clone()).await.expect(201).json();
        let path = format!("/api/v1/statistics/workbooks/{}", one["id"].as_str().unwrap());
        clerk.get(&format!("{path}/filled.xlsx")).await.expect(409);
        let kept = clerk.json(Method::PUT, &format!("{path}/marks"), &marks()).await.expect(200).json();
        assert_eq!(kept["marks"][0]["cell"], "A1", "of joined cells the first");
        assert_eq!(kept["marks"][5]["rows"], 3, "the room ends above what stands below");
        let filled = clerk.get(&format!("{path}/filled.xlsx?period=month&from=2026-10-05")).await.expect(200).body;
        let [before, after] = [("blank.xlsx", &blank), ("filled.xlsx", &filled)].map(|(name, bytes)| {
            let path = app.dir.path().join(name);
            std::fs::write(&path, bytes).unwrap();
            path
        });
        let read = app::spreadsheets::read(&after, &app::spreadsheets::Limits::default()).unwrap();
        let row =
            |n: u32| read.rows.iter().find(|row| row.number == n).unwrap().cells.iter().map(|c| c.text().to_owned()).collect::<Vec<_>>();
        assert_eq!(row(2), ["场次", "3", "", "1"]);
        assert_eq!(row(3)[1], "60", "lectures only");
        let told = openpyxl::read(&before, &after);
        let want = json!({
            "报表!A1": "county-a", "报表!B2": 3, "报表!B3": 60, "报表!D2": 1, "报表!D3": "Oct 2026",
            "报表!A6": "township-a", "报表!B6": 2, "报表!C6": 100, "报表!A7": "township-b", "报表!B7": 1, "报表!C7": 100,
        });
        assert_eq!(told["changed"], want, "{told}");
        let restyled = json!(["('报表', 'A7')", "('报表', 'B7')", "('报表', 'C7')"]);
        assert_eq!(
            (&told["restyled"], &told["computed_anew"]),
            (&restyled, &json!(true)),
            "only further rows of the table take the look of its first"
        );
        assert_eq!(told["looks"]["报表!B2"], json!([true, "FFFFFF00", "#,##0", null, null]));
        assert_eq!(told["looks"]["报表!B7"], told["looks"]["报表!B6"], "rows of the table look alike");
        assert_eq!((&told["formulas"], &told["joined"]), (&json!({ "报表!B4": "=B3/B2" }), &json!(["A1:D1"])));
        let november = clerk.get(&format!("{path}/filled.xlsx?period=month&from=2026-11-05")).await.expect(200).body;
        std::fs::write(&after, november).unwrap();
        assert_eq!(openpyxl::read(&before, &after)["changed"]["报表!B2"], 1);
    })
    .await;
}

#[tokio::test]
async fn f9_what_cannot_be_filled_is_told() {
    both(async |app| {
        let app = app.with_tree().await;
        let clerk = app.person("clerk", Role::Clerk, "county-a").await;
        assert_eq!(added(&clerk, "county-a", b"no workbook".to_vec()).await.expect(422).json()["code"], "sheet-unknown");
        assert_eq!(std::fs::read_dir(app.objects.root().join("originals")).unwrap().count(), 0, "nothing is left of it");
        let one = added(&clerk, "county-a", form()).await.expect(201).json();
        let path = format!("/api/v1/statistics/workbooks/{}", one["id"].as_str().unwrap());
        let put = async |mark: Value, status: u16| clerk.json(Method::PUT, &format!("{path}/marks"), &json!({ "marks": [mark] })).await.expect(status).json();
        let cell = |cell: &str, what: &str, organisation: &str| json!({ "kind": "cell", "sheet": "报表", "cell": cell, "what": what, "organisation": organisation });
        for (mark, rule) in [
            (cell("B4", "sessions", ""), "formula-stays"),
            (cell("4B", "sessions", ""), "cell"),
            (cell("B2", "sessions@form:opera", ""), "one-of"),
            (cell("B2", "sessions", "county-b"), "unknown-organisation"),
            (json!({ "kind": "table", "sheet": "报表", "row": 6, "rows": 0, "columns": { "A": "name" } }), "range"),
        ] {
            assert_eq!(put(mark.clone(), 422).await["errors"][0]["rule"], rule, "{mark}");
        }
        let elsewhere = json!({ "kind": "cell", "sheet": "nowhere", "cell": "B2", "what": "sessions" });
        assert_eq!(put(elsewhere, 422).await["code"], "workbook-no-sheet");
        put(json!({ "kind": "table", "sheet": "报表", "row": 6, "rows": 1, "columns": { "A": "name" } }), 200).await;
        let full = clerk.get(&format!("{path}/filled.xlsx?period=month")).await.expect(409).json();
        assert_eq!(full["code"], "workbook-table-full");
        let sheet = clerk.get(&format!("{path}/sheet")).await.expect(200).json();
        assert!(sheet["cells"].as_array().unwrap().iter().any(|cell| cell["cell"] == "B4" && cell["formula"] == true));
    })
    .await;
}

#[tokio::test]
async fn f9_s12_workbooks_are_of_their_organisation() {
    both(async |app| {
        let app = app.with_tree().await;
        held(&app).await;
        let clerk = app.person("clerk", Role::Clerk, "county-a").await;
        let (above, beside) = (app.person("above", Role::Clerk, "city-a").await, app.person("beside", Role::Clerk, "county-b").await);
        let (auditor, below) =
            (app.person("auditor", Role::Auditor, "county-a").await, app.person("below", Role::Clerk, "township-a").await);
        added(&beside, "county-a", form()).await.expect(404);
        added(&auditor, "county-a", form()).await.expect(403);
        let one = added(&clerk, "county-a", form()).await.expect(201).json();
        let path = format!("/api/v1/statistics/workbooks/{}", one["id"].as_str().unwrap());
        clerk.json(Method::PUT, &format!("{path}/marks"), &marks()).await.expect(200);
        for (who, sees, marks_it) in [(&above, true, true), (&auditor, true, false), (&beside, false, false), (&below, false, false)] {
            for part in ["", "/sheet", "/filled.xlsx"] {
                who.get(&format!("{path}{part}")).await.expect(if sees { 200 } else { 404 });
            }
            who.clone().browser().get(path.trim_start_matches("/api/v1")).await.expect(if sees { 200 } else { 404 });
            let refused = if sees { 403 } else { 404 };
            who.json(Method::PUT, &format!("{path}/marks"), &marks()).await.expect(if marks_it { 200 } else { refused });
            if !marks_it {
                who.send(Method::DELETE, &path, "", Body::empty()).await.expect(refused);
            }
        }
        assert_eq!(clerk.get("/api/v1/statistics/workbooks").await.expect(200).json().as_array().unwrap().len(), 1);
        assert!(beside.get("/api/v1/statistics/workbooks").await.expect(200).json().as_array().unwrap().is_empty());
        clerk.send(Method::DELETE, &path, "", Body::empty()).await.expect(204);
        clerk.get(&path).await.expect(404);
    })
    .await;
}

#[tokio::test]
async fn f9_pages_point_at_cells_without_script() {
    both(async |app| {
        let app = app.with_tree().await;
        let clerk = app.person("clerk", Role::Clerk, "county-a").await.browser();
        let boundary = "x1x";
        let mut body = Vec::new();
        for (name, value) in [("organisation", org("county-a").to_string()), ("title", "Monthly".to_owned())] {
            body.extend(format!("--{boundary}\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n").into_bytes());
        }
        body.extend(format!("--{boundary}\r\ncontent-disposition: form-data; name=\"file\"; filename=\"f.xlsx\"\r\n\r\n").into_bytes());
        body.extend(form());
        body.extend(format!("\r\n--{boundary}--\r\n").into_bytes());
        let sent =
            clerk.send(Method::POST, "/statistics/workbooks", &format!("multipart/form-data; boundary={boundary}"), body).await.expect(303);
        let here = sent.header("location").to_owned();
        let page = clerk.get(&format!("{here}?cell=B2")).await.expect(200).text();
        assert!(page.contains("id=\"chosen\"") && page.contains("name=\"what\"") && page.contains("cell=B3#chosen"), "{page}");
        let mark = [("kind", "cell"), ("sheet", "报表"), ("cell", "B2"), ("what", "sessions"), ("organisation", "")];
        clerk.post_form(&format!("{here}/marks"), &mark).await.expect(303);
        let table = [("kind", "table"), ("sheet", "报表"), ("row", "6"), ("rows", "10"), ("column-A", "name"), ("column-B", "")];
        clerk.post_form(&format!("{here}/marks"), &table).await.expect(303);
        let page = clerk.get(&here).await.expect(200).text();
        assert!(page.contains("data-marked") && page.contains("/filled.xlsx"));
        clerk.get(&format!("{here}/filled.xlsx?period=year&from=2026-01-01")).await.expect(200);
        clerk.post_form(&format!("{here}/marks/remove"), &[("sheet", "报表"), ("cell", "A6")]).await.expect(303);
        let left = clerk.get(&format!("/api/v1{here}")).await.expect(200).json();
        assert_eq!(left["marks"].as_array().unwrap().len(), 1);
        clerk.post_form(&format!("{here}/remove"), &[]).await.expect(303);
        clerk.get("/statistics/workbooks").await.expect(200);
    })
    .await;
}

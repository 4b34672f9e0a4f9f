//! The statistics page, its exports and its API, as a reader meets them.

use super::post;
use crate::support::tree::PASSWORD;
use crate::support::{Client, TestApp, both, tree::org};
use app::accounts::actions::{self, NewAccount};
use app::deltas::Metric;
use app::organisations::{self, Organisations};
use calamine::{Data, Reader, Xlsx};
use kernel::{Grant, Id, Reach, Role};
use std::io::Cursor;

const DAY: i64 = 86_400_000;

/// 31 October: 1 submission. Today, 23 November: lessons and submissions all over the tree, an hour and a half watched.
async fn with_figures(app: TestApp) -> TestApp {
    let app = app.with_tree().await;
    app.clock.advance_ms(-23 * DAY);
    post(&app, org("branch-a"), Metric::Submissions, "selected", 1).await;
    app.clock.advance_ms(23 * DAY);
    post(&app, org("branch-a"), Metric::Submissions, "in_review", 2).await;
    post(&app, org("branch-c"), Metric::Submissions, "draft", 3).await;
    post(&app, org("county-a"), Metric::Lessons, "", 1_234).await;
    post(&app, org("branch-d"), Metric::Lessons, "", 77_777).await;
    post(&app, org("branch-c"), Metric::WatchSeconds, "", 5_400).await;
    app
}

fn address(path: &str, code: &str, more: &str) -> String {
    format!("{path}?organisation={}{more}", org(code))
}

/// The texts of the rows of the table of children, the foot last.
fn rows(page: &str) -> Vec<Vec<String>> {
    let table = page.split("id=\"children\"").nth(1).unwrap().split("</table>").next().unwrap();
    let body = table.split("<tbody>").nth(1).unwrap();
    body.split("<tr>").skip(1).map(|row| row.split("</t").map(plain).filter(|cell| !cell.is_empty()).collect()).collect()
}

/// Text without marks, of `h><th scope="row"><a href="…">Name</a>`.
fn plain(cell: &str) -> String {
    let text = cell.split('<').skip(1).map(|part| part.split_once('>').map_or("", |(_, text)| text)).collect::<String>();
    text.trim().to_owned()
}

async fn page(who: &Client, address: &str) -> String {
    who.clone().browser().get(address).await.expect(200).text()
}

#[tokio::test]
async fn f7_the_page_shows_an_organisation_and_its_children_in_the_order_of_the_tree() {
    both(async |app| {
        let app = with_figures(app).await;
        let li = app.person("li.wei", Role::Auditor, "city-a").await;
        let shown = page(&li, &address("/statistics", "county-a", "")).await;
        let rows = rows(&shown);
        assert_eq!(rows[0], ["county-a itself", "0", "0", "0", "0", "1,234", "0", "0", "0", "0", "0", "0", "0"]);
        assert_eq!(rows[1], ["township-a", "0", "0", "0", "0", "0", "2", "0", "0", "0", "0", "0", "0"]);
        assert_eq!(rows[2], ["township-b", "0", "0", "0", "0", "0", "3", "0", "0", "0", "0", "90", "0"]);
        assert_eq!(rows[3], ["Total", "0", "0", "0", "0", "1,234", "5", "0", "0", "0", "0", "90", "0"]);
        assert!(shown.contains("4 more than in the period before"), "five now, one in the 23 days before");
        assert!(shown.contains("state=in_review\">2</a>") && shown.contains("state=draft\">3</a>"), "submissions by state");
        let up = |code: &str| shown.contains(&format!(">{code}</a>"));
        assert_eq!((up("city-a"), up("province")), (true, false), "a way up only as far as the reader's rights reach");
        let sorted = self::rows(&page(&li, &address("/statistics", "county-a", "&sort=submissions")).await);
        assert_eq!(sorted.iter().map(|row| row[0].as_str()).collect::<Vec<_>>(), ["township-b", "township-a", "county-a itself", "Total"]);
    })
    .await;
}

#[tokio::test]
async fn the_period_stands_in_the_address() {
    both(async |app| {
        let app = with_figures(app).await;
        let li = app.person("li.wei", Role::Clerk, "county-a").await;
        let submissions = [
            ("", "5"),
            ("&period=quarter", "6"),
            ("&period=year", "6"),
            ("&period=all", "6"),
            ("&from=2026-10-31&to=2026-10-31", "1"),
            ("&from=2026-10-01&to=2026-10-30", "0"),
        ];
        for (period, wanted) in submissions {
            let shown = page(&li, &address("/statistics", "county-a", period)).await;
            assert_eq!(rows(&shown).last().unwrap()[6], wanted, "{period}");
        }
        let refused = li.get(&address("/api/v1/statistics", "county-a", "&from=2026-02-30")).await.expect(422).json();
        assert_eq!((&refused["errors"][0]["field"], &refused["errors"][0]["rule"]), (&"from".into(), &"date".into()), "{refused}");
    })
    .await;
}

#[tokio::test]
async fn f7_workbook_text_file_and_api_equal_the_screen() {
    both(async |app| {
        let app = with_figures(app).await;
        let li = app.person("li.wei", Role::Reviewer, "province").await;
        for query in ["", "&sort=lessons", "&period=all"] {
            let screen = rows(&page(&li, &address("/statistics", "province", query)).await);
            let screen: Vec<_> = screen.into_iter().map(|row| row.iter().map(|cell| cell.replace(',', "")).collect::<Vec<_>>()).collect();

            let text = li.get(&address("/statistics/export.csv", "province", query)).await.expect(200).text();
            let mut reader = csv::Reader::from_reader(text.trim_start_matches('\u{feff}').as_bytes());
            let records: Vec<Vec<String>> = reader.records().map(|r| r.unwrap().iter().map(str::to_owned).collect()).collect();
            assert_eq!(records, screen, "csv {query}");

            let bytes = li.get(&address("/statistics/export.xlsx", "province", query)).await.expect(200).body;
            let sheet = Xlsx::new(Cursor::new(bytes)).unwrap().worksheet_range_at(0).unwrap().unwrap();
            let cells: Vec<Vec<String>> = sheet.rows().skip(1).map(|row| row.iter().map(Data::to_string).collect()).collect();
            assert_eq!(cells, screen, "xlsx {query}");

            let body = li.get(&address("/api/v1/statistics", "province", query)).await.expect(200).json();
            let below = body["below"].as_array().unwrap();
            let lessons: Vec<_> = below
                .iter()
                .chain([&serde_json::json!({ "figures": body["total"] })])
                .map(|row| row["figures"]["lessons"].to_string())
                .collect();
            assert_eq!(lessons, screen.iter().map(|row| row[5].clone()).collect::<Vec<_>>(), "api {query}");
            assert_eq!(body["total"]["watch-seconds"], 5_400);
        }
    })
    .await;
}

#[tokio::test]
async fn s9_a_name_that_looks_like_a_formula_computes_nothing() {
    let app = TestApp::sqlite().await.with_tree().await;
    let bad = Id::from_u128(0x9999);
    let mut tx = app.db.begin().await.unwrap();
    let name = "=HYPERLINK(\"http://x\")";
    let from = organisations::BEGINNING;
    Organisations(&mut tx).insert_plain(bad, "bad", name, "branch", 1, Some(org("township-a")), from, app.clock.as_ref()).await.unwrap();
    Organisations(&mut tx).bump_revision().await.unwrap();
    tx.commit().await.unwrap();
    organisations::refresh(&app.app).await.unwrap();
    let li = app.person("li.wei", Role::Clerk, "township-a").await;
    let text = li.get(&address("/statistics/export.csv", "township-a", "")).await.expect(200).text();
    assert!(text.contains("\n\"'=HYPERLINK"), "{text}");
    let bytes = li.get(&address("/statistics/export.xlsx", "township-a", "")).await.expect(200).body;
    let mut book = Xlsx::new(Cursor::new(bytes)).unwrap();
    let sheet = book.worksheet_range_at(0).unwrap().unwrap();
    assert!(sheet.rows().any(|row| row[0] == Data::String(format!("'{name}"))));
    assert!(book.worksheet_formula("Statistics").unwrap().is_empty());
}

#[tokio::test]
async fn a5_nobody_sees_figures_beyond_his_rights() {
    both(async |app| {
        let app = with_figures(app).await;
        let li = app.person("li.wei", Role::Clerk, "city-a").await;
        for path in ["/statistics", "/statistics/export.csv", "/statistics/export.xlsx", "/api/v1/statistics"] {
            assert_eq!(app.anonymous().get(&address(path, "city-a", "")).await.status, 401, "{path}");
            for code in ["province", "city-b", "branch-d"] {
                let refused = li.get(&address(path, code, "")).await;
                assert_eq!(refused.status, 403, "{path} {code}");
                assert!(!refused.text().contains("77"), "{path} {code}: {}", refused.text());
            }
            assert_eq!(li.get(&format!("{path}?organisation=org_1")).await.status, 404, "{path}");
            assert_eq!(li.get(&format!("{path}?organisation={}", Id::<kernel::Organisation>::from_u128(7))).await.status, 404, "{path}");
        }
        let mine = li.get("/api/v1/statistics").await.expect(200).json();
        assert_eq!(mine["organisation"], org("city-a").to_string(), "without a name: the reader's topmost");
        assert_eq!(mine["total"]["lessons"], 1_234);
        let judge = app.person("judge", Role::Judge, "province").await;
        judge.get("/api/v1/statistics").await.expect(403);
    })
    .await;
}

#[tokio::test]
async fn a_role_for_one_organisation_alone_shows_that_one_alone() {
    let app = with_figures(TestApp::sqlite().await).await;
    let grants = vec![Grant { organisation: org("county-a"), role: Role::Clerk, reach: Reach::Node }];
    let new = NewAccount { login: "wang".into(), name: "Wang".into(), password: PASSWORD.into(), grants };
    actions::create(&app, new, None).await.unwrap();
    let wang = app.anonymous().signed_in("wang", PASSWORD).await;
    let body = wang.get("/api/v1/statistics").await.expect(200).json();
    assert_eq!(body["below"].as_array().unwrap().len(), 1);
    assert_eq!((&body["total"]["lessons"], &body["total"]["submissions"]), (&1_234.into(), &0.into()));
    let course = body["course"].as_array().unwrap();
    assert_eq!(course.iter().map(|step| step["figures"]["submissions"].as_i64().unwrap()).sum::<i64>(), 0);
}

/// Nobody reads cells of a tree that is gone: whoever comes first after a move finishes what its job has still to do.
#[tokio::test]
async fn f6_no_total_is_wrong_between_a_move_and_its_refold() {
    both(async |app| {
        let app = with_figures(app).await;
        super::settle(&app).await;
        let li = app.person("li.wei", Role::Administrator, "province").await;
        let total = async |code: &str| {
            let body = li.get(&address("/api/v1/statistics", code, "&from=2026-11-20&to=2026-11-23")).await.expect(200).json();
            body["total"]["submissions"].as_i64().unwrap()
        };
        assert_eq!((total("county-a").await, total("county-b").await), (5, 0));
        let when = organisations::actions::When { effective: "2026-11-10".into(), seen: None };
        organisations::actions::move_under(&app, &super::keeper(), org("township-a"), org("county-b"), &when).await.unwrap();
        assert_eq!((total("county-a").await, total("county-b").await), (3, 2), "no job has run");
        super::settle(&app).await;
        assert_eq!((total("county-a").await, total("county-b").await, total("province").await), (3, 2, 5), "the job changes nothing");
    })
    .await;
}

/// A3: a report of a past period keeps the structure and the names it had.
#[tokio::test]
async fn a3_a_past_period_is_shown_with_the_children_it_had() {
    both(async |app| {
        let app = with_figures(app).await;
        let li = app.person("li.wei", Role::Administrator, "province").await;
        let actor = super::keeper();
        let when = |day: &str| organisations::actions::When { effective: day.into(), seen: None };
        organisations::actions::move_under(&app, &actor, org("township-a"), org("county-b"), &when("2026-11-10")).await.unwrap();
        super::settle(&app).await;
        let names = async |code: &str, period: &str| {
            let body = li.get(&address("/api/v1/statistics", code, period)).await.expect(200).json();
            let below = body["below"].as_array().unwrap().clone();
            below
                .iter()
                .skip(1)
                .map(|row| format!("{} {}", row["name"].as_str().unwrap(), row["figures"]["submissions"]))
                .collect::<Vec<_>>()
        };
        let october = "&from=2026-10-01&to=2026-10-31";
        assert_eq!(names("county-a", october).await, ["township-a 1", "township-b 0"]);
        assert_eq!(names("county-b", october).await, Vec::<String>::new());
        let late = "&from=2026-11-20&to=2026-11-23";
        assert_eq!(names("county-a", late).await, ["township-b 3"]);
        assert_eq!(names("county-b", late).await, ["township-a 2"]);
        assert_eq!(names("county-a", "&period=all").await, ["township-a 1", "township-b 3"]);
    })
    .await;
}

//! Bands instead of a league table (F11), as those above and those in them meet them.

use super::model::Model;
use crate::support::{Client, TestApp, both};
use axum::http::Method;
use calamine::{Data, Reader, Xlsx};
use kernel::Role;
use serde_json::{Value, json};
use std::io::Cursor;

/// A root with children 1 to 5, five organisations below each, and 6 with but three. The more sessions the higher the number.
async fn with_children(app: TestApp) -> Model {
    let mut parents: Vec<Option<usize>> = vec![None];
    parents.extend([Some(0); 6]);
    for child in 1..=6 {
        parents.extend(std::iter::repeat_n(Some(child), if child == 6 { 3 } else { 5 }));
    }
    let mut model = Model::new(app, &parents).await;
    for child in 1..=6 {
        for _ in 1..child {
            model.held(child, 1, 9, 0, 7).await;
        }
    }
    model
}

fn address(model: &Model, path: &str, of: usize, more: &str) -> String {
    format!("{path}?organisation={}&from=2026-11-23&to=2026-11-30{more}", model.ids[of])
}

async fn bands(model: &Model, who: &Client, of: usize, more: &str) -> Value {
    who.get(&address(model, "/api/v1/statistics/bands", of, more)).await.expect(200).json()
}

/// Names in each band, the highest first.
fn names(body: &Value) -> Vec<Vec<String>> {
    let name = |one: &Value| one["name"].as_str().unwrap().to_owned();
    body["bands"].as_array().unwrap().iter().map(|band| band["members"].as_array().unwrap().iter().map(name).collect()).collect()
}

#[tokio::test]
async fn f11_children_stand_in_bands_in_the_order_of_the_tree() {
    both(async |app| {
        let model = with_children(app).await;
        let above = model.somebody("above", Role::Auditor, &[0]).await;
        let body = bands(&model, &above, 0, "").await;
        assert_eq!(names(&body), [vec!["0003", "0004", "0005"], vec!["0001", "0002"]]);
        assert_eq!((&body["bands"][0]["from"], &body["bands"][1]["below"], &body["own"]), (&json!(0.3), &json!(0.3), &Value::Null));
        assert_eq!((&body["not_banded"][0]["name"], &body["not_banded"][0]["why"]), (&json!("0006"), &json!("small")));
        // Sorted tables make no ranks of bands.
        assert_eq!(names(&bands(&model, &above, 0, "&sort=sessions").await), names(&body));
        let people = bands(&model, &above, 0, "&metric=attendances").await;
        assert_eq!((people["per"].as_str(), names(&people).concat().len()), (Some("thousand-members"), 5));
        let coverage = bands(&model, &above, 0, "&metric=coverage").await;
        assert_eq!(
            (coverage["per"].as_str(), names(&coverage)),
            (Some("percent"), vec![["0001", "0002", "0003", "0004", "0005"].map(str::to_owned).to_vec()])
        );
        let page = above.clone().browser().get(&address(&model, "/statistics/bands", 0, "")).await.expect(200).text();
        let at = |text: &str| page.find(text).unwrap_or_else(|| panic!("{text} in {page}"));
        assert!(at(">0003<") < at(">0005<") && at(">0005<") < at(">0001<") && at(">0001<") < at(">0006<"));
        files(&model, &above).await;
    })
    .await;
}

/// The files hold what the screen shows, in its order.
async fn files(model: &Model, who: &Client) {
    let text = who.get(&address(model, "/statistics/bands.csv", 0, "")).await.expect(200).text();
    let mut reader = csv::Reader::from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    let rows: Vec<Vec<String>> = reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect();
    assert_eq!(rows.iter().map(|row| row[2].as_str()).collect::<Vec<_>>(), ["0003", "0004", "0005", "0001", "0002", "0006"]);
    assert_eq!(rows[0][..2], ["Band 1", "0.3 and more"]);
    assert_eq!(rows[5][..2], ["In no band", "fewer than 5 grassroots organisations"]);
    let bytes = who.get(&address(model, "/api/v1/statistics/bands.xlsx", 0, "")).await.expect(200).body;
    let sheet = Xlsx::new(Cursor::new(bytes)).unwrap().worksheet_range_at(0).unwrap().unwrap();
    let cells: Vec<Vec<String>> = sheet.rows().skip(1).map(|row| row.iter().map(Data::to_string).collect()).collect();
    assert_eq!(cells, rows);
}

#[tokio::test]
async fn f11_who_is_below_learns_its_own_band_and_nothing_of_its_peers() {
    both(async |app| {
        let model = with_children(app).await;
        let low = model.somebody("low", Role::Clerk, &[1]).await;
        let own = bands(&model, &low, 1, "").await["own"].clone();
        assert_eq!((&own["number"], &own["bands"], &own["limits"], &own["why"]), (&json!(2), &json!(2), &json!([0.3]), &Value::Null));
        let small = model.somebody("small", Role::Clerk, &[6]).await;
        assert_eq!(bands(&model, &small, 6, "").await["own"]["why"], json!("small"));
        for path in ["/statistics/bands", "/api/v1/statistics/bands", "/statistics/bands.csv"] {
            let text = low.clone().browser().get(&address(&model, path, 1, "")).await.expect(200).text();
            let named = |peer: usize| [format!(">000{peer}<"), format!("\"000{peer}\""), format!(",000{peer}")];
            assert!((2..=6).flat_map(named).all(|name| !text.contains(&name)), "{path}: {text}");
            low.get(&address(&model, path, 0, "")).await.expect(403);
            low.get(&address(&model, path, 2, "")).await.expect(403);
        }
        let page = low.browser().get(&address(&model, "/statistics/bands", 1, "")).await.expect(200).text();
        assert!(page.contains("is in Band 2 of 2") && page.contains("Band 1 0.3 and more"), "{page}");
    })
    .await;
}

#[tokio::test]
async fn f11_the_superior_sets_the_limits_and_takes_them_back() {
    both(async |app| {
        let model = with_children(app).await;
        let (clerk, auditor) = (model.somebody("clerk", Role::Clerk, &[0]).await, model.somebody("auditor", Role::Auditor, &[0]).await);
        let path = format!("/api/v1/statistics/bands/{}/sessions", model.ids[0]);
        auditor.json(Method::PUT, &path, &json!({ "limits": [0.2] })).await.expect(403);
        for bad in [json!([]), json!([0.5, 0.5]), json!([-1]), json!([1, 2, 3, 4, 5, 6, 7]), json!([1e300])] {
            clerk.json(Method::PUT, &path, &json!({ "limits": bad })).await.expect(422);
        }
        clerk.json(Method::PUT, &path.replace("sessions", "beauty"), &json!({ "limits": [1] })).await.expect(404);
        clerk.json(Method::PUT, &path, &json!({ "limits": [0.2, 0.8] })).await.expect(204);
        let body = bands(&model, &clerk, 0, "").await;
        assert_eq!(
            (names(&body), &body["chosen"]),
            (vec![vec!["0005".into()], vec!["0002".into(), "0003".into(), "0004".into()], vec!["0001".into()]], &json!(true))
        );
        let below = model.somebody("below", Role::Clerk, &[2]).await;
        assert_eq!(bands(&model, &below, 2, "").await["own"]["limits"], json!([0.2, 0.8]), "the limits of its superior");
        assert_eq!(names(&bands(&model, &clerk, 0, "&metric=attendances").await).concat().len(), 5, "each indicator has its own");
        form(&model, &clerk).await;
        clerk.json(Method::DELETE, &path, &Value::Null).await.expect(204);
        clerk.json(Method::DELETE, &path, &Value::Null).await.expect(204);
        assert_eq!(bands(&model, &clerk, 0, "").await["chosen"], json!(false));
    })
    .await;
}

/// The same by a plain form; what was wrong stands beside what was typed.
async fn form(model: &Model, clerk: &Client) {
    let (browser, organisation) = (clerk.clone().browser(), model.ids[0].to_string());
    let back = address(model, "/statistics/bands", 0, "");
    let send = |limits: &'static str, then: &'static str, back: String| {
        let (browser, organisation) = (browser.clone(), organisation.clone());
        async move {
            let fields =
                [("organisation", organisation.as_str()), ("metric", "sessions"), ("limits", limits), ("then", then), ("back", &back)];
            browser.post_form("/statistics/bands", &fields).await
        }
    };
    let refused = send("0.5 0.4", "set", back.clone()).await;
    assert_eq!(refused.status, 422);
    assert!(refused.text().contains("value=\"0.5 0.4\"") && refused.text().contains("should grow"), "{}", refused.text());
    let kept = send("0.4", "set", back.clone()).await.expect(303);
    let to = kept.header("location").to_owned();
    assert!(to.starts_with(&back) && to.ends_with("done=bands-kept"), "{to}");
    assert_eq!(names(&bands(model, clerk, 0, "").await), [vec!["0003", "0004", "0005"], vec!["0001", "0002"]]);
    let elsewhere = send("0.4", "set", "https://elsewhere.example/".into()).await.expect(303);
    assert!(elsewhere.header("location").starts_with("/statistics/bands?"), "only ever back to a page of bands");
    send("", "reset", back).await.expect(303);
    assert_eq!(bands(model, clerk, 0, "").await["chosen"], json!(false));
}

#[tokio::test]
async fn f11_bands_are_shown_in_both_languages_and_print_their_tree_and_time() {
    let model = with_children(TestApp::sqlite().await).await;
    let clerk = model.somebody("clerk", Role::Clerk, &[0]).await.browser();
    let chinese = clerk.with("cookie", "language=zh-CN");
    for path in ["/statistics", "/statistics/bands", "/statistics/crossing", "/statistics/burden"] {
        let text = chinese.get(&address(&model, path, 0, "&tree=now")).await.expect(200).text();
        assert!(text.contains("归属口径：按当前归属") && text.contains("数据截至"), "{path}: {text}");
        assert!(
            !text.contains("[bands") && !text.contains("[crossing") && !text.contains("[burden") && !text.contains("[statistics"),
            "{path}"
        );
    }
    assert!(chinese.get(&address(&model, "/statistics/bands", 0, "")).await.expect(200).text().contains("第 1 档"));
}

//! F13: the blank workbook, filled in by a program of others, is read back as it was meant, in either language.

use super::files::taken;
use crate::support::openpyxl::fill;
use crate::support::{TestApp, both};
use app::lessons::rules::{FORMS, LECTURER_KINDS, TOPICS};
use kernel::Role;
use serde_json::{Value, json};

/// What two rows of the workbook say that the reader of `language` got, after its import.
async fn read_back(app: &TestApp, (language, whose): (&str, &str), campaign: &str) -> Vec<Value> {
    let mut clerk = app.person(&format!("clerk-{language}"), Role::Clerk, whose).await;
    clerk.headers.insert(0, ("accept-language".into(), language.into()));
    let blank = clerk.get(&format!("/api/v1/held-sessions/blank.xlsx?campaign={campaign}")).await.expect(200);
    let (filled, titles) = fill(&blank.body);
    let done = taken(app, &clerk, filled, true).await;
    assert_eq!((&done["added"], &done["faults"]), (&json!(2), &json!([])), "{done}");
    let held = clerk.get("/api/v1/held-sessions").await.expect(200).json()["items"].as_array().unwrap().clone();
    titles.iter().map(|title| held.iter().find(|one| one["fields"]["title"] == **title).unwrap()["fields"].clone()).collect()
}

#[tokio::test]
async fn f13_a_filled_blank_workbook_reads_back_in_both_languages() {
    both(async |app| {
        let app = app.with_tree().await;
        let campaign = app.a_campaign().create().await.campaign.id.to_string();
        for reader in [("zh-CN", "branch-a"), ("en", "branch-b")] {
            let rows = read_back(&app, reader, &campaign).await;
            let language = reader.0;
            let [first, last] = rows.as_slice() else { panic!("{rows:?}") };
            for (field, codes) in [("form", &FORMS[..]), ("lecturer_kind", &LECTURER_KINDS), ("topic", &TOPICS)] {
                assert_eq!(
                    (first[field].as_str(), last[field].as_str()),
                    (codes.first().copied(), codes.last().copied()),
                    "{language} {field}"
                );
            }
            let when = [first, last].map(|row| row["held_at"].as_str().unwrap().to_owned());
            assert_eq!(when, ["2026-11-20T19:30", "2026-11-21T09:00"], "{language}");
            for row in [first, last] {
                assert_eq!((&row["campaign"], &row["people"], &row["minutes"]), (&json!(campaign), &json!(42), &json!(90)), "{language}");
            }
        }
    })
    .await;
}

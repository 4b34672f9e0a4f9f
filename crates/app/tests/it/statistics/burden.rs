//! The burden meter (B7): what was asked, of whom, and what it cost; told before a campaign is published.

use crate::support::held::{fields, id, save_of, save_over};
use crate::support::tree::org;
use crate::support::{TestApp, both};
use app::campaigns::CampaignState;
use app::held_sessions::actions::{self, Verdict};
use app::held_sessions::rules::Move;
use app::submissions::State;
use axum::http::Method;
use kernel::Role;
use serde_json::{Value, json};

fn line<'b>(body: &'b Value, kind: &str) -> &'b Value {
    body["lines"].as_array().unwrap().iter().find(|line| line["kind"] == kind).unwrap_or_else(|| panic!("{kind} in {body}"))
}

fn address(path: &str, code: &str) -> String {
    format!("{path}?organisation={}&from=2026-11-01&to=2026-11-30", org(code))
}

/// Two sessions, one sent back and corrected; a plan; a closed month; a lesson handed in, and one sent back.
async fn busy(app: TestApp) -> TestApp {
    let app = app.with_tree().await;
    let clerk = app.somebody("clerk", Role::Clerk, "branch-a").await;
    let above = app.somebody("above", Role::Clerk, "township-a").await;
    let one = app.saved(&clerk, save_of(id(1), "branch-a", fields())).await;
    app.saved(&clerk, save_of(id(2), "branch-a", fields())).await;
    let back = Verdict { mv: Move::Return, reason: "who was there?".into() };
    actions::decide(&app, &above, one.id, 1, &back).await.unwrap();
    app.saved(&clerk, save_over(one.id, "branch-a", 2, fields())).await;
    let person = app.person("person", Role::Clerk, "branch-a").await;
    let plan = json!({ "organisation": org("branch-a"), "fields": { "title": "Planned", "day": "2026-11-25" } });
    person.post("/api/v1/session-plans", &plan).await.expect(201);
    actions::close_month(&app, &above, org("township-a"), 202_610).await.unwrap();
    let call = app.a_campaign().create().await;
    app.a_submission().from("branch-a").to(&call).at(State::InReview).create().await;
    app.a_submission().title("Sent back").from("branch-a").to(&call).at(State::Returned).create().await;
    app
}

#[tokio::test]
async fn b7_requests_are_counted_for_whoever_stands_above() {
    both(async |app| {
        let app = busy(app).await;
        let auditor = app.person("auditor", Role::Auditor, "province").await;
        for code in ["province", "township-a"] {
            let body = auditor.get(&address("/api/v1/statistics/burden", code)).await.expect(200).json();
            let wanted = [
                ("sessions", 2),
                ("corrections", 1),
                ("session-returns", 1),
                ("plans", 1),
                ("months", 1),
                ("entries", 2),
                ("entry-returns", 1),
            ];
            for (kind, n) in wanted {
                assert_eq!(line(&body, kind)["requests"], n, "{kind} of {code}: {body}");
            }
            // 3 fields of a session differ each time; a plan has 2, a lesson with its video 7.
            assert_eq!(
                (line(&body, "sessions")["cost"]["fields"].as_i64(), line(&body, "entries")["cost"]["fields"].as_i64()),
                (Some(6), Some(14))
            );
            let sum: i64 = body["lines"].as_array().unwrap().iter().map(|line| line["cost"]["seconds"].as_i64().unwrap()).sum();
            assert_eq!(body["total"]["seconds"], sum);
        }
        let quiet = auditor.get(&address("/api/v1/statistics/burden", "city-b")).await.expect(200).json();
        assert_eq!((quiet["total"]["fields"].as_i64(), quiet["fields_each_month"].as_f64()), (Some(0), Some(0.0)));
        let other = app.person("other", Role::Auditor, "city-b").await;
        other.get(&address("/api/v1/statistics/burden", "province")).await.expect(403);
        screen(&app).await;
    })
    .await;
}

/// The page and the files say the same as the API.
async fn screen(app: &TestApp) {
    let clerk = app.person("screen", Role::Clerk, "province").await;
    let body = clerk.get(&address("/api/v1/statistics/burden", "province")).await.expect(200).json();
    let page = clerk.clone().browser().get(&address("/statistics/burden", "province")).await.expect(200).text();
    assert!(page.contains("Handing in lessons") && page.contains(&format!(">{}</td>", body["total"]["fields"])), "{page}");
    let text = clerk.get(&address("/statistics/burden.csv", "province")).await.expect(200).text();
    let total = text.lines().find(|line| line.starts_with("Total,")).unwrap();
    assert!(total.contains(&format!(",{},", body["total"]["fields"])), "{text}");
    assert!(!clerk.get(&address("/api/v1/statistics/burden.xlsx", "province")).await.expect(200).body.is_empty());
}

#[tokio::test]
async fn b7_measured_times_take_the_place_of_estimates() {
    both(async |app| {
        let app = app.with_tree().await;
        let clerk = app.person("clerk", Role::Clerk, "branch-a").await;
        let sessions = async || {
            let body = clerk.get(&address("/api/v1/statistics/burden", "branch-a")).await.expect(200).json();
            (line(&body, "sessions")["measured"].as_bool().unwrap(), line(&body, "sessions")["cost"]["seconds"].as_i64().unwrap())
        };
        for n in 1..=20u128 {
            let took = if n == 20 { 999_999 } else { 40 + i64::try_from(n).unwrap() };
            let body = json!({ "organisation": org("branch-a"), "operation": format!("operation-number-{n}"), "based_on": 0, "fields": fields(), "took_s": took });
            clerk.json(Method::PUT, &format!("/api/v1/held-sessions/{}", id(n)), &body).await.expect(200);
        }
        assert_eq!(sessions().await, (false, 20 * 31), "nineteen that are known are too few, and a night is no time of filling in");
        let body = json!({ "organisation": org("branch-a"), "operation": "operation-number-21", "based_on": 0, "fields": fields(), "took_s": 3_600 });
        clerk.json(Method::PUT, &format!("/api/v1/held-sessions/{}", id(21)), &body).await.expect(200);
        assert_eq!(sessions().await, (true, 21 * 51), "the middle one");
        // A correction takes nothing of that.
        let body = json!({ "organisation": org("branch-a"), "operation": "operation-number-22", "based_on": 1, "fields": fields(), "took_s": 1 });
        clerk.json(Method::PUT, &format!("/api/v1/held-sessions/{}", id(1)), &body).await.expect(200);
        assert_eq!(sessions().await, (true, 21 * 51));
    })
    .await;
}

#[tokio::test]
async fn b7_a_campaign_says_what_it_asks_before_it_is_published_and_when_it_ends() {
    both(async |app| {
        let app = app.with_tree().await;
        let call = app.a_campaign().run_by("county-a").state(CampaignState::Draft).create().await;
        let keeper = app.person("keeper", Role::Administrator, "county-a").await;
        let path = format!("/api/v1/campaigns/{}/burden", call.campaign.id);
        let body = keeper.get(&path).await.expect(200).json();
        // Three branches below the county; six fields of a lesson and one video.
        assert_eq!(
            (body["organisations"].as_i64(), body["entry"]["fields"].as_i64(), body["all"]["fields"].as_i64()),
            (Some(3), Some(7), Some(21))
        );
        let page = keeper.clone().browser().get(&format!("/campaigns/{}/edit", call.campaign.id)).await.expect(200).text();
        assert!(
            page.contains("Fields asked by this campaign: 7 (about 5 min) of each grassroots organisation, 3 in all; about 1 h"),
            "{page}"
        );
        let clerk = app.person("clerk", Role::Clerk, "branch-a").await;
        clerk.get(&path).await.expect(404);
        let open = app.a_campaign().code("open").title("Open call").run_by("city-a").create().await;
        let due = async |code: &str| {
            let body = keeper
                .get(&format!("/api/v1/statistics/burden?organisation={}&from=2026-11-01&to=2026-12-31", org(code)))
                .await
                .expect(200)
                .json();
            let found = body["due"].as_array().unwrap().clone();
            found
                .iter()
                .map(|due| (due["title"].as_str().unwrap().to_owned(), due["asks"]["organisations"].as_i64().unwrap()))
                .collect::<Vec<_>>()
        };
        assert_eq!(due("county-a").await, [("Open call".to_owned(), 3)], "no drafts, and only those who stand below");
        assert_eq!(due("township-a").await, [("Open call".to_owned(), 2)]);
        assert!(open.campaign.title.contains("Open"));
    })
    .await;
}

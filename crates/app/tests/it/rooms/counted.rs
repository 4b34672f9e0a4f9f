//! Questions as a figure: counted once moderators let them through, on the day they were asked, for the organisation of the lesson (F5, F7).

use super::{ask, name};
use crate::support::tree::org;
use crate::support::{TestApp, both};
use app::deltas::Metric;
use app::organisations::OrganisationId;
use app::statistics::{self, Period};
use axum::http::Method;
use kernel::Role;
use serde_json::json;

async fn counted(app: &TestApp, organisation: OrganisationId) -> i64 {
    let mut tx = app.db.read().await.unwrap();
    let day = Period::new(app.today(), app.today()).unwrap();
    let report = statistics::totals(app, &mut tx, organisation, &[day], &[Metric::Questions]).await.unwrap();
    report.total[0].total(Metric::Questions)
}

#[tokio::test]
async fn f5_questions_count_as_moderators_decide_and_lead_to_their_texts() {
    both(async |app| {
        let app = app.with_tree().await;
        let room = app.a_broadcast("county-a").create().await;
        let host = app.person("host", Role::Host, "county-a").await;
        let (li, wang) = (app.person("zhou.qing", Role::Viewer, "branch-a").await, app.person("wang", Role::Viewer, "branch-d").await);
        let questions =
            [ask(&li, &room, 1, "Water?").await, ask(&li, &room, 2, "And the water?").await, ask(&wang, &room, 3, "Spam").await];
        assert_eq!(counted(&app, org("county-a")).await, 0, "nobody looked at them yet");
        let at = |n: usize, act: &str| format!("/rooms/{}/questions/{}{act}", room.id, questions[n]);
        for _ in 0..2 {
            host.post(&at(0, "/approval"), &json!(null)).await.expect(204);
        }
        host.post(&at(1, "/merge"), &json!({ "into": questions[0] })).await.expect(204);
        host.post(&at(2, "/approval"), &json!(null)).await.expect(204);
        host.post(&at(0, "/answer"), &json!({ "text": "In May." })).await.expect(204);
        let (own, above, asker) = (org("county-a"), org("province"), org("branch-d"));
        assert_eq!((counted(&app, own).await, counted(&app, above).await, counted(&app, asker).await), (3, 3, 0));
        while statistics::drain(&app).await.unwrap() > 0 {}
        host.json(Method::DELETE, &at(2, ""), &json!(null)).await.expect(204);
        assert_eq!((counted(&app, own).await, counted(&app, above).await), (2, 2));
        ask(&host, &room, 4, "From the table").await;
        assert_eq!(counted(&app, own).await, 3, "a moderator's own needs no look");
        while statistics::drain(&app).await.unwrap() > 0 {}
        let differing = statistics::compare(&app).await.unwrap().figures;
        assert!(differing.iter().all(|one| one.metric != Metric::Questions), "{differing:?}");
        listed(&app).await;
        let again = json!({ "client_id": name(4), "text": "From the table" });
        host.post(&format!("/rooms/{}/questions", room.id), &again).await.expect(201);
        assert_eq!(counted(&app, own).await, 3, "a repetition is the same question");
        statistics::recount(&app).await.unwrap();
        assert_eq!(counted(&app, above).await, 3);
    })
    .await;
}

/// The figure drills to what it counts, on the page, in the API and in the file; nothing tells who asked.
async fn listed(app: &TestApp) {
    let auditor = app.person("auditor", Role::Auditor, "province").await;
    let query = format!("organisation={}&metric=questions", org("province"));
    let body = auditor.get(&format!("/api/v1/statistics/records?{query}")).await.expect(200).json();
    let mut texts: Vec<_> = body["items"].as_array().unwrap().iter().map(|item| item["title"].as_str().unwrap().to_owned()).collect();
    texts.sort();
    assert_eq!((body["figure"].as_i64(), texts), (Some(3), ["And the water?", "From the table", "Water?"].map(str::to_owned).to_vec()));
    let page = auditor.clone().browser().get(&format!("/statistics/records?{query}")).await.expect(200).text();
    assert!(page.contains("And the water?") && !page.contains("Spam") && !page.contains("zhou.qing"), "{page}");
    let file = auditor.get(&format!("/api/v1/statistics/records.csv?{query}")).await.expect(200).text();
    assert_eq!(file.lines().count(), 4, "{file}");
    let other = app.person("other", Role::Auditor, "city-b").await;
    other.get(&format!("/api/v1/statistics/records?{query}")).await.expect(403);
}

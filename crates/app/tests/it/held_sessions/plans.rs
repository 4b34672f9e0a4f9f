//! Plans, and what became of them.

use crate::support::held::{fields, id};
use crate::support::{Client, both, tree::org};
use axum::http::Method;
use kernel::Role;
use serde_json::{Value, json};

const PLANS: &str = "/api/v1/session-plans";

async fn planned(clerk: &Client, day: &str) -> String {
    let new = json!({ "organisation": org("branch-a"), "fields": { "title": "Planned", "day": day } });
    clerk.post(PLANS, &new).await.expect(201).json()["id"].as_str().unwrap().to_owned()
}

async fn outcomes(who: &Client) -> (Vec<String>, usize) {
    let month = who.get(&format!("{PLANS}?month=2026-11")).await.expect(200).json();
    let outcomes = month["items"].as_array().unwrap().iter().map(|plan| plan["outcome"].as_str().unwrap().to_owned());
    (outcomes.collect(), month["added"].as_array().unwrap().len())
}

fn save(n: u128, plan: Value) -> (String, Value) {
    let mut told = json!(fields());
    told["plan"] = plan;
    let body = json!({ "organisation": org("branch-a"), "operation": format!("operation-number-{n}"), "based_on": 0, "fields": told });
    (format!("/api/v1/held-sessions/{}", id(n)), body)
}

#[tokio::test]
async fn f3_plans_are_held_missed_cancelled_or_added_to() {
    both(async |app| {
        let app = app.with_tree().await;
        let clerk = app.person("clerk", Role::Clerk, "branch-a").await;
        let (held, missed, off) =
            (planned(&clerk, "2026-11-20").await, planned(&clerk, "2026-11-21").await, planned(&clerk, "2026-11-25").await);
        planned(&clerk, "2026-11-30").await;
        planned(&clerk, "2026-12-01").await;
        let (place, body) = save(1, json!(held));
        clerk.json(Method::PUT, &place, &body).await.expect(200);
        let (place, body) = save(2, json!(held));
        let taken = clerk.json(Method::PUT, &place, &body).await.expect(422).json();
        assert_eq!(taken["errors"][0]["field"], "plan", "one plan, one held session");
        let (place, body) = save(3, Value::Null);
        clerk.json(Method::PUT, &place, &body).await.expect(200);
        clerk.post(&format!("{PLANS}/{off}/cancellation"), &json!({ "reason": "" })).await.expect(422);
        clerk.post(&format!("{PLANS}/{off}/cancellation"), &json!({ "reason": "harvest" })).await.expect(200);
        assert_eq!(outcomes(&clerk).await, (["held", "missed", "cancelled", "planned"].map(str::to_owned).to_vec(), 1));
        let settled = json!({ "fields": { "title": "x", "day": "2026-11-29" } });
        assert_eq!(clerk.json(Method::PUT, &format!("{PLANS}/{held}"), &settled).await.expect(409).json()["code"], "plan-settled");
        clerk.json(Method::PUT, &format!("{PLANS}/{missed}"), &settled).await.expect(200);
        assert_eq!(outcomes(&clerk).await.0, ["held", "cancelled", "planned", "planned"], "moved to a day to come");
    })
    .await;
}

#[tokio::test]
async fn f3_a_plan_is_open_again_when_what_was_held_from_it_was_none() {
    both(async |app| {
        let app = app.with_tree().await;
        let clerk = app.person("clerk", Role::Clerk, "branch-a").await;
        let plan = planned(&clerk, "2026-11-20").await;
        let (place, body) = save(1, json!(plan));
        clerk.json(Method::PUT, &place, &body).await.expect(200);
        let above = app.person("above", Role::Reviewer, "township-a").await;
        above.post(&format!("{place}/verdict"), &json!({ "verdict": "void", "reason": "it rained", "version": 1 })).await.expect(200);
        assert_eq!(outcomes(&above).await, (vec!["missed".to_owned()], 0));
    })
    .await;
}

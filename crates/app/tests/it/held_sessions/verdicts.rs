//! Verdicts from above: never on one's own, with a reason, and counted.

use super::figures;
use crate::support::both;
use crate::support::held::{fields, id, save_of, save_over};
use crate::support::tree::org;
use app::held_sessions::actions::{self, Verdict};
use app::held_sessions::rules::Move;
use app::held_sessions::{HeldSession, State};
use app::problem::Problem;
use kernel::{Actor, Role};
use serde_json::json;

fn verdict(mv: Move) -> Verdict {
    Verdict { mv, reason: if mv == Move::Verify { String::new() } else { "nobody saw it".into() } }
}

async fn decided(app: &crate::support::TestApp, who: &Actor, one: &HeldSession, mv: Move) -> Result<HeldSession, Problem> {
    actions::decide(app, who, one.id, one.version, &verdict(mv)).await
}

#[tokio::test]
async fn f4_only_from_above_and_only_what_waits() {
    both(async |app| {
        let app = app.with_tree().await;
        let clerk = app.somebody("clerk", Role::Clerk, "branch-a").await;
        let one = app.saved(&clerk, save_of(id(1), "branch-a", fields())).await;
        assert_eq!(decided(&app, &clerk, &one, Move::Verify).await.unwrap_err().code, "forbidden");
        let own = app.somebody("own", Role::Reviewer, "branch-a").await;
        assert_eq!(decided(&app, &own, &one, Move::Verify).await.unwrap_err().code, "forbidden");
        let beside = app.somebody("beside", Role::Reviewer, "township-b").await;
        assert_eq!(decided(&app, &beside, &one, Move::Verify).await.unwrap_err().code, "not-found");
        let above = app.somebody("above", Role::Reviewer, "township-a").await;
        let without = Verdict { mv: Move::Return, reason: " ".into() };
        assert_eq!(actions::decide(&app, &above, one.id, 1, &without).await.unwrap_err().code, "invalid");
        let verified = decided(&app, &above, &one, Move::Verify).await.unwrap();
        assert_eq!((verified.state, verified.version, verified.decided_by), (State::Verified, 2, Some(above.account)));
        assert_eq!(decided(&app, &above, &one, Move::Void).await.unwrap_err().code, "session-decided");
        let again = app.saved(&clerk, save_over(one.id, "branch-a", 2, fields())).await;
        assert_eq!((again.state, again.decided_by), (State::Registered, None), "a correction is verified anew");
        assert_eq!(decided(&app, &above, &one, Move::Void).await.unwrap_err().code, "moved-meanwhile");
    })
    .await;
}

#[tokio::test]
async fn f4_what_is_returned_or_void_does_not_count_until_it_is_corrected() {
    both(async |app| {
        let app = app.with_tree().await;
        let clerk = app.somebody("clerk", Role::Clerk, "branch-a").await;
        let above = app.somebody("above", Role::Clerk, "township-a").await;
        let one = app.saved(&clerk, save_of(id(1), "branch-a", fields())).await;
        let counted = async || figures::posted(&app).await.values().sum::<i64>();
        assert_eq!(counted().await, 21);
        let returned = decided(&app, &above, &one, Move::Return).await.unwrap();
        assert_eq!((returned.reason.as_str(), counted().await), ("nobody saw it", 0));
        let mended = app.saved(&clerk, save_over(one.id, "branch-a", 2, fields())).await;
        assert_eq!((mended.reason.as_str(), counted().await), ("", 21));
        let void = decided(&app, &above, &mended, Move::Void).await.unwrap();
        assert_eq!((void.state, counted().await), (State::Void, 0));
        assert_eq!(app.refused(&clerk, save_over(one.id, "branch-a", 4, fields())).await, "session-void");
        assert_eq!(figures::recounted(&app).await.len(), 0);
    })
    .await;
}

#[tokio::test]
async fn f4_a_batch_is_done_whole_or_not_at_all() {
    both(async |app| {
        let app = app.with_tree().await;
        let clerk = app.person("clerk", Role::Clerk, "branch-a").await;
        for n in 1..=3 {
            let body =
                json!({ "organisation": org("branch-a"), "operation": format!("operation-number-{n}"), "based_on": 0, "fields": fields() });
            clerk.json(axum::http::Method::PUT, &format!("/api/v1/held-sessions/{}", id(n)), &body).await.expect(200);
        }
        let above = app.person("above", Role::Reviewer, "township-a").await;
        let items =
            |version: i64| json!([{ "id": id(3), "version": 1 }, { "id": id(1), "version": 1 }, { "id": id(2), "version": version }]);
        let all = "/api/v1/held-sessions/verdicts";
        above.post(all, &json!({ "items": items(9), "verdict": "verify" })).await.expect(409);
        let waiting = above.get("/api/v1/held-sessions?state=registered").await.json();
        assert_eq!(waiting["items"].as_array().unwrap().len(), 3, "nothing was done by halves");
        above.post(all, &json!({ "items": items(1), "verdict": "verify" })).await.expect(204);
        let verified = above.get("/api/v1/held-sessions?state=verified").await.json();
        assert_eq!(verified["items"].as_array().unwrap().len(), 3);
        clerk.post(all, &json!({ "items": items(2), "verdict": "return", "reason": "x" })).await.expect(403);
        above.post(all, &json!({ "items": [], "verdict": "verify" })).await.expect(422);
    })
    .await;
}

//! What speaks against a record: told beside it, in nobody's way, and nothing about records that the reader may not see.

use crate::lecturers::registered;
use crate::support::held::{fields, id, save_of};
use crate::support::{TestApp, both};
use app::held_sessions::{Check, actions};
use app::held_sessions::{HeldSessionId, SessionFields};
use kernel::{Actor, Role};
use serde_json::json;

async fn checks(app: &TestApp, who: &Actor, of: HeldSessionId) -> Vec<(&'static str, Option<HeldSessionId>)> {
    let mut tx = app.db.read().await.unwrap();
    let one = actions::visible(app, &mut tx, who, of).await.unwrap();
    let told = actions::checks(app, &mut tx, who, &one).await.unwrap();
    told.into_iter().map(|Check { code, other, .. }| (code, other.map(|(id, _)| id))).collect()
}

#[tokio::test]
async fn f10_one_lecturer_in_two_places_crowds_and_twins_are_told() {
    both(async |app| {
        let app = app.with_tree().await;
        let clerk = app.somebody("clerk", Role::Clerk, "township-a").await;
        let with = |held_at: &str, place: &str, people| SessionFields { held_at: held_at.into(), place: place.into(), people, ..fields() };
        app.saved(&clerk, save_of(id(1), "branch-a", with("2026-11-20T19:30", "Village hall", 20))).await;
        assert_eq!(checks(&app, &clerk, id(1)).await, []);
        app.saved(&clerk, save_of(id(2), "branch-b", with("2026-11-20T20:00", "School", 31))).await;
        app.saved(&clerk, save_of(id(3), "branch-a", with("2026-11-20T19:30", "Village hall", 20))).await;
        app.saved(&clerk, save_of(id(4), "branch-a", with("2026-11-20T21:00", "Village hall", 20))).await;
        assert_eq!(checks(&app, &clerk, id(1)).await, [("two-places", Some(id(2))), ("twin", Some(id(3)))]);
        let there = checks(&app, &clerk, id(2)).await;
        assert_eq!(there, [("two-places", Some(id(1))), ("two-places", Some(id(3))), ("two-places", Some(id(4))), ("crowded", None)]);
        let branch = app.somebody("branch", Role::Clerk, "branch-b").await;
        let hidden = [("two-places", None), ("two-places", None), ("two-places", None), ("crowded", None)];
        assert_eq!(checks(&app, &branch, id(2)).await, hidden, "that there is something, and not what");
    })
    .await;
}

#[tokio::test]
async fn f10_a_lecturer_of_the_register_is_known_everywhere_and_a_name_nearby_alone() {
    both(async |app| {
        let app = app.with_tree().await;
        let clerk = app.somebody("clerk", Role::Clerk, "province").await;
        let known = |lecturer: &str, place: &str| SessionFields { lecturer_id: Some(lecturer.into()), place: place.into(), ..fields() };
        let named = |place: &str| SessionFields { place: place.into(), lecturer_id: Some(String::new()), ..fields() };
        let keeper = app.person("keeper", Role::Clerk, "province").await;
        let (li, twin) =
            (registered(&keeper, "Li Wei", "county-a", &json!({})).await, registered(&keeper, "Li Wei", "city-b", &json!({})).await);
        app.saved(&clerk, save_of(id(1), "branch-a", known(&li, "here"))).await;
        app.saved(&clerk, save_of(id(2), "branch-d", known(&twin, "there"))).await;
        assert_eq!(checks(&app, &clerk, id(1)).await, [], "two people, as far as anybody knows");
        keeper.post(&format!("/api/v1/lecturers/{twin}/merge"), &json!({ "into": li })).await.expect(204);
        app.saved(&clerk, save_of(id(3), "branch-c", named("elsewhere"))).await;
        app.saved(&clerk, save_of(id(4), "branch-d", named("far away"))).await;
        assert_eq!(checks(&app, &clerk, id(1)).await, [("two-places", Some(id(2)))]);
        assert_eq!(checks(&app, &clerk, id(3)).await, [], "another of the same name may live far away");
    })
    .await;
}

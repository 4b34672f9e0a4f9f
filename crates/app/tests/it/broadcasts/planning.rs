//! Plans: what they must say, who may make them, what they leave behind.

use super::a_plan;
use crate::support::tree::org;
use crate::support::{MONDAY, TestApp, both};
use app::broadcasts::rules::Signal;
use app::broadcasts::{Broadcast, Broadcasts, Plan, Showing, actions};
use axum::http::Method;
use kernel::{Clock, Role};
use serde_json::json;

#[tokio::test]
async fn g5_a_plan_is_made_changed_and_called_off() {
    both(|app: TestApp| async move {
        let app = app.with_tree().await;
        let host = app.person("host.a", Role::Host, "township-a").await;
        let made = host.json(Method::POST, "/api/v1/broadcasts", &a_plan(MONDAY.0)).await.expect(201).json();
        let (path, lesson) = (format!("/api/v1/broadcasts/{}", made["id"].as_str().unwrap()), made["lesson"].as_str().unwrap());
        assert_eq!((made["state"].as_str(), made["version"].as_i64()), (Some("planned"), Some(1)));
        assert!(lesson.starts_with("lsn_"), "a live broadcast becomes a lesson: {made}");

        let mut changed = a_plan(MONDAY.0);
        changed["title"] = json!("改了题目");
        let over = host.clone().with("if-match", "\"1\"");
        over.json(Method::PUT, &path, &changed).await.expect(200);
        over.json(Method::PUT, &path, &changed).await.expect(412);
        changed["kind"] = json!("external");
        host.clone().with("if-match", "\"2\"").json(Method::PUT, &path, &changed).await.expect(422);

        host.json(Method::POST, &format!("{path}/end"), &json!({})).await.expect(409);
        host.json(Method::POST, &format!("{path}/cancel"), &json!({})).await.expect(200);
        host.json(Method::POST, &format!("{path}/key"), &json!({})).await.expect(409);
        host.json(Method::POST, &format!("{path}/cancel"), &json!({})).await.expect(409);
    })
    .await;
}

#[tokio::test]
async fn bad_plans_are_refused_with_field_value_and_rule() {
    let app = TestApp::sqlite().await.with_tree().await;
    let host = app.person("host.a", Role::Host, "township-a").await;
    let now = app.clock.now().0;
    let table = [
        ("title", json!(""), "title"),
        ("title", json!("x".repeat(201)), "title"),
        ("title", json!("a\u{202E}b"), "title"),
        ("starts_at", json!(now - 86_400_000), "starts_at"),
        ("ends_at", json!(now), "ends_at"),
        ("kind", json!("showing"), "lesson"),
        ("kind", json!("external"), "external_url"),
        ("campaign", json!("cmp_00000000000000000000000000000001"), "campaign"),
    ];
    for (field, value, told) in table {
        let mut plan = a_plan(now);
        plan[field] = value.clone();
        let answer = host.json(Method::POST, "/api/v1/broadcasts", &plan).await.expect(422).json();
        let named =
            answer["errors"].as_array().unwrap().iter().any(|fault| fault["field"] == told && !fault["text"].as_str().unwrap().is_empty());
        assert!(named, "{field} = {value}: {answer}");
    }
    let clerk = app.person("clerk.a", Role::Clerk, "township-a").await;
    clerk.json(Method::POST, "/api/v1/broadcasts", &a_plan(now)).await.expect(403);
    let other = app.person("host.c", Role::Host, "township-c").await;
    other.json(Method::POST, "/api/v1/broadcasts", &a_plan(now)).await.expect(403);
}

#[tokio::test]
async fn the_pages_of_a_host_say_what_is_wrong_and_what_was_done() {
    let app = TestApp::sqlite().await.with_tree().await;
    let host = app.person("host.a", Role::Host, "township-a").await;
    let township = org("township-a").to_string();
    let form = [
        ("kind", "live"),
        ("organisation", &township),
        ("title", ""),
        ("lecturer", "李桂芳"),
        ("admission", "everybody"),
        ("starts_at", "2026-11-24T19:30"),
        ("ends_at", "2026-11-24T20:30"),
    ];
    let again = host.post_form("/broadcasts", &form).await.expect(422).text();
    assert!(again.contains("李桂芳") && again.contains("title-error"), "what was typed stays, the fault stands beside it");
    let mut good = form;
    good[2].1 = "Harvest";
    let made = host.post_form("/broadcasts", &good).await.expect(303);
    let place = made.header("location");
    let page = host.get(place).await.expect(200).text();
    assert!(page.contains("It is planned.") && page.contains("Harvest"), "{page}");
    let id = place.split('?').next().unwrap().to_owned();
    let key = host.post_form(&format!("{id}/key"), &[]).await.expect(200).text();
    assert!(key.contains("kj-"), "the key is shown once");
    assert!(!host.get(&id).await.text().contains("kj-0") && !host.get(&id).await.text().contains("class=\"secret\""));
    host.post_form(&format!("{id}/on-air"), &[]).await.expect(409);
    let list = host.get("/broadcasts").await.expect(200).text();
    assert!(list.contains("Harvest"));
    let live = id.replace("/broadcasts/", "/live/");
    assert!(app.anonymous().get(&live).await.expect(200).text().contains("Harvest"));
}

#[tokio::test]
async fn g6_a_held_showing_ends_later_also_when_its_plan_is_changed_and_stands_where_it_was_held() {
    both(|app: TestApp| async move {
        let app = app.with_tree().await;
        let host = super::host(&app).await;
        let lesson = crate::watching::published(&app, "Water").await;
        let id = super::planned(&app, &host, super::a_showing(&app, lesson)).await;
        app.clock.advance_ms(60_000);
        actions::move_by(&app, None, id, Signal::Due, "broadcast.on-air").await.unwrap();
        let found = async || Broadcasts(&mut app.db.read().await.unwrap()).find(id).await.unwrap().unwrap();
        let began = app.clock.now();
        app.clock.advance_ms(10_000);
        actions::hold(&app, &host, id, true).await.unwrap();
        app.clock.advance_ms(20_000);
        actions::hold(&app, &host, id, false).await.unwrap();
        let held = found().await;
        let plan = Plan { title: "Another title".into(), ..Plan::of(&held) };
        actions::change(&app, &host, id, held.version, plan).await.unwrap_or_else(|p| panic!("{} {:?}", p.code, p.fields));
        let changed = found().await;
        assert_eq!((changed.title.as_str(), changed.ends_at), ("Another title", began.plus_ms(20_000 + 600_000)));
        assert_eq!(changed.starts_at, held.starts_at);

        actions::hold(&app, &host, id, true).await.unwrap();
        let moment = |of: &Broadcast, at| Showing::of(of, 600_000).unwrap().moment(at);
        let stands = moment(&found().await, app.clock.now());
        app.clock.advance_ms(50_000);
        let over = actions::end(&app, &host, id).await.unwrap();
        assert_eq!((stands, moment(&over, app.clock.now())), (10_000, 10_000), "the end jumps over nothing");
    })
    .await;
}

#[tokio::test]
async fn g6_a_showing_is_planned_from_a_list_of_lessons_or_from_the_lesson_without_script() {
    let app = TestApp::sqlite().await.with_tree().await;
    let (mine, title) = (crate::watching::published(&app, "Water <at> home").await, "Water &#60;at&#62; home");
    let other = app.a_lesson(org("county-b")).create().await;
    crate::watching::publish(&app, other, kernel::Id::from_u128(8), "Elsewhere").await;
    let host = app.person("host", Role::Host, "county-a").await;
    let form = host.clone().browser().get("/broadcasts/new").await.expect(200).text();
    assert!(form.contains(&format!("<option value=\"{mine}\">{title}</option>")), "{form}");
    let chosen = host.clone().browser().get(&format!("/broadcasts/new?lesson={mine}")).await.expect(200).text();
    assert!(chosen.contains(&format!("<option value=\"{mine}\" selected>")), "{chosen}");
    let link = format!("href=\"/broadcasts/new?lesson={mine}\"");
    let lesson = format!("/lessons/{mine}");
    assert!(host.clone().browser().get(&lesson).await.expect(200).text().contains(&link));
    let viewer = app.person("lin", Role::Viewer, "branch-d").await;
    assert!(!viewer.clone().browser().get(&lesson).await.expect(200).text().contains(&link), "only for those who may");
    assert!(!app.anonymous().browser().get(&lesson).await.expect(200).text().contains(&link));
}

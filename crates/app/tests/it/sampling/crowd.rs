//! A crowd of thousands over HTTP: what reaches us, and what is shown of it.

use super::{PHONE, a_mass, announce, counts, equals_a_recount, state};
use crate::support::TestApp;
use crate::watching::publish;
use app::broadcasts::{Broadcast, Profile, State};
use app::watching::actions::sampling::look;
use app::watching::audience;
use app::watching::rules::sampling::{is_in, lot};
use app::watching::{Counts, Watching};
use axum::Router;
use axum::body::Body;
use axum::http::{Request, header};
use kernel::{Clock, Id, Role};
use ledger::Weight;
use serde_json::{Value, json};
use tower::ServiceExt;

const ONE_IN: u32 = 100;
const VIEWERS: u32 = 4_000;

/// With a key that is always the same, so that always the same viewers are drawn.
async fn an_app() -> TestApp {
    let key = |config: &mut app::config::Config| std::fs::write(config.data.join("secret.key"), [7; 32]).unwrap();
    TestApp::sqlite_with(key).await.with_tree().await
}

/// Asks a router that is made once.
async fn ask(router: &Router, method: &str, path: &str, device: u32, body: String) -> (u16, Value) {
    let request = Request::builder()
        .method(method)
        .uri(path)
        .header(header::HOST, "kaijiang.test")
        .header(header::USER_AGENT, PHONE)
        .header(header::COOKIE, format!("kj_device={device:032x}"))
        .header(header::CONTENT_TYPE, "application/json")
        .body(Body::from(body))
        .unwrap();
    let response = router.clone().oneshot(request).await.unwrap();
    let status = response.status().as_u16();
    let body = axum::body::to_bytes(response.into_body(), usize::MAX).await.unwrap();
    (status, serde_json::from_slice(&body).unwrap_or_default())
}

fn within(what: &str, estimate: i64, truth: i64, error: i64) {
    assert!((estimate - truth).abs() <= 5 * error.max(1), "{what}: {estimate} for {truth}, ± {error}");
}

#[tokio::test]
async fn g8_of_four_thousand_viewers_about_forty_report_and_the_numbers_are_right_within_their_error() {
    let app = an_app().await;
    let broadcast = a_mass(&app).await;
    publish(&app, broadcast.lesson, Id::from_u128(7), "A crowd").await;
    announce(&app, &broadcast, ONE_IN).await;
    let router = app::routes::router(app.app.clone());
    let id = broadcast.id.to_string();
    let mut drawn = Vec::new();
    for device in 0..VIEWERS {
        let (status, ticket) = ask(&router, "GET", &format!("/live/{id}/ticket"), device, String::new()).await;
        assert_eq!(status, 200);
        if is_in(lot(ticket["seed"].as_str().unwrap(), &id), Weight::of(ONE_IN).unwrap()) {
            drawn.push((device, ticket["token"].as_str().unwrap().to_owned()));
        }
    }
    let mut reports = 0;
    for minute in 1..=10 {
        app.clock.advance_ms(60_000);
        for (device, token) in &drawn {
            let report = json!({ "token": token, "seq": minute, "played_s": minute * 60, "period": 1 });
            let (status, heard) = ask(&router, "POST", "/watch/heartbeat", *device, report.to_string()).await;
            assert_eq!((status, &heard["counted"]), (200, &json!(minute == 1)), "{heard}");
            reports += 1;
        }
    }
    let fair = f64::from(10 * VIEWERS) / f64::from(ONE_IN);
    assert!(f64::from(reports) <= fair * 1.8, "{reports} of {} reports reach us", 10 * VIEWERS);

    let told = state(&app, &broadcast).await;
    let (watching, error) = (told["watching"].as_i64().unwrap(), told["watching_error"].as_i64().unwrap());
    within("watching", watching, VIEWERS.into(), error);
    // √(n·N·(N−1)) of the n who were drawn.
    let exact = (drawn.len() as f64 * 100.0 * 99.0).sqrt();
    let want = exact.ceil() as i64;
    assert_eq!((watching, error), (100 * drawn.len() as i64, want));

    let counted = counts(&app, &broadcast).await;
    let spread = Watching(&mut app.db.read().await.unwrap()).spreads_of(&[broadcast.lesson]).await.unwrap()[&broadcast.lesson];
    within("views", counted.views, VIEWERS.into(), spread.views(counted.views).error);
    within("seconds", counted.watch_s, i64::from(VIEWERS) * 600, spread.watch_s(counted.watch_s).error);
    assert!((spread.watch_s(counted.watch_s).error as f64 - exact * 600.0).abs() <= 10.0, "all watched alike: {spread:?}");
    equals_a_recount(&app).await;

    let page = app.anonymous().browser().get(&format!("/lessons/{}", broadcast.lesson)).await.expect(200).text();
    let percent = spread.views(counted.views).percent();
    assert!(page.contains(&format!("estimated, ± {percent} %")) && page.contains("standard error"), "{page}");
    let lesson = app.anonymous().get(&format!("/api/v1/library/{}", broadcast.lesson)).await.expect(200).json();
    assert_eq!((&lesson["counts"]["views"], &lesson["errors"]["views"]), (&json!(counted.views), &json!(want)));

    let city = app.person("above", Role::Reviewer, "city-a").await;
    let figures = city.get("/api/v1/statistics").await.expect(200).json();
    assert_eq!((&figures["total"]["views"], &figures["errors"]["views"]), (&json!(counted.views), &json!(want)));
    assert!(city.browser().get("/statistics").await.expect(200).text().contains(&format!("estimated, ± {percent} %")));
    let elsewhere = app.person("elsewhere", Role::Reviewer, "city-b").await.get("/api/v1/statistics").await.expect(200).json();
    assert_eq!((&elsewhere["total"]["views"], &elsewhere["errors"]["views"]), (&json!(0), &json!(0)));
}

#[tokio::test]
async fn the_server_asks_fewer_as_the_crowd_grows_and_tells_everybody_in_files_that_caches_keep() {
    let app = an_app().await;
    let broadcast = a_mass(&app).await;
    crate::rooms::look(&app, &app.anonymous(), &broadcast, "").await;
    let told = state(&app, &broadcast).await;
    assert_eq!(told["sample"], json!({ "period": 0, "one_in": 1, "interval_s": 30 }));
    let crowd = audience::of(&app, broadcast.id).await.unwrap();
    let come = |from: u32, until: u32| {
        let (now, current) = (app.clock.now(), crowd.current());
        let part = crowd.part(current.number, now, now).unwrap();
        for viewer in from..until {
            let lot = viewer.wrapping_mul(2_654_435_761);
            if is_in(lot, part.weight) {
                crowd.heard(viewer.into(), lot, &part, now);
            }
        }
    };
    come(0, 5_000);
    app.clock.advance_ms(1_000);
    look(&app).await.unwrap();
    assert_eq!(state(&app, &broadcast).await["sample"], json!({ "period": 0, "one_in": 1, "interval_s": 60 }));
    come(5_000, 50_000);
    app.clock.advance_ms(1_000);
    look(&app).await.unwrap();
    let told = app.anonymous().get(&format!("/live/{}/state", broadcast.id)).await.expect(200);
    assert_eq!(told.header("cache-control"), "public, max-age=1");
    assert_eq!(told.json()["sample"], json!({ "period": 1, "one_in": 5, "interval_s": 120 }));
    let estimate = crowd.watching(app.clock.now());
    within("watching", estimate.count, 50_000, estimate.error);
    app.clock.advance_ms(2_000);
    look(&app).await.unwrap();
    let events = crate::rooms::look(&app, &app.anonymous(), &broadcast, "").await;
    let presence = crate::rooms::only(&events, "presence")[0].clone();
    assert_eq!((presence["watching"].as_i64(), presence["error"].as_i64()), (Some(estimate.count), Some(estimate.error)));

    app.clock.advance_ms(400_000);
    look(&app).await.unwrap();
    let sample = state(&app, &broadcast).await["sample"].clone();
    assert_eq!(sample, json!({ "period": 2, "one_in": 2, "interval_s": 30 }), "they left: finer, step by step");
}

#[tokio::test]
async fn a_crowd_that_waits_is_sampled_before_its_first_reports_come_all_at_once() {
    let app = an_app().await;
    let waits = |b: &mut Broadcast| (b.profile, b.state, b.on_air_at) = (Profile::Mass, State::Planned, None);
    let broadcast = app.a_broadcast("branch-a").with(waits).create().await;
    let crowd = audience::of(&app, broadcast.id).await.unwrap();
    (0..30_000).for_each(|_| crowd.came());
    look(&app).await.unwrap();
    let told = state(&app, &broadcast).await;
    assert_eq!((&told["sample"]["one_in"], &told["watching"]), (&json!(5), &Value::Null), "nobody watches yet");
}

#[tokio::test]
async fn where_everybody_reports_nothing_is_called_an_estimate() {
    let app = an_app().await;
    let broadcast = a_mass(&app).await;
    publish(&app, broadcast.lesson, Id::from_u128(7), "A few").await;
    let viewer = super::Viewer::comes(&app, &broadcast, 1).await;
    app.clock.advance_ms(40_000);
    viewer.reports(40, json!({})).await.expect(200);
    assert_eq!(counts(&app, &broadcast).await, Counts { plays: 1, views: 1, watch_s: 40 });
    let told = state(&app, &broadcast).await;
    assert_eq!((&told["watching"], &told["watching_error"]), (&json!(1), &Value::Null));
    let page = app.anonymous().browser().get(&format!("/lessons/{}", broadcast.lesson)).await.expect(200).text();
    assert!(!page.contains("standard error") && !page.contains("estimated, ± 0"), "{page}");
    equals_a_recount(&app).await;
}

//! The page that is the same for everybody: the picture alone, carried by caches.

use super::{PHONE, announce};
use crate::support::{Client, TestApp};
use app::machine::LoadStage;
use kernel::Role;
use serde_json::json;

#[tokio::test]
async fn g9_the_picture_alone_is_the_same_page_for_everybody() {
    let app = TestApp::sqlite().await.with_tree().await;
    let room = app.a_broadcast("branch-a").with(|b| b.pinned_stage = Some(LoadStage::Static)).create().await;
    let path = format!("/live/{}", room.id);
    let li = app.person("lin", Role::Viewer, "branch-d").await;
    let host = app.person("host", Role::Host, "county-a").await;
    let phone = |device: u32| app.anonymous().with("user-agent", PHONE).with("cookie", &format!("kj_device={device:032x}"));
    let elder = app.anonymous().with("cookie", "elder=1; language=zh-CN");
    let robot = app.anonymous().with("user-agent", "Baiduspider/2.0");
    let page = async |who: &Client, query: &str| who.clone().browser().get(&format!("{path}{query}")).await.expect(200);
    let first = page(&app.anonymous(), "").await;
    let text = first.text();
    assert_eq!(first.header("cache-control"), "public, max-age=3");
    assert!(first.headers.get_all("vary").iter().any(|v| v == "accept-language"), "{:?}", first.headers);
    assert!(
        text.contains("<kj-player") && text.contains(" token=\"\"") && text.contains(" seed=\"\"") && !text.contains("<kj-room"),
        "{text}"
    );
    for who in [&li, &host, &phone(1), &phone(2), &elder, &robot] {
        for query in ["", "?done=told", "?utm_source=poster"] {
            let other = page(who, query).await;
            assert_eq!(other.text(), text);
            assert!(!other.headers.contains_key("set-cookie"), "a cache keeps no page that marks somebody");
        }
    }
    let mut chinese = app.anonymous();
    chinese.headers[0].1 = "zh-CN".into();
    assert!(page(&chinese, "").await.text().contains("lang=\"zh-CN\""));
}

#[tokio::test]
async fn whoever_must_sign_in_gets_a_page_of_their_own_that_no_cache_keeps() {
    let app = TestApp::sqlite().await.with_tree().await;
    let room = app.a_broadcast("branch-a").signed_in().with(|b| b.pinned_stage = Some(LoadStage::Static)).create().await;
    let (path, ticket) = (format!("/live/{}", room.id), format!("/live/{}/ticket", room.id));
    let li = app.person("lin", Role::Viewer, "branch-d").await.with("user-agent", PHONE);
    app.anonymous().get(&path).await.expect(401);
    app.anonymous().get(&ticket).await.expect(401);
    let page = li.clone().browser().get(&path).await.expect(200);
    assert_eq!(page.header("cache-control"), "private, no-cache");
    assert!(!page.text().contains(" token=\"\""));
    li.get(&ticket).await.expect(200);
    li.get("/live/brd_00000000000000000000000000000001/ticket").await.expect(404);
}

#[tokio::test]
async fn a_device_that_is_drawn_gets_a_ticket_and_keeps_what_its_lots_are_reckoned_from() {
    let app = TestApp::sqlite().await.with_tree().await;
    let (one, two) = (app.a_broadcast("branch-a").create().await, app.a_broadcast("branch-a").create().await);
    let fresh = app.anonymous().with("user-agent", PHONE).get(&format!("/live/{}/ticket", one.id)).await.expect(200);
    assert_eq!(fresh.header("cache-control"), "no-store");
    let device = fresh.header("set-cookie").split(';').next().unwrap().to_owned();
    let known = app.anonymous().with("user-agent", PHONE).with("cookie", &device);
    let again = known.get(&format!("/live/{}/ticket", two.id)).await.expect(200);
    assert_eq!(again.json()["seed"], fresh.json()["seed"], "the same in every broadcast");
    assert!(!again.headers.contains_key("set-cookie"));
    let page = known.clone().browser().get(&format!("/live/{}", two.id)).await.expect(200).text();
    assert!(page.contains(&format!(" seed=\"{}\"", fresh.json()["seed"].as_str().unwrap())), "{page}");
    let robot = app.anonymous().with("user-agent", "curl/8").get(&format!("/live/{}/ticket", one.id)).await.expect(200);
    assert_eq!(robot.json()["token"], json!(null));
    let statements = app.db.statements();
    for _ in 0..20 {
        known.get(&format!("/live/{}/ticket", two.id)).await.expect(200);
    }
    assert_eq!(app.db.statements(), statements, "a crowd costs no look at the records");
    announce(&app, &one, 10).await;
}

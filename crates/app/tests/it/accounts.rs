//! Signing in: the promises of A7 and S18 that can be seen from outside.

use crate::support::{TestApp, both, tree::PASSWORD};
use kernel::Role;
use serde_json::json;

const FORM: &str = "/sign-in";

async fn try_password(app: &TestApp, password: &str) -> u16 {
    app.anonymous().browser().post_form(FORM, &[("login", "li.wei"), ("password", password)]).await.status.as_u16()
}

#[tokio::test]
async fn s18_five_wrong_passwords_lock_and_time_unlocks() {
    both(async |app| {
        let app = app.with_tree().await;
        app.account("li.wei", Role::Clerk, "branch-a").await;
        for _ in 0..4 {
            assert_eq!(try_password(&app, "wrong").await, 401);
        }
        assert_eq!(try_password(&app, "wrong").await, 429, "the fifth locks");
        assert_eq!(try_password(&app, PASSWORD).await, 429, "also for the right one");
        app.clock.advance_ms(16 * 60_000);
        assert_eq!(try_password(&app, PASSWORD).await, 303);
    })
    .await;
}

#[tokio::test]
async fn s18_a_program_signs_in_with_the_same_cookie_and_is_locked_out_alike() {
    both(async |app| {
        let app = app.with_tree().await;
        app.account("li.wei", Role::Clerk, "branch-a").await;
        let place = "/api/v1/sign-ins";
        let try_password = async |password: &str| app.anonymous().post(place, &json!({ "login": "li.wei", "password": password })).await;
        let answer = try_password(PASSWORD).await.expect(204);
        let cookie = answer.header("set-cookie").to_owned();
        assert!(cookie.contains("HttpOnly; SameSite=Lax"), "{cookie}");
        let li = app.anonymous().with("cookie", cookie.split(';').next().unwrap());
        let sign_ins = li.get(place).await.expect(200).json();
        assert_eq!(sign_ins[0]["current"], true);
        for _ in 0..4 {
            assert_eq!(try_password("wrong").await.expect(401).json()["code"], "wrong-password");
        }
        assert_eq!(try_password("wrong").await.expect(429).json()["code"], "locked");
        assert_eq!(
            app.anonymous().post(place, &json!({ "login": "nobody", "password": "x" })).await.expect(401).json()["code"],
            "wrong-password"
        );
        try_password(PASSWORD).await.expect(429);
        app.clock.advance_ms(16 * 60_000);
        try_password(PASSWORD).await.expect(204);
        let id = sign_ins[0]["id"].as_str().unwrap();
        li.send(axum::http::Method::DELETE, &format!("{place}/{id}"), "", "").await.expect(204);
        li.get(place).await.expect(401);
    })
    .await;
}

#[tokio::test]
async fn s18_an_unknown_login_is_answered_like_a_wrong_password() {
    both(async |app| {
        let app = app.with_tree().await;
        app.account("li.wei", Role::Clerk, "branch-a").await;
        let known = app.anonymous().post_form(FORM, &[("login", "li.wei"), ("password", "x")]).await.text();
        let unknown = app.anonymous().post_form(FORM, &[("login", "li.wex"), ("password", "x")]).await.text();
        assert_eq!(known.replace("li.wei", ""), unknown.replace("li.wex", ""));
    })
    .await;
}

#[tokio::test]
async fn a_sign_in_that_was_left_alone_ends() {
    both(async |app| {
        let app = app.with_tree().await;
        let li = app.person("li.wei", Role::Clerk, "branch-a").await;
        li.post_form("/sign-out", &[]).await.expect(303);
        let li = app.anonymous().signed_in("li.wei", PASSWORD).await;
        app.clock.advance_ms(121 * 60_000);
        li.post_form("/sign-out", &[]).await.expect(401);
    })
    .await;
}

#[tokio::test]
async fn a_problem_is_json_for_programs_and_a_page_for_people_in_their_language() {
    let app = TestApp::sqlite().await;
    let json = app.anonymous().get("/nowhere").await.expect(404);
    assert_eq!(json.header("content-type"), "application/problem+json");
    assert_eq!(json.json()["code"], "not-found");
    let page = app.anonymous().with("accept", "text/html").with("cookie", "language=zh-CN").get("/nowhere").await.expect(404);
    assert!(page.text().contains("无权查看"), "{}", page.text());
}

//! People, roles and one's own account (A5, A6, A7, S18, S19).

use crate::support::tree::{PASSWORD, org};
use crate::support::{Client, TestApp, both};
use axum::http::Method;
use kernel::{Clock, Role};
use serde_json::{Value, json};

const NEW_PASSWORD: &str = "another horse entirely";

async fn county(app: TestApp) -> (TestApp, Client) {
    let app = app.with_tree().await;
    let admin = app.person("admin.c", Role::Administrator, "county-a").await;
    (app, admin)
}

fn grant(code: &str, role: &str, reach: &str) -> Value {
    json!({ "organisation": org(code), "role": role, "reach": reach })
}

fn person(login: &str, grant: &Value) -> Value {
    json!({ "login": login, "name": login, "password": PASSWORD, "grant": grant })
}

#[tokio::test]
async fn a5_an_administrator_makes_accounts_within_his_reach_only() {
    both(async |app| {
        let (app, admin) = county(app).await;
        let made = admin.post("/api/v1/accounts", &person("wang.fang", &grant("township-a", "clerk", "subtree"))).await.expect(201).json();
        assert_eq!(made["grants"][0]["role"], "clerk");
        app.anonymous().signed_in("wang.fang", PASSWORD).await;
        for (code, reach) in [("city-a", "node"), ("county-b", "node"), ("township-c", "subtree"), ("province", "subtree")] {
            admin.post("/api/v1/accounts", &person("other", &grant(code, "viewer", reach))).await.expect(403);
        }
        let bad = json!({ "login": "a b", "name": "x\u{202E}y", "password": "short", "grant": grant("township-a", "clerk", "node") });
        let refused = admin.post("/api/v1/accounts", &bad).await.expect(422).json();
        assert_eq!(refused["errors"].as_array().unwrap().len(), 3, "{refused}");
    })
    .await;
}

#[tokio::test]
async fn a5_roles_are_listed_searched_and_paged_within_reach() {
    both(async |app| {
        let (app, admin) = county(app).await;
        for n in 0..25 {
            app.account(&format!("clerk.{n:02}"), Role::Clerk, "branch-a").await;
        }
        app.account("clerk.far", Role::Clerk, "branch-d").await;
        app.account("boss", Role::Administrator, "province").await;
        let first = admin.get("/api/v1/accounts?q=CLERK").await.expect(200).json();
        assert_eq!(first["items"].as_array().unwrap().len(), 20);
        let rest = admin.get(&format!("/api/v1/accounts?q=clerk&after={}", first["next"].as_str().unwrap())).await.expect(200).json();
        assert_eq!((rest["items"].as_array().unwrap().len(), rest["next"].is_null()), (5, true), "S12: clerk.far is not there");
        assert_eq!(admin.get("/api/v1/accounts?q=%25").await.expect(200).json()["items"], json!([]), "a wildcard is a letter");
        let all = admin.get(&format!("/api/v1/accounts?organisation={}", org("province"))).await.expect(200).text();
        assert!(!all.contains("boss") && !all.contains("clerk.far"));
        let page = admin.clone().browser().get("/people").await.expect(200).text();
        assert!(page.contains("clerk.00") && !page.contains("boss") && !page.contains("[people"), "{page}");
    })
    .await;
}

#[tokio::test]
async fn s12_an_account_with_a_role_elsewhere_cannot_be_taken_over() {
    both(async |app| {
        let (app, admin) = county(app).await;
        let boss = app.account("boss", Role::Administrator, "province").await;
        let path = format!("/api/v1/accounts/{boss}");
        admin.get(&path).await.expect(404);
        let top = app.person("top", Role::Administrator, "province").await;
        top.post(&format!("{path}/grants"), &grant("branch-a", "reviewer", "node")).await.expect(201);
        assert_eq!(admin.get(&path).await.expect(200).json()["grants"].as_array().unwrap().len(), 1, "only what he administers");
        admin.post(&format!("{path}/password"), &json!({ "password": NEW_PASSWORD })).await.expect(403);
        admin.json(Method::PATCH, &path, &json!({ "active": false })).await.expect(403);
        let own = admin.get("/api/v1/me").await.expect(200).json()["id"].as_str().unwrap().to_owned();
        let grants = format!("/api/v1/accounts/{own}/grants");
        assert_eq!(admin.post(&grants, &grant("branch-a", "editor", "node")).await.expect(409).json()["code"], "not-yourself");
    })
    .await;
}

#[tokio::test]
async fn a6_administration_and_audit_are_never_in_one_hand() {
    both(async |app| {
        let (app, admin) = county(app).await;
        let other = app.account("other", Role::Auditor, "township-a").await;
        let grants = format!("/api/v1/accounts/{other}/grants");
        let refused = admin.post(&grants, &grant("township-a", "administrator", "node")).await.expect(409).json();
        assert_eq!(refused["code"], "roles-apart");
        admin.post(&grants, &grant("township-a", "reviewer", "node")).await.expect(201);
    })
    .await;
}

#[tokio::test]
async fn s19_a_role_begins_and_ends_with_its_days_and_ends_at_once_when_revoked() {
    both(async |app| {
        let (app, admin) = county(app).await;
        let who = app.account("li.wei", Role::Viewer, "township-a").await;
        let grants = format!("/api/v1/accounts/{who}/grants");
        let mut dated = grant("township-a", "clerk", "node");
        dated["from"] = "2026-11-24".into();
        dated["to"] = "2026-11-24".into();
        admin.post(&grants, &dated).await.expect(201);
        let roles = async || {
            let mut tx = app.db.read().await.unwrap();
            app::accounts::Accounts(&mut tx).grants(who, app.clock.now()).await.unwrap().iter().map(|g| g.role).collect::<Vec<_>>()
        };
        assert_eq!(roles().await, [Role::Viewer]);
        app.clock.advance_ms(15 * 3_600_000);
        assert_eq!(roles().await.len(), 2, "from midnight");
        app.clock.advance_ms(24 * 3_600_000);
        assert_eq!(roles().await, [Role::Viewer], "the last day counts and then it is over");
        dated["to"] = "2026-11-20".into();
        let admin = app.anonymous().signed_in("admin.c", PASSWORD).await;
        assert_eq!(admin.post(&grants, &dated).await.expect(422).json()["errors"][0]["rule"], "after-from");
        let seen = admin.get(&format!("/api/v1/accounts/{who}")).await.expect(200).json();
        let first = seen["grants"].as_array().unwrap().iter().find(|g| g["role"] == "viewer").unwrap()["id"].as_str().unwrap().to_owned();
        admin.json(Method::DELETE, &format!("{grants}/{first}"), &Value::Null).await.expect(204);
        assert_eq!(roles().await, []);
    })
    .await;
}

#[tokio::test]
async fn s19_a_disabled_account_and_a_reset_password_end_sign_ins_at_once() {
    both(async |app| {
        let (app, admin) = county(app).await;
        let clerk = app.person("li.wei", Role::Clerk, "township-a").await;
        let id = clerk.get("/api/v1/me").await.expect(200).json()["id"].as_str().unwrap().to_owned();
        let path = format!("/api/v1/accounts/{id}");
        admin.post(&format!("{path}/password"), &json!({ "password": NEW_PASSWORD })).await.expect(204);
        clerk.get("/api/v1/me").await.expect(401);
        let clerk = app.anonymous().signed_in("li.wei", NEW_PASSWORD).await;
        let tag = admin.get(&path).await.expect(200).header("etag").to_owned();
        let admin = admin.with("if-match", &tag);
        admin.json(Method::PATCH, &path, &json!({ "active": false })).await.expect(200);
        clerk.get("/api/v1/me").await.expect(401);
        admin.json(Method::PATCH, &path, &json!({ "active": true })).await.expect(412);
    })
    .await;
}

#[tokio::test]
async fn a7_a_password_is_changed_by_who_knows_it_and_other_devices_are_signed_out() {
    both(async |app| {
        let app = app.with_tree().await;
        let here = app.person("li.wei", Role::Clerk, "branch-a").await;
        let there = app.anonymous().signed_in("li.wei", PASSWORD).await;
        let change = |current: &str, new: &str| json!({ "current": current, "password": new });
        let wrong = here.post("/api/v1/me/password", &change("wrong", NEW_PASSWORD)).await.expect(422).json();
        assert_eq!(wrong["errors"][0]["field"], "current");
        here.post("/api/v1/me/password", &change(PASSWORD, "li.wei li.wei")).await.expect(422);
        here.post("/api/v1/me/password", &change(PASSWORD, NEW_PASSWORD)).await.expect(204);
        here.get("/api/v1/me").await.expect(200);
        there.get("/api/v1/me").await.expect(401);
        for _ in 0..4 {
            here.post("/api/v1/me/password", &change("wrong", NEW_PASSWORD)).await.expect(422);
        }
        here.post("/api/v1/me/password", &change("wrong", NEW_PASSWORD)).await.expect(429);
        assert_eq!(here.post("/api/v1/me/password", &change(NEW_PASSWORD, PASSWORD)).await.expect(429).json()["code"], "locked", "S18");
    })
    .await;
}

#[tokio::test]
async fn a7_sign_ins_are_listed_and_ended_by_their_owner_alone() {
    both(async |app| {
        let app = app.with_tree().await;
        let here = app.person("li.wei", Role::Clerk, "branch-a").await;
        let there = app.anonymous().signed_in("li.wei", PASSWORD).await;
        let other = app.person("wang", Role::Administrator, "province").await;
        let list = here.get("/api/v1/sign-ins").await.expect(200).json();
        assert_eq!(list.as_array().unwrap().len(), 2);
        let id = list.as_array().unwrap().iter().find(|s| s["current"] == false).unwrap()["id"].as_str().unwrap().to_owned();
        other.json(Method::DELETE, &format!("/api/v1/sign-ins/{id}"), &Value::Null).await.expect(404);
        here.json(Method::DELETE, &format!("/api/v1/sign-ins/{id}"), &Value::Null).await.expect(204);
        there.get("/api/v1/me").await.expect(401);
        here.json(Method::DELETE, &format!("/api/v1/sign-ins/{id}"), &Value::Null).await.expect(404);
    })
    .await;
}

#[tokio::test]
async fn s18_a_token_does_what_its_scopes_say_until_it_ends_and_is_stored_nowhere() {
    both(async |app| {
        let (app, admin) = county(app).await;
        let keyed = admin.clone().with("idempotency-key", "k1");
        let made = keyed.post("/api/v1/tokens", &json!({ "name": "sync", "scopes": ["read"], "days": 2 })).await.expect(201);
        assert_eq!(made.header("cache-control"), "no-store");
        let secret = made.json()["secret"].as_str().unwrap().to_owned();
        let mut tx = app.db.read().await.unwrap();
        let stored = tx.fetch_all("select coalesce(body, '') as body from idempotency", vec![]).await.unwrap();
        assert!(stored.iter().all(|row| !row.text("body").unwrap().contains(&secret)), "S18: the secret is in no table");
        drop(tx);
        let bearer = format!("Bearer {secret}");
        let program = app.anonymous().with("authorization", &bearer);
        assert_eq!(program.get("/api/v1/me").await.expect(200).json()["scopes"], json!(["read"]));
        let named = json!({ "name": "mine" });
        program.json(Method::PATCH, &format!("/api/v1/organisations/{}", org("township-a")), &named).await.expect(403);
        program.post("/api/v1/tokens", &json!({ "name": "more", "scopes": ["administer"] })).await.expect(403);
        program.post("/api/v1/me/password", &json!({ "current": PASSWORD, "password": NEW_PASSWORD })).await.expect(403);
        app.clock.advance_ms(2 * 86_400_000);
        program.get("/api/v1/me").await.expect(401);
        let admin = app.anonymous().signed_in("admin.c", PASSWORD).await;
        let made = admin.post("/api/v1/tokens", &json!({ "name": "b", "scopes": ["read"] })).await.expect(201).json();
        let program = app.anonymous().with("authorization", &format!("Bearer {}", made["secret"].as_str().unwrap()));
        admin.json(Method::DELETE, &format!("/api/v1/tokens/{}", made["id"].as_str().unwrap()), &Value::Null).await.expect(204);
        program.get("/api/v1/me").await.expect(401);
    })
    .await;
}

#[tokio::test]
async fn the_pages_of_people_and_of_oneself_work_with_plain_forms() {
    let (app, admin) = county(TestApp::sqlite().await).await;
    let page = admin.browser();
    let fields = [
        ("login", "new.one"),
        ("name", "新人"),
        ("password", PASSWORD),
        ("role", "reviewer"),
        ("organisation_text", "township-a"),
        ("subtree", "1"),
    ];
    let made = page.post_form("/people", &fields).await.expect(303);
    let text = page.get(made.header("location")).await.expect(200).text();
    assert!(
        text.contains("The account was created") && text.contains("新人") && text.contains("Reviewer") && !text.contains("[role"),
        "{text}"
    );
    let me = app.anonymous().signed_in("new.one", PASSWORD).await.browser();
    let token = [("name", "sync"), ("read", "1"), ("days", "30")];
    let shown = me.post_form("/me/tokens", &token).await.expect(200).text();
    assert!(shown.contains("cannot be shown again") && !me.get("/me").await.expect(200).text().contains("cannot be shown again"));
    let saved = me.post_form("/me", &[("name", "新人二"), ("language", "zh-CN")]).await.expect(303);
    assert!(saved.header("set-cookie").starts_with("language=zh-CN"));
    let chinese = me.with("cookie", "language=zh-CN").get("/me?done=me-saved").await.expect(200).text();
    assert!(chinese.contains("新人二") && chinese.contains("已保存") && chinese.contains("审核员"), "{chinese}");
}

#[tokio::test]
async fn a_refused_form_comes_back_with_what_was_typed_and_what_is_wrong_beside_the_field() {
    let app = TestApp::sqlite().await.with_tree().await;
    let admin = app.person("admin.p", Role::Administrator, "province").await.browser();
    let fields = [
        ("login", "a b"),
        ("name", "王芳"),
        ("password", "secret-and-long"),
        ("role", "reviewer"),
        ("organisation_text", "nowhere"),
        ("to", "2026-12-31"),
    ];
    let text = admin.post_form("/people", &fields).await.expect(422).text();
    assert!(text.contains("no organisation with the code or name “nowhere”") && text.contains("id=\"organisation-error\""), "{text}");
    for kept in ["value=\"a b\"", "value=\"王芳\"", "value=\"nowhere\"", "value=\"2026-12-31\"", "<option value=\"reviewer\" selected>"] {
        assert!(text.contains(kept), "{kept}: {text}");
    }
    assert!(!text.contains("secret-and-long"), "a password is never drawn");
    let at_home = org("township-a").to_string();
    let mended: Vec<_> =
        fields.iter().copied().filter(|(name, _)| *name != "organisation_text").chain([("organisation", at_home.as_str())]).collect();
    let text = admin.post_form("/people", &mended).await.expect(422).text();
    assert!(text.contains("id=\"login-error\"") && !text.contains("id=\"organisation-error\""), "{text}");
    let chinese = admin.clone().with("cookie", "language=zh-CN").post_form("/people", &mended).await.expect(422).text();
    assert!(chinese.contains("id=\"login-error\"") && chinese.contains("账号"), "{chinese}");

    let page = format!("/organisations/{}", org("county-a"));
    let fields = [("code", "township-a"), ("name", "石桥镇"), ("kind", "township"), ("members", "many"), ("effective", "2026-11-23")];
    let text = admin.post_form(&format!("{page}/children"), &fields).await.expect(422).text();
    assert!(text.contains("id=\"create.members-error\"") && text.contains("value=\"石桥镇\"") && text.contains("value=\"many\""), "{text}");
    let fields = [("code", "township-a"), ("name", "石桥镇"), ("kind", "township"), ("members", "3"), ("effective", "2026-11-23")];
    let text = admin.post_form(&format!("{page}/children"), &fields).await.expect(422).text();
    assert!(text.contains("id=\"create.code-error\"") && text.contains("is taken already"), "{text}");
    let fields = [("organisation_text", "township-a"), ("effective", "2026-11-23"), ("version", "1")];
    let text = admin.post_form(&format!("{page}/move"), &fields).await.expect(409).text();
    assert!(text.contains("stands below this one") && text.contains("value=\"township-a\""), "{text}");
    let stale = [("organisation_text", "city-b"), ("effective", "2026-11-23"), ("version", "7")];
    assert!(!admin.post_form(&format!("{page}/move"), &stale).await.expect(409).text().contains("value=\"city-b\""), "read it anew first");
}

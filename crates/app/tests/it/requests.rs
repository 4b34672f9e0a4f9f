//! Requests that must be refused, and headers that must be there (H9, S10, S20).

use crate::support::binary::Binary;
use crate::support::tree::{PASSWORD, org};
use crate::support::{Client, TestApp, both};
use axum::http::Method;
use kernel::Role;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

const SIGN_IN: [(&str, &str); 2] = [("login", "nobody"), ("password", "wrong")];

fn a_lesson(title: &str) -> Value {
    json!({ "organisation": org("branch-a").to_string(), "title": title })
}

#[tokio::test]
async fn s10_a_post_from_another_site_is_refused() {
    let app = TestApp::sqlite().await;
    for (name, value) in [("sec-fetch-site", "cross-site"), ("sec-fetch-site", "same-site"), ("origin", "https://evil.example")] {
        let told = app.anonymous().with(name, value).post_form("/sign-in", &SIGN_IN).await.expect(403).json();
        assert_eq!(told["code"], "cross-site", "{name}: {value}");
    }
    for (name, value) in [("sec-fetch-site", "same-origin"), ("origin", "http://kaijiang.test")] {
        app.anonymous().with(name, value).post_form("/sign-in", &SIGN_IN).await.expect(401);
    }
}

#[tokio::test]
async fn s10_no_other_site_may_read_an_answer_and_methods_are_not_overridden() {
    let app = TestApp::sqlite().await.with_tree().await;
    let li = app.person("li.wei", Role::Clerk, "branch-a").await;
    let foreign = li.clone().with("origin", "https://evil.example").with("access-control-request-method", "POST");
    for (method, path) in [(Method::GET, "/api/v1/lessons"), (Method::OPTIONS, "/api/v1/lessons"), (Method::GET, "/")] {
        let reply = foreign.send(method, path, "", "").await;
        assert!(reply.headers.keys().all(|name| !name.as_str().starts_with("access-control-")), "{path}: {:?}", reply.headers);
    }
    li.with("x-http-method-override", "POST").get("/sign-out").await.expect(405);
}

#[tokio::test]
async fn h9_bodies_of_the_wrong_type_size_or_depth_are_refused_in_words() {
    let app = TestApp::sqlite().await.with_tree().await;
    let li = app.person("li.wei", Role::Clerk, "branch-a").await;
    let path = "/api/v1/lessons";
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    for (kind, body, status, code) in [
        ("text/plain", a_lesson("x").to_string(), 415, "wrong-type"),
        ("", a_lesson("x").to_string(), 415, "wrong-type"),
        ("application/json", format!("\"{}\"", "x".repeat(2 << 20)), 413, "too-large"),
        ("application/json", deep, 422, "malformed"),
        ("application/json", "{\"organisation\":".into(), 400, "malformed"),
        ("application/json", "{\"organisation\":\"\\ud800\",\"title\":\"x\"}".into(), 400, "malformed"),
    ] {
        let told = li.send(Method::POST, path, kind, body).await.expect(status).json();
        assert_eq!(told["code"], code);
        assert!(!told["detail"].as_str().unwrap().is_empty());
    }
    assert_eq!(li.get(path).await.expect(200).json()["items"], json!([]));
}

#[tokio::test]
async fn h9_what_is_not_utf8_is_refused_with_its_field_instead_of_being_stored_as_something_else() {
    both(async |app| {
        let app = app.with_tree().await;
        let li = app.person("li.wei", Role::Clerk, "branch-a").await;
        let form = "application/x-www-form-urlencoded";
        for (body, found) in [("name=%ED%A0%80&language=", "\u{fffd}\u{fffd}\u{fffd}"), ("language=&name=%BD%B2+a", "\u{fffd}\u{fffd} a")] {
            let told = li.send(Method::POST, "/me", form, body).await.expect(422).json();
            let error = &told["errors"][0];
            assert_eq!((&error["field"], &error["rule"], &error["found"]), (&json!("name"), &json!("not-utf8"), &json!(found)), "{told}");
            assert!(error["text"].as_str().unwrap().contains("is not UTF-8"), "{error}");
        }
        // A browser that met such a character sends what stands for it.
        let told = li.post_form("/me", &[("name", "Li \u{fffd}"), ("language", "")]).await;
        assert!(told.status == 422 && told.text().contains("where a character was lost"), "{}", told.text());
        let told = li.json(Method::PATCH, "/api/v1/me", &json!({ "name": "Li \u{fffd}" })).await.expect(422).json();
        assert_eq!(told["errors"][0]["rule"], "lost-character");
        let lesson = app.a_lesson(org("branch-a")).create().await;
        let part = |name: &str, value: &[u8]| [format!("--b\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n").as_bytes(), value, b"\r\n"].concat();
        let file = b"--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.vtt\"\r\n\r\nWEBVTT\n\n00:00.000 --> 00:01.000\nx\n\r\n--b--\r\n";
        let body = [&part("language", b"en")[..], &part("label", b"W\xf6rter"), file].concat();
        let multipart = "multipart/form-data; boundary=b";
        let told = li.send(Method::POST, &format!("/lessons/{lesson}/captions"), multipart, body).await.expect(422).json();
        assert_eq!((&told["errors"][0]["field"], &told["errors"][0]["rule"]), (&json!("label"), &json!("not-utf8")), "{told}");
        let body = [&part("slot", b"\xff")[..], file].concat();
        let told = li.send(Method::POST, &format!("/lessons/{lesson}/materials"), multipart, body).await.expect(422).json();
        assert_eq!((&told["errors"][0]["field"], &told["errors"][0]["rule"]), (&json!("slot"), &json!("not-utf8")), "{told}");
        assert_eq!(li.get("/api/v1/me").await.expect(200).json()["name"], "li.wei", "nothing was stored");
        assert_eq!(li.get(&format!("/api/v1/lessons/{lesson}/captions")).await.expect(200).json(), json!([]));
    })
    .await;
}

#[tokio::test]
async fn h9_too_many_requests_are_told_when_to_come_again() {
    for (settings, path, form) in [("requests_per_minute = 60", "/healthz", None), ("sign_in_per_minute = 2", "/sign-in", Some(SIGN_IN))] {
        let server = Binary::serve(TestApp::now().await, settings).await;
        let client = server.client();
        let mut refused = None;
        // A new minute may begin once meanwhile.
        for _ in 0..130 {
            let request = form.map_or_else(|| client.get(server.url(path)), |form| client.post(server.url(path)).form(&form));
            let answer = request.send().await.unwrap();
            if answer.status() == 429 {
                refused = Some(answer);
                break;
            }
        }
        let refused = refused.unwrap_or_else(|| panic!("{settings}: never refused"));
        assert_eq!(refused.headers()["retry-after"], "60", "{settings}");
    }
}

#[tokio::test]
async fn h9_endless_addresses_and_headers_are_refused_and_the_server_lives_on() {
    let server = Binary::serve(TestApp::now().await, "").await;
    for request in [
        format!("GET /{} HTTP/1.1\r\nhost: x\r\n\r\n", "a".repeat(1 << 20)),
        format!("GET / HTTP/1.1\r\nhost: x\r\nx-long: {}\r\n\r\n", "a".repeat(1 << 20)),
        format!("GET / HTTP/1.1\r\nhost: x\r\n{}\r\n", "x-many: 1\r\n".repeat(10_000)),
    ] {
        let mut line = tokio::net::TcpStream::connect(server.url("").trim_start_matches("http://")).await.unwrap();
        // It may hang up before it has heard everything.
        let _ = line.write_all(request.as_bytes()).await;
        let mut answer = Vec::new();
        let _ = line.read_to_end(&mut answer).await;
        let words = String::from_utf8_lossy(&answer).into_owned();
        assert!(answer.is_empty() || words.starts_with("HTTP/1.1 4"), "{words}");
        assert_eq!(server.client().get(server.url("/healthz")).send().await.unwrap().status(), 200);
    }
}

#[tokio::test]
async fn h6_a_repeated_write_answers_as_the_first_time_and_changes_nothing() {
    both(async |app| {
        let app = app.with_tree().await;
        let li = app.person("li.wei", Role::Clerk, "branch-a").await;
        let keyed = li.clone().with("idempotency-key", "k1");
        let first = keyed.post("/api/v1/lessons", &a_lesson("One")).await.expect(201);
        let second = keyed.post("/api/v1/lessons", &a_lesson("One")).await.expect(201);
        assert_eq!((first.body.clone(), first.header("location")), (second.body.clone(), second.header("location")));
        assert_eq!(second.header("idempotent-replay"), "true");
        assert_eq!(keyed.post("/api/v1/lessons", &a_lesson("Other")).await.expect(422).json()["code"], "key-reused");
        assert_eq!(count(&li).await, 1);
        // Another person's key of the same name is another key.
        let wang = app.person("wang", Role::Clerk, "branch-a").await.with("idempotency-key", "k1");
        wang.post("/api/v1/lessons", &a_lesson("Other")).await.expect(201);
    })
    .await;
}

#[tokio::test]
async fn s22_the_same_write_many_times_at_once_is_done_once() {
    both(async |app| {
        let app = app.with_tree().await;
        let li = app.person("li.wei", Role::Clerk, "branch-a").await;
        let tries: Vec<_> = (0..8)
            .map(|_| {
                let li = li.clone().with("idempotency-key", "k1");
                tokio::spawn(async move { li.post("/api/v1/lessons", &a_lesson("One")).await })
            })
            .collect();
        let mut made = 0;
        for reply in tries {
            let reply = reply.await.unwrap();
            match reply.status.as_u16() {
                201 => made += 1,
                409 => assert_eq!(reply.json()["code"], "still-running"),
                other => panic!("{other}: {}", reply.text()),
            }
        }
        assert!(made >= 1);
        assert_eq!(count(&li).await, 1);
    })
    .await;
}

async fn count(client: &Client) -> usize {
    client.get("/api/v1/lessons").await.expect(200).json()["items"].as_array().unwrap().len()
}

/// Every address of a page in the route table that needs no id.
fn pages() -> Vec<String> {
    let table = include_str!("../../src/routes.rs");
    let pages = table.split("fn pages()").nth(1).and_then(|rest| rest.split("\n}").next()).expect("the route table has fn pages");
    let routes = pages.split(".route(").skip(1).filter(|route| route.contains("get("));
    routes.filter_map(|route| route.split('"').nth(1)).filter(|path| !path.contains('{')).map(str::to_owned).collect()
}

#[tokio::test]
async fn h9_no_page_runs_or_styles_anything_inline() {
    let app = TestApp::sqlite().await.with_tree().await;
    let root = app.person("root", Role::Administrator, "province").await.browser();
    let pages = pages();
    assert!(pages.len() > 8, "{pages:?}");
    let mut looked_at = 0;
    for path in &pages {
        let reply = root.get(path).await;
        assert!(!reply.status.is_server_error(), "{path}: {}", reply.text());
        let policy = reply.header("content-security-policy");
        assert!(policy.contains("script-src 'self'") && !policy.contains("unsafe"), "{path}: {policy}");
        assert_eq!(reply.header("x-content-type-options"), "nosniff", "{path}");
        if !reply.header("content-type").starts_with("text/html") {
            continue;
        }
        looked_at += 1;
        let text = reply.text();
        for script in text.split("<script").skip(1) {
            let tag = script.split('>').next().unwrap_or_default();
            assert!(tag.contains("src=") || tag.contains("application/json"), "{path}: <script{tag}>");
        }
        assert!(!text.contains("<style") && !text.contains(" style="), "{path}: a style of its own");
        for tag in text.split('<').skip(1).filter_map(|rest| rest.split('>').next()) {
            assert!(!has_handler(tag) && !tag.contains("=\"javascript:"), "{path}: <{tag}>");
        }
    }
    assert!(looked_at > 5, "pages were read");
}

/// `onclick="…"` and the like among the attributes of a tag.
fn has_handler(tag: &str) -> bool {
    let mut names = tag.split_whitespace().filter_map(|part| part.split_once('=')).map(|(name, _)| name);
    names.any(|name| name.len() > 3 && name.starts_with("on") && name.bytes().all(|b| b.is_ascii_lowercase()))
}

#[tokio::test]
async fn s20_the_log_holds_no_names_passwords_tokens_or_telephone_numbers() {
    let app = TestApp::now().await.with_tree().await;
    app.account("planted.login", Role::Clerk, "branch-a").await;
    let server = Binary::serve(app, "").await;
    let client = server.client();
    let form = [("login", "planted.login"), ("password", "planted-wrong-password")];
    client.post(server.url("/sign-in")).form(&form).send().await.unwrap();
    let form = [("login", "planted.login"), ("password", PASSWORD)];
    let answer = client.post(server.url("/sign-in?phone=13812345678")).form(&form).send().await.unwrap();
    let cookie = answer.headers()["set-cookie"].to_str().unwrap().split(['=', ';']).nth(1).unwrap().to_owned();
    assert!(cookie.len() > 20, "a secret");
    let lesson =
        json!({ "organisation": org("branch-a").to_string(), "title": "Planted title 13812345678", "lecturer": "Planted Lecturer" });
    let made = client.post(server.url("/api/v1/lessons")).json(&lesson).send().await.unwrap();
    assert_eq!(made.status(), 201);
    client.get(server.url("/lessons?q=13812345678")).send().await.unwrap();
    client.get(server.url("/nowhere/13812345678")).send().await.unwrap();
    client.get(server.url("/api/v1/lessons")).bearer_auth("planted-token").send().await.unwrap();
    client.post(server.url("/api/v1/lessons")).body("planted body").send().await.unwrap();
    let log = server.log();
    for planted in ["planted", "Planted", "13812345678", PASSWORD, &cookie] {
        assert!(!log.contains(planted), "{planted} is in the log: {log}");
    }
    assert!(log.lines().all(|line| serde_json::from_str::<Value>(line).is_ok()), "one JSON object a line: {log}");
}

#[tokio::test]
async fn h7_ready_says_why_when_the_database_is_gone() {
    both(async |app| {
        assert_eq!(app.anonymous().get("/readyz").await.expect(200).text(), "ready\n");
        app.db.close().await;
        let gone = app.anonymous().get("/readyz").await.expect(503).text();
        assert!(gone.contains("database"), "{gone}");
        app.anonymous().get("/healthz").await.expect(200);
    })
    .await;
}

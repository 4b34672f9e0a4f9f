//! Files as plain forms, from browsers without script.

use super::real::{Workers, checksum, document, settled_material};
use super::tus::clerk;
use crate::support::{Client, TestApp, both, client::Reply, tree::org};
use app::commands;
use app::config::Config;
use axum::body::{Body, Bytes};
use axum::http::Method;
use kernel::{Clock, Role};
use std::convert::Infallible;
use std::sync::Arc;

const TYPE: &str = "multipart/form-data; boundary=frontier";

/// A form as browsers send it: these fields, then the file.
fn form(fields: &[(&str, &str)], file: Option<(&str, &[u8])>) -> Vec<u8> {
    let mut body = Vec::new();
    for (name, value) in fields {
        body.extend_from_slice(format!("--frontier\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n").as_bytes());
    }
    if let Some((filename, bytes)) = file {
        let head = format!("--frontier\r\ncontent-disposition: form-data; name=\"file\"; filename=\"{filename}\"\r\n\r\n");
        body.extend_from_slice(&[head.as_bytes(), bytes, b"\r\n"].concat());
    }
    body.extend_from_slice(b"--frontier--\r\n");
    body
}

async fn post(client: &Client, lesson: impl std::fmt::Display, body: impl Into<Body>) -> Reply {
    client.send(Method::POST, &format!("/lessons/{lesson}/materials"), TYPE, body).await
}

/// Nothing of what was refused is left, neither bytes nor rows.
async fn nothing_is_left(app: &TestApp) {
    assert_eq!(std::fs::read_dir(app.objects.spool("")).unwrap().count(), 0);
    let rows = "select (select count(*) from upload) + (select count(*) from material)";
    assert_eq!(app.db.read().await.unwrap().fetch_int(rows, vec![]).await.unwrap(), 0);
}

#[tokio::test]
async fn a_file_sent_as_a_form_is_examined_like_any_other() {
    both(async |app| {
        let app = app.with_tree().await;
        let clerk = clerk(&app).await;
        let workers = Workers::of(&app);
        let bytes = document(3 << 20);
        let fields = [("slot", "script"), ("variant", "polished"), ("next", "/submissions/sub_1/edit")];
        let sent = post(&clerk.client, clerk.lesson, form(&fields, Some(("第一课.pdf", &bytes)))).await.expect(303);
        assert_eq!(sent.header("location"), "/submissions/sub_1/edit?done=file-taken");
        let told = settled_material(&clerk.client, &clerk.lesson.to_string()).await;
        assert_eq!((&told["state"], &told["filename"]), (&"ready".into(), &"第一课.pdf".into()));
        assert_eq!((&told["sha256"], &told["bytes"]), (&checksum(&bytes).into(), &bytes.len().into()));
        assert_eq!((&told["slot"], &told["variant"]), (&"script".into(), &"polished".into()));
        let unfinished = clerk.client.get(&format!("/uploads?lesson={}&slot=script", clerk.lesson)).await.expect(200).json();
        assert_eq!(unfinished, serde_json::json!([]));
        let lie = form(&[("slot", "script"), ("next", "//evil.example")], Some(("b.pdf", b"<script>")));
        assert_eq!(post(&clerk.client, clerk.lesson, lie).await.expect(303).header("location"), "/desk?done=file-taken");
        workers.stop().await;
    })
    .await;
}

#[tokio::test]
async fn s12_s14_what_is_wrong_with_a_form_is_told_and_nothing_is_kept() {
    both(async |app| {
        let app = app.with_tree().await;
        let clerk = clerk(&app).await;
        let pdf: (&str, &[u8]) = ("a.pdf", b"%PDF");
        let table = [
            (form(&[("slot", "script")], Some(("a.pdf", b""))), "file", "empty-file"),
            (form(&[("slot", "script")], Some(("", b""))), "file", "required"),
            (form(&[("slot", "script")], None), "file", "required"),
            (form(&[("slot", "kitchen")], Some(pdf)), "slot", "one-of"),
            (form(&[], Some(pdf)), "slot", "one-of"),
            (form(&[("slot", "script"), ("variant", "wild")], Some(pdf)), "variant", "one-of"),
        ];
        for (body, field, rule) in table {
            let told = post(&clerk.client, clerk.lesson, body).await.expect(422).json();
            assert_eq!((&told["errors"][0]["field"], &told["errors"][0]["rule"]), (&field.into(), &rule.into()), "{told}");
        }
        let good = || form(&[("slot", "script")], Some(pdf));
        // The field of the form cannot lead to another lesson than the address does.
        let elsewhere = app.a_lesson(org("branch-d")).create().await;
        let other = form(&[("slot", "script"), ("lesson", &clerk.lesson.to_string())], Some(pdf));
        post(&clerk.client, elsewhere, other).await.expect(404);
        post(&app.person("beside", Role::Clerk, "branch-b").await, clerk.lesson, good()).await.expect(404);
        post(&app.person("reader", Role::Reviewer, "branch-a").await, clerk.lesson, good()).await.expect(404);
        post(&app.anonymous(), clerk.lesson, good()).await.expect(401);
        post(&clerk.client, clerk.lesson, "--frontier\r\nnonsense").await.expect(400);
        let long = form(&[("slot", &"x".repeat(5_000))], Some(pdf));
        post(&clerk.client, clerk.lesson, long).await.expect(400);
        nothing_is_left(&app).await;
    })
    .await;
}

#[tokio::test]
async fn s14_of_a_form_that_breaks_off_nothing_is_kept_and_the_reader_is_told() {
    let app = TestApp::sqlite().await.with_tree().await;
    let clerk = clerk(&app).await;
    let whole = form(&[("slot", "script")], Some(("a.pdf", &document(2 << 20))));
    let pieces = [Ok(Bytes::from(whole[..1 << 20].to_vec())), Err(std::io::Error::other("the line broke"))];
    let broken = post(&clerk.client, clerk.lesson, Body::from_stream(futures_util::stream::iter(pieces))).await.expect(400).json();
    assert_eq!(broken["code"], "upload-form-interrupted");
    assert!(broken["detail"].as_str().unwrap().contains("nothing of it was kept"), "{broken}");
    nothing_is_left(&app).await;
}

/// The same application, started anew, taking at most `mib` MiB.
async fn taking_at_most(app: TestApp, mib: u64) -> TestApp {
    let TestApp { app: old, clock, dir } = app;
    if let Some(views) = &old.views {
        views.close().await.unwrap();
    }
    old.db.close().await;
    let config = Config { upload_max_mib: mib, ..old.config.clone() };
    drop(old);
    let app = commands::build(config, clock.clone() as Arc<dyn Clock>).await.expect("the application builds");
    TestApp { app, clock, dir }
}

#[tokio::test]
async fn s14_a_form_over_the_limit_is_refused_announced_or_not() {
    let app = taking_at_most(TestApp::sqlite().await.with_tree().await, 1).await;
    let clerk = clerk(&app).await;
    let whole = form(&[("slot", "script")], Some(("a.pdf", &document((1 << 20) + 1))));
    let refused = post(&clerk.client, clerk.lesson, whole.clone()).await.expect(413).json();
    assert_eq!(refused["code"], "upload-form-too-large");
    assert!(refused["detail"].as_str().unwrap().contains("1048576 bytes"), "{refused}");
    let announced = clerk.client.clone().with("content-length", &(3 << 20).to_string());
    // Whoever announces too much is refused before a byte is looked at.
    let pieces = futures_util::stream::iter([Ok::<_, Infallible>(Bytes::from_static(b"not even a form"))]);
    assert_eq!(post(&announced, clerk.lesson, Body::from_stream(pieces)).await.expect(413).json()["code"], "upload-form-too-large");
    nothing_is_left(&app).await;
    let fits = form(&[("slot", "script")], Some(("a.pdf", &document(1 << 20))));
    post(&clerk.client, clerk.lesson, fits).await.expect(303);
}

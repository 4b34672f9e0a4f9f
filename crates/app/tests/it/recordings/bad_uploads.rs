//! Bad uploads: a clear error each, and nothing that was acknowledged is lost (S14).

use super::real::{Workers, settled, until};
use super::tus::{begin, clerk, head, offset, patch};
use crate::support::{Client, TestApp, both, tree::org};
use app::recordings::rules::metadata_header;
use axum::body::{Body, Bytes};
use axum::http::Method;
use kernel::Role;
use std::convert::Infallible;
use tokio::sync::mpsc;

#[tokio::test]
async fn s14_zero_bytes_are_refused_in_words_before_anything_is_kept() {
    both(async |app| {
        let app = app.with_tree().await;
        let clerk = clerk(&app).await;
        let refused = clerk.begin("video", "a.mp4", 0).await.expect(422).json();
        assert_eq!(refused["errors"][0]["rule"], "empty-file");
        assert_eq!(refused["errors"][0]["text"], "is empty: not a single byte");
        assert_eq!(std::fs::read_dir(app.objects.spool("")).unwrap().count(), 0);
    })
    .await;
}

#[tokio::test]
async fn s14_more_bytes_than_declared_change_nothing() {
    both(async |app| {
        let app = app.with_tree().await;
        let clerk = clerk(&app).await;
        let place = clerk.begin("script", "a.pdf", 6).await.expect(201).header("location").to_owned();
        patch(&clerk.client, &place, 0, "%PDF").await.expect(204);
        // Once with an announced length, once without.
        let announced = clerk.client.clone().with("content-length", "5");
        assert_eq!(patch(&announced, &place, 4, "-1.7\n").await.expect(413).json()["code"], "upload-overrun");
        let pieces = futures_util::stream::iter(["-1", ".7\n"].map(|piece| Ok::<_, Infallible>(Bytes::from(piece))));
        patch(&clerk.client, &place, 4, Body::from_stream(pieces)).await.expect(413);
        assert_eq!(offset(&clerk.client, &place).await, 4);
        let materials = "select count(*) from material";
        assert_eq!(app.db.read().await.unwrap().fetch_int(materials, vec![]).await.unwrap(), 0);
    })
    .await;
}

#[tokio::test]
async fn s14_fewer_bytes_than_declared_stay_and_another_device_goes_on() {
    both(async |app| {
        let app = app.with_tree().await;
        let clerk = clerk(&app).await;
        let place = clerk.begin("script", "a.pdf", 8).await.expect(201).header("location").to_owned();
        let broken = futures_util::stream::iter([Ok(Bytes::from("%PDF")), Err(std::io::Error::other("the line broke"))]);
        patch(&clerk.client, &place, 0, Body::from_stream(broken)).await.expect(400);
        let colleague = app.person("colleague", Role::Clerk, "branch-a").await.with("tus-resumable", "1.0.0");
        assert_eq!(offset(&colleague, &place).await, 4);
        patch(&colleague, &place, 2, "DF-1.7").await.expect(409);
        patch(&colleague, &place, 4, "-1.7").await.expect(204);
        assert_eq!(clerk.client.get(&format!("{place}/status")).await.json()["state"], "checking");
    })
    .await;
}

/// A body whose bytes are sent by hand.
fn slow_body() -> (mpsc::Sender<&'static str>, Body) {
    let (send, receive) = mpsc::channel::<&'static str>(1);
    let pieces = futures_util::stream::unfold(receive, async |mut receive| {
        let piece = receive.recv().await?;
        Some((Ok::<_, Infallible>(Bytes::from(piece)), receive))
    });
    (send, Body::from_stream(pieces))
}

#[tokio::test]
async fn s14_of_two_writers_the_newer_goes_on_and_no_byte_is_written_twice() {
    both(async |app| {
        let app = app.with_tree().await;
        let clerk = clerk(&app).await;
        let place = clerk.begin("script", "a.pdf", 8).await.expect(201).header("location").to_owned();
        let (send, body) = slow_body();
        let hanging = tokio::spawn({
            let (client, place) = (clerk.client.clone(), place.clone());
            async move { patch(&client, &place, 0, body).await }
        });
        // The channel holds one piece: when the third fits, the first two were taken.
        for piece in ["%P", "D", "F"] {
            send.send(piece).await.unwrap();
        }
        let newer = offset(&clerk.client, &place).await;
        assert!((3..=4).contains(&newer), "{newer}");
        assert_eq!(hanging.await.unwrap().expect(423).json()["code"], "upload-taken-over");
        patch(&clerk.client, &place, newer, "%PDF-1.7"[newer..].to_owned()).await.expect(204);
        let id = place.rsplit('/').next().unwrap();
        assert_eq!(std::fs::read(app.objects.spool(id)).unwrap(), b"%PDF-1.7");
    })
    .await;
}

#[tokio::test]
async fn s14_bytes_of_a_slow_sender_reach_the_disk_while_it_still_sends() {
    let app = TestApp::sqlite().await.with_tree().await;
    let clerk = clerk(&app).await;
    let place = clerk.begin("script", "a.pdf", 8).await.expect(201).header("location").to_owned();
    let (send, body) = slow_body();
    let sending = tokio::spawn({
        let (client, place) = (clerk.client.clone(), place.clone());
        async move { patch(&client, &place, 0, body).await }
    });
    send.send("%PDF").await.unwrap();
    let half = async || Some(clerk.client.get(&format!("{place}/status")).await.json()).filter(|status| status["percent"] == 50);
    until("half of it is on the disk", half).await;
    assert!(!sending.is_finished());
    drop(send);
    assert_eq!(sending.await.unwrap().expect(204).header("upload-offset"), "4");
}

#[tokio::test]
async fn s12_another_persons_upload_does_not_exist() {
    both(async |app| {
        let app = app.with_tree().await;
        let clerk = clerk(&app).await;
        let place = clerk.begin("script", "a.pdf", 8).await.expect(201).header("location").to_owned();
        let part = begin(&clerk.client.clone().with("upload-concat", "partial"), "", 8).await.expect(201).header("location").to_owned();
        let beside = app.person("beside", Role::Clerk, "branch-b").await.with("tus-resumable", "1.0.0");
        let reader = app.person("reader", Role::Reviewer, "branch-a").await.with("tus-resumable", "1.0.0");
        for other in [&beside, &reader] {
            head(other, &place).await.expect(404);
            patch(other, &place, 0, "%PDF").await.expect(404);
            other.send(Method::DELETE, &place, "", Body::empty()).await.expect(404);
            other.get(&format!("{place}/status")).await.expect(404);
            other.get(&format!("/uploads?lesson={}&slot=script", clerk.lesson)).await.expect(404);
            head(other, &part).await.expect(404);
            begin(other, &clerk.metadata("script", "a.pdf"), 8).await.expect(404);
        }
        app.anonymous().with("tus-resumable", "1.0.0").send(Method::HEAD, &place, "", Body::empty()).await.expect(401);
        assert_eq!(offset(&clerk.client, &place).await, 0);
        let refused = "select count(*) from audit_record where action = 'request.refused' and outcome = 'refused'";
        assert!(app.db.read().await.unwrap().fetch_int(refused, vec![]).await.unwrap() >= 14, "attempts are in the audit trail");
    })
    .await;
}

#[tokio::test]
async fn s19_who_lost_the_right_to_edit_cannot_go_on() {
    let app = TestApp::sqlite().await.with_tree().await;
    let clerk = clerk(&app).await;
    let place = clerk.begin("script", "a.pdf", 8).await.expect(201).header("location").to_owned();
    let mut tx = app.db.begin().await.unwrap();
    tx.execute("update role_grant set to_at = 1", vec![]).await.unwrap();
    tx.commit().await.unwrap();
    patch(&clerk.client, &place, 0, "%PDF").await.expect(404);
}

#[tokio::test]
async fn bad_descriptions_are_named() {
    let app = TestApp::sqlite().await.with_tree().await;
    let clerk = clerk(&app).await;
    let lesson = clerk.lesson.to_string();
    let elsewhere = app.a_lesson(org("branch-d")).create().await.to_string();
    let table = [
        (metadata_header(&[("filename", "a.mp4"), ("lesson", "lsn_1"), ("slot", "video")]), 8, 422, "lesson"),
        (metadata_header(&[("filename", "a.mp4"), ("lesson", &lesson), ("slot", "kitchen")]), 8, 422, "slot"),
        (metadata_header(&[("filename", ""), ("lesson", &lesson), ("slot", "video")]), 8, 422, "filename"),
        (metadata_header(&[("filename", "a\u{202e}4pm.exe"), ("lesson", &lesson), ("slot", "video")]), 8, 422, "filename"),
        (metadata_header(&[("filename", "a.mp4"), ("lesson", &lesson), ("slot", "video"), ("variant", "best")]), 8, 422, "variant"),
        (metadata_header(&[("filename", "a.mp4"), ("lesson", &elsewhere), ("slot", "video")]), 8, 404, ""),
        ("filename !!!".to_owned(), 8, 400, ""),
        (clerk.metadata("video", "a.mp4"), 17_179_869_185, 413, ""),
    ];
    for (metadata, length, status, field) in table {
        let refused = begin(&clerk.client, &metadata, length).await.expect(status).json();
        assert_eq!(refused["errors"][0]["field"].as_str().unwrap_or_default(), field, "{metadata}");
    }
    let old = Client::new(app.app.clone()).with("tus-resumable", "0.2.2");
    assert_eq!(old.send(Method::POST, "/uploads", "", Body::empty()).await.status.as_u16(), 401, "first of all, who is it?");
    let place = clerk.begin("video", "a.mp4", 8).await.header("location").to_owned();
    clerk.client.clone().with("upload-offset", "0").send(Method::PATCH, &place, "text/plain", "x").await.expect(415);
    let plain = app.anonymous().signed_in("clerk", crate::support::tree::PASSWORD).await;
    assert_eq!(plain.send(Method::HEAD, &place, "", Body::empty()).await.expect(412).header("tus-version"), "1.0.0");
}

#[tokio::test]
async fn a_document_that_is_not_what_its_name_says_is_refused_in_words() {
    both(async |app| {
        let app = app.with_tree().await;
        let workers = Workers::of(&app);
        let clerk = clerk(&app).await;
        let lie = clerk.send("script", "script.pdf", b"<script>alert(1)</script>").await;
        let exe = clerk.send("photos", "photo.exe", b"\xff\xd8\xff\xe0").await;
        let good =
            clerk.send("photos", "photo.JPEG", b"\xff\xd8\xff\xc0\0\x0b\x08\0\x10\0\x10\x01\x01\x11\0\xff\xda\0\x02pixels\xff\xd9").await;
        let lie = settled(&clerk.client, &lie).await;
        assert_eq!((&lie["state"], &lie["errors"][0]["rule"]), (&"refused".into(), &"file-content".into()));
        assert!(lie["errors"][0]["text"].as_str().unwrap().starts_with("is not what its name says"), "{lie}");
        assert_eq!(settled(&clerk.client, &exe).await["errors"][0]["rule"], "file-kind");
        assert_eq!(settled(&clerk.client, &good).await["state"], "ready");
        workers.stop().await;
    })
    .await;
}

//! tus 1.0 as its specification has it.

use super::tus::{STREAM, begin, clerk, head, offset, patch};
use crate::support::both;
use app::recordings::rules::metadata;
use axum::body::Body;
use axum::http::Method;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha1::{Digest, Sha1};
use sha2::Sha256;

#[tokio::test]
async fn options_tell_what_we_can_do() {
    let app = crate::support::TestApp::sqlite().await;
    let told = app.anonymous().send(Method::OPTIONS, "/uploads", "", Body::empty()).await.expect(204);
    assert_eq!(told.header("tus-version"), "1.0.0");
    assert_eq!(told.header("tus-checksum-algorithm"), "sha1,sha256");
    assert!(told.header("tus-extension").contains("creation-with-upload") && told.header("tus-extension").contains("concatenation"));
    assert_eq!(told.header("tus-max-size"), (16_384_u64 << 20).to_string());
}

#[tokio::test]
async fn a_file_arrives_in_pieces_and_is_handed_to_the_examination_once() {
    both(async |app| {
        let app = app.with_tree().await;
        let clerk = clerk(&app).await;
        let begun = clerk.begin("script", "../etc/第一课.pdf", 10).await.expect(201);
        assert_eq!(begun.header("tus-resumable"), "1.0.0");
        assert_eq!(begun.header("upload-expires"), "Thu, 26 Nov 2026 01:00:00 GMT");
        let place = begun.header("location").to_owned();
        assert_eq!(offset(&clerk.client, &place).await, 0);
        assert_eq!(patch(&clerk.client, &place, 0, "%PDF").await.expect(204).header("upload-offset"), "4");
        let told = head(&clerk.client, &place).await.expect(200);
        assert_eq!((told.header("upload-offset"), told.header("upload-length")), ("4", "10"));
        assert_eq!(told.header("cache-control"), "no-store");
        assert_eq!(metadata(told.header("upload-metadata")).unwrap()["filename"], "第一课.pdf");
        let unfinished = clerk.client.get(&format!("/uploads?lesson={}&slot=script", clerk.lesson)).await.expect(200).json();
        assert_eq!((&unfinished[0]["url"], &unfinished[0]["offset"]), (&place.clone().into(), &4.into()));
        patch(&clerk.client, &place, 4, "-1.7\n.").await.expect(204);
        assert_eq!(offset(&clerk.client, &place).await, 10);
        let status = clerk.client.get(&format!("{place}/status")).await.expect(200).json();
        assert_eq!(status["state"], "checking");
        let jobs = "select count(*) from job where kind = 'recordings.ingest'";
        assert_eq!(app.db.read().await.unwrap().fetch_int(jobs, vec![]).await.unwrap(), 1);
        assert_eq!(clerk.client.get(&format!("/uploads?lesson={}&slot=script", clerk.lesson)).await.json(), serde_json::json!([]));
    })
    .await;
}

#[tokio::test]
async fn bytes_may_come_with_the_creation_and_through_the_api() {
    let app = crate::support::TestApp::sqlite().await.with_tree().await;
    let clerk = clerk(&app).await;
    let client = clerk.client.clone().with("upload-length", "6").with("upload-metadata", &clerk.metadata("script", "a.pdf"));
    let begun = client.send(Method::POST, "/api/v1/uploads", STREAM, "%PDF").await.expect(201);
    assert_eq!(begun.header("upload-offset"), "4");
    assert!(begun.header("location").starts_with("/api/v1/uploads/upl_"));
    assert_eq!(offset(&clerk.client, begun.header("location")).await, 4);
}

#[tokio::test]
async fn a_cancelled_upload_is_gone_with_its_bytes() {
    both(async |app| {
        let app = app.with_tree().await;
        let clerk = clerk(&app).await;
        let place = clerk.begin("script", "a.pdf", 10).await.expect(201).header("location").to_owned();
        patch(&clerk.client, &place, 0, "%PDF").await.expect(204);
        clerk.client.send(Method::DELETE, &place, "", Body::empty()).await.expect(204);
        head(&clerk.client, &place).await.expect(404);
        assert_eq!(std::fs::read_dir(app.objects.spool("")).unwrap().count(), 0);
    })
    .await;
}

#[tokio::test]
async fn a_promised_checksum_is_kept_or_the_chunk_is_refused_whole() {
    let app = crate::support::TestApp::sqlite().await.with_tree().await;
    let clerk = clerk(&app).await;
    let place = clerk.begin("script", "a.pdf", 12).await.expect(201).header("location").to_owned();
    let promised = |text: String| clerk.client.clone().with("upload-checksum", &text);
    let sha1 = promised(format!("sha1 {}", STANDARD.encode(Sha1::digest("%PDF"))));
    patch(&sha1, &place, 0, "%PDF").await.expect(204);
    let wrong = patch(&sha1, &place, 4, "-1.7").await.expect(460);
    assert_eq!(wrong.json()["code"], "upload-checksum");
    assert_eq!(offset(&clerk.client, &place).await, 4, "nothing of the damaged chunk is kept");
    let sha256 = promised(format!("sha256 {}", STANDARD.encode(Sha256::digest("-1.7"))));
    patch(&sha256, &place, 4, "-1.7").await.expect(204);
    patch(&promised("md5 AAAA".into()), &place, 8, "....").await.expect(400);
    assert_eq!(offset(&clerk.client, &place).await, 8);
}

#[tokio::test]
async fn parts_become_one_file() {
    both(async |app| {
        let app = app.with_tree().await;
        let clerk = clerk(&app).await;
        let part = clerk.client.clone().with("upload-concat", "partial");
        let (first, second) = (begin(&part, "", 4).await.expect(201), begin(&part, "", 3).await.expect(201));
        let (first, second) = (first.header("location"), second.header("location"));
        patch(&clerk.client, first, 0, "%PDF").await.expect(204);
        assert_eq!(head(&clerk.client, first).await.header("upload-concat"), "partial");
        let joined = clerk.client.clone().with("upload-metadata", &clerk.metadata("script", "a.pdf"));
        let joined = joined.with("upload-concat", &format!("final;{first} {second}"));
        assert_eq!(joined.send(Method::POST, "/uploads", "", Body::empty()).await.expect(422).json()["code"], "upload-parts");
        patch(&clerk.client, second, 0, "-1.").await.expect(204);
        let whole = joined.send(Method::POST, "/uploads", "", Body::empty()).await.expect(201).header("location").to_owned();
        let told = head(&clerk.client, &whole).await.expect(200);
        assert_eq!((told.header("upload-length"), told.header("upload-offset")), ("7", "7"));
        assert!(told.header("upload-concat").starts_with("final;"));
        head(&clerk.client, first).await.expect(404);
        let id = whole.rsplit('/').next().unwrap();
        assert_eq!(std::fs::read(app.objects.spool(id)).unwrap(), b"%PDF-1.");
        patch(&clerk.client, &whole, 7, "x").await.expect(409);
    })
    .await;
}

#[tokio::test]
async fn an_upload_that_was_left_alone_expires_and_is_swept() {
    both(async |app| {
        let app = app.with_tree().await;
        let clerk = clerk(&app).await;
        let place = clerk.begin("script", "a.pdf", 10).await.expect(201).header("location").to_owned();
        let kept = clerk.begin("script", "b.pdf", 10).await.expect(201).header("location").to_owned();
        app.clock.advance_ms(40 * 3_600_000);
        let clerk = super::tus::Clerk {
            client: app.anonymous().signed_in("clerk", crate::support::tree::PASSWORD).await.with("tus-resumable", "1.0.0"),
            ..clerk
        };
        patch(&clerk.client, &kept, 0, "%PDF").await.expect(204);
        app.clock.advance_ms(40 * 3_600_000);
        let clerk = super::tus::Clerk {
            client: app.anonymous().signed_in("clerk", crate::support::tree::PASSWORD).await.with("tus-resumable", "1.0.0"),
            ..clerk
        };
        assert_eq!(patch(&clerk.client, &place, 0, "%PDF").await.expect(410).json()["code"], "upload-expired");
        assert_eq!(app::recordings::actions::sweep(&app).await.map_err(|p| p.code), Ok(1));
        head(&clerk.client, &place).await.expect(410);
        assert_eq!(offset(&clerk.client, &kept).await, 4, "bytes gave it new time");
        assert_eq!(std::fs::read_dir(app.objects.spool("")).unwrap().count(), 1);
    })
    .await;
}

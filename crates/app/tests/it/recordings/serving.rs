//! Media and originals: who gets which bytes (S4, S5, S9).

use super::tus::clerk;
use crate::support::{TestApp, both, tree::org};
use app::recordings::{MaterialId, Variant, media_base};
use axum::body::Body;
use axum::http::Method;
use kernel::{Clock, Id, Role};

const SEGMENT: &[u8] = b"0123456789";

/// A video with a master playlist and one segment on the disk; its address.
async fn playable(app: &TestApp) -> (MaterialId, String) {
    let lesson = app.a_lesson(org("branch-a")).create().await;
    let id = app.add_video(lesson, Variant::Field, Id::from_u128(1)).await;
    let folder = app.objects.renditions(&id.to_string());
    std::fs::create_dir_all(folder.join("v320x180")).unwrap();
    std::fs::write(folder.join("master.m3u8"), "#EXTM3U\n").unwrap();
    std::fs::write(folder.join("v320x180/s00001.m4s"), SEGMENT).unwrap();
    std::fs::write(folder.join("v320x180/large.m4s"), vec![7; 1 << 20]).unwrap();
    std::fs::write(folder.join("v320x180/notes.txt"), "secret").unwrap();
    std::fs::write(app.objects.original(&id.to_string()), b"<script>alert(1)</script>").unwrap();
    (id, media_base(app, id, app.clock.now()))
}

#[tokio::test]
async fn segments_are_kept_for_as_long_as_their_address_is_good_and_playlists_are_asked_again() {
    let app = TestApp::sqlite().await.with_tree().await;
    let (_, base) = playable(&app).await;
    let player = app.anonymous().with("accept-encoding", "gzip");
    let segment = player.get(&format!("{base}/v320x180/s00001.m4s")).await.expect(200);
    assert_eq!((&segment.body[..], segment.header("content-type")), (SEGMENT, "video/mp4"));
    assert_eq!((segment.header("content-length"), segment.header("x-content-type-options")), ("10", "nosniff"));
    let expiry: i64 = base.split(['/', '.']).nth(2).unwrap().parse().unwrap();
    let left = expiry - app.clock.now().0 / 1000;
    assert_eq!(segment.header("cache-control"), format!("private, max-age={left}, immutable"));
    let master = player.get(&format!("{base}/master.m3u8")).await.expect(200);
    assert_eq!((master.header("content-type"), master.header("cache-control")), ("application/vnd.apple.mpegurl", "private, no-cache"));
    player.clone().with("if-none-match", master.header("etag")).get(&format!("{base}/master.m3u8")).await.expect(304);
    let large = player.get(&format!("{base}/v320x180/large.m4s")).await.expect(200);
    assert_eq!((large.body.len(), large.header("content-length")), (1 << 20, "1048576"));
}

#[tokio::test]
async fn ranges_and_heads_answer_as_http_has_it() {
    let app = TestApp::sqlite().await.with_tree().await;
    let (_, base) = playable(&app).await;
    let (player, url) = (app.anonymous(), format!("{base}/v320x180/s00001.m4s"));
    let part = player.clone().with("range", "bytes=2-4").get(&url).await.expect(206);
    assert_eq!((&part.body[..], part.header("content-range"), part.header("content-length")), (&b"234"[..], "bytes 2-4/10", "3"));
    assert_eq!(player.clone().with("range", "bytes=-3").get(&url).await.expect(206).body, b"789");
    assert_eq!(player.clone().with("range", "bytes=10-").get(&url).await.expect(416).header("content-range"), "bytes */10");
    player.clone().with("range", "bytes=0-1,4-5").get(&url).await.expect(200);
    player.clone().with("range", "bytes=2-4").with("if-range", "\"another\"").get(&url).await.expect(200);
    let head = player.send(Method::HEAD, &url, "", Body::empty()).await.expect(200);
    assert_eq!((head.body.len(), head.header("content-length"), head.header("accept-ranges")), (0, "10", "bytes"));
    let large = player.with("range", "bytes=300000-").get(&format!("{base}/v320x180/large.m4s")).await.expect(206);
    assert_eq!(large.body.len(), (1 << 20) - 300_000);
}

#[tokio::test]
async fn s5_forged_and_expired_addresses_are_refused_with_a_code_and_without_the_database() {
    let app = TestApp::sqlite().await.with_tree().await;
    let (id, base) = playable(&app).await;
    let (other, _) = playable(&app).await;
    app.db.close().await;
    let player = app.anonymous();
    player.get(&format!("{base}/master.m3u8")).await.expect(200);
    for forged in [base.replace(&id.to_string(), &other.to_string()), base.replacen("/media/1", "/media/2", 1), format!("/media/x/{id}")] {
        assert_eq!(player.get(&format!("{forged}/master.m3u8")).await.expect(403).json()["code"], "media-forged", "{forged}");
    }
    app.clock.advance_ms(i64::from(app.config.media_url_s) * 2_000);
    assert_eq!(player.get(&format!("{base}/master.m3u8")).await.expect(403).json()["code"], "media-expired");
}

#[tokio::test]
async fn s4_nothing_but_renditions_can_be_named() {
    let app = TestApp::sqlite().await.with_tree().await;
    let (id, base) = playable(&app).await;
    let player = app.anonymous();
    for rest in [
        "../../originals/x.mp4".to_owned(),
        format!("..%2f..%2foriginals%2f{id}"),
        format!("%2e%2e/%2e%2e/originals/{id}"),
        "v320x180/..%2f..%2fmaster.m3u8".into(),
        "v320x180%00/s00001.m4s".into(),
        "V320X180/s00001.m4s".into(),
        "v320x180/notes.txt".into(),
        "v320x180".into(),
        "..\\..\\secret.key".into(),
        "/etc/passwd".into(),
    ] {
        let answer = player.get(&format!("{base}/{rest}")).await;
        assert_eq!(answer.status.as_u16(), 404, "{rest}: {}", answer.text());
    }
}

#[tokio::test]
async fn s9_s12_originals_are_downloads_for_those_who_may_see_the_lesson() {
    both(async |app| {
        let app = app.with_tree().await;
        let clerk = clerk(&app).await;
        let (id, _) = playable(&app).await;
        let place = format!("/materials/{id}/original");
        let original = clerk.client.get(&place).await.expect(200);
        assert_eq!(original.header("content-type"), "application/octet-stream");
        assert_eq!(original.header("content-disposition"), "attachment; filename=\"lesson.mp4\"; filename*=UTF-8''lesson.mp4");
        assert_eq!(original.header("x-content-type-options"), "nosniff");
        assert_eq!(clerk.client.clone().with("range", "bytes=0-6").get(&place).await.expect(206).body, b"<script");
        app.person("above", Role::Reviewer, "county-a").await.get(&place).await.expect(200);
        app.person("beside", Role::Clerk, "branch-b").await.get(&place).await.expect(404);
        app.anonymous().get(&place).await.expect(401);
    })
    .await;
}

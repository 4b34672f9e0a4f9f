//! Media and originals: who gets which bytes (S4, S5, S9).

use super::tus::clerk;
use crate::support::{TestApp, both, tree::org};
use crate::watching::publish;
use app::accounts::Accounts;
use app::lessons::{LessonId, Lessons};
use app::recordings::{Audience, MaterialId, Variant, media_base};
use axum::body::Body;
use axum::http::Method;
use kernel::{Clock, Id, Role};

const SEGMENT: &[u8] = b"0123456789";

/// A public video with a master playlist and one segment on the disk; its address.
async fn playable(app: &TestApp) -> (MaterialId, String) {
    let (lesson, id) = recorded(app).await;
    publish(app, lesson, id, "Public").await;
    (id, media_base(app, Audience::Public, id, app.clock.now()))
}

/// The same, unpublished.
async fn recorded(app: &TestApp) -> (LessonId, MaterialId) {
    let lesson = app.a_lesson(org("branch-a")).create().await;
    let id = app.add_video(lesson, Variant::Field, Id::from_u128(1)).await;
    let folder = app.objects.renditions(&id.to_string());
    std::fs::create_dir_all(folder.join("v320x180")).unwrap();
    std::fs::write(folder.join("master.m3u8"), "#EXTM3U\n").unwrap();
    std::fs::write(folder.join("v320x180/s00001.m4s"), SEGMENT).unwrap();
    std::fs::write(folder.join("v320x180/large.m4s"), vec![7; 1 << 20]).unwrap();
    std::fs::write(folder.join("v320x180/notes.txt"), "secret").unwrap();
    std::fs::write(app.objects.original(&id.to_string()), b"<script>alert(1)</script>").unwrap();
    (lesson, id)
}

/// What a right that ended may still open, at most.
const A_MINUTE_MS: i64 = 60_000;

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
    assert_eq!(segment.header("cache-control"), format!("public, max-age={left}, s-maxage=60, immutable"));
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
async fn s5_forged_and_expired_addresses_are_refused_with_a_code() {
    let app = TestApp::sqlite().await.with_tree().await;
    let (id, base) = playable(&app).await;
    let (other, _) = playable(&app).await;
    let player = app.anonymous();
    player.get(&format!("{base}/master.m3u8")).await.expect(200);
    for forged in [base.replace(&id.to_string(), &other.to_string()), base.replacen("/media/1", "/media/2", 1), format!("/media/x/{id}")] {
        assert_eq!(player.get(&format!("{forged}/master.m3u8")).await.expect(403).json()["code"], "media-forged", "{forged}");
    }
    app.clock.advance_ms(i64::from(app.config.media_url_s) * 2_000);
    assert_eq!(player.get(&format!("{base}/master.m3u8")).await.expect(403).json()["code"], "media-expired");
}

#[tokio::test]
async fn segments_ask_no_database_while_the_last_answer_is_believed() {
    both(async |app| {
        let app = app.with_tree().await;
        let (_, base) = playable(&app).await;
        let player = app.anonymous();
        player.get(&format!("{base}/master.m3u8")).await.expect(200);
        let before = app.db.statements();
        for _ in 0..3 {
            player.get(&format!("{base}/v320x180/s00001.m4s")).await.expect(200);
        }
        assert_eq!(app.db.statements(), before);
    })
    .await;
}

#[tokio::test]
async fn s19_the_addresses_of_an_unpublished_lesson_end_within_a_minute_and_those_of_the_desk_stay() {
    both(async |app| {
        let app = app.with_tree().await;
        let (lesson, id) = recorded(&app).await;
        publish(&app, lesson, id, "Public").await;
        let public = media_base(&app, Audience::Public, id, app.clock.now());
        let reviewer = app.person("above", Role::Reviewer, "county-a").await;
        let files = reviewer.get(&format!("/api/v1/lessons/{lesson}/materials")).await.expect(200).json();
        let desk = files[0]["media"].as_str().unwrap().to_owned();
        let segment = |base: &str| format!("{base}/v320x180/s00001.m4s");
        app.anonymous().get(&segment(&public)).await.expect(200);
        app.anonymous().get(&segment(&desk)).await.expect(200);
        let mut tx = app.db.begin().await.unwrap();
        Lessons(&mut tx).unpublish(lesson, app.clock.now()).await.unwrap();
        tx.commit().await.unwrap();
        app.clock.advance_ms(A_MINUTE_MS);
        assert_eq!(app.anonymous().get(&segment(&public)).await.expect(403).json()["code"], "media-withdrawn");
        app.anonymous().get(&segment(&desk)).await.expect(200);
    })
    .await;
}

#[tokio::test]
async fn s19_the_addresses_of_an_account_end_with_its_rights() {
    both(async |app| {
        let app = app.with_tree().await;
        let (lesson, id) = recorded(&app).await;
        let list = format!("/api/v1/lessons/{lesson}/materials");
        let mut bases = Vec::new();
        for login in ["moved", "disabled", "stays"] {
            let files = app.person(login, Role::Reviewer, "county-a").await.get(&list).await.expect(200).json();
            bases.push(format!("{}/master.m3u8", files[0]["media"].as_str().unwrap()));
            app.anonymous().get(bases.last().unwrap()).await.expect(200);
        }
        let stranger = media_base(&app, Audience::Public, id, app.clock.now());
        app.anonymous().get(&format!("{stranger}/master.m3u8")).await.expect(403);
        let mut tx = app.db.begin().await.unwrap();
        let moved = Accounts(&mut tx).find_by_login("moved").await.unwrap().unwrap().id;
        let disabled = Accounts(&mut tx).find_by_login("disabled").await.unwrap().unwrap().id;
        for grant in Accounts(&mut tx).grants_of(moved).await.unwrap() {
            Accounts(&mut tx).revoke_grant(grant.id, moved, app.clock.now()).await.unwrap();
        }
        Accounts(&mut tx).set_active(disabled, false).await.unwrap();
        tx.commit().await.unwrap();
        app.clock.advance_ms(A_MINUTE_MS);
        for (base, status) in bases.iter().zip([403, 403, 200]) {
            app.anonymous().get(base).await.expect(status);
        }
    })
    .await;
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

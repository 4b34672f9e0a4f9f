//! Photos: kept without place and owner, at most nine, only before verification, and never another's.

use crate::support::held::{fields, id, save_of};
use crate::support::{Client, TestApp, both};
use app::held_sessions::PhotoId;
use app::held_sessions::actions::{self, Verdict};
use app::held_sessions::rules::Move;
use axum::http::Method;
use kernel::{Id, Role};

const PLACE: &[u8] = b"31.230416,121.473701";

/// The smallest WebP that there is, with what a camera wrote, `n` in its pixels.
fn webp(n: u8) -> Vec<u8> {
    let chunk = |kind: &[u8; 4], body: &[u8]| [&kind[..], &u32::try_from(body.len()).unwrap().to_le_bytes(), body].concat();
    let pixels = chunk(b"VP8L", &[0x2f, 0, 0, 0, 0, n]);
    let body = [&b"WEBP"[..], &pixels, &chunk(b"EXIF", PLACE)].concat();
    [&b"RIFF"[..], &u32::try_from(body.len()).unwrap().to_le_bytes(), &body].concat()
}

fn photo(n: u128) -> PhotoId {
    Id::from_u128(0xf0_0000 + n)
}

fn place(of: u128, n: u128) -> String {
    format!("/api/v1/held-sessions/{}/photos/{}", id(of), photo(n))
}

async fn put(who: &Client, of: u128, n: u128, bytes: Vec<u8>) -> crate::support::client::Reply {
    who.send(Method::PUT, &place(of, n), "image/webp", bytes).await
}

async fn clerk(app: &TestApp) -> Client {
    let clerk = app.somebody("recorder", Role::Clerk, "branch-a").await;
    for n in 1..=2 {
        app.saved(&clerk, save_of(id(n), "branch-a", fields())).await;
    }
    app.person("clerk", Role::Clerk, "branch-a").await
}

#[tokio::test]
async fn s20_a_photo_is_kept_without_what_is_not_the_picture_and_repeating_changes_nothing() {
    both(async |app| {
        let app = app.with_tree().await;
        let clerk = clerk(&app).await;
        let first = put(&clerk, 1, 1, webp(0)).await.expect(200).json();
        assert_eq!((&first["width"], &first["height"]), (&1.into(), &1.into()));
        assert_eq!(put(&clerk, 1, 1, webp(0)).await.expect(200).json(), first);
        assert_eq!(put(&clerk, 1, 1, webp(1)).await.expect(409).json()["code"], "photo-id-taken");
        assert_eq!(put(&clerk, 2, 1, webp(0)).await.expect(409).json()["code"], "photo-id-taken");
        let kept = clerk.get(&place(1, 1)).await.expect(200);
        assert_eq!((kept.header("content-type"), kept.header("x-content-type-options")), ("image/webp", "nosniff"));
        assert!(!kept.body.windows(PLACE.len()).any(|window| window == PLACE) && kept.body.starts_with(b"RIFF"));
        clerk.send(Method::DELETE, &place(1, 1), "", "").await.expect(204);
        clerk.get(&place(1, 1)).await.expect(404);
    })
    .await;
}

#[tokio::test]
async fn s20_what_is_no_photo_is_refused_and_nine_are_enough() {
    both(async |app| {
        let app = app.with_tree().await;
        let clerk = clerk(&app).await;
        for bad in [b"<svg onload=alert(1)>".to_vec(), webp(0)[..20].to_vec(), Vec::new()] {
            put(&clerk, 1, 1, bad).await.expect(422);
        }
        put(&clerk, 1, 1, vec![0; (8 << 20) + 1]).await.expect(413);
        for n in 0..9 {
            put(&clerk, 1, n, webp(u8::try_from(n).unwrap())).await.expect(200);
        }
        assert_eq!(put(&clerk, 1, 9, webp(9)).await.expect(409).json()["code"], "too-many-photos");
    })
    .await;
}

#[tokio::test]
async fn s12_photos_are_seen_and_changed_by_those_who_may_and_not_after_verification() {
    both(async |app| {
        let app = app.with_tree().await;
        let clerk = clerk(&app).await;
        put(&clerk, 1, 1, webp(0)).await.expect(200);
        let beside = app.person("beside", Role::Clerk, "branch-b").await;
        beside.get(&place(1, 1)).await.expect(404);
        put(&beside, 1, 2, webp(1)).await.expect(404);
        beside.send(Method::DELETE, &place(1, 1), "", "").await.expect(404);
        let auditor = app.person("auditor", Role::Auditor, "county-a").await;
        auditor.get(&place(1, 1)).await.expect(200);
        put(&auditor, 1, 2, webp(1)).await.expect(403);
        auditor.post_form(&format!("/held-sessions/{}/photos/{}/remove", id(1), photo(1)), &[]).await.expect(403);
        clerk.get(&place(2, 1)).await.expect(404);
        app.anonymous().get(&place(1, 1)).await.expect(401);
        let above = app.somebody("above", Role::Reviewer, "township-a").await;
        actions::decide(&app, &above, id(1), 1, &Verdict { mv: Move::Verify, reason: String::new() }).await.unwrap();
        assert_eq!(put(&clerk, 1, 2, webp(1)).await.expect(409).json()["code"], "photos-fixed");
        clerk.send(Method::DELETE, &place(1, 1), "", "").await.expect(409);
    })
    .await;
}

#[tokio::test]
async fn f10_the_same_photo_at_two_sessions_is_told_to_those_who_may_see_both() {
    both(async |app| {
        let app = app.with_tree().await;
        let clerk = clerk(&app).await;
        put(&clerk, 1, 1, webp(0)).await.expect(200);
        put(&clerk, 2, 2, webp(0)).await.expect(200);
        let whole = clerk.get(&format!("/api/v1/held-sessions/{}", id(1))).await.expect(200).json();
        let same: Vec<_> = whole["checks"].as_array().unwrap().iter().filter(|check| check["code"] == "same-photo").collect();
        assert_eq!(same[0]["other"], serde_json::json!(id(2)));
        assert_eq!(whole["photos"].as_array().unwrap().len(), 1);
    })
    .await;
}

#[tokio::test]
async fn a_plain_form_adds_photos_without_script() {
    let app = TestApp::sqlite().await.with_tree().await;
    let clerk = clerk(&app).await;
    let part = |bytes: &[u8]| {
        let head = b"--edge\r\ncontent-disposition: form-data; name=\"photo\"; filename=\"a.webp\"\r\n\r\n";
        [&head[..], bytes, b"\r\n"].concat()
    };
    let body = [part(&webp(0)), part(&webp(1)), b"--edge--\r\n".to_vec()].concat();
    let form = format!("/held-sessions/{}/photos", id(1));
    clerk.send(Method::POST, &form, "multipart/form-data; boundary=edge", body.clone()).await.expect(303);
    let page = clerk.clone().browser().get(&format!("/held-sessions/{}", id(1))).await.expect(200).text();
    assert_eq!(page.matches("<img src=\"/held-sessions/").count(), 2);
    clerk.send(Method::POST, &form, "multipart/form-data; boundary=edge", "--edge--\r\n").await.expect(422);
    let beside = app.person("beside", Role::Clerk, "branch-b").await;
    beside.send(Method::POST, &form, "multipart/form-data; boundary=edge", body).await.expect(404);
}

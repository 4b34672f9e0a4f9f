//! A8: lecturers as people, and who sees how much of them.

use super::{lecturer, registered};
use crate::support::tree::org;
use crate::support::{TestApp, both};
use axum::http::Method;
use kernel::Role;
use serde_json::{Value, json};
use std::process::Command;

#[tokio::test]
async fn a8_a_change_of_organisation_keeps_what_was_before() {
    both(async |app| {
        let app = app.with_tree().await;
        let clerk = app.person("clerk", Role::Clerk, "county-a").await;
        let id = registered(&clerk, "李桂芳", "township-a", &json!({ "topics": ["law", "history"], "contact": "139" })).await;
        app.clock.advance_ms(86_400_000);
        let clerk = app.anonymous().signed_in("clerk", crate::support::tree::PASSWORD).await;
        let path = format!("/api/v1/lecturers/{id}");
        let moved =
            clerk.json(Method::PATCH, &path, &json!({ "organisation": org("branch-c"), "occupation": "Head" })).await.expect(200).json();
        assert_eq!((moved["organisation_name"].as_str(), moved["occupation"].as_str()), (Some("branch-c"), Some("Head")));
        let posts = moved["posts"].as_array().unwrap();
        assert_eq!(posts.len(), 2);
        assert_eq!((&posts[0]["organisation"], &posts[0]["to"]), (&json!(org("branch-c")), &Value::Null));
        assert_eq!((&posts[1]["organisation"], &posts[1]["to"]), (&json!(org("township-a")), &posts[0]["from"]));
        clerk.json(Method::PATCH, &path, &json!({ "organisation": org("county-b") })).await.expect(403);
        let stale = clerk.clone().with("if-match", "\"1\"").json(Method::PATCH, &path, &json!({ "kind": "model" })).await;
        assert_eq!(stale.status, 412);
        clerk.json(Method::PATCH, &path, &json!({ "term_from": "2026-02-01", "term_to": "2026-01-01" })).await.expect(422);
    })
    .await;
}

#[tokio::test]
async fn s12_contact_and_retired_people_are_for_those_who_keep_them() {
    both(async |app| {
        let app = app.with_tree().await;
        let clerk = app.person("clerk", Role::Clerk, "county-a").await;
        let secret = json!({ "contact": "13900001111", "about": "Knows the fields.", "topics": ["law"] });
        let id = registered(&clerk, "Li Wei", "township-a", &secret).await;
        let beside = app.person("beside", Role::Clerk, "county-c").await;
        let auditor = app.person("auditor", Role::Auditor, "city-a").await;
        let found = lecturer(&beside, &id).await;
        assert_eq!((found["name"].as_str(), found.get("contact"), found.get("posts")), (Some("Li Wei"), None, None));
        assert_eq!(lecturer(&auditor, &id).await["contact"], "13900001111");
        let listed = beside.get("/api/v1/lecturers?topic=law&q=li").await.expect(200).text();
        assert!(listed.contains(&id) && !listed.contains("13900001111"), "{listed}");
        let page = beside.clone().browser().get(&format!("/desk/lecturers/{id}")).await.expect(200).text();
        assert!(page.contains("Li Wei") && !page.contains("13900001111") && !page.contains("Knows the fields"));
        beside.json(Method::PATCH, &format!("/api/v1/lecturers/{id}"), &json!({ "name": "X" })).await.expect(403);
        clerk.json(Method::PUT, &format!("/api/v1/lecturers/{id}/state"), &json!({ "retired": true })).await.expect(204);
        beside.get(&format!("/api/v1/lecturers/{id}")).await.expect(404);
        assert_eq!(beside.get("/api/v1/lecturers?state=retired").await.expect(200).json()["items"], json!([]));
        assert_eq!(clerk.get("/api/v1/lecturers?state=retired").await.expect(200).json()["items"].as_array().unwrap().len(), 1);
    })
    .await;
}

#[tokio::test]
async fn a8_lists_go_on_where_the_page_before_ended_and_narrow_by_every_filter() {
    both(async |app| {
        let app = app.with_tree().await;
        let clerk = app.person("clerk", Role::Clerk, "province").await;
        for n in 0..45 {
            let (code, kind) = if n % 3 == 0 { ("branch-d", "model") } else { ("branch-a", "teacher") };
            let term = if n % 2 == 0 { "2026-01-01" } else { "" };
            registered(&clerk, &format!("Same Name {}", n % 5), code, &json!({ "kind": kind, "term_to": term })).await;
        }
        let (mut met, mut path) = (std::collections::BTreeSet::new(), "/api/v1/lecturers?q=same".to_owned());
        loop {
            let page = clerk.get(&path).await.expect(200).json();
            met.extend(page["items"].as_array().unwrap().iter().map(|l| l["id"].as_str().unwrap().to_owned()));
            let Some(next) = page["next"].as_str() else { break };
            path = format!("/api/v1/lecturers?q=same&after={}", next.replace(' ', "%20"));
        }
        assert_eq!(met.len(), 45);
        let count = async |query: &str| {
            clerk.get(&format!("/api/v1/lecturers?{query}")).await.expect(200).json()["items"].as_array().unwrap().len()
        };
        assert_eq!(count(&format!("organisation={}", org("county-c"))).await, 15);
        assert_eq!(count("kind=model").await, 15);
        assert_eq!(count("term=now&kind=model").await, 7);
        assert_eq!(count("term=over&kind=model").await, 8);
    })
    .await;
}

fn jpeg_with_a_place(app: &TestApp) -> Vec<u8> {
    let path = app.dir.path().join("portrait.jpg");
    let args = ["-nostdin", "-v", "error", "-y", "-f", "lavfi", "-i", "testsrc2=s=64x48:d=1", "-frames:v", "1"];
    assert!(Command::new("ffmpeg").args(args).arg(&path).status().unwrap().success());
    let plain = std::fs::read(path).unwrap();
    let said = b"Exif\0\0 31.230416 taken by planted.name";
    let length = u16::try_from(said.len() + 2).unwrap().to_be_bytes();
    [&plain[..2], &[0xff, 0xe1], &length, said, &plain[2..]].concat()
}

#[tokio::test]
async fn s20_a_photo_says_nothing_beside_the_picture_and_is_gone_with_the_consent() {
    both(async |app| {
        let app = app.with_tree().await;
        let clerk = app.person("clerk", Role::Clerk, "county-a").await;
        let id = registered(&clerk, "Li Wei", "township-a", &json!({})).await;
        let path = format!("/api/v1/lecturers/{id}/photo");
        clerk.send(Method::PUT, &path, "application/octet-stream", b"GIF89a".to_vec()).await.expect(422);
        clerk.send(Method::PUT, &path, "application/octet-stream", jpeg_with_a_place(&app)).await.expect(204);
        let photo = lecturer(&clerk, &id).await["photo"].as_str().unwrap().to_owned();
        app.anonymous().get(&photo).await.expect(404);
        let kept = clerk.get(&photo).await.expect(200);
        assert!(kept.body.starts_with(&[0xff, 0xd8]) && !kept.body.windows(9).any(|w| w == b"31.230416"));
        clerk.json(Method::PUT, &format!("/api/v1/lecturers/{id}/consent"), &json!({ "how": "on paper" })).await.expect(204);
        app.anonymous().get(&photo).await.expect(200);
        clerk.json(Method::DELETE, &format!("/api/v1/lecturers/{id}/consent"), &Value::Null).await.expect(204);
        app.anonymous().get(&photo).await.expect(404);
        clerk.json(Method::DELETE, &path, &Value::Null).await.expect(204);
        let left = app.db.read().await.unwrap().fetch_int("select count(*) from lecturer_photo", vec![]).await.unwrap();
        assert_eq!(left, 0);
    })
    .await;
}

//! Captions: WebVTT and SubRip in, strict WebVTT out (S9).

use super::tus::clerk;
use crate::support::both;
use axum::body::Body;
use axum::http::Method;
use kernel::Role;
use serde_json::json;

const SRT: &str = "1\n00:00:01,000 --> 00:00:02,500\n大家好 <script>alert(1)</script>\n";

#[tokio::test]
async fn s9_captions_are_cleaned_kept_by_language_and_replaced() {
    both(async |app| {
        let app = app.with_tree().await;
        let clerk = clerk(&app).await;
        let place = format!("/api/v1/lessons/{}/captions", clerk.lesson);
        let kept = clerk.client.send(Method::PUT, &format!("{place}/zh-CN?label=%E4%B8%AD%E6%96%87"), "text/vtt", SRT).await.expect(200);
        assert_eq!(kept.json()["label"], "中文");
        let vtt = clerk.client.get(&format!("{place}/zh-CN")).await.expect(200);
        assert_eq!(vtt.header("content-type"), "text/vtt; charset=utf-8");
        assert!(vtt.text().starts_with("WEBVTT\n") && vtt.text().contains("00:00:01.000 --> 00:00:02.500"), "{}", vtt.text());
        assert!(!vtt.text().contains("<script"), "{}", vtt.text());
        clerk.client.send(Method::PUT, &format!("{place}/zh-CN"), "text/vtt", "WEBVTT\n\n00:01.000 --> 00:02.000\nnew\n").await.expect(200);
        let list = clerk.client.get(&place).await.expect(200).json();
        assert_eq!(list, json!([{ "language": "zh-CN", "label": "zh-CN", "url": format!("{place}/zh-CN") }]));
        clerk.client.send(Method::DELETE, &format!("{place}/zh-CN"), "", Body::empty()).await.expect(204);
        clerk.client.get(&format!("{place}/zh-CN")).await.expect(404);
    })
    .await;
}

#[tokio::test]
async fn bad_captions_are_refused_with_rule_and_line_and_readers_may_not_write() {
    both(async |app| {
        let app = app.with_tree().await;
        let clerk = clerk(&app).await;
        let place = format!("/api/v1/lessons/{}/captions", clerk.lesson);
        let put = async |language: &str, text: &str| {
            clerk.client.send(Method::PUT, &format!("{place}/{language}"), "text/vtt", text.to_owned()).await
        };
        let backwards = "WEBVTT\n\n00:02.000 --> 00:01.000\nx\n";
        let refused = put("en", backwards).await.expect(422).json();
        assert_eq!((&refused["errors"][0]["rule"], &refused["errors"][0]["found"]), (&json!("caption-ends-before-start"), &json!("3")));
        assert_eq!(put("en", "hello").await.expect(422).json()["errors"][0]["rule"], "not-captions");
        assert_eq!(put("x%20y", SRT).await.expect(422).json()["errors"][0]["rule"], "language-tag");
        put("en", &"x".repeat(2 << 20)).await.expect(413);
        let reader = app.person("reader", Role::Reviewer, "county-a").await;
        reader.send(Method::PUT, &format!("{place}/en"), "text/vtt", SRT).await.expect(403);
        let beside = app.person("beside", Role::Clerk, "branch-b").await;
        beside.send(Method::PUT, &format!("{place}/en"), "text/vtt", SRT).await.expect(404);
        assert_eq!(reader.get(&place).await.expect(200).json(), json!([]));
    })
    .await;
}

#[tokio::test]
async fn a_form_without_script_hands_captions_in() {
    let app = crate::support::TestApp::sqlite().await.with_tree().await;
    let clerk = clerk(&app).await;
    let part = |name: &str, text: &str| format!("--b\r\nContent-Disposition: form-data; name=\"{name}\"{text}\r\n");
    let file = part("file", &format!("; filename=\"../a.srt\"\r\nContent-Type: text/plain\r\n\r\n{SRT}"));
    let body = format!("{}{}{file}--b--\r\n", part("language", "\r\n\r\nzh-CN"), part("next", "\r\n\r\n//evil.example/"));
    let place = format!("/lessons/{}/captions", clerk.lesson);
    let answer = clerk.client.send(Method::POST, &place, "multipart/form-data; boundary=b", body).await.expect(303);
    assert_eq!(answer.header("location"), "/desk?done=captions-kept", "never to another site");
    assert_eq!(clerk.client.get(&format!("/api{place}").replace("/api/", "/api/v1/")).await.json()[0]["language"], "zh-CN");
}

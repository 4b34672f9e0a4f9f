//! What players are given of a public lesson, and links that lead to it.

use crate::support::binary::Binary;
use crate::support::{Client, TestApp, both, tree::org};
use crate::watching::{publish, published};
use app::lessons::{LessonId, Lessons};
use app::recordings::{Recordings, Rendition, Variant};
use axum::http::Method;
use kernel::{Clock, Id, Role};
use serde_json::{Value, json};

const VTT: &str = "WEBVTT\n\n00:01.000 --> 00:02.000\nGood evening\n";

async fn captioned(app: &TestApp, language: &str, text: &str, lesson: LessonId) {
    let clerk = app.person(&format!("clerk.{}", app.clock.now().0), Role::Clerk, "branch-a").await;
    let place = format!("/api/v1/lessons/{lesson}/captions/{language}?label=Words");
    clerk.send(Method::PUT, &place, "text/vtt", text.to_owned()).await.expect(200);
    app.clock.advance_ms(1);
}

#[tokio::test]
async fn captions_of_a_public_lesson_are_for_everybody_and_of_no_other() {
    both(async |app| {
        let app = app.with_tree().await;
        let lesson = published(&app, "First").await;
        let draft = app.a_lesson(org("branch-a")).create().await;
        for lesson in [lesson, draft] {
            captioned(&app, "zh-CN", VTT, lesson).await;
        }
        let reader = app.anonymous();
        let page = reader.clone().browser().get(&format!("/lessons/{lesson}")).await.expect(200).text();
        let address = page.split("<track kind=\"captions\" src=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap().to_owned();
        for address in [address, format!("/api/v1/library/{lesson}/captions/zh-CN")] {
            let track = reader.get(&address).await.expect(200);
            assert_eq!(track.header("content-type"), "text/vtt; charset=utf-8");
            assert!(track.text().starts_with("WEBVTT\n") && track.text().contains("Good evening"), "{}", track.text());
            let tag = track.header("etag").to_owned();
            let again = reader.clone().with("if-none-match", &format!("W/{tag}")).get(&address).await.expect(304);
            assert!(again.body.is_empty() && again.header("cache-control").starts_with("public"));
            captioned(&app, "zh-CN", "WEBVTT\n\n00:01.000 --> 00:02.000\nAnew\n", lesson).await;
            assert!(reader.clone().with("if-none-match", &tag).get(&address).await.expect(200).text().contains("Anew"));
            captioned(&app, "zh-CN", VTT, lesson).await;
        }
        for none in [format!("/lessons/{lesson}/captions/en.vtt"), format!("/lessons/{lesson}/captions/zh-CN")] {
            reader.get(&none).await.expect(404);
        }
        let everywhere = |lesson| [format!("/lessons/{lesson}/captions/zh-CN.vtt"), format!("/api/v1/library/{lesson}/captions/zh-CN")];
        for none in everywhere(draft) {
            reader.get(&none).await.expect(404);
        }
        let mut tx = app.db.begin().await.unwrap();
        Lessons(&mut tx).unpublish(lesson, app.clock.now()).await.unwrap();
        tx.commit().await.unwrap();
        for gone in everywhere(lesson) {
            reader.get(&gone).await.expect(404);
        }
    })
    .await;
}

async fn made(app: &TestApp, material: app::recordings::MaterialId, rows: &[(&str, &str, Value)]) {
    let mut tx = app.db.begin().await.unwrap();
    for (name, kind, detail) in rows {
        let made = Rendition { name: (*name).into(), kind: (*kind).into(), detail: detail.clone(), bytes: 1 };
        Recordings(&mut tx).keep_rendition(material, &made, app.clock.now()).await.unwrap();
    }
    tx.commit().await.unwrap();
}

/// A sound track as its step reports it.
fn sound(folder: &str) -> Value {
    json!({ "is": "audio", "folder": folder, "codec": "mp4a.40.2", "channels": 2, "peak_bps": 96_000, "average_bps": 96_000 })
}

#[tokio::test]
async fn who_only_listens_gets_the_levelled_sound_and_a_silent_film_offers_none() {
    let app = TestApp::sqlite().await.with_tree().await;
    let submission = app.a_submission().create().await;
    let (lesson, reader) = (submission.lesson, app.anonymous().browser());
    let material = app.add_video(lesson, Variant::Field, Id::from_u128(1)).await;
    publish(&app, lesson, material, "First").await;
    let clerk = app.person("clerk", Role::Clerk, "branch-a").await.browser();
    let offered = async || {
        let mut all = Vec::new();
        for (who, address) in [
            (&reader, format!("/lessons/{lesson}/addresses")),
            (&reader, format!("/api/v1/library/{lesson}/playback")),
            (&clerk, format!("/submissions/{}/addresses?material={material}", submission.id)),
            (&clerk, format!("/api/v1/submissions/{}/addresses?material={material}", submission.id)),
        ] {
            let told = who.get(&address).await.expect(200).json();
            assert!(told["manifest"].as_str().unwrap().ends_with("/master.m3u8"), "{told}");
            all.push(told["audio_manifest"].as_str().unwrap_or_default().to_owned());
        }
        for (who, page) in [(&reader, format!("/lessons/{lesson}")), (&clerk, format!("/submissions/{}", submission.id))] {
            let page = who.get(&page).await.expect(200).text();
            let of_page = page.split(" audio-manifest=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap_or_default();
            all.push(of_page.to_owned());
        }
        all
    };
    assert!(offered().await.iter().all(String::is_empty), "{:?}", offered().await);
    made(&app, material, &[("a", "audio", sound("a"))]).await;
    assert!(offered().await.iter().all(|at| at.ends_with("/a/index.m3u8")), "{:?}", offered().await);
    let measured = json!({ "integrated": -30.0, "true_peak": -9.0, "range": 5.0, "threshold": -40.0, "offset": 0.0 });
    made(&app, material, &[("loudness", "loudness", json!({ "is": "loudness", "measured": measured, "levelled": sound("al") }))]).await;
    assert!(offered().await.iter().all(|at| at.ends_with("/al/index.m3u8")), "{:?}", offered().await);
}

#[tokio::test]
async fn a_program_is_told_where_its_owner_stopped_and_how_often_the_choices_fit() {
    let app = TestApp::sqlite().await.with_tree().await;
    let lesson = published(&app, "First").await;
    published(&app, "Second").await;
    let li = app.person("li.wei", Role::Viewer, "branch-a").await;
    li.json(Method::PUT, &format!("/api/v1/library/{lesson}/resume-point"), &json!({ "at_ms": 42_000 })).await.expect(204);
    let playback = format!("/api/v1/library/{lesson}/playback");
    assert_eq!(li.get(&playback).await.expect(200).json()["resume_ms"], 42_000);
    assert_eq!(app.anonymous().get(&playback).await.expect(200).json()["resume_ms"], 0);
    let facets = app.anonymous().get("/api/v1/library/facets?q=second&topic=theory").await.expect(200).json();
    assert_eq!(facets["topic"], json!([{ "code": "theory", "count": 1 }]));
    let names: Vec<_> = facets.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(names, ["award", "campaign", "form", "lecturer_kind", "length", "level", "topic", "year"]);
    for (at, found) in [("city-a", 2), ("city-b", 0)] {
        let place = format!("organisation={}", org(at));
        let facets = app.anonymous().get(&format!("/api/v1/library/facets?{place}")).await.expect(200).json();
        let list = app.anonymous().get(&format!("/api/v1/library?{place}")).await.expect(200).json();
        let counted = facets["topic"].as_array().unwrap().iter().map(|v| v["count"].as_i64().unwrap()).sum::<i64>();
        assert_eq!((counted, list["items"].as_array().unwrap().len()), (found, found as usize), "{at}");
    }
}

/// The link that a lesson's page gives to whoever asks with these headers.
async fn shared(app: &TestApp, lesson: LessonId, headers: &[(&str, &str)]) -> String {
    let asked = headers.iter().fold(app.anonymous().browser(), |who: Client, (name, value)| who.with(name, value));
    let page = asked.get(&format!("/lessons/{lesson}")).await.expect(200).text();
    let link = page.split(" data-share-url=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("a link");
    assert_eq!(page.matches(link).count(), 3, "everywhere the same: {page}");
    link.trim_end_matches(&format!("/lessons/{lesson}")).to_owned()
}

#[tokio::test]
async fn links_lead_where_their_reader_came_from() {
    let app = TestApp::sqlite().await.with_tree().await;
    let lesson = published(&app, "First").await;
    assert_eq!(shared(&app, lesson, &[]).await, "http://kaijiang.test");
    let forwarded = [("x-forwarded-host", "lectures.example.org"), ("x-forwarded-proto", "https")];
    assert_eq!(shared(&app, lesson, &forwarded).await, "http://kaijiang.test", "no proxy stands before us, so anybody may have said it");
    let behind = TestApp::sqlite_with(|config| config.behind_proxy = true).await.with_tree().await;
    let lesson = published(&behind, "First").await;
    assert_eq!(shared(&behind, lesson, &forwarded).await, "https://lectures.example.org");
    let odd = [("x-forwarded-host", "evil.example/?"), ("x-forwarded-proto", "javascript")];
    assert_eq!(shared(&behind, lesson, &odd).await, "http://127.0.0.1:8080", "what cannot be an address is none");
    let known = TestApp::sqlite_with(|config| config.public_url = "https://kaijiang.example/".into()).await.with_tree().await;
    let lesson = published(&known, "First").await;
    assert_eq!(shared(&known, lesson, &forwarded).await, "https://kaijiang.example", "what is set wins");
}

#[tokio::test]
async fn a_hostile_host_is_no_address_and_the_real_port_is_known() {
    let app = TestApp::now().await.with_tree().await;
    let lesson = published(&app, "First").await;
    let server = Binary::serve(app, "").await;
    let own = server.url("");
    for (host, wanted) in [
        ("evil.example/x", own.as_str()),
        ("user@evil.example", &own),
        ("\"><script>", &own),
        ("a b", &own),
        ("kaijiang.test:8443", "http://kaijiang.test:8443"),
    ] {
        let page = server.client().get(server.url(&format!("/lessons/{lesson}"))).header("host", host).send().await.unwrap();
        let page = page.text().await.unwrap();
        assert!(page.contains(&format!(" data-share-url=\"{wanted}/lessons/{lesson}\"")), "{host}: {page}");
        assert!(!page.contains("evil.example"), "{host}");
    }
}

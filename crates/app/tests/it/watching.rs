//! Watching: the portal for anybody, and views that are counted once (G1, G8, S17).

use crate::support::{Client, TestApp, both, tree::org};
use app::lessons::{LessonId, Lessons, Publication};
use app::recordings::MaterialId;
use app::watching::{Counts, Watching, work};
use axum::http::Method;
use kernel::{Clock, Id, Role};
use serde_json::json;

const PHONE: &str = "Mozilla/5.0 (Linux; Android 10) AppleWebKit/537.36";

/// Publishes a lesson of branch-a that lasts ten minutes.
pub async fn published(app: &TestApp, title: &str) -> LessonId {
    let lesson = app.a_lesson(org("branch-a")).title(title).create().await;
    publish(app, lesson, Id::from_u128(7), title).await;
    lesson
}

/// Publishes a lesson of branch-a in which `material` plays.
pub async fn publish(app: &TestApp, lesson: LessonId, material: MaterialId, title: &str) {
    let new = Publication {
        lesson,
        organisation: org("branch-a"),
        submission: "sub_x".into(),
        campaign: "cmp_x".into(),
        category: "ctg_x".into(),
        material: material.to_string(),
        title: title.into(),
        lecturer: "Li Wei".into(),
        lecturer_kind: "expert".into(),
        topic: "theory".into(),
        form: "lecture".into(),
        level: 4,
        year: 2026,
        duration_ms: 600_000,
        abstract_: "About it.".into(),
        script: String::new(),
        chapters: Vec::new(),
        search: format!("{title} li wei").to_lowercase(),
        award: String::new(),
        published_at: app.clock.now(),
        unpublished_at: None,
    };
    let mut tx = app.db.begin().await.unwrap();
    Lessons(&mut tx).publish(&new).await.unwrap();
    tx.commit().await.unwrap();
    app.clock.advance_ms(1);
}

/// A phone that opened the lesson: it keeps its device cookie and has a token.
struct Viewer {
    client: Client,
    token: String,
}

impl Viewer {
    async fn opens(app: &TestApp, lesson: LessonId) -> Self {
        let phone = app.anonymous().with("user-agent", PHONE);
        let page = phone.clone().browser().get(&format!("/lessons/{lesson}")).await.expect(200);
        let device = page.header("set-cookie").split(';').next().unwrap().to_owned();
        Self { client: phone.with("cookie", &device), token: token_of(&page.text()) }
    }

    async fn reopens(&mut self, lesson: LessonId) {
        self.token = token_of(&self.client.get(&format!("/lessons/{lesson}")).await.expect(200).text());
    }

    async fn reports(&self, seq: u32, played_s: i64) -> crate::support::client::Reply {
        self.client.post("/watch/heartbeat", &json!({ "token": self.token, "seq": seq, "played_s": played_s })).await
    }
}

fn token_of(page: &str) -> String {
    page.split(" token=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("a token on the page").to_owned()
}

async fn counts(app: &TestApp, lesson: LessonId) -> Counts {
    while work::fold(&app.app, app.ledger().unwrap()).await.unwrap() > 0 {}
    Watching(&mut app.db.read().await.unwrap()).counts(lesson).await.unwrap()
}

#[tokio::test]
async fn g8_a_view_is_thirty_seconds_once_in_24_hours() {
    both(async |app| {
        let app = app.with_tree().await;
        let lesson = published(&app, "First").await;
        let mut viewer = Viewer::opens(&app, lesson).await;
        app.clock.advance_ms(29_000);
        assert_eq!(viewer.reports(1, 29).await.expect(200).json()["counted"], false);
        app.clock.advance_ms(31_000);
        assert_eq!(viewer.reports(2, 60).await.expect(200).json()["counted"], true);
        assert_eq!(viewer.reports(2, 60).await.expect(200).json()["counted"], false, "a repeated report counts nothing");
        assert_eq!(counts(&app, lesson).await, Counts { plays: 1, views: 1, watch_s: 60 });

        viewer.reopens(lesson).await;
        app.clock.advance_ms(40_000);
        viewer.reports(1, 40).await.expect(200);
        assert_eq!(counts(&app, lesson).await, Counts { plays: 2, views: 1, watch_s: 100 }, "the same viewer within 24 hours");

        app.clock.advance_ms(24 * 3_600_000);
        viewer.reopens(lesson).await;
        app.clock.advance_ms(40_000);
        viewer.reports(1, 40).await.expect(200);
        assert_eq!(counts(&app, lesson).await.views, 2, "a day later it's another view");
    })
    .await;
}

#[tokio::test]
async fn s17_forged_expired_and_unbelievable_reports_count_nothing() {
    let app = TestApp::sqlite().await.with_tree().await;
    let lesson = published(&app, "First").await;
    let mut viewer = Viewer::opens(&app, lesson).await;
    assert_eq!(viewer.reports(1, 500).await.expect(422).json()["code"], "unbelievable");
    let good = std::mem::take(&mut viewer.token);
    for forged in ["", "x", "x.y", &format!("B{}", &good[1..])] {
        viewer.token = forged.into();
        assert_eq!(viewer.reports(1, 1).await.expect(403).json()["code"], "forged-token");
    }
    viewer.token = good;
    app.clock.advance_ms(13 * 3_600_000);
    assert_eq!(viewer.reports(1, 40).await.expect(410).json()["code"], "expired-token");
    assert_eq!(counts(&app, lesson).await, Counts::default());
}

#[tokio::test]
async fn s17_a_program_that_fetches_pages_gets_no_token() {
    let app = TestApp::sqlite().await.with_tree().await;
    let lesson = published(&app, "First").await;
    let page = app
        .anonymous()
        .with("user-agent", "Mozilla/5.0 (compatible; Baiduspider/2.0)")
        .browser()
        .get(&format!("/lessons/{lesson}"))
        .await
        .expect(200);
    assert!(page.text().contains(" token=\"\""));
}

#[tokio::test]
async fn a_recount_of_the_ledger_equals_what_was_folded() {
    both(async |app| {
        let app = app.with_tree().await;
        let (first, second) = (published(&app, "First").await, published(&app, "Second").await);
        for (lesson, played) in [(first, 35), (second, 61), (first, 12), (second, 90)] {
            let viewer = Viewer::opens(&app, lesson).await;
            app.clock.advance_ms(100_000);
            viewer.reports(1, played).await.expect(200);
        }
        counts(&app, first).await;
        let (sums, end) = work::sum_all(app.ledger().unwrap(), None).unwrap();
        assert_eq!(end, app.ledger().unwrap().head());
        assert_eq!(sums.lessons, Watching(&mut app.db.read().await.unwrap()).all_counts().await.unwrap());
        let figures: i64 = sums.figures.values().sum();
        let posted = app
            .db
            .read()
            .await
            .unwrap()
            .fetch_int("select cast(sum(amount) as bigint) from stat_delta where metric in ('views', 'watch-seconds')", vec![])
            .await
            .unwrap();
        assert_eq!(posted, figures);
    })
    .await;
}

#[tokio::test]
async fn the_portal_shows_what_is_public_and_nothing_else() {
    both(async |app| {
        let app = app.with_tree().await;
        let public = published(&app, "Terraces <b>& tea</b>").await;
        let draft = app.a_lesson(org("branch-a")).title("Secret draft").create().await;
        let reader = app.anonymous().browser();
        for path in [
            "/",
            "/lessons",
            "/places",
            &format!("/places/{}", org("city-a")),
            "/lessons?q=tea",
            "/lessons?topic=theory&year=2026&length=medium",
        ] {
            let page = reader.get(path).await.expect(200).text();
            assert!(page.contains("Terraces &#60;b&#62;") && !page.contains("<b>& tea"), "{path}: {page}");
            assert!(!page.contains("Secret draft"), "{path}");
        }
        reader.get(&format!("/lessons/{draft}")).await.expect(404);
        reader.get(&format!("/api/v1/library/{draft}")).await.expect(404);
        assert!(!reader.get(&format!("/places/{}", org("city-b"))).await.expect(200).text().contains("Terraces"));
        for none in ["/lessons?q=100%25", "/lessons?q=nowhere", "/lessons?topic=other"] {
            assert!(reader.get(none).await.expect(200).text().contains("No lesson fits"), "{none}");
        }
        let api = reader.get("/api/v1/library").await.expect(200).json();
        assert_eq!(api["items"][0]["id"], public.to_string());
        let mut tx = app.db.begin().await.unwrap();
        Lessons(&mut tx).unpublish(public, app.clock.now()).await.unwrap();
        tx.commit().await.unwrap();
        reader.get(&format!("/lessons/{public}")).await.expect(404);
    })
    .await;
}

#[tokio::test]
async fn pages_of_the_catalogue_follow_each_other_without_gap_or_repetition() {
    let app = TestApp::sqlite().await.with_tree().await;
    for n in 0..45 {
        published(&app, &format!("Lesson number {n:02}")).await;
    }
    let reader = app.anonymous();
    let (mut seen, mut path) = (Vec::new(), "/api/v1/library".to_owned());
    loop {
        let page = reader.get(&path).await.expect(200).json();
        seen.extend(page["items"].as_array().unwrap().iter().map(|i| i["title"].as_str().unwrap().to_owned()));
        let Some(next) = page["next"].as_str() else { break };
        path = format!("/api/v1/library?after={next}");
    }
    let want: Vec<_> = (0..45).rev().map(|n| format!("Lesson number {n:02}")).collect();
    assert_eq!(seen, want);
}

#[tokio::test]
async fn the_catalogue_comes_newest_or_most_viewed_first_page_by_page() {
    both(async |app| {
        let app = app.with_tree().await;
        let mut lessons = Vec::new();
        for n in 0..25 {
            lessons.push(published(&app, &format!("Lesson number {n:02}")).await);
        }
        let mut tx = app.db.begin().await.unwrap();
        for (n, views) in [(3, 9), (7, 40), (20, 9)] {
            Watching(&mut tx).add(lessons[n], Counts { plays: views, views, watch_s: 0 }).await.unwrap();
        }
        tx.commit().await.unwrap();
        let reader = app.anonymous();
        let titles = async |path: &str| {
            let page = reader.get(path).await.expect(200).json();
            let titles: Vec<_> = page["items"].as_array().unwrap().iter().map(|i| i["title"].as_str().unwrap()[14..].to_owned()).collect();
            (titles, page["next"].as_str().unwrap_or_default().to_owned())
        };
        let (first, next) = titles("/api/v1/library?sort=viewed").await;
        assert_eq!(first[..5], ["07", "20", "03", "24", "23"], "of two that were seen alike the newer first");
        let (second, end) = titles(&format!("/api/v1/library?sort=viewed&after={next}")).await;
        let all: std::collections::BTreeSet<_> = first.iter().chain(&second).collect();
        assert_eq!((all.len(), first.len() + second.len(), end.as_str()), (25, 25, ""), "each once");
        assert_eq!(titles("/api/v1/library").await.0[0], "24");
        let page = reader.clone().browser().get("/lessons?topic=theory&sort=viewed").await.expect(200).text();
        assert!(page.contains("href=\"/lessons?topic=theory&#38;sort=viewed\" aria-current=\"true\""), "{page}");
        assert!(page.contains("href=\"/lessons?topic=theory\"") && page.contains("sort=viewed&#38;after="), "{page}");
        assert!(page.find("Lesson number 07").unwrap() < page.find("Lesson number 24").unwrap());
    })
    .await;
}

#[tokio::test]
async fn a_signed_in_viewer_goes_on_where_another_device_stopped() {
    let app = TestApp::sqlite().await.with_tree().await;
    let lesson = published(&app, "First").await;
    let li = app.person("li.wei", Role::Viewer, "branch-a").await;
    let put = json!({ "at_ms": 42_000 });
    li.json(Method::PUT, &format!("/lessons/{lesson}/resume-point"), &put).await.expect(204);
    let page = li.browser().get(&format!("/lessons/{lesson}")).await.expect(200).text();
    let told = format!("start-s=\"42\" start-told=\"{}\"", app.clock.now().0);
    assert!(page.contains(&told) && page.contains(&format!(" resume=\"/lessons/{lesson}/resume-point\"")), "{page}");
    let other = app.person("wang.fang", Role::Viewer, "branch-a").await;
    let page = other.clone().browser().get(&format!("/lessons/{lesson}")).await.expect(200).text();
    assert!(!page.contains("start-s"), "where somebody else stopped is told to nobody");
    app.anonymous().json(Method::PUT, &format!("/lessons/{lesson}/resume-point"), &put).await.expect(401);
}

#[tokio::test]
async fn a_crowd_gets_one_page_for_a_moment_and_a_signed_in_reader_their_own() {
    let app = TestApp::sqlite_with(|config| config.portal_keep_ms = 2_000).await.with_tree().await;
    published(&app, "First").await;
    let reader = app.anonymous().browser();
    let before = reader.get("/lessons").await.expect(200);
    assert!(before.text().contains("First"));
    published(&app, "Second").await;
    let statements = app.db.statements();
    let again = reader.get("/lessons").await.expect(200);
    assert_eq!(again.body, before.body);
    assert_eq!(app.db.statements(), statements, "nothing was asked");
    assert_eq!(again.header("content-security-policy"), before.header("content-security-policy"));
    let mut chinese = reader.clone();
    chinese.headers[0].1 = "zh-CN".into();
    for other in [chinese, reader.clone().with("cookie", "elder=1")] {
        assert!(other.get("/lessons").await.expect(200).text().contains("Second"));
    }
    let clerk = app.person("clerk", Role::Clerk, "branch-a").await.browser();
    let own = clerk.get("/lessons").await.expect(200).text();
    let offers_sign_in = |page: &str| page.contains("href=\"/sign-in\"");
    assert!(own.contains("Second") && !offers_sign_in(&own), "{own}");
    assert!(offers_sign_in(&reader.get("/lessons").await.expect(200).text()), "never another's page");
    app.clock.advance_ms(2_000);
    assert!(reader.get("/lessons").await.expect(200).text().contains("Second"));
}

#[tokio::test]
async fn a_beat_that_cannot_be_read_is_refused_with_a_code() {
    let app = TestApp::sqlite().await;
    for (body, status, code) in [("{", 400, "malformed"), ("{}", 400, "malformed"), (&"x".repeat(5_000), 413, "too-large")] {
        let reply = app.anonymous().send(Method::POST, "/watch/heartbeat", "text/plain", body.to_owned()).await.expect(status);
        assert_eq!((reply.json()["code"].as_str(), reply.header("content-type")), (Some(code), "application/problem+json"));
    }
}

#[tokio::test]
async fn a10_levels_have_the_names_of_the_pack() {
    let app = TestApp::sqlite().await.with_tree().await;
    let lesson = app.a_lesson(org("branch-a")).create().await;
    publish(&app, lesson, Id::from_u128(1), "Accounts").await;
    let page = app.anonymous().browser().get("/lessons?level=4").await.expect(200).text();
    assert!(page.contains(">Branch <span") && !page.contains("Level 4"), "{page}");
    let mut tx = app.db.begin().await.unwrap();
    tx.execute("update publication set level = 9", vec![]).await.unwrap();
    tx.commit().await.unwrap();
    let page = app.anonymous().browser().get("/lessons?level=9").await.expect(200).text();
    assert!(page.contains(">Level 9 <span"), "{page}");
}

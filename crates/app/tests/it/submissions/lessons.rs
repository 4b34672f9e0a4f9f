//! The lessons of my organisations on the desk: found, narrowed, paged, and nobody else's.

use crate::support::submission::actor;
use crate::support::tree::org;
use crate::support::{Client, TestApp, both};
use app::submissions::{State, actions};
use kernel::Role;

/// One never handed in, one in review, one public, one taken back; and one of a branch far away.
async fn with_lessons(app: TestApp) -> TestApp {
    let app = app.with_tree().await;
    app.a_campaign().quota(None).create().await;
    app.a_lesson(org("branch-a")).title("Alone").create().await;
    app.clock.advance_ms(1);
    app.a_submission().title("On its way").at(State::InReview).create().await;
    app.clock.advance_ms(1);
    app.a_submission().title("Shown 100%").from("branch-c").at(State::Published).create().await;
    app.clock.advance_ms(1);
    let back = app.a_submission().title("Taken back").at(State::Published).create().await;
    let editor = actor(Role::Editor, "province");
    actions::unpublish(&app.app, &editor, back.id, app.submission(back.id).await.version, "mistake").await.unwrap();
    app.a_submission().title("Far away").from("branch-d").at(State::Published).create().await;
    app
}

/// The titles of a page and where it goes on.
async fn page(who: &Client, address: &str) -> (Vec<String>, Option<String>) {
    let page = who.clone().browser().get(address).await.expect(200).text();
    let title = |item: &str| {
        let text = item.split("</p>").next().unwrap().rsplit_once("\">").unwrap().1;
        text.trim_end_matches("</a>").to_owned()
    };
    let titles = page.split("class=\"worklist-title").skip(1).map(title).collect();
    let next = page.split_once("rel=\"next\"").map(|(before, _)| before.rsplit("href=\"").next().unwrap().split('"').next().unwrap());
    (titles, next.map(|href| href.replace("&amp;", "&").replace("&#38;", "&")))
}

#[tokio::test]
async fn a_clerk_finds_the_lessons_of_the_subtree_and_narrows_them() {
    both(async |app| {
        let app = with_lessons(app).await;
        let clerk = app.person("clerk", Role::Clerk, "county-a").await;
        let all = ["Taken back", "Shown 100%", "On its way", "Alone"];
        let table: [(&str, &[&str]); 9] = [
            ("", &all),
            ("?publicity=never", &all[2..]),
            ("?publicity=public", &all[1..2]),
            ("?publicity=taken-back", &all[..1]),
            ("?q=TAKEN", &all[..1]),
            ("?q=100%25", &all[1..2]),
            ("?q=li+wei+alone", &all[3..]),
            (&format!("?organisation={}", org("township-b")), &all[1..2]),
            (&format!("?organisation={}", org("city-b")), &[]),
        ];
        for (query, wanted) in table {
            assert_eq!(page(&clerk, &format!("/desk/lessons{query}")).await.0, wanted, "{query}");
            let items = clerk.get(&format!("/api/v1/lessons{query}")).await.expect(200).json()["items"].as_array().unwrap().clone();
            assert_eq!(items.iter().map(|item| item["title"].as_str().unwrap()).collect::<Vec<_>>(), wanted, "api {query}");
        }
        for unreadable in ["?publicity=secret", "?organisation=me"] {
            clerk.get(&format!("/desk/lessons{unreadable}")).await.expect(404);
        }
    })
    .await;
}

#[tokio::test]
async fn a_line_leads_to_the_journey_and_to_the_library() {
    let app = with_lessons(TestApp::sqlite().await).await;
    let clerk = app.person("clerk", Role::Clerk, "county-a").await.browser();
    let shown = clerk.get("/desk/lessons?publicity=public").await.expect(200).text();
    assert!(
        shown.contains("href=\"/submissions/sub_") && shown.contains("href=\"/lessons/lsn_") && shown.contains("submission: Published"),
        "{shown}"
    );
    let current = |page: &str| page.split("aria-current=\"page\"").count() - 1;
    assert_eq!(current(&shown), 1, "one link of the navigation is the current one");
    let chinese = clerk.clone().with("cookie", "language=zh-CN").get("/desk/lessons").await.expect(200).text();
    assert!(chinese.contains("课程管理") && chinese.contains("已下架") && !chinese.contains("[field"), "{chinese}");
    let empty = app.person("other", Role::Clerk, "county-b").await.browser().get("/desk/lessons").await.expect(200).text();
    assert!(empty.contains("No lessons yet"), "{empty}");
}

#[tokio::test]
async fn lessons_page_through_everything_once_and_ask_a_fixed_number_of_times() {
    both(async |app| {
        let app = app.with_tree().await;
        let clerk = app.person("clerk", Role::Clerk, "branch-a").await;
        let mut asked = Vec::new();
        for n in 0..23 {
            app.a_lesson(org("branch-a")).title(&format!("Lesson {n:02}")).create().await;
            app.clock.advance_ms(n % 2);
            if n == 0 || n == 2 {
                page(&clerk, "/desk/lessons").await;
                let before = app.db.statements();
                page(&clerk, "/desk/lessons").await;
                asked.push(app.db.statements() - before);
            }
        }
        assert_eq!(asked[0], asked[1], "for one lesson and for three");
        let (mut titles, next) = page(&clerk, "/desk/lessons?q=lesson").await;
        let next = next.expect("a second page");
        assert!(next.contains("q=lesson"), "{next}");
        let (rest, end) = page(&clerk, &next).await;
        assert_eq!((titles.len(), rest.len(), end), (20, 3, None));
        titles.extend(rest);
        titles.sort();
        assert_eq!(titles, (0..23).map(|n| format!("Lesson {n:02}")).collect::<Vec<_>>());
    })
    .await;
}

#[tokio::test]
async fn s12_the_list_of_lessons_is_for_those_who_see_unpublished_work() {
    let app = with_lessons(TestApp::sqlite().await).await;
    app.anonymous().get("/desk/lessons").await.expect(401);
    app.person("judge", Role::Judge, "province").await.get("/desk/lessons").await.expect(403);
}

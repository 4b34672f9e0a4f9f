//! What a phone keeps so that it can record without a network (F1).

use crate::support::TestApp;
use kernel::Role;

#[tokio::test]
async fn f1_the_page_that_stands_in_is_the_same_for_everybody_and_names_nobody() {
    let app = TestApp::sqlite().await.with_tree().await;
    let clerk = app.person("clerk", Role::Clerk, "branch-a").await.browser().get("/offline").await.expect(200);
    assert_eq!(clerk.text(), app.anonymous().browser().get("/offline").await.expect(200).text());
    assert!(clerk.text().contains("data-held-outbox"));
}

#[tokio::test]
async fn f1_the_manifest_speaks_the_language_of_the_reader() {
    let app = TestApp::sqlite().await;
    for (language, name) in [("zh-CN", "开讲"), ("en", "Kaijiang")] {
        let answer = app.anonymous().with("cookie", &format!("language={language}")).get("/manifest.webmanifest").await.expect(200);
        assert_eq!(answer.header("content-type"), "application/manifest+json");
        let manifest = answer.json();
        assert_eq!((manifest["lang"].as_str(), manifest["short_name"].as_str()), (Some(language), Some(name)));
        assert_eq!(manifest["start_url"], "/held-sessions/new");
    }
}

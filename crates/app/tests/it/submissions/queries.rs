//! Pages of the desk ask as often for three things as for one, and page through everything once.

use crate::support::tree::org;
use crate::support::{Client, TestApp, both};
use app::submissions::State;
use kernel::Role;

/// Statements that one request needs, the sign-in's own included.
async fn asked(app: &TestApp, who: &Client, address: &str) -> u64 {
    let before = app.db.statements();
    who.get(address).await.expect(200);
    app.db.statements() - before
}

async fn more(app: &TestApp, n: usize, state: State) {
    for i in 0..n {
        app.a_submission().title(&format!("{state:?} {i}")).at(state).create().await;
    }
}

#[tokio::test]
async fn pages_of_the_desk_ask_as_often_for_three_as_for_one() {
    both(async |app| {
        let app = app.with_tree().await;
        let call = app.a_campaign().quota(None).create().await;
        let clerk = app.person("clerk", Role::Clerk, "branch-a").await.browser();
        let reviewer = app.person("reviewer", Role::Reviewer, "township-a").await.browser();
        let editor = app.person("editor", Role::Editor, "province").await.browser();
        let board =
            format!("/review/rank?campaign={}&category={}&organisation={}", call.campaign.id, call.categories[0].id, org("township-a"));
        let pages = [
            (&clerk, "/desk", "Returned 0"),
            (&clerk, "/desk", "Draft 0"),
            (&reviewer, "/desk", "InReview 0"),
            (&reviewer, board.as_str(), "InReview 0"),
            (&editor, "/desk", "Selected 0"),
            (&editor, "/clearance", "Published 0"),
        ];
        let mut counts = Vec::new();
        for n in [1, 2] {
            for state in [State::Draft, State::Returned, State::InReview, State::Selected, State::Published] {
                more(&app, n, state).await;
            }
            let mut all = Vec::new();
            for (who, address, holds) in pages {
                assert!(who.get(address).await.expect(200).text().contains(holds), "{address} holds {holds}");
                all.push(asked(&app, who, address).await);
            }
            counts.push(all);
        }
        assert_eq!(counts[0], counts[1], "in the order of the pages");
    })
    .await;
}

#[tokio::test]
async fn the_clearance_list_pages_through_everything_once() {
    both(async |app| {
        let app = app.with_tree().await;
        let call = app.a_campaign().quota(None).create().await;
        for n in 0..23 {
            let state = if n % 4 == 0 { State::Published } else { State::Selected };
            app.a_submission().to(&call).title(&format!("Lesson {n:02}")).at(state).create().await;
            app.clock.advance_ms(n % 2);
        }
        let editor = app.person("editor", Role::Editor, "province").await.browser();
        let (mut address, mut badges, mut titles) = ("/clearance".to_owned(), Vec::new(), Vec::new());
        for _ in 0..2 {
            let page = editor.get(&address).await.expect(200).text();
            let items = page.split("worklist-title").skip(1);
            for item in items {
                titles.push(item.split("Lesson ").nth(1).unwrap()[..2].to_owned());
                badges.push(item.split("data-state=\"").nth(1).unwrap().split('"').next().unwrap().to_owned());
            }
            let next = page.split("rel=\"next\"").next().filter(|_| page.contains("rel=\"next\""));
            address = next.map_or_else(String::new, |text| text.rsplit("href=\"").next().unwrap().split('"').next().unwrap().to_owned());
        }
        assert!(address.is_empty(), "two pages hold all of them");
        assert!(badges.is_sorted_by(|a, b| !(a == "published" && b == "selected")), "what waits comes first: {badges:?}");
        titles.sort();
        assert_eq!(titles, (0..23).map(|n| format!("{n:02}")).collect::<Vec<_>>());
    })
    .await;
}

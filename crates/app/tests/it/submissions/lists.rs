//! Lists: whole, in order, in a fixed number of queries, and only of what their reader may see.

use crate::support::both;
use crate::support::submission::actor;
use crate::support::tree::org;
use app::organisations::{Node, Tree};
use app::submissions::{Filter, State, queue, visible_to};
use app::web::Cursor;
use kernel::{Id, Role};
use std::sync::Arc;

#[tokio::test]
async fn a_queue_asks_as_often_for_twelve_as_for_one() {
    both(async |app| {
        let app = app.with_tree().await;
        let call = app.a_campaign().quota(None).create().await;
        let reviewer = actor(Role::Reviewer, "township-a");
        let mut asked = Vec::new();
        for more in [1, 11] {
            let mut last = None;
            for _ in 0..more {
                last = Some(app.a_submission().to(&call).at(State::InReview).create().await);
            }
            let holder = last.unwrap().holder;
            let before = app.db.statements();
            let cursor = Cursor::default();
            let waiting = queue(&app.app, &reviewer, holder, &Filter::default(), &cursor).await.unwrap();
            let list = visible_to(&app.app, &reviewer, &Filter::default(), None, &cursor).await.unwrap();
            asked.push(app.db.statements() - before);
            assert_eq!(waiting.items.len(), list.items.len());
        }
        assert_eq!(asked[0], asked[1]);
    })
    .await;
}

#[tokio::test]
async fn a_queue_and_a_list_page_through_everything_once() {
    both(async |app| {
        let app = app.with_tree().await;
        let call = app.a_campaign().quota(None).create().await;
        let reviewer = actor(Role::Reviewer, "township-a");
        let mut made = Vec::new();
        for n in 0..23 {
            if n % 3 == 0 {
                app.clock.advance_ms(1);
            }
            made.push(app.a_submission().to(&call).at(State::InReview).create().await);
        }
        let holder = made[0].holder;
        let (mut waiting, mut list) = (Vec::new(), Vec::new());
        let (mut at, mut after) = (Cursor::default(), Cursor::default());
        for _ in 0..2 {
            let page = queue(&app.app, &reviewer, holder, &Filter::default(), &at).await.unwrap();
            at.after = page.next.unwrap_or_default();
            waiting.extend(page.items);
            let page = visible_to(&app.app, &reviewer, &Filter::default(), None, &after).await.unwrap();
            after.after = page.next.unwrap_or_default();
            list.extend(page.items);
        }
        assert!(at.after.is_empty() && after.after.is_empty(), "two pages hold all of them");
        assert!(waiting.windows(2).all(|pair| (pair[0].arrived_at, pair[0].id) < (pair[1].arrived_at, pair[1].id)), "the oldest first");
        assert!(list.windows(2).all(|pair| (pair[0].updated_at, pair[0].id) > (pair[1].updated_at, pair[1].id)), "the latest first");
        assert_eq!((waiting.len(), list.len()), (23, 23));
    })
    .await;
}

/// With thousands of organisations below a reader, rows are sorted out one by one; nobody sees more or less for it.
#[tokio::test]
async fn s12_a_reader_over_thousands_of_organisations_sees_the_same() {
    both(async |app| {
        let app = app.with_tree().await;
        let ours = app.a_submission().at(State::InReview).create().await.id;
        app.clock.advance_ms(1);
        let far = app.a_submission().from("branch-d").at(State::InReview).create().await.id;
        app.a_submission().create().await;
        let mut nodes: Vec<Node> = app.tree.load().subtree(org("province")).cloned().collect();
        let pattern = nodes.last().unwrap().clone();
        nodes.extend((0..2_100_u32).map(|n| Node {
            id: Id::from_u128(0x9_0000 + u128::from(n)),
            code: format!("x{n}"),
            parent: Some(org("city-a")),
            ..pattern.clone()
        }));
        app.tree.store(Arc::new(Tree::build(2, nodes)));
        let seen = async |code: &str, below: Option<&str>| {
            let who = actor(Role::Reviewer, code);
            let page = visible_to(&app.app, &who, &Filter::default(), below.map(org), &Cursor::default()).await.unwrap();
            page.items.into_iter().map(|line| line.id).collect::<Vec<_>>()
        };
        assert_eq!(seen("province", None).await, [far, ours], "drafts are for their owner's side");
        assert_eq!(seen("city-a", None).await, [ours]);
        assert_eq!(seen("city-b", None).await, [far]);
        assert_eq!(seen("province", Some("city-a")).await, [ours]);
        assert_eq!(seen("city-a", Some("province")).await, [ours]);
        assert!(seen("city-a", Some("city-b")).await.is_empty());
    })
    .await;
}

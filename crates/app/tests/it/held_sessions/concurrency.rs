//! Two at the same moment: one save stands, and repeating it from two windows counts once.

use super::figures;
use crate::support::both;
use crate::support::held::{fields, id, save_of, save_over};
use app::held_sessions::SessionFields;
use app::held_sessions::actions::{self, Saved};
use kernel::Role;
use tokio::task::JoinSet;

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn s22_of_two_clerks_who_correct_the_same_version_one_wins() {
    both(async |app| {
        let app = app.with_tree().await;
        let clerk = app.somebody("clerk", Role::Clerk, "branch-a").await;
        app.saved(&clerk, save_of(id(1), "branch-a", fields())).await;
        let mut clerks = JoinSet::new();
        for n in 0..6 {
            let save = save_over(id(1), "branch-a", 1, SessionFields { people: 100 + n, ..fields() });
            let (app, clerk) = (app.app.clone(), clerk.clone());
            clerks.spawn(async move { actions::save(&app, &clerk, save).await.unwrap() });
        }
        let results = clerks.join_all().await;
        let won: Vec<_> = results.iter().filter(|saved| matches!(saved, Saved::Done(_))).collect();
        assert_eq!(won.len(), 1);
        let current = results.iter().find_map(|saved| match saved {
            Saved::Meanwhile(current) => Some(current.told.people),
            Saved::Done(_) => None,
        });
        assert!(current.is_some_and(|people| people >= 100), "the others see what won: {current:?}");
        assert_eq!(figures::posted(&app).await, figures::recounted(&app).await);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn s22_one_operation_sent_by_two_windows_counts_once() {
    both(async |app| {
        let app = app.with_tree().await;
        let clerk = app.somebody("clerk", Role::Clerk, "branch-a").await;
        let save = save_of(id(1), "branch-a", fields());
        let mut windows = JoinSet::new();
        for _ in 0..6 {
            let (app, clerk, save) = (app.app.clone(), clerk.clone(), save.clone());
            windows.spawn(async move { actions::save(&app, &clerk, save).await.unwrap() });
        }
        for saved in windows.join_all().await {
            assert!(matches!(&saved, Saved::Done(one) if one.version == 1), "{saved:?}");
        }
        assert_eq!(figures::posted(&app).await.values().sum::<i64>(), 21);
    })
    .await;
}

//! The tree changes while a submission is on its way.

use super::facts::{self, Facts};
use super::properties::restructure;
use crate::support::both;
use crate::support::submission::{actor, ruling};
use crate::support::tree::org;
use app::campaigns::QuotaKind;
use app::submissions::rules::Decision;
use app::submissions::{State, Submissions, actions};
use kernel::Role;

/// Township recommends to county, then the two change places: the submission comes to the township a second time. Its place
/// is the one that it took the first time, also when it has no other.
#[tokio::test]
async fn a_second_stay_at_the_same_desk_keeps_the_place_of_the_first() {
    both(async |app| {
        let app = app.with_tree().await;
        let call = app.a_campaign().quota(Some((QuotaKind::Number, 1))).create().await;
        let id = app.a_submission().to(&call).at(State::InReview).create().await.id;
        let recommend = ruling(Decision::Recommend);
        app.give(id, &recommend).await;
        assert_eq!(app.submission(id).await.holder, org("county-a"));
        restructure(&app).await;
        app.give(id, &recommend).await;
        assert_eq!(app.submission(id).await.holder, org("township-a"), "a second time");
        let places = async || {
            let held = Submissions(&mut app.db.read().await.unwrap()).places(id).await.unwrap();
            held.into_iter().map(|place| place.organisation).collect::<Vec<_>>()
        };
        let before = places().await;
        app.give(id, &recommend).await;
        assert_eq!((app.submission(id).await.holder, places().await), (org("city-a"), before));
        facts::promises_hold(&app, &Facts::read(&app).await).await;

        // Pulled back, the recommendation no longer holds and its one place is free for another.
        let now = app.submission(id).await;
        actions::pull_back(&app.app, &actor(Role::Reviewer, "township-a"), id, now.version).await.unwrap();
        assert!(!places().await.contains(&org("township-a")));
        facts::promises_hold(&app, &Facts::read(&app).await).await;
    })
    .await;
}

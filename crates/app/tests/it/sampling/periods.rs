//! Rates that change, reports that are forged, and a program that starts anew.

use super::{Viewer, a_mass, announce, counts, equals_a_recount, state};
use crate::support::both;
use app::watching::{Counts, Watching};
use kernel::Clock;
use serde_json::json;

#[tokio::test]
async fn s17_nobody_chooses_a_weight_or_reports_from_outside_the_sample() {
    both(async |app| {
        let app = app.with_tree().await;
        let broadcast = a_mass(&app).await;
        announce(&app, &broadcast, 10).await;
        app.clock.advance_ms(46_000);
        let drawn = Viewer::who(&app, &broadcast, 0, 10, true).await;
        let other = Viewer::who(&app, &broadcast, 0, 10, false).await;
        app.clock.advance_ms(60_000);
        let code = async |viewer: &Viewer, played_s: i64, more: serde_json::Value, status: u16| {
            let refused = viewer.reports(played_s, more).await.expect(status).json();
            refused["code"].as_str().unwrap_or_default().to_owned()
        };
        assert_eq!(code(&other, 40, json!({ "period": 1 }), 403).await, "outside-the-sample");
        assert_eq!(code(&drawn, 40, json!({ "period": 2 }), 409).await, "other-period");
        assert_eq!(code(&drawn, 40, json!({ "period": -1 }), 409).await, "other-period");
        assert_eq!(code(&other, 40, json!({}), 409).await, "other-period", "before the page was opened everybody reported");
        assert_eq!(code(&drawn, 40, json!({ "period": 1, "weight": 10_000 }), 400).await, "malformed");
        assert_eq!(code(&drawn, 140, json!({ "period": 1 }), 422).await, "unbelievable");
        assert_eq!(code(&drawn, 40, json!({ "period": 1, "before_s": 600 }), 422).await, "unbelievable");
        assert_eq!(code(&drawn, 40, json!({ "period": 1, "before_s": -1 }), 422).await, "unbelievable");
        assert_eq!(code(&drawn, i64::MAX, json!({ "period": 1, "before_s": i64::MAX }), 422).await, "unbelievable");
        assert_eq!(counts(&app, &broadcast).await, Counts::default());
        assert_eq!(state(&app, &broadcast).await["watching"], json!(null));

        for counted in [true, false] {
            assert_eq!(drawn.reports(40, json!({ "period": 1 })).await.expect(200).json()["counted"], counted);
        }
        assert_eq!(counts(&app, &broadcast).await, Counts { plays: 10, views: 10, watch_s: 400 }, "one for ten, and once");
        equals_a_recount(&app).await;
    })
    .await;
}

#[tokio::test]
async fn each_second_and_each_view_counts_with_the_rate_of_its_moment() {
    both(async |app| {
        let app = app.with_tree().await;
        let broadcast = a_mass(&app).await;
        let coarse = Viewer::who(&app, &broadcast, 0, 10, true).await;
        let mut from = 0;
        let fine = loop {
            let viewer = Viewer::who(&app, &broadcast, from, 2, true).await;
            if !viewer.is_in(10) {
                break viewer;
            }
            from += 1;
        };
        // Everybody, one in ten, one in two: 40 s each.
        for viewer in [&coarse, &fine] {
            app.clock.advance_ms(20_000);
            viewer.reports(20, json!({})).await.expect(200);
        }
        assert_eq!(counts(&app, &broadcast).await, Counts { plays: 2, views: 0, watch_s: 40 });
        announce(&app, &broadcast, 10).await;
        app.clock.advance_ms(40_000);
        let told = coarse.reports(40, json!({ "period": 1, "before_s": 20 })).await.expect(200).json();
        assert_eq!(told["counted"], true, "the view was in this period");
        fine.reports(40, json!({ "period": 1, "before_s": 20 })).await.expect(403);
        assert_eq!(counts(&app, &broadcast).await, Counts { plays: 2, views: 10, watch_s: 440 });
        announce(&app, &broadcast, 2).await;
        app.clock.advance_ms(40_000);
        for viewer in [&coarse, &fine] {
            let told = viewer.reports(40, json!({ "period": 2, "before_s": 60, "viewed": true })).await.expect(200).json();
            assert_eq!(told["counted"], false, "of who was left out then others told");
        }
        assert_eq!(counts(&app, &broadcast).await, Counts { plays: 2, views: 10, watch_s: 600 });

        // What comes late still counts as it would have, for a while.
        coarse.reports(45, json!({ "period": 1, "before_s": 20 })).await.expect(200);
        assert_eq!(counts(&app, &broadcast).await.watch_s, 600, "five seconds are no step");
        app.clock.advance_ms(150_000);
        assert_eq!(coarse.reports(50, json!({ "period": 1, "before_s": 20 })).await.expect(409).json()["code"], "other-period");
        equals_a_recount(&app).await;
    })
    .await;
}

#[tokio::test]
async fn periods_are_records_so_that_a_start_and_another_node_weigh_alike() {
    both(async |app| {
        let app = app.with_tree().await;
        let broadcast = a_mass(&app).await;
        announce(&app, &broadcast, 5).await;
        announce(&app, &broadcast, 20).await;
        let known = Watching(&mut app.db.read().await.unwrap()).periods(broadcast.id).await.unwrap();
        assert_eq!(known.iter().map(|p| (p.number, p.one_in.get())).collect::<Vec<_>>(), [(1, 5), (2, 20)]);
        let before = state(&app, &broadcast).await["sample"].clone();
        assert_eq!((&before["period"], &before["one_in"]), (&json!(2), &json!(20)));
        app.clock.advance_ms(1_000_000);
        app.audiences.tidy(app.clock.now());
        assert!(app.audiences.all().is_empty(), "forgotten as by a start");
        let after = state(&app, &broadcast).await["sample"].clone();
        assert_eq!(after, before);
        // Two nodes that announce the same number: the first one's word holds.
        let mut tx = app.db.begin().await.unwrap();
        assert!(!Watching(&mut tx).announce(broadcast.id, known[1]).await.unwrap());
        tx.commit().await.unwrap();
    })
    .await;
}

//! What the features post is what a recount reads from their records and the ledger.

use super::{post, settle};
use crate::support::submission::{actor, ruling};
use crate::support::{TestApp, binary, both, tree::org};
use app::deltas::Metric;
use app::lessons::LessonId;
use app::statistics;
use app::submissions::actions;
use app::submissions::rules::Decision;
use app::submissions::{State, Submission};
use app::watching;
use kernel::{Clock, Role};
use ledger::Event;

const DAY: i64 = 86_400_000;

/// One submission in each state, of two branches.
async fn in_every_state(app: &TestApp) -> Vec<Submission> {
    let mut made = Vec::new();
    for (n, state) in State::ALL.into_iter().enumerate() {
        let from = ["branch-a", "branch-d"][n % 2];
        made.push(app.a_submission().title(&format!("Lesson {n}")).from(from).at(state).create().await);
    }
    made
}

/// One view and a minute watched, on the ledger and folded.
async fn watched(app: &TestApp, lesson: LessonId, viewer: u128) {
    let event = |kind: u8, amount: u32| Event {
        kind,
        key: viewer,
        subject: lesson.as_u128(),
        group: org("branch-a").as_u128(),
        at: app.clock.now(),
        amount,
        weight: ledger::Weight::ONE,
        day: app.today().0,
    };
    let events = vec![event(watching::VIEW, 1), event(watching::WATCHED, 60), event(watching::PLAY, 1)];
    app.ledger().unwrap().append_all(events).await.unwrap();
    watching::work::fold(app, app.ledger().unwrap()).await.unwrap();
}

async fn expect_equal(app: &TestApp, when: &str) {
    let found = statistics::compare(app).await.unwrap();
    assert_eq!((found.figures, found.lessons), (vec![], 0), "{when}");
}

#[tokio::test]
async fn f6_what_the_features_post_equals_a_recount_of_their_records() {
    both(async |app| {
        let app = app.with_tree().await;
        let made = in_every_state(&app).await;
        watched(&app, made[0].lesson, 1).await;
        // The lessons were put there by the test, not by registering: nothing else may differ.
        let found = statistics::compare(&app).await.unwrap();
        assert!(found.lessons == 0 && !found.figures.is_empty());
        assert!(found.figures.iter().all(|one| one.metric == Metric::Lessons), "{:?}", found.figures);
        statistics::recount(&app).await.unwrap();
        expect_equal(&app, "after a recount").await;

        app.clock.advance_ms(2 * DAY);
        let of = |state: State| made.iter().find(|s| s.state == state).unwrap();
        app.hand_in(of(State::Draft).id).await;
        app.give(of(State::InReview).id, &ruling(Decision::Recommend)).await;
        app.hand_in(of(State::Returned).id).await;
        let public = of(State::Published);
        actions::unpublish(&app, &actor(Role::Editor, "province"), public.id, public.version, "mistake").await.unwrap();
        let chosen = of(State::Selected);
        actions::withdraw(&app, &actor(Role::Clerk, "branch-d"), chosen.id, chosen.version, "a test").await.unwrap();
        watched(&app, made[0].lesson, 2).await;
        expect_equal(&app, "with deltas that wait").await;
        settle(&app).await;
        expect_equal(&app, "after folding").await;
        let views = super::total_between(&app, org("province"), app.today().plus(-9), app.today()).await.total(Metric::Views);
        assert_eq!(views, 2);
    })
    .await;
}

#[tokio::test]
async fn recount_finds_what_was_tampered_with_and_mends_it() {
    let app = TestApp::now().await.with_tree().await;
    let lesson = app.a_lesson(org("branch-a")).create().await;
    post(&app, org("branch-a"), Metric::Lessons, "", 1).await;
    watched(&app, lesson, 1).await;
    settle(&app).await;
    let mut tx = app.db.begin().await.unwrap();
    tx.execute("update lesson_count set views = 7", vec![]).await.unwrap();
    tx.execute("update stat_cell set amounts = '{\"\":9}' where metric = 'views'", vec![]).await.unwrap();
    tx.commit().await.unwrap();
    app.ledger().unwrap().close().await.unwrap();
    let TestApp { app, dir, .. } = app;
    app.db.close().await;
    drop(app);
    for (args, code, says) in [
        (&["recount", "--check"][..], 3, "differ from the records, and the counts of 1 lessons"),
        (&["recount"], 0, "every figure equals the records"),
        (&["recount", "--check"], 0, "every figure equals the records"),
    ] {
        let output = binary::run(dir.path(), args).await;
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        assert_eq!(output.status.code(), Some(code), "{said}{}", String::from_utf8_lossy(&output.stderr));
        assert!(said.contains(says), "{said}");
    }
}

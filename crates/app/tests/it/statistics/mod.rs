//! Statistics: figures are exact at any moment, whatever happens to the tree.

mod bands;
mod burden;
mod crossing;
mod held;
mod line;
mod model;
mod pages;
mod random;
mod random_records;
mod records;
mod report;
mod whole;
mod workbooks;

use crate::support::{TestApp, both, tree::org};
use app::db::Tx;
use app::deltas::{self, Day, Fact, Metric};
use app::organisations::{self, OrganisationId};
use app::statistics::{self, Comparison, Difference, Figures, Period, Recount};
use kernel::{Actor, Grant, Id, Reach, Role};
use std::time::Duration;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

const TODAY: Day = Day(20_261_123);

fn day() -> Period {
    Period::new(TODAY, TODAY).unwrap()
}

async fn post(app: &TestApp, organisation: OrganisationId, metric: Metric, dimension: &str, amount: i64) {
    let mut tx = app.db.begin().await.unwrap();
    deltas::post(&mut tx, app.clock.as_ref(), organisation, app.today(), metric, dimension, amount).await.unwrap();
    tx.commit().await.unwrap();
}

async fn total(app: &TestApp, organisation: OrganisationId) -> Figures {
    total_between(app, organisation, TODAY, TODAY).await
}

async fn total_between(app: &TestApp, organisation: OrganisationId, first: Day, last: Day) -> Figures {
    let mut tx = app.db.read().await.unwrap();
    let period = Period::new(first, last).unwrap();
    let report = statistics::totals(app, &mut tx, organisation, &[period], &Metric::ALL).await.unwrap();
    report.total.into_iter().next().unwrap()
}

async fn compare_own(tx: &mut Tx, facts: impl IntoIterator<Item = Fact>) -> Vec<Difference> {
    let mut comparison = Comparison::default();
    comparison.add(facts);
    comparison.finish(tx).await.unwrap()
}

#[tokio::test]
async fn f7_a_figure_counts_at_once_and_once_only() {
    both(async |app| {
        let app = app.with_tree().await;
        post(&app, org("branch-a"), Metric::Submissions, "in_review", 2).await;
        for folded in [false, true] {
            for (code, wanted) in [("branch-a", 2), ("county-a", 2), ("province", 2), ("branch-b", 0), ("city-b", 0)] {
                assert_eq!(total(&app, org(code)).await.get(Metric::Submissions, "in_review"), wanted, "{code}, folded: {folded}");
            }
            assert_eq!(statistics::drain(&app).await.unwrap(), usize::from(!folded), "one delta, gone once folded");
        }
        // The state changes on the day of submission: one figure down, the other up.
        post(&app, org("branch-a"), Metric::Submissions, "in_review", -2).await;
        post(&app, org("branch-a"), Metric::Submissions, "selected", 2).await;
        let province = total(&app, org("province")).await;
        assert_eq!(province.of(Metric::Submissions).collect::<Vec<_>>(), [("selected", 2)]);
    })
    .await;
}

#[tokio::test]
async fn the_rows_of_a_report_make_up_its_total() {
    both(async |app| {
        let app = app.with_tree().await;
        for (code, amount) in [("county-a", 1), ("township-a", 2), ("branch-a", 4), ("branch-c", 8), ("city-b", 16)] {
            post(&app, org(code), Metric::Lessons, "", amount).await;
        }
        while statistics::drain(&app).await.unwrap() > 0 {}
        let mut tx = app.db.read().await.unwrap();
        let report = statistics::report(&app, &mut tx, org("county-a"), &[day()], &[Metric::Lessons]).await.unwrap();
        let lessons = |part: &[Figures]| part[0].total(Metric::Lessons);
        assert_eq!((lessons(&report.total), lessons(&report.own)), (15, 1));
        let children: Vec<_> = report.children.iter().map(|(id, part)| (*id, lessons(part))).collect();
        assert_eq!(children, [(org("township-a"), 6), (org("township-b"), 8)]);
    })
    .await;
}

#[tokio::test]
async fn figures_outside_the_period_or_the_metrics_asked_for_stay_out() {
    both(async |app| {
        let app = app.with_tree().await;
        post(&app, org("branch-a"), Metric::Lessons, "", 1).await;
        app.clock.advance_ms(86_400_000);
        post(&app, org("branch-a"), Metric::Lessons, "", 10).await;
        post(&app, org("branch-a"), Metric::Views, "", 100).await;
        for _ in 0..2 {
            let mut tx = app.db.read().await.unwrap();
            let report = statistics::report(&app, &mut tx, org("city-a"), &[day(), day().previous()], &[Metric::Lessons]).await.unwrap();
            assert_eq!(report.total.iter().map(|f| f.total(Metric::Lessons)).collect::<Vec<_>>(), [1, 0]);
            assert_eq!(report.total[0].total(Metric::Views), 0);
            drop(tx);
            statistics::drain(&app).await.unwrap();
        }
    })
    .await;
}

#[tokio::test]
async fn a_tampered_figure_is_found_and_a_recount_mends_it() {
    both(async |app| {
        let app = app.with_tree().await;
        let fact = Fact { organisation: org("branch-a"), day: TODAY, metric: Metric::Lessons, dimension: String::new(), amount: 3 };
        post(&app, fact.organisation, fact.metric, "", fact.amount).await;
        statistics::drain(&app).await.unwrap();
        let mut tx = app.db.begin().await.unwrap();
        assert_eq!(statistics::compare_cells(&app, &mut tx, Duration::ZERO).await.unwrap(), []);
        assert_eq!(compare_own(&mut tx, [fact.clone()]).await, []);
        tx.execute("update stat_cell set amounts = '{\"\":4}' where day = 20261123", vec![]).await.unwrap();
        tx.execute("update stat_own set amounts = '{\"\":2}'", vec![]).await.unwrap();
        let own = compare_own(&mut tx, [fact.clone()]).await;
        assert_eq!(
            own.iter().map(|d| (d.organisation, d.day, d.missing)).collect::<Vec<_>>(),
            [(org("branch-a"), 202_611, 1), (org("branch-a"), 20_261_123, 1)]
        );
        let cells = statistics::compare_cells(&app, &mut tx, Duration::ZERO).await.unwrap();
        assert!(cells.iter().any(|d| d.organisation == org("township-a") && d.day == 20_261_123 && d.missing == -2), "{cells:?}");
        tx.commit().await.unwrap();

        let mut recount = Recount::begin(&app).await.unwrap();
        recount.add([fact.clone()]).await.unwrap();
        recount.finish().await.unwrap();
        let mut tx = app.db.read().await.unwrap();
        assert_eq!(statistics::compare_cells(&app, &mut tx, Duration::ZERO).await.unwrap(), []);
        assert_eq!(compare_own(&mut tx, [fact]).await, []);
    })
    .await;
}

#[tokio::test]
async fn workers_fold_what_is_posted_and_two_of_them_fold_nothing_twice() {
    both(async |app| {
        let app = app.with_tree().await;
        let (tracker, stop) = (TaskTracker::new(), CancellationToken::new());
        for _ in 0..2 {
            tracker.spawn(statistics::work::keep(app.app.clone(), stop.clone()));
        }
        for _ in 0..50 {
            post(&app, org("branch-a"), Metric::Views, "", 1).await;
        }
        let waits = async || deltas::any(&mut app.db.read().await.unwrap()).await.unwrap();
        while waits().await {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        stop.cancel();
        tracker.close();
        tracker.wait().await;
        assert_eq!(total(&app, org("province")).await.total(Metric::Views), 50);
    })
    .await;
}

/// The administrator of the whole tree.
fn keeper() -> Actor {
    let grant = Grant { organisation: org("province"), role: Role::Administrator, reach: Reach::Subtree };
    Actor { account: Id::from_u128(1), grants: vec![grant], scopes: None }
}

/// Works as the server does until no job waits and nothing is left to fold.
async fn settle(app: &TestApp) {
    let (tracker, stop) = (TaskTracker::new(), CancellationToken::new());
    app::work::start(app, &tracker, &stop);
    tracker.close();
    let open = async || {
        let mut tx = app.db.read().await.unwrap();
        let jobs = "select count(*) from job where kind = 'statistics.refold' and state in ('queued', 'running')";
        deltas::any(&mut tx).await.unwrap() || tx.fetch_int(jobs, vec![]).await.unwrap() > 0
    };
    while open().await {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    stop.cancel();
    tracker.wait().await;
}

#[tokio::test]
async fn a3_the_trees_own_moves_and_merges_carry_their_figures_along() {
    both(async |app| {
        let app = app.with_tree().await;
        post(&app, org("branch-a"), Metric::Lessons, "", 1).await;
        post(&app, org("branch-c"), Metric::Lessons, "", 2).await;
        settle(&app).await;
        let lessons = async |code: &str| total(&app, org(code)).await.total(Metric::Lessons);
        let to = |code: &str| organisations::actions::When { effective: code.into(), seen: None };
        // Twice on one day: the second place replaces the first, which must not keep any figure.
        for code in ["county-b", "county-c"] {
            organisations::actions::move_under(&app, &keeper(), org("township-a"), org(code), &to("2026-11-23")).await.unwrap();
            settle(&app).await;
        }
        let after_move = [("county-a", 2), ("county-b", 0), ("county-c", 1), ("city-a", 2), ("city-b", 1), ("province", 3)];
        for (code, wanted) in after_move {
            assert_eq!(lessons(code).await, wanted, "{code} after the move");
        }
        // From tomorrow on: today's figures stay where they are.
        organisations::actions::move_under(&app, &keeper(), org("branch-a"), org("county-a"), &to("2026-11-24")).await.unwrap();
        organisations::actions::merge(&app, &keeper(), org("county-a"), org("county-b"), &to("2026-11-23")).await.unwrap_err();
        organisations::actions::merge(&app, &keeper(), org("township-b"), org("county-b"), &to("2026-11-20")).await.unwrap();
        settle(&app).await;
        for (code, wanted) in [("county-a", 0), ("county-b", 2), ("township-b", 0), ("county-c", 1), ("city-a", 2), ("province", 3)] {
            assert_eq!(lessons(code).await, wanted, "{code} after the merge");
        }
        let mut tx = app.db.read().await.unwrap();
        assert_eq!(statistics::compare_cells(&app, &mut tx, Duration::ZERO).await.unwrap(), []);
    })
    .await;
}

//! A random life of a random tree, checked against loops over lists.

use super::model::{DAYS, Model};
use crate::support::{TestApp, both};
use app::deltas::Metric;
use app::statistics::{self, Recount};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;

const ORGANISATIONS: usize = 16;
const CASES: usize = 4;

#[derive(Debug, Clone)]
enum Step {
    Fact { who: usize, day: i64, metric: usize, dimension: usize, amount: i64 },
    Move { child: usize, parent: usize, day: i64, hour: i64 },
    Merge { from: usize, into: usize, day: i64, hour: i64 },
    Held { who: usize, day: i64, kind: usize, people: i64 },
    Voided { which: usize },
    Drain,
    Refold,
    Check { first: i64, length: i64 },
}

fn step() -> impl Strategy<Value = Step> {
    let who = || 0..ORGANISATIONS;
    let day = || 0..DAYS;
    prop_oneof![
        12 => (who(), day(), 2usize..9, 0usize..2, -2i64..9)
            .prop_map(|(who, day, metric, dimension, amount)| Step::Fact { who, day, metric, dimension, amount }),
        8 => (who(), day(), 0usize..4, 0i64..90).prop_map(|(who, day, kind, people)| Step::Held { who, day, kind, people }),
        3 => (0usize..40).prop_map(|which| Step::Voided { which }),
        3 => (who(), who(), day(), 0i64..24).prop_map(|(child, parent, day, hour)| Step::Move { child, parent, day, hour }),
        1 => (who(), who(), day(), 0i64..24).prop_map(|(from, into, day, hour)| Step::Merge { from, into, day, hour }),
        2 => Just(Step::Drain),
        1 => Just(Step::Refold),
        1 => (day(), 0i64..90).prop_map(|(first, length)| Step::Check { first, length }),
    ]
}

/// A tree whose first organisation is a root; about one in eight of the others is one too.
fn parents() -> impl Strategy<Value = Vec<Option<usize>>> {
    proptest::collection::vec((any::<prop::sample::Index>(), 0u8..8), ORGANISATIONS)
        .prop_map(|picks| picks.iter().enumerate().map(|(n, (p, root))| (n > 0 && *root > 0).then(|| p.index(n))).collect())
}

async fn live(model: &mut Model, step: Step) {
    match step {
        Step::Fact { who, day, metric, dimension, amount } => {
            model.fact(who, day, Metric::ALL[metric], ["", "in_review"][dimension], amount).await;
        }
        Step::Held { who, day, kind, people } => model.held(who, day, 12, kind, people).await,
        Step::Voided { which } => model.voided(which).await,
        Step::Move { child, parent, day, hour } => model.moves(child, parent, day, hour).await,
        Step::Merge { from, into, day, hour } => model.merge(from, into, day, hour).await,
        Step::Drain => drop(statistics::drain(&model.app).await.unwrap()),
        Step::Refold => model.refold().await,
        Step::Check { first, length } => model.check(first, first + length).await,
    }
}

async fn life(app: TestApp, parents: Vec<Option<usize>>, steps: Vec<Step>) {
    let mut model = Model::new(app, &parents).await;
    for step in steps {
        live(&mut model, step).await;
    }
    model.check(0, DAYS).await;
    model.check_roots().await;
    while statistics::drain(&model.app).await.unwrap() > 0 {}
    let mut tx = model.app.db.read().await.unwrap();
    assert_eq!(statistics::compare_cells(&model.app, &mut tx, std::time::Duration::ZERO).await.unwrap(), []);
    assert_eq!(super::compare_own(&mut tx, model.facts()).await, []);
    drop(tx);
    let mut recount = Recount::begin(&model.app).await.unwrap();
    recount.add(model.facts()).await.unwrap();
    recount.finish().await.unwrap();
    model.check(0, DAYS).await;
    model.check(13, 57).await;
}

/// For every organisation and period, after random facts, moves and merges on random days (past ones too) and drains
/// in between: what is read is what counting the facts one by one gives, and the roots hold every fact.
#[tokio::test]
async fn a3_f6_figures_equal_a_naive_count_through_moves_and_merges() {
    both(async |first| {
        let postgres = !first.config.database.is_empty();
        let mut runner = TestRunner::deterministic();
        let mut app = Some(first);
        for _ in 0..CASES {
            let parents = parents().new_tree(&mut runner).unwrap().current();
            let steps = proptest::collection::vec(step(), 100..125).new_tree(&mut runner).unwrap().current();
            let app = match app.take() {
                Some(app) => app,
                None if postgres => TestApp::postgres(&std::env::var("KAIJIANG_TEST_POSTGRES").unwrap()).await,
                None => TestApp::sqlite().await,
            };
            life(app, parents, steps).await;
        }
    })
    .await;
}

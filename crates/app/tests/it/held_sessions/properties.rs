//! Random clerks and superiors do what they like, rightly and wrongly; the figures always equal the records.

use super::figures;
use crate::support::held::{fields, id, save_over};
use crate::support::tree::org;
use crate::support::{TestApp, cluster};
use app::held_sessions::actions::{self, Save, Verdict};
use app::held_sessions::rules::Move;
use app::held_sessions::{HeldSessions, SessionFields};
use kernel::{Actor, Role};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use tokio::runtime::Runtime;

const BRANCHES: [&str; 3] = ["branch-a", "branch-b", "branch-c"];
const DAYS: [&str; 4] = ["2026-11-20T19:30", "2026-11-20T08:00", "2026-10-31T23:59", "2026-11-01T00:00"];

#[derive(Debug, Clone)]
enum Try {
    Save { day: usize, form: usize, people: i64, stale: bool, why: bool },
    Again,
    Decide(Move),
    Close,
}

/// What is tried, on which of a few held sessions.
#[derive(Debug, Clone)]
struct Step {
    n: usize,
    what: Try,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let save = (0..DAYS.len(), 0..3_usize, 0..50_i64, prop::bool::weighted(0.1), any::<bool>())
        .prop_map(|(day, form, people, stale, why)| Try::Save { day, form, people, stale, why });
    let what = prop_oneof![
        8 => save,
        2 => Just(Try::Again),
        4 => prop::sample::select(Move::VERDICTS.to_vec()).prop_map(Try::Decide),
        1 => Just(Try::Close),
    ];
    prop::collection::vec((0..5_usize, what).prop_map(|(n, what)| Step { n, what }), 1..40)
}

struct World {
    app: TestApp,
    clerk: Actor,
    above: Actor,
    last: Vec<Option<Save>>,
}

impl World {
    async fn new(app: TestApp) -> Self {
        let app = app.with_tree().await;
        let clerk = app.somebody("clerk", Role::Clerk, "county-a").await;
        let above = app.somebody("above", Role::Reviewer, "city-a").await;
        Self { app, clerk, above, last: vec![None; 5] }
    }

    async fn step(&mut self, Step { n, what }: &Step) {
        let (app, known) = (&self.app, self.version(*n).await);
        match what {
            Try::Save { day, form, people, stale, why } => {
                let told =
                    SessionFields { held_at: DAYS[*day].into(), form: ["", "story", "lecture"][*form].into(), people: *people, ..fields() };
                let based_on = if *stale { known + 1 } else { known };
                let reason = if *why { "counted again".into() } else { String::new() };
                let save = Save { reason, ..save_over(id(*n as u128), BRANCHES[n % 3], based_on, told) };
                let _ = actions::save(app, &self.clerk, save.clone()).await;
                self.last[*n] = Some(save);
            }
            Try::Again => {
                if let Some(save) = self.last[*n].clone() {
                    let before = figures::posted(app).await;
                    if matches!(actions::save(app, &self.clerk, save).await, Ok(actions::Saved::Done(one)) if one.version <= known) {
                        assert_eq!(figures::posted(app).await, before, "a repetition counts nothing");
                    }
                }
            }
            Try::Decide(mv) => {
                let verdict = Verdict { mv: *mv, reason: "as seen".into() };
                let _ = actions::decide(app, &self.above, id(*n as u128), known, &verdict).await;
            }
            Try::Close => drop(actions::close_month(app, &self.above, org("county-a"), 202_610).await),
        }
    }

    async fn version(&self, n: usize) -> i64 {
        let mut tx = self.app.db.read().await.unwrap();
        HeldSessions(&mut tx).find(id(n as u128)).await.unwrap().map_or(0, |one| one.version)
    }

    async fn holds(&self) {
        let (posted, table) = (figures::posted(&self.app).await, figures::recounted(&self.app).await);
        assert_eq!(posted, table, "deltas and records");
        assert_eq!(figures::summed(&self.app, &BRANCHES.map(org)).await, table, "sums and records");
        self.revisions_are_whole().await;
    }

    /// Each record has one revision a version, the newest of which says what the record says.
    async fn revisions_are_whole(&self) {
        let mut tx = self.app.db.read().await.unwrap();
        for n in 0..5 {
            let Some(one) = HeldSessions(&mut tx).find(id(n)).await.unwrap() else { continue };
            let revisions = HeldSessions(&mut tx).revisions(one.id, 1_000).await.unwrap();
            assert_eq!(revisions.len() as i64, one.version);
            assert_eq!((&revisions[0].fields, revisions[0].state), (&one.told.fields(&self.app.zone), one.state));
        }
    }
}

fn hold_on(fresh: impl AsyncFn() -> TestApp, cases: u32) {
    let runtime = Runtime::new().unwrap();
    let mut runner = TestRunner::new(Config { cases, failure_persistence: None, ..Config::default() });
    runner
        .run(&steps(), |steps| {
            runtime.block_on(async {
                let mut world = World::new(fresh().await).await;
                for step in &steps {
                    world.step(step).await;
                }
                world.holds().await;
            });
            Ok(())
        })
        .unwrap();
}

#[test]
fn f6_figures_equal_the_records_after_random_acts_on_sqlite() {
    hold_on(async || TestApp::sqlite().await, 40);
}

#[test]
fn f6_figures_equal_the_records_after_random_acts_on_postgres() {
    hold_on(async || TestApp::postgres(&cluster()).await, 10);
}

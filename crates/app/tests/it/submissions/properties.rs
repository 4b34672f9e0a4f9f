//! Random people make random moves, rightly and wrongly; after each of them the promises of the module hold.

use super::facts::{self, Facts};
use crate::support::TestApp;
use crate::support::submission::{actor, colleague, ruling};
use crate::support::tree::org;
use app::campaigns::{Call, QuotaKind};
use app::organisations;
use app::problem::Problem;
use app::submissions::rules::{Decision, Move};
use app::submissions::{AwardLevel, State, Submission, SubmissionId, actions};
use kernel::{Actor, Role};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use tokio::runtime::Runtime;

/// What is tried on the `n`th submission.
#[derive(Debug, Clone)]
enum Try {
    Submit,
    Open,
    Decide(Decision),
    PullBack,
    Withdraw,
    Reserve(bool),
    Approve(u128),
    Unpublish,
    Award(AwardLevel),
    TakeAwardBack,
    Rank,
    Batch(Decision),
    /// The tree changes from one shape to the other: see [`restructure`].
    Restructure,
}

/// A try, by whom, and whether over the version as it is or an older one.
#[derive(Debug, Clone)]
struct Step {
    n: prop::sample::Index,
    what: Try,
    /// None: somebody who may. Otherwise anybody, anywhere.
    who: Option<(prop::sample::Index, prop::sample::Index)>,
    stale: bool,
}

const OWNERS: [&str; 4] = ["branch-a", "branch-b", "branch-c", "branch-d"];
const PLACES: [&str; 9] = ["province", "city-a", "city-b", "county-a", "county-c", "township-a", "township-b", "branch-a", "branch-c"];
const ROLES: [Role; 5] = [Role::Clerk, Role::Reviewer, Role::Editor, Role::Auditor, Role::Viewer];

fn tries() -> impl Strategy<Value = Try> {
    let decision = || prop::sample::select(Decision::ALL.to_vec());
    prop_oneof![
        4 => Just(Try::Submit),
        1 => Just(Try::Open),
        8 => Just(Try::Decide(Decision::Recommend)),
        3 => decision().prop_map(Try::Decide),
        2 => Just(Try::PullBack),
        1 => Just(Try::Withdraw),
        1 => any::<bool>().prop_map(Try::Reserve),
        4 => (0_u128..4).prop_map(Try::Approve),
        1 => Just(Try::Unpublish),
        3 => prop::sample::select(AwardLevel::ALL.to_vec()).prop_map(Try::Award),
        1 => Just(Try::TakeAwardBack),
        1 => Just(Try::Rank),
        1 => decision().prop_map(Try::Batch),
        1 => Just(Try::Restructure),
    ]
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let index = any::<prop::sample::Index>;
    let who = prop_oneof![4 => Just(None), 1 => (index(), index()).prop_map(Some)];
    let step = (index(), tries(), who, prop::bool::weighted(0.1)).prop_map(|(n, what, who, stale)| Step { n, what, who, stale });
    prop::collection::vec(step, 10..60)
}

/// Somebody whose place it would be to make this try now.
fn rightly(app: &TestApp, now: &Submission, what: &Try) -> Actor {
    let tree = app.tree.load();
    let at = |organisation| tree.get(organisation).map(|node| node.code.clone()).unwrap_or_default();
    match what {
        Try::Submit | Try::Withdraw => actor(Role::Clerk, &at(now.organisation)),
        Try::Open | Try::Decide(_) | Try::Reserve(_) | Try::Rank | Try::Batch(_) => actor(Role::Reviewer, &at(now.holder)),
        Try::PullBack => {
            let path = tree.path_up(now.organisation);
            let sender = path.iter().take_while(|o| **o != now.holder).last().copied().unwrap_or(now.organisation);
            let role = if sender == now.organisation { Role::Clerk } else { Role::Reviewer };
            actor(role, &at(sender))
        }
        Try::Approve(n) => colleague(Role::Editor, "province", *n),
        Try::Unpublish | Try::Award(_) | Try::TakeAwardBack => actor(Role::Editor, "province"),
        Try::Restructure => actor(Role::Administrator, "province"),
    }
}

async fn attempt(app: &TestApp, who: &Actor, now: &Submission, seen: i64, what: &Try) -> Result<bool, Problem> {
    let (app, id) = (&app.app, now.id);
    match what {
        Try::Submit => actions::submit(app, who, id, seen).await.map(|_| true),
        Try::Open => actions::open(app, who, id).await,
        Try::Decide(decision) => actions::decide(app, who, id, seen, &ruling(*decision)).await.map(|()| true),
        Try::PullBack => actions::pull_back(app, who, id, seen).await.map(|()| true),
        Try::Withdraw => actions::withdraw(app, who, id, seen, "no more").await.map(|()| true),
        Try::Reserve(on) => actions::reserve(app, who, id, seen, *on).await.map(|()| true),
        Try::Approve(_) => actions::approve(app, who, id, seen, "").await.map(|_| true),
        Try::Unpublish => actions::unpublish(app, who, id, seen, "rights").await.map(|()| true),
        Try::Award(level) => actions::give_award(app, who, id, seen, *level).await.map(|()| true),
        Try::TakeAwardBack => actions::take_award_back(app, who, id, seen, "rights").await.map(|()| true),
        Try::Rank => rank(app, who, now).await,
        Try::Batch(decision) => {
            let preview = actions::preview(app, who, &[id], &ruling(*decision)).await?;
            actions::confirm(app, who, &preview.token, &ruling(*decision)).await.map(|_| true)
        }
        Try::Restructure => unreachable!("no act on a submission"),
    }
}

/// County and township change places, the branch stays below both: what climbed from the township to the county comes to
/// the township a second time.
pub async fn restructure(app: &TestApp) {
    let (branch, township, county, city) = (org("branch-a"), org("township-a"), org("county-a"), org("city-a"));
    let upright = app.tree.load().parent(township) == Some(county);
    let turned = [(township, city), (branch, county), (county, township)];
    let back = [(county, city), (township, county), (branch, township)];
    let administrator = actor(Role::Administrator, "province");
    for (child, parent) in if upright { turned } else { back } {
        let today = organisations::actions::When { effective: String::new(), seen: None };
        organisations::actions::move_under(&app.app, &administrator, child, parent, &today).await.unwrap();
    }
}

/// Gives the submission the first rank; false when it had it before.
async fn rank(app: &app::state::App, who: &Actor, now: &Submission) -> Result<bool, Problem> {
    let before = app::submissions::Submissions(&mut app.db.read().await.unwrap()).hops(now.id).await.unwrap();
    let ranked = before.last().and_then(|hop| hop.rank) == Some(1);
    actions::rank(app, who, now.holder, now.campaign, now.category, &[now.id]).await.map(|()| !ranked)
}

/// Makes one try and checks what it left: one audit record when it was done, nothing at all when it was refused.
async fn check(app: &TestApp, all: &[SubmissionId], step: &Step) {
    if matches!(step.what, Try::Restructure) {
        return restructure(app).await;
    }
    let now = app.submission(all[step.n.index(all.len())]).await;
    let seen = if step.stale { now.version - 1 } else { now.version };
    let who = match &step.who {
        None => rightly(app, &now, &step.what),
        Some((role, place)) => actor(ROLES[role.index(ROLES.len())], PLACES[place.index(PLACES.len())]),
    };
    let before = Facts::read(app).await;
    let done = attempt(app, &who, &now, seen, &step.what).await;
    let after = Facts::read(app).await;
    match &done {
        Ok(true) => assert_eq!(after.audited, before.audited + 1, "one audit record for {step:?}"),
        Ok(false) => assert_eq!(after, before, "nothing was left to do for {step:?}"),
        Err(problem) => {
            assert!(problem.status.is_client_error(), "{step:?}: {}", problem.code);
            assert_eq!(after, before, "refused ({}) and yet changed: {step:?}", problem.code);
        }
    }
    facts::promises_hold(app, &after).await;
    // A preview made anew is a new act, so a batch is not repeated by trying again.
    if matches!(done, Ok(true)) && !matches!(step.what, Try::Batch(_)) {
        let again = attempt(app, &who, &now, seen, &step.what).await;
        assert!(!matches!(again, Ok(true)), "{step:?} was done twice");
        assert_eq!(Facts::read(app).await, after, "repeated and yet changed: {step:?}");
    }
}

async fn story(app: TestApp, steps: &[Step]) {
    let app = app.with_tree().await;
    let call: Call = app.a_campaign().quota(Some((QuotaKind::Number, 2))).create().await;
    let mut all = Vec::new();
    for owner in OWNERS {
        all.push(app.a_submission().from(owner).to(&call).create().await.id);
    }
    for step in steps {
        check(&app, &all, step).await;
    }
}

fn run(cases: u32, app: impl AsyncFn() -> TestApp) {
    let runtime = Runtime::new().unwrap();
    let mut runner = TestRunner::new(Config { cases, failure_persistence: None, max_shrink_iters: 200, ..Config::default() });
    let told = runner.run(&steps(), |steps| {
        let one = async { story(app().await, &steps).await };
        let held = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| runtime.block_on(one)));
        held.map_err(|cause| TestCaseError::fail(cause.downcast_ref::<String>().cloned().unwrap_or_else(|| "a promise broke".into())))
    });
    told.unwrap_or_else(|e| panic!("{e}"));
}

#[test]
fn promises_hold_after_random_moves_on_sqlite() {
    run(12, TestApp::sqlite);
}

#[test]
fn promises_hold_after_random_moves_on_postgres() {
    let cluster = std::env::var("KAIJIANG_TEST_POSTGRES").expect("run by scripts/with-postgres, which sets KAIJIANG_TEST_POSTGRES");
    run(5, async || TestApp::postgres(&cluster).await);
}

/// What `options` offers is what can be done, for everybody and in every state: nothing more, nothing less.
#[tokio::test]
async fn what_is_offered_is_what_can_be_done() {
    let app = TestApp::sqlite().await.with_tree().await;
    let call = app.a_campaign().quota(None).create().await;
    let people = [(Role::Clerk, "branch-a"), (Role::Reviewer, "township-a"), (Role::Reviewer, "province"), (Role::Editor, "province")];
    for state in State::ALL {
        for (role, code) in people {
            for mv in Move::ALL {
                let made = app.a_submission().to(&call).at(state).create().await;
                let who = actor(role, code);
                let dossier = app::submissions::dossier(&app.app, &who, made.id).await;
                let offered = dossier.is_ok_and(|d| d.options.contains(&mv));
                let what = match mv {
                    Move::Submit | Move::Resubmit => Try::Submit,
                    Move::Recommend | Move::Select => Try::Decide(Decision::Recommend),
                    Move::Return => Try::Decide(Decision::Return),
                    Move::Keep => Try::Decide(Decision::Keep),
                    Move::Reject => Try::Decide(Decision::Reject),
                    Move::PullBack => Try::PullBack,
                    Move::Withdraw => Try::Withdraw,
                    Move::Publish => Try::Approve(0),
                    Move::Unpublish => Try::Unpublish,
                };
                // One try stands for two moves; which of them is decided by the state or the desk.
                let twin = match mv {
                    Move::Submit => state == State::Returned,
                    Move::Resubmit => state == State::Draft,
                    Move::Select => made.holder != org("province"),
                    Move::Recommend => made.holder == org("province"),
                    _ => false,
                };
                let done = attempt(&app, &who, &made, made.version, &what).await.is_ok();
                assert!(twin || offered == done, "{mv:?} from {state:?} by {role:?} of {code}: offered {offered}, done {done}");
            }
        }
    }
}

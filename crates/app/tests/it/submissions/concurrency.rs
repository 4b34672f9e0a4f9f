//! Two people at the same moment: the last place is given once, one verdict counts, and nobody waits in a circle.

use super::facts::{self, Facts};
use crate::support::submission::{actor, colleague, ruling};
use crate::support::tree::org;
use crate::support::{TestApp, both};
use app::campaigns::{Call, QuotaKind};
use app::problem::Problem;
use app::submissions::rules::Decision;
use app::submissions::{State, Submission, actions};
use kernel::Role;
use tokio::task::JoinSet;

/// `n` submissions of two branches that wait at their township.
async fn waiting(app: &TestApp, call: &Call, n: usize) -> Vec<Submission> {
    let mut made = Vec::new();
    for n in 0..n {
        let from = if n % 2 == 0 { "branch-a" } else { "branch-b" };
        made.push(app.a_submission().from(from).to(call).at(State::InReview).create().await);
    }
    made
}

fn outcomes(results: Vec<Result<(), Problem>>) -> (usize, Vec<&'static str>) {
    let done = results.iter().filter(|r| r.is_ok()).count();
    let mut codes: Vec<_> = results.into_iter().filter_map(Result::err).map(|p| p.code).collect();
    codes.sort_unstable();
    (done, codes)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn s22_the_last_places_are_given_once_however_many_ask_at_the_same_moment() {
    both(async |app| {
        let app = app.with_tree().await;
        let call = app.a_campaign().quota(Some((QuotaKind::Number, 3))).create().await;
        let made = waiting(&app, &call, 8).await;
        let mut clerks = JoinSet::new();
        for (n, seen) in made.into_iter().enumerate() {
            let (app, who) = (app.app.clone(), colleague(Role::Reviewer, "township-a", n as u128));
            clerks.spawn(async move { actions::decide(&app, &who, seen.id, seen.version, &ruling(Decision::Recommend)).await });
        }
        let (done, codes) = outcomes(clerks.join_all().await);
        assert_eq!((done, codes), (3, vec!["quota-used-up"; 5]));
        facts::promises_hold(&app, &Facts::read(&app).await).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn s22_of_two_verdicts_at_the_same_moment_one_counts() {
    both(async |app| {
        let app = app.with_tree().await;
        let call = app.a_campaign().quota(None).create().await;
        let seen = waiting(&app, &call, 1).await.remove(0);
        let before = Facts::read(&app).await.audited;
        let mut reviewers = JoinSet::new();
        for (n, decision) in Decision::ALL.into_iter().enumerate() {
            let (app, seen, who) = (app.app.clone(), seen.clone(), colleague(Role::Reviewer, "township-a", n as u128));
            reviewers.spawn(async move { actions::decide(&app, &who, seen.id, seen.version, &ruling(decision)).await });
        }
        let (done, codes) = outcomes(reviewers.join_all().await);
        assert_eq!((done, codes), (1, vec!["moved-meanwhile"; 3]));
        let after = Facts::read(&app).await;
        assert_eq!(after.audited, before + 1);
        facts::promises_hold(&app, &after).await;
    })
    .await;
}

/// Batches in opposite orders, withdrawals and pull-backs over the same rows and quotas: refusals, never a deadlock.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn s22_batches_withdrawals_and_verdicts_at_the_same_moment_do_not_wait_in_a_circle() {
    both(async |app| {
        let app = app.with_tree().await;
        let call = app
            .a_campaign()
            .category("second", crate::support::campaign::video_required())
            .quota(Some((QuotaKind::Number, 4)))
            .create()
            .await;
        let mut made = waiting(&app, &call, 4).await;
        for _ in 0..4 {
            made.push(app.a_submission().to(&call).in_category(call.categories[1].id).at(State::InReview).create().await);
        }
        let mut people = JoinSet::new();
        for n in 0..12_usize {
            let (app, mut seen) = (app.app.clone(), made.clone());
            people.spawn(async move {
                seen.rotate_left(n % 8);
                if n % 2 == 0 {
                    seen.reverse();
                }
                one_of_many(&app, n, &seen).await
            });
        }
        for problem in people.join_all().await.into_iter().filter_map(Result::err) {
            assert!(problem.status.is_client_error(), "{}", problem.code);
        }
        facts::promises_hold(&app, &Facts::read(&app).await).await;
    })
    .await;
}

async fn one_of_many(app: &app::state::App, n: usize, seen: &[Submission]) -> Result<(), Problem> {
    let reviewer = colleague(Role::Reviewer, "township-a", n as u128);
    let ids: Vec<_> = seen.iter().map(|s| s.id).collect();
    let recommend = ruling(Decision::Recommend);
    match n % 4 {
        0 | 1 => {
            let preview = actions::preview(app, &reviewer, &ids, &recommend).await?;
            actions::confirm(app, &reviewer, &preview.token, &recommend).await.map(drop)
        }
        2 => {
            let clerk = actor(Role::Clerk, "township-a");
            actions::withdraw(app, &clerk, seen[0].id, seen[0].version, "no more").await
        }
        _ => {
            let same: Vec<_> = seen.iter().filter(|s| s.category == seen[0].category).map(|s| s.id).collect();
            actions::rank(app, &reviewer, org("township-a"), seen[0].campaign, seen[0].category, &same).await
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn s22_three_approvals_at_the_same_moment_publish_once() {
    both(async |app| {
        let app = app.with_tree().await;
        let seen = app.a_submission().at(State::Selected).create().await;
        let mut editors = JoinSet::new();
        for n in 0..6_u128 {
            let (app, who, id) = (app.app.clone(), colleague(Role::Editor, "province", n), seen.id);
            editors.spawn(async move {
                // Everybody tries again with the version that the refusal told, until it is published.
                let mut version = seen.version;
                loop {
                    let Err(problem) = actions::approve(&app, &who, id, version, "").await else { return Ok(()) };
                    let told = problem.args.iter().find(|(name, _)| *name == "version").and_then(|(_, v)| v.parse().ok());
                    match told {
                        Some(now) if problem.code == "moved-meanwhile" => version = now,
                        _ => return Err(problem),
                    }
                }
            });
        }
        let (done, codes) = outcomes(editors.join_all().await);
        assert_eq!((done, codes), (3, vec!["not-possible"; 3]));
        assert_eq!(app.submission(seen.id).await.state, State::Published);
        facts::promises_hold(&app, &Facts::read(&app).await).await;
    })
    .await;
}

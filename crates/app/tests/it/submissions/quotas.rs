//! B4: places by a share of what arrived, and by members, given until they are used up.

use crate::support::submission::{actor, ruling};
use crate::support::tree::org;
use crate::support::{TestApp, both};
use app::campaigns::{Call, QuotaKind};
use app::submissions::rules::Decision;
use app::submissions::{State, SubmissionId, actions};
use kernel::Role;

async fn arrive(app: &TestApp, call: &Call, n: usize) -> Vec<SubmissionId> {
    let mut made = Vec::new();
    for n in 0..n {
        let from = if n % 2 == 0 { "branch-a" } else { "branch-b" };
        made.push(app.a_submission().from(from).to(call).at(State::InReview).create().await.id);
    }
    made
}

/// Recommends as the township; the code of the refusal, or none.
async fn recommend(app: &TestApp, id: SubmissionId) -> Option<(&'static str, String)> {
    let seen = app.submission(id).await;
    let done = actions::decide(&app.app, &actor(Role::Reviewer, "township-a"), id, seen.version, &ruling(Decision::Recommend)).await;
    done.err().map(|p| (p.code, p.args.iter().find(|(name, _)| *name == "places").map(|(_, n)| n.clone()).unwrap_or_default()))
}

/// Places of the township as a program reads them.
async fn told(app: &TestApp, call: &Call) -> (i64, i64) {
    let township = app.anonymous().signed_in("reviewer", crate::support::tree::PASSWORD).await;
    let path = format!("/api/v1/submissions/quotas?holder={}&campaign={}", org("township-a"), call.campaign.id);
    let quotas = township.get(&path).await.expect(200).json();
    let main =
        quotas.as_array().or_else(|| quotas["items"].as_array()).and_then(|all| all.first()).unwrap_or_else(|| panic!("{quotas}")).clone();
    (main["places"].as_i64().unwrap_or_else(|| panic!("{quotas}")), main["used"].as_i64().unwrap_or_else(|| panic!("{quotas}")))
}

#[tokio::test]
async fn b4_a_share_of_what_arrived_grows_with_every_arrival() {
    both(async |app| {
        let app = app.with_tree().await;
        app.account("reviewer", Role::Reviewer, "township-a").await;
        let call = app.a_campaign().quota(Some((QuotaKind::Percent, 50))).create().await;
        let first = arrive(&app, &call, 3).await;
        assert_eq!(told(&app, &call).await, (2, 0), "half of three, rounded up");
        assert_eq!(recommend(&app, first[0]).await, None);
        assert_eq!(recommend(&app, first[1]).await, None);
        assert_eq!(recommend(&app, first[2]).await, Some(("quota-used-up", "2".to_owned())));
        let more = arrive(&app, &call, 2).await;
        assert_eq!(told(&app, &call).await, (3, 2), "half of five, rounded up");
        assert_eq!(recommend(&app, first[2]).await, None);
        assert_eq!(recommend(&app, more[0]).await, Some(("quota-used-up", "3".to_owned())));
    })
    .await;
}

#[tokio::test]
async fn b4_members_of_the_whole_subtree_give_the_places() {
    both(async |app| {
        let app = app.with_tree().await;
        app.account("reviewer", Role::Reviewer, "township-a").await;
        // The township and its two branches have ten members each.
        let call = app.a_campaign().quota(Some((QuotaKind::Members, 15))).create().await;
        let made = arrive(&app, &call, 3).await;
        assert_eq!(told(&app, &call).await, (2, 0));
        assert_eq!(recommend(&app, made[0]).await, None);
        assert_eq!(recommend(&app, made[1]).await, None);
        assert_eq!(recommend(&app, made[2]).await, Some(("quota-used-up", "2".to_owned())));
        let few = app.a_campaign().code("few").quota(Some((QuotaKind::Members, 1_000))).create().await;
        arrive(&app, &few, 1).await;
        assert_eq!(told(&app, &few).await, (1, 0), "nobody is shut out");
    })
    .await;
}

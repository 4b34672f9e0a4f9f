//! The second line (A2): whoever is attached counts there too, and nothing counts twice.

use super::model::{DAYS, Model, day};
use super::post;
use crate::support::{TestApp, both, tree::org};
use app::deltas::Metric;
use app::organisations::actions::{When, attach};
use app::organisations::{OrganisationId, Organisations};
use app::statistics::{self, Figures, Period};
use kernel::{Actor, Clock, Grant, Id, Reach, Role};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;

async fn lessons(who: &crate::support::Client, code: &str) -> (i64, i64) {
    let address = format!("/api/v1/statistics?organisation={}&tree=line", org(code));
    let body = who.get(&address).await.expect(200).json();
    let rows = body["below"].as_array().unwrap().iter().map(|row| row["figures"]["lessons"].as_i64().unwrap()).sum();
    (body["total"]["lessons"].as_i64().unwrap(), rows)
}

#[tokio::test]
async fn a2_whoever_is_attached_counts_on_the_line_once_and_in_the_territory_once() {
    both(async |app| {
        let app = app.with_tree().await;
        for (code, amount) in [("city-a", 1), ("township-a", 10), ("township-c", 100), ("branch-d", 1_000), ("county-c", 10_000)] {
            post(&app, org(code), Metric::Lessons, "", amount).await;
        }
        let li = app.person("li.wei", Role::Administrator, "province").await;
        let line = async |id: &str, above: Option<&str>| {
            let above = above.map(|code| org(code).to_string());
            li.post(&format!("/api/v1/organisations/{}/line", org(id)), &serde_json::json!({ "above": above })).await
        };
        assert_eq!(lessons(&li, "city-a").await, (11, 11));
        line("township-c", Some("city-a")).await.expect(200);
        assert_eq!(lessons(&li, "city-a").await, (1_111, 1_111), "with everything below it");
        line("branch-d", Some("city-a")).await.expect(200);
        line("township-a", Some("city-a")).await.expect(200);
        assert_eq!(lessons(&li, "city-a").await, (1_111, 1_111), "a part of what counts already counts once");
        assert_eq!(lessons(&li, "province").await.0, 11_111, "the territory is as it was");
        let records = format!("/api/v1/statistics/records?organisation={}&tree=line&metric=lessons", org("city-a"));
        assert_eq!(li.get(&records).await.expect(200).json()["figure"], 1_111);
        assert_eq!(line("city-a", Some("township-c")).await.status, 409, "above would stand below");
        assert_eq!(line("city-a", Some("township-a")).await.status, 409, "inside itself");
        line("township-c", None).await.expect(200);
        assert_eq!(lessons(&li, "city-a").await, (1_011, 1_011), "branch-d is still attached itself");
    })
    .await;
}

/// Random attachments over a random tree: a total by the line is the sum over the set of whoever belongs to it.
#[tokio::test]
async fn a2_totals_by_line_are_sums_over_sets() {
    let count = 14_usize;
    let mut runner = TestRunner::deterministic();
    let parents = proptest::collection::vec(any::<prop::sample::Index>(), count).new_tree(&mut runner).unwrap().current();
    let parents: Vec<_> = parents.iter().enumerate().map(|(n, p)| (n > 0).then(|| p.index(n))).collect();
    let mut model = Model::new(TestApp::sqlite().await, &parents).await;
    app::organisations::refresh(&model.app).await.unwrap();
    for who in 0..count {
        model.fact(who, who as i64, Metric::Lessons, "", 1 << who).await;
        model.held(who, who as i64, 9, who % 4, 1 << who).await;
    }
    let keeper = Actor {
        account: Id::from_u128(1),
        grants: model.ids.iter().map(|id| Grant { organisation: *id, role: Role::Administrator, reach: Reach::Subtree }).collect(),
        scopes: None,
    };
    let pairs = proptest::collection::vec((0..count, 0..count), 24).new_tree(&mut runner).unwrap().current();
    let mut attached: Vec<(usize, usize)> = Vec::new();
    let period = Period::new(day(0), day(DAYS)).unwrap();
    for (child, above) in pairs {
        let when = When { effective: "2026-11-23".into(), seen: None };
        if attach(&model.app, &keeper, model.ids[child], Some(model.ids[above]), &when).await.is_ok() {
            attached.retain(|(other, _)| *other != child);
            attached.push((child, above));
        }
        for top in 0..count {
            let mut members: Vec<usize> = vec![top];
            let mut at = 0;
            while at < members.len() {
                let more: Vec<_> = attached.iter().filter(|(_, above)| *above == members[at]).map(|(child, _)| *child).collect();
                members.extend(more.into_iter().filter(|child| !members.contains(child)).collect::<Vec<_>>());
                at += 1;
            }
            let wanted = model.counted(0..=DAYS, |who, n| members.iter().any(|member| model.is_in(who, *member, n)));
            let mut tx = model.app.db.read().await.unwrap();
            let report = statistics::report_line(&model.app, &mut tx, model.ids[top], &[period], &Metric::ALL, period).await.unwrap();
            assert_eq!(report.total[0], wanted, "{top} with {attached:?}");
            let mut rows: Figures = report.own[0].clone();
            for part in report.children.values() {
                rows.join(&part[0]);
            }
            assert_eq!(rows, wanted, "the rows of {top}");
        }
    }
    assert!(attached.len() > 5, "{attached:?}");
    let mut tx = model.app.db.read().await.unwrap();
    let edges = Organisations(&mut tx).line_edges(model.app.clock.now()).await.unwrap();
    let named: Vec<(OrganisationId, OrganisationId)> =
        attached.iter().map(|(child, above)| (model.ids[*child], model.ids[*above])).collect();
    assert!(edges.len() == named.len() && named.iter().all(|edge| edges.contains(edge)));
}

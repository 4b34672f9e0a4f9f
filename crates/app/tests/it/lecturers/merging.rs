//! Duplicates, merges and their way back. After any merges and unmerges everybody belongs to exactly one person, and nobody to
//! himself through others.

use super::{lecturer, registered};
use crate::support::tree::org;
use crate::support::{TestApp, both};
use app::lecturers::actions::{merging, people};
use app::lecturers::{Fields, LecturerId, Lecturers};
use axum::http::Method;
use kernel::{Actor, Grant, Reach, Role};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

#[tokio::test]
async fn a8_a_merge_counts_both_as_one_person_and_is_undone_without_a_trace() {
    both(async |app| {
        let app = app.with_tree().await;
        let clerk = app.person("clerk", Role::Clerk, "county-a").await;
        let one = registered(&clerk, "李桂芳", "township-a", &json!({ "topics": ["law"], "contact": "one" })).await;
        let two = registered(&clerk, "李　桂芳", "branch-a", &json!({ "topics": ["law"], "occupation": "Head", "contact": "two" })).await;
        let lesson = async |lecturer: &str| {
            let body = json!({ "organisation": org("branch-a"), "title": "t", "lecturer_id": lecturer });
            clerk.post("/api/v1/lessons", &body).await.expect(201).json()
        };
        let (first, second) = (lesson(&one).await, lesson(&two).await);
        assert_eq!((first["lecturer"].as_str(), second["lecturer_id"].as_str()), (Some("李桂芳"), Some(two.as_str())));
        let pairs = clerk.get("/api/v1/lecturers/duplicates").await.expect(200).json();
        assert_eq!(pairs.as_array().unwrap().len(), 1, "{pairs}");
        assert_eq!(pairs[0]["why"], json!(["nearby", "kind", "topic"]));
        let before = (lecturer(&clerk, &one).await, lecturer(&clerk, &two).await);
        let merge = format!("/api/v1/lecturers/{two}/merge");
        clerk.post(&merge, &json!({ "into": two })).await.expect(409);
        clerk.post(&merge, &json!({ "into": one, "take": ["occupation"] })).await.expect(204);
        let person = lecturer(&clerk, &two).await;
        assert_eq!(
            (person["id"].as_str(), person["occupation"].as_str(), person["contact"].as_str()),
            (Some(one.as_str()), Some("Head"), Some("one"))
        );
        assert_eq!(clerk.get("/api/v1/lecturers/duplicates").await.expect(200).json(), json!([]));
        let given =
            async |id: &str| clerk.get(&format!("/api/v1/lecturers/{id}/lectures")).await.expect(200).json().as_array().unwrap().len();
        assert_eq!((given(&one).await, given(&two).await), (2, 2));
        // A lesson that is saved again stays with whom it was made with.
        let path = format!("/api/v1/lessons/{}", second["id"].as_str().unwrap());
        let saved = clerk.json(Method::PATCH, &path, &json!({ "lecturer_id": two, "title": "u" })).await.expect(200).json();
        assert_eq!(saved["lecturer_id"], json!(two));
        clerk.json(Method::PATCH, &format!("/api/v1/lecturers/{two}"), &json!({ "name": "X" })).await.expect(409);
        clerk.json(Method::DELETE, &merge, &Value::Null).await.expect(204);
        assert_eq!((given(&one).await, given(&two).await), (1, 1));
        let after = (lecturer(&clerk, &one).await, lecturer(&clerk, &two).await);
        for (mut before, mut after) in [(before.0, after.0), (before.1, after.1)] {
            before["version"].take();
            after["version"].take();
            assert_eq!(before, after);
        }
        clerk.json(Method::DELETE, &merge, &Value::Null).await.expect(409);
    })
    .await;
}

#[tokio::test]
async fn a8_people_of_one_name_far_from_each_other_are_no_duplicates_for_that_alone() {
    both(async |app| {
        let app = app.with_tree().await;
        let clerk = app.person("clerk", Role::Clerk, "province").await;
        registered(&clerk, "王伟", "branch-a", &json!({ "topics": ["law"] })).await;
        registered(&clerk, "王伟", "branch-d", &json!({ "topics": ["history"] })).await;
        assert_eq!(clerk.get("/api/v1/lecturers/duplicates").await.expect(200).json(), json!([]));
        registered(&clerk, "王伟", "branch-c", &json!({ "topics": ["history"] })).await;
        let pairs = clerk.get("/api/v1/lecturers/duplicates").await.expect(200).json();
        assert_eq!(pairs[0]["why"], json!(["kind", "topic"]));
        let near = app.person("near", Role::Clerk, "county-a").await;
        assert_eq!(near.get("/api/v1/lecturers/duplicates").await.expect(200).json(), json!([]), "nobody learns of what he does not keep");
    })
    .await;
}

const PEOPLE: usize = 7;

/// One attempt: merge the first into the second, or undo the merge of the first.
fn step() -> impl Strategy<Value = (bool, usize, usize)> {
    (prop::bool::weighted(0.65), 0..PEOPLE, 0..PEOPLE)
}

fn clerk(app: &TestApp, account: kernel::AccountId) -> Actor {
    let _ = app;
    Actor { account, grants: vec![Grant { organisation: org("province"), role: Role::Clerk, reach: Reach::Subtree }], scopes: None }
}

/// Where the model says that `n` ends up.
fn root(model: &BTreeMap<usize, usize>, n: usize) -> usize {
    model.get(&n).map_or(n, |into| root(model, *into))
}

async fn promises_hold(app: &TestApp, ids: &[LecturerId], model: &BTreeMap<usize, usize>) {
    let mut tx = app.db.read().await.unwrap();
    let mut found = BTreeSet::new();
    for (n, id) in ids.iter().enumerate() {
        let kept = Lecturers(&mut tx).find(*id).await.unwrap().unwrap();
        assert_eq!(kept.merged_into, model.get(&n).map(|into| ids[*into]), "{n} in {model:?}");
        assert_eq!(kept.root, ids[root(model, n)], "{n} in {model:?}");
        if kept.root == *id {
            for member in Lecturers(&mut tx).family(*id).await.unwrap() {
                assert!(found.insert(member), "{n} is found twice in {model:?}");
            }
        }
    }
    assert_eq!(found.len(), ids.len(), "{model:?}");
    let open = tx.fetch_int("select count(*) from lecturer_merge where undone_at is null", vec![]).await.unwrap();
    assert_eq!(open, model.len() as i64);
}

#[tokio::test]
async fn after_any_merges_and_unmerges_everybody_is_found_exactly_once() {
    both(async |app| {
        let app = app.with_tree().await;
        let actor = clerk(&app, app.account("clerk", Role::Clerk, "province").await);
        let mut ids = Vec::new();
        for n in 0..PEOPLE {
            let fields =
                Fields { name: Some(format!("n{n}")), kind: Some("model".into()), occupation: Some(n.to_string()), ..Fields::default() };
            ids.push(people::create(&app, &actor, org("county-a"), fields).await.unwrap());
        }
        let mut runner = TestRunner::deterministic();
        let steps = proptest::collection::vec(step(), 120).new_tree(&mut runner).unwrap().current();
        let mut model = BTreeMap::new();
        for (merge, a, b) in steps {
            if merge {
                let wanted = merging::Wanted { into: ids[b], take: vec!["occupation".into()] };
                let done = merging::merge(&app, &actor, ids[a], &wanted).await.is_ok();
                assert_eq!(done, a != b && !model.contains_key(&a) && !model.contains_key(&b), "{a} into {b}: {model:?}");
                if done {
                    model.insert(a, b);
                }
            } else {
                let done = merging::unmerge(&app, &actor, ids[a]).await.is_ok();
                assert_eq!(done, model.remove(&a).is_some(), "{a} out of {model:?}");
            }
            promises_hold(&app, &ids, &model).await;
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn s22_two_who_merge_each_other_into_the_other_make_no_circle() {
    both(async |app| {
        let app = app.with_tree().await;
        let actor = clerk(&app, app.account("clerk", Role::Clerk, "province").await);
        for _ in 0..5 {
            let mut ids = Vec::new();
            for name in ["a", "b"] {
                let fields = Fields { name: Some(name.into()), kind: Some("model".into()), ..Fields::default() };
                ids.push(people::create(&app, &actor, org("county-a"), fields).await.unwrap());
            }
            let one = |from: usize, into: usize| {
                let (app, actor, ids) = (app.app.clone(), actor.clone(), ids.clone());
                tokio::spawn(
                    async move { merging::merge(&app, &actor, ids[from], &merging::Wanted { into: ids[into], take: vec![] }).await },
                )
            };
            let (there, back) = (one(0, 1), one(1, 0));
            let done = [there.await.unwrap(), back.await.unwrap()].iter().filter(|r| r.is_ok()).count();
            assert_eq!(done, 1);
            let mut tx = app.db.read().await.unwrap();
            let roots =
                [Lecturers(&mut tx).root(ids[0]).await.unwrap().unwrap().id, Lecturers(&mut tx).root(ids[1]).await.unwrap().unwrap().id];
            assert_eq!(roots[0], roots[1]);
            drop(tx);
        }
    })
    .await;
}

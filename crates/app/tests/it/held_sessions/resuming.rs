//! F13: an import whose process dies goes on where it was.

use super::files::many;
use crate::support::tree::org;
use crate::support::{TestApp, both};
use app::held_sessions::actions::importing::import;
use app::i18n::Language;
use app::jobs::JobId;
use app::organisations::actions::import::Run;
use axum::http::Method;
use kernel::{Actor, Role};
use serde_json::json;
use std::collections::BTreeSet;
use std::path::PathBuf;
use tokio_util::sync::CancellationToken;

/// Imports the file; dies at `percent`, as a killed process does: nothing after it runs. What it wrote, unless it died.
async fn until(app: &TestApp, file: PathBuf, id: JobId, actor: &Actor, percent: i64) -> Option<[(&'static str, usize); 3]> {
    let (app, actor) = (app.app.clone(), actor.clone());
    let run = tokio::spawn(async move {
        let progress = move |now: i64| assert!(now < percent, "dies here");
        let run = Run { actor: None, dry_run: false, progress: &progress, cancelled: CancellationToken::new() };
        import(&app, &file, (id, Language::English), &actor, &run).await.expect("a good file")
    });
    run.await.ok().map(|(totals, faults)| {
        assert!(faults.is_empty());
        totals.counts()
    })
}

async fn staged(app: &TestApp) -> BTreeSet<String> {
    let rows = app.db.read().await.unwrap().fetch_all("select fact from held_session_staged", vec![]).await.unwrap();
    rows.iter().map(|row| row.text("fact").unwrap()).collect()
}

/// Somebody, what they send, and the job that takes it in.
async fn begun(app: &TestApp) -> (Actor, PathBuf, JobId) {
    let actor = app.somebody("actor", Role::Clerk, "township-a").await;
    let file = app.dir.path().join("sessions.csv");
    std::fs::write(&file, many(2_000)).unwrap();
    (actor, file, JobId::new(app.clock.as_ref()))
}

/// The facts of what is recorded.
async fn written(app: &TestApp) -> BTreeSet<String> {
    let rows = app.db.read().await.unwrap().fetch_all("select operation from held_session_revision", vec![]).await.unwrap();
    rows.iter().map(|row| row.text("operation").unwrap().replace("import-", "")).collect()
}

async fn number(app: &TestApp, sql: &'static str) -> i64 {
    app.db.read().await.unwrap().fetch_int(sql, vec![]).await.unwrap()
}

#[tokio::test]
async fn f13_an_import_goes_on_where_its_process_died() {
    both(async |app| {
        let app = app.with_tree().await;
        let (actor, file, id) = begun(&app).await;
        assert_eq!(until(&app, file.clone(), id, &actor, 40).await, None);
        let before = staged(&app).await;
        assert!(before.len() >= 500 && before.len() < 2_000, "{} rows", before.len());
        assert_eq!(number(&app, "select count(*) from held_session").await, 0, "nothing is recorded by halves");
        assert_eq!(until(&app, file.clone(), id, &actor, 90).await, None, "and again, in the last transaction");
        assert_eq!(staged(&app).await.len(), 2_000);
        assert_eq!(number(&app, "select count(*) from held_session").await, 0);
        assert_eq!(until(&app, file, id, &actor, 101).await, Some([("added", 2_000), ("corrected", 0), ("unchanged", 0)]));
        assert_eq!(number(&app, "select count(*) from held_session").await, 2_000);
        let written = written(&app).await;
        assert!(before.is_subset(&written), "what was staged before it died was not staged anew");
        assert_eq!(staged(&app).await.len(), 0);
        assert_eq!(number(&app, "select count(*) from held_session_staging").await, 0);
        assert_eq!(app::statistics::compare(&app).await.unwrap().count(), 0);
    })
    .await;
}

#[tokio::test]
async fn f13_an_import_begins_anew_when_the_tree_changed_meanwhile() {
    both(async |app| {
        let app = app.with_tree().await;
        let (actor, file, id) = begun(&app).await;
        assert_eq!(until(&app, file.clone(), id, &actor, 40).await, None);
        let before = staged(&app).await;
        let administrator = app.person("administrator", Role::Administrator, "province").await;
        let path = format!("/api/v1/organisations/{}", org("branch-b"));
        administrator.json(Method::PATCH, &path, &json!({ "name": "分支乙" })).await.expect(200);
        assert!(until(&app, file, id, &actor, 101).await.is_some());
        let written = written(&app).await;
        assert_eq!((written.len(), before.intersection(&written).count()), (2_000, 0));
    })
    .await;
}

#[tokio::test]
async fn s19_what_was_staged_is_not_recorded_with_rights_that_are_gone() {
    both(async |app| {
        let app = app.with_tree().await;
        let (actor, file, id) = begun(&app).await;
        assert_eq!(until(&app, file.clone(), id, &actor, 40).await, None);
        let narrow = Actor { grants: app.somebody("narrow", Role::Clerk, "branch-a").await.grants, ..actor };
        let run = Run { actor: None, dry_run: false, progress: &|_| (), cancelled: CancellationToken::new() };
        let (_, faults) = import(&app, &file, (id, Language::English), &narrow, &run).await.unwrap();
        assert_eq!((faults[0].rule.as_ref(), faults[0].row), ("not-yours", 3), "the first row of the other branch, staged before");
        assert_eq!(number(&app, "select count(*) from held_session").await, 0);
        assert_eq!(number(&app, "select count(*) from held_session_staged").await, 0);
    })
    .await;
}

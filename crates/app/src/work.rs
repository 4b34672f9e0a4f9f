//! Which job kind is done by which feature, and how many workers there are.

use crate::broadcasts;
use crate::demo;
use crate::held_sessions;
use crate::jobs::{self, Handlers};
use crate::lecturers;
use crate::notices::{self, Guards};
use crate::organisations;
use crate::recordings;
use crate::rooms;
use crate::state::App;
use crate::statistics;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// Short work: several at once do no harm.
fn short() -> Handlers {
    Handlers::default()
        .with(statistics::work::REFOLD, statistics::work::refold_job)
        .with(statistics::work::COMPARE, statistics::work::compare_job)
}

/// Hashing and examining uploads reads whole files; short work does not wait for it.
fn examining() -> Handlers {
    Handlers::default().with(recordings::INGEST, recordings::work::ingest)
}

/// One encode at a time, so that viewers and clerks keep the machine.
fn encoding() -> Handlers {
    Handlers::default().with(recordings::RENDITIONS, recordings::work::renditions)
}

/// Recordings of broadcasts: people wait for them, so they don't wait for encodes.
fn keeping() -> Handlers {
    Handlers::default().with(broadcasts::RECORDING, broadcasts::work::recording).with(broadcasts::TRIM, broadcasts::work::trimming)
}

/// The demo's story waits for the others, so it has a worker of its own.
fn telling() -> Handlers {
    Handlers::default().with(demo::STORY, demo::tell)
}

/// Registers: long, so they have a worker of their own.
fn imports() -> Handlers {
    Handlers::default()
        .with(organisations::work::IMPORT, organisations::work::import)
        .with(organisations::work::IMPORT_PEOPLE, organisations::work::import_people)
        .with(lecturers::work::IMPORT, lecturers::work::import)
        .with(held_sessions::work::IMPORT, held_sessions::work::import)
}

/// Workbooks that somebody waits for; imports may take longer.
fn exports() -> Handlers {
    Handlers::default().with(held_sessions::work::EXPORT, held_sessions::work::export)
}

/// Reports for subscribers: reading and printing many, so they have a worker of their own.
fn reporting() -> Handlers {
    Handlers::default().with(statistics::reports::REPORTS, statistics::reports::post_job)
}

/// Who is asked before a notice goes out.
pub fn guards() -> Guards {
    Guards::default().with(statistics::reports::KIND, |app, about| async move { statistics::reports::still_wanted(&app, &about).await })
}

/// Starts this node's workers and its once-a-second chores; they end when `stop` fires.
pub fn start(app: &App, tracker: &TaskTracker, stop: &CancellationToken) {
    tracker.spawn(jobs::run(app.clone(), short(), stop.clone()));
    tracker.spawn(statistics::work::keep(app.clone(), stop.clone()));
    tracker.spawn(jobs::run(app.clone(), reporting(), stop.clone()));
    tracker.spawn(notices::keep(app.clone(), guards(), stop.clone()));
    tracker.spawn(jobs::run(app.clone(), examining(), stop.clone()));
    tracker.spawn(jobs::run(app.clone(), encoding(), stop.clone()));
    tracker.spawn(jobs::run(app.clone(), telling(), stop.clone()));
    tracker.spawn(jobs::run(app.clone(), keeping(), stop.clone()));
    tracker.spawn(broadcasts::work::keep(app.clone(), stop.clone()));
    tracker.spawn(recordings::work::sweep(app.clone(), stop.clone()));
    tracker.spawn(jobs::run(app.clone(), imports(), stop.clone()));
    tracker.spawn(jobs::run(app.clone(), exports(), stop.clone()));
    tracker.spawn(organisations::work::keep_tidy(app.clone(), stop.clone()));
    tracker.spawn(seal_audit(app.clone(), stop.clone()));
    if let Some(ledger) = app.views.clone() {
        tracker.spawn(crate::watching::work::keep_folding(app.clone(), ledger, stop.clone()));
        tracker.spawn(crate::watching::work::keep_sampling(app.clone(), stop.clone()));
    }
    tracker.spawn(crate::machine::watch(app.clone(), stop.clone()));
    tracker.spawn(rooms::work::keep(app.clone(), stop.clone()));
    tracker.spawn(keep_tree(app.clone(), stop.clone()));
}

async fn seal_audit(app: App, stop: CancellationToken) {
    while !stop.is_cancelled() {
        if let Err(cause) = crate::audit::seal(&app.db).await {
            tracing::error!(%cause, "audit records could not be sealed");
        }
        tokio::select! { () = stop.cancelled() => {}, () = tokio::time::sleep(std::time::Duration::from_secs(1)) => {} }
    }
}

/// Follows changes of the tree that other nodes made, and dated changes as their day comes.
async fn keep_tree(app: App, stop: CancellationToken) {
    while !stop.is_cancelled() {
        if let Err(cause) = organisations::keep_current(&app).await {
            tracing::error!(%cause, "the tree could not be read anew");
        }
        tokio::select! { () = stop.cancelled() => {}, () = tokio::time::sleep(std::time::Duration::from_secs(1)) => {} }
    }
}

//! Long work is a row first and a process second.
//!
//! ```text
//! queued ─lease─► running ─► done
//!    ▲              │ failed, attempts < 3: run_at later   │ attempts = 3
//!    └──────────────┘                                      └─► parked (with its reason)
//! queued, running ─cancel─► cancelled
//! ```
//!
//! * A feature enqueues in its own transaction; a worker leases the row, renews the lease while it works, and another
//!   worker takes over when the lease ran out (a killed process leaves nothing but an old lease).
//! * Attempts are counted when the lease is taken, so an input that kills the process is parked too (S7).

mod runner;
mod store;

pub use runner::{Context, Failure, Handlers, Outcome, run};
pub use store::{Job, JobState, cancel, counts, enqueue, find, latest_for, older, retry, unfinished};

use kernel::{Id, Identified};

/// Names a job row.
#[derive(Debug)]
pub struct JobRow;
impl Identified for JobRow {
    const PREFIX: &'static str = "job";
}
/// Names a job.
pub type JobId = Id<JobRow>;

/// Attempts before a job is parked.
pub const ATTEMPTS: i64 = 3;

//! The desk: pages of submissions, reviews, clearance and receipts.
//!
//! Every page works as plain forms and links. A refused form is shown again with what was typed and what is wrong; an
//! attempt against rights and a failure of ours are left to the problem page, which also tells the audit trail.

mod awards;
mod clearance;
mod desk;
mod draft;
mod editor;
mod filters;
mod lessons;
mod list;
mod new;
mod queue;
mod ranking;
mod reading;
mod receipts;
mod review;
mod submission;
mod verdicts;

pub use awards::{give_award, take_award_back};
pub use clearance::{approve, clearance, clearances, unpublish};
pub use desk::desk;
pub use draft::{autosave, save, uploads};
pub use editor::editor;
pub use lessons::lessons;
pub use list::submissions;
pub use new::{create, new};
pub use queue::queue;
pub use ranking::{batch, board, move_one, order};
pub use receipts::{code, receipt, receipts};
pub use review::review;
pub use submission::{preview, pull_back, submission, submit, withdraw};
pub use verdicts::decide;

use crate::problem::Problem;
use crate::submissions::SubmissionId;
use axum::response::Redirect;
use serde::Deserialize;

/// A form as it was sent, in order; names may repeat.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(transparent)]
pub struct Sent(Vec<(String, String)>);

impl Sent {
    /// The first value of `name`; empty when there is none.
    fn get(&self, name: &str) -> &str {
        self.0.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_str()).unwrap_or_default()
    }

    /// Every value of `name`.
    fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(n, _)| n == name).map(|(_, v)| v.as_str())
    }

    /// The version that the form was made from. A form without it has seen nothing and saves over nothing.
    fn version(&self) -> i64 {
        self.get("version").parse().unwrap_or(0)
    }
}

/// Passes a refusal on to the form it came from; attempts against rights and failures of ours get the problem page.
fn mendable<T>(outcome: Result<T, Problem>) -> Result<Result<T, Problem>, Problem> {
    match outcome {
        Err(problem) if problem.against_rights || problem.status.is_server_error() || problem.status.as_u16() == 404 => Err(problem),
        other => Ok(other),
    }
}

/// Back to the page of a submission, which says what was done.
fn to_submission(id: SubmissionId, done: &str) -> Redirect {
    Redirect::to(&format!("/submissions/{id}?done={done}"))
}

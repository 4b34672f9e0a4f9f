//! Submissions: one lesson's journey up the tree through one campaign.
//!
//! ```text
//! draft ─submit─► in_review @ holder ─recommend (takes a place)─► in_review @ parent … ─select at the top─► selected
//!    in_review ─return (reason, due date)─► returned ─resubmit (new revision)─► in_review @ the returner
//!    in_review ─keep─► kept      ─reject (reason)─► rejected      ─pull back (before it is opened)─► its sender
//!    selected ─approve × n─► published ─unpublish─► selected         draft … selected ─withdraw─► withdrawn
//! ```
//!
//! * State × holder × hop, never a state per level: at most one hop is open, and one is if and only if it is in review.
//! * A transition is one transaction: the row moves only from the version, state and holder that were seen; then the
//!   place, the hop, the audit record and the figures. Whoever comes second gets 409 and the state as it is now.
//! * An award is given to what is selected or published, at most one each, and goes when the submission is neither any more.
//! * A place is held exactly as long as a recommendation holds; the last place is taken by one statement.
//! * Not here: the words of the call (`campaigns`), the work itself (`lessons`), its files (`recordings`).

pub mod actions;
pub mod api;
mod dossier;
mod lists;
pub mod model;
pub mod pages;
mod receipts;
pub mod rules;
mod store;
pub mod views;

pub use dossier::{Dossier, difference, dossier, quotas};
pub use lists::{SubmissionLine, queue, to_clear, visible_to, waiting_at};
pub use model::{Approval, Award, AwardLevel, ConsentGiven, FileSeen, Hop, Quota, Remark, Revision, State, Submission, Verdict};
pub use receipts::{Receipt, ReceiptFile, receipt};
pub use store::{Closing, Filter, Line, Moved, PlaceFact, Placed, SubmissionFact, Submissions, Taken, Within};

use kernel::{Id, Identified};

/// Number of an approval within one clearance, from 1.
pub type ApprovalStep = i64;

/// Names a submission.
pub type SubmissionId = Id<Submission>;
impl Identified for Submission {
    const PREFIX: &'static str = "sub";
}

/// Names a hop.
pub type HopId = Id<Hop>;
impl Identified for Hop {
    const PREFIX: &'static str = "hop";
}

/// A quota of one organisation in one category.
#[derive(Debug)]
pub struct QuotaRow;
impl Identified for QuotaRow {
    const PREFIX: &'static str = "quo";
}
/// Names a quota.
pub type QuotaId = Id<QuotaRow>;

/// A place taken in a quota.
#[derive(Debug)]
pub struct PlaceRow;
impl Identified for PlaceRow {
    const PREFIX: &'static str = "plc";
}
/// Names a place.
pub type PlaceId = Id<PlaceRow>;

//! What can be done to submissions, each in one transaction.
//!
//! Rows are locked in one order everywhere, so that nobody waits in a circle: submissions by id, then quotas by category and
//! organisation, then the rest.

mod awards;
mod batch;
mod case;
mod clearance;
mod drafting;
mod handing_in;
mod places;
mod ranking;
mod step;
mod verdicts;

pub use awards::{give as give_award, take_back as take_award_back};
pub use batch::{MOST_IN_BATCH, Preview, PreviewItem, confirm, preview};
pub use case::Case;
pub(super) use case::{by_id, read};
pub use clearance::{approve, unpublish};
pub use drafting::{Draft, autosave, may_start, presence, start};
pub use handing_in::submit;
pub(super) use places::places;
pub use ranking::{rank, reserve};
pub use verdicts::{decide, open, pull_back, withdraw};

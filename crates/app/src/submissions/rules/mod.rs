//! Pure decisions about submissions: where a move leads, who may make it and when, what is still missing.

mod batch;
mod checklist;
mod diff;
mod files;
pub mod receipt;
mod rights;
mod route;
mod ruling;
mod transition;

pub use batch::{batch_seen, batch_token};
pub use checklist::{Checklist, Item, ItemKind, checklist};
pub use diff::{Difference, FieldChange, FileChange, diff};
pub use files::file_faults;
pub use rights::{Gates, Standing, Untimely, is_editable, may_in, may_see, through, unscoped};
pub use route::{Next, depth_below, next_holder};
pub use ruling::{Decision, REASONS, Ruling, ruling_faults};
pub use transition::{Move, NotPossible, Sender, sender};

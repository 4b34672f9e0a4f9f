//! Pure decisions about broadcasts.

mod advice;
mod plan;
mod showing;
mod states;

pub use advice::advice;
pub use plan::{MOST_HOURS, faults, title_of_recording};
pub use showing::Showing;
pub use states::{NotPossible, Signal, State};

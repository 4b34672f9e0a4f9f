//! Pure decisions about broadcasts.

mod plan;
mod showing;
mod states;

pub use plan::{MOST_HOURS, faults, title_of_recording};
pub use showing::Showing;
pub use states::{NotPossible, Signal, State};

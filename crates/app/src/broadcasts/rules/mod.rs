//! Pure decisions about broadcasts.

mod advice;
mod cuts;
mod plan;
mod showing;
mod states;

pub use advice::advice;
pub use cuts::{MOST_CUTS, Piece, clock, kept, moment};
pub use plan::{MOST_HOURS, faults, title_of_recording};
pub use showing::Showing;
pub use states::{NotPossible, Signal, State};

//! Pure decisions about broadcasts.

mod advice;
mod best;
mod cuts;
mod plan;
mod programme;
mod reel;
mod showing;
mod states;
mod window;

pub use advice::advice;
pub use best::without_best;
pub use cuts::{MOST_CUTS, Piece, after_cut, before_cut, clock, kept, moment};
pub use plan::{MOST_HOURS, faults, title_of_recording};
pub use programme::{Standing, days, first_day, is_admitted, is_listed, next_of, standing};
pub use reel::{BadReel, Reel, Segment};
pub use showing::Showing;
pub use states::{NotPossible, Signal, State};
pub use window::{Cut, is_plain_master, is_rung};

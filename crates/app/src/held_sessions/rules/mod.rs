//! Pure rules of held sessions: states, fields, differences, what speaks against a record.

pub mod checks;
mod difference;
mod fields;
mod states;

pub use difference::{Conflict, Difference, conflicts, differences};
pub use fields::{MOST_PHOTOS, VENUES, checked, reason};
pub use states::{Move, NotPossible, State};

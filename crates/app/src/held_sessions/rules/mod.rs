//! Pure rules of held sessions: states, fields, differences, what speaks against a record.

pub mod burden;
pub mod checks;
mod difference;
mod fields;
mod plans;
mod states;
mod written;

pub use difference::{Alteration, Conflict, conflicts, differences};
pub use fields::{MOST_PHOTOS, PHOTO_BYTES, VENUES, checked, reason};
pub use plans::{Outcome, PlanFields, month};
pub use states::{Move, NotPossible, State};
pub use written::moment_written;

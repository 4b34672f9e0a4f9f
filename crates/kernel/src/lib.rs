//! Typed ids, time and randomness for the whole house.
//!
//! * Rules receive a [`Timestamp`]; actions ask a [`Clock`]; nobody else may read the wall clock.
//! * Ids carry their kind in the type and in their text form, so that a lesson can't be taken for a submission.
//! * No I/O but the system clock and the system's random source, and no product words.

mod clock;
mod id;
pub mod random;

pub use clock::{Clock, ManualClock, SystemClock, Timestamp};
pub use id::{BadId, Id, Identified};

//! Typed ids, time and randomness for the whole house.
//!
//! * Rules receive a [`Timestamp`]; actions ask a [`Clock`]; nobody else may read the wall clock.
//! * Ids carry their kind in the type and in their text form, so that a lesson can't be taken for a submission.
//! * An [`Actor`] is an account with the roles that are in force now.
//! * No I/O but the system clock and the system's random source, and no product words.

mod actor;
mod clock;
mod id;
pub mod random;

pub use actor::{Account, AccountId, Actor, Grant, Organisation, OrganisationId, Reach, Role, Scope};
pub use clock::{Clock, ManualClock, SystemClock, Timestamp};
pub use id::{BadId, Id, Identified};

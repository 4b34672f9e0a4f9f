//! Held sessions: lectures given to people in a room.

mod counted;

pub use counted::{Counted, CountedSession, CountedSum};

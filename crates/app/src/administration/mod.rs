//! Administration: how this server is, its long work, its mail, and the audit trail.
//!
//! * How the server is and what it works on is for those who operate at a root of the tree.
//! * An audit record is read by whoever reads the audit of its organisation; one without an organisation (a sign-in, an
//!   attempt against rights, the system itself) by those who read the audit of a whole tree.
//! * Not here: what is recorded (each feature), how records are chained (`audit`).

pub mod actions;
pub mod api;
mod overview;
pub mod pages;
mod trail;

pub use overview::Overview;
pub use trail::{Asked, Line};

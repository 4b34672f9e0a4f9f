//! `/api/v1/broadcasts`, and what live players fetch.

pub mod media;
pub mod programme;
pub mod showing;

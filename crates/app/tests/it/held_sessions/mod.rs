//! Held sessions: recorded once, verified from above, counted exactly.

mod blank;
mod checks;
mod concurrency;
mod figures;
pub mod files;
mod months;
mod pages;
mod phone;
mod photos;
mod plans;
mod properties;
mod resuming;
mod saving;
mod verdicts;

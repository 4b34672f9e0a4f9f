//! Held sessions: recorded once, verified from above, counted exactly.

mod concurrency;
mod figures;
mod phone;
mod properties;
mod saving;
mod verdicts;

//! Import of held sessions: what a file says, what that would change, and what is wrong with it.
//!
//! ```text
//! lines ─► entries ─plan (what is recorded, closed months, rights)─► new, corrected, unchanged │ faults: row, column, value, rule
//! ```
//!
//! * One row is one session. It is known again by the sender's own number within its organisation, or by ours (`hs_…`), and without a
//!   number by organisation, begin and title; so a file may be sent twice (docs/decisions/0023).
//! * A column that the file does not have, and a cell that stays empty, change nothing.
//! * Figures of a closed month are not changed by a file: each such change has a reason of its own, and a file has none.
//! * Pure: reading the file and writing sessions are done by `actions::importing`, a few hundred rows at a time.
//! * One fault refuses the whole file.

mod entries;
mod plan;

#[cfg(test)]
mod tests;

pub use entries::{Entry, KnownBy, Reader, Words};
pub use plan::{Change, Known, Sender, plan};

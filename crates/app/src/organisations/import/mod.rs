//! Import of a register of organisations: what a file says, what that would change, and what is wrong with it.
//!
//! ```text
//! lines ─► entries ─plan (tree, rights)─► added, renamed, moved, corrected │ faults: row, column, value, rule
//! ```
//!
//! * Pure: reading the file and writing the tree are done by `actions::import`.
//! * What the file does not name stays as it is; what it says already changes nothing, so that a file may be sent twice.
//! * One fault refuses the whole file.

mod entries;
mod plan;

#[cfg(test)]
mod tests;

pub use entries::{CODE, COLUMNS, Entries, Entry, NAME, PARENT, REQUIRED};
pub use plan::{Plan, Rights, Superior, plan};

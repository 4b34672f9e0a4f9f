//! Import of accounts and roles: what a file says, what that would change, and what is wrong with it.
//!
//! ```text
//! lines ─► entries ─plan (tree, known accounts, rights)─► accounts, roles, names, last days │ faults: row, column, value, rule
//! ```
//!
//! * One row is one role; an account with several roles has several rows.
//! * Pure: reading the file and writing accounts are done by `actions::people_import`.
//! * What is there already changes nothing, so that a file may be sent twice; what the file does not name stays.
//! * One fault refuses the whole file.

mod entries;
mod plan;

#[cfg(test)]
mod tests;

pub use entries::{COLUMNS, Entry, REQUIRED, Reader};
pub use plan::{Known, Plan, Planned, Rights, Whom, plan};

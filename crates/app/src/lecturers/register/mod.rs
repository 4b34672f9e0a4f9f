//! Import of lecturers: what a file says, what that would change, and what is wrong with it.
//!
//! ```text
//! lines ─► entries ─plan (known lecturers, accounts, rights)─► new lecturers, other fields │ faults: row, column, value, rule
//! ```
//!
//! * One row is one lecturer, known again by name and organisation: a file may be sent twice.
//! * Pure: reading the file and writing lecturers are done by `actions::importing`.
//! * A column that the file does not have, and a cell that stays empty, change nothing.
//! * One fault refuses the whole file.

mod entries;
mod plan;

#[cfg(test)]
mod tests;

pub use entries::{COLUMNS, Entry, REQUIRED, Reader};
pub use plan::{Plan, Rights, plan};

//! Import of a register of organisations: what a file says, what that would change, and what is wrong with it.
//!
//! ```text
//! sheet ─columns─► entries ─plan (tree, rights)─► added, renamed, moved, corrected │ faults: row, column, value, rule
//! ```
//!
//! * Pure: reading the file and writing the tree are done by `actions::import`.
//! * What the file does not name stays as it is; what it says already changes nothing, so that a file may be sent twice.
//! * One fault refuses the whole file.

mod columns;
mod plan;
mod report;

#[cfg(test)]
mod tests;

pub use columns::{Column, Entry, Words, entries};
pub use plan::{Plan, Rights, plan};
pub use report::{FaultGroup, grouped, write_workbook};

use serde::{Deserialize, Serialize};

/// One thing that is wrong with the file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fault {
    /// Row as the spreadsheet program numbers it; 0 for the file as a whole.
    pub row: u32,
    /// Which column.
    pub column: Column,
    /// What stands there, shortened.
    pub found: String,
    /// Code of the rule; its words are `rule-CODE`.
    pub rule: String,
    /// What the rule wants.
    pub wanted: String,
}

impl Fault {
    fn new(row: u32, column: Column, found: &str, rule: &str, wanted: &dyn std::fmt::Display) -> Self {
        let found = found.chars().take(80).collect();
        Self { row, column, found, rule: rule.to_owned(), wanted: wanted.to_string() }
    }
}

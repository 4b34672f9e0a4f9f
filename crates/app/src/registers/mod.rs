//! Registers: tables that people send in, of organisations or of accounts.
//!
//! ```text
//! file ─spool─► order (a job row) ─check─► report: counts │ faults by row, column, rule; workbook with an error column
//!                                 ─confirm─► a second order, which changes
//! ```
//!
//! * One fault refuses the whole file; a file may be sent twice.
//! * Files are read row by row: what a feature keeps of a row is its own business.
//! * Not here: what the columns mean, who may send which register, and what changes.

mod columns;
mod orders;
mod report;

pub use columns::{Columns, Line, Reading, coded, plain, read};
pub use orders::{Followed, Order, Report, cancel, confirm, enqueue, follow, forget_old, keep, spool, spooled, workbook_file};
pub use report::{FaultGroup, grouped, write_workbook};

use serde::{Deserialize, Serialize};
use std::borrow::Cow;

/// Bytes of a file.
pub const FILE_MOST: usize = 128 << 20;

/// Faults that are listed of one file; a file that has more is told how many more.
pub const FAULTS_MOST: usize = 100_000;

/// Cuts what is wrong to [`FAULTS_MOST`] and says at the file's head how much was `left_out` so far and now.
pub fn bounded(mut faults: Vec<Fault>, column: &'static str, left_out: usize) -> Vec<Fault> {
    let more = left_out + faults.len().saturating_sub(FAULTS_MOST);
    faults.truncate(FAULTS_MOST);
    if more > 0 {
        faults.insert(0, Fault::new(0, column, "", "more-faults", &more));
    }
    faults
}

/// One thing that is wrong with a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fault {
    /// Row as the spreadsheet program numbers it; 0 for the file as a whole.
    pub row: u32,
    /// Code of the column; its words are `field-CODE`.
    pub column: Cow<'static, str>,
    /// What stands there, shortened.
    pub found: String,
    /// Code of the rule; its words are `rule-CODE`.
    pub rule: Cow<'static, str>,
    /// What the rule wants.
    pub wanted: String,
}

impl Fault {
    /// A broken rule; `found` is cut to 80 characters.
    pub fn new(row: u32, column: &'static str, found: &str, rule: &'static str, wanted: &dyn std::fmt::Display) -> Self {
        let found = found.chars().take(80).collect();
        Self { row, column: column.into(), found, rule: rule.into(), wanted: wanted.to_string() }
    }

    /// The same of a field's error.
    pub fn of(row: u32, column: &'static str, field: &crate::problem::FieldError) -> Self {
        Self::new(row, column, &field.found, field.rule, &field.wanted)
    }
}

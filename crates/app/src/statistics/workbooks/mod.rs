//! A superior's blank workbook (F9): uploaded once, told once what goes into which cell, and given back filled for any period.
//!
//! ```text
//! blank .xlsx ─check─► kept as it came ─marks: this cell is that figure; from this row on one child a row─► filled for a period
//! ```
//!
//! * It belongs to an organisation; whoever sees the figures of that organisation fills it, whoever records for it says what goes where.
//! * Figures are those of the statistics page, as far as the reader may see them; nothing is kept of what was filled.
//! * Every fill begins with the blank workbook: styles, formulas and everything else stay ([`crate::spreadsheets::given`]).
//! * Not here: what a figure is.

pub(super) mod actions;
mod filling;
pub(super) mod marks;
mod store;

pub use marks::Mark;
pub use store::Workbooks;

use kernel::{AccountId, Id, Identified, OrganisationId, Timestamp};

/// What a [`WorkbookId`] names.
#[derive(Debug)]
pub struct Given;
impl Identified for Given {
    const PREFIX: &'static str = "wbk";
}
/// Names a workbook.
pub type WorkbookId = Id<Given>;

/// A blank workbook as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Workbook {
    /// Its id.
    pub id: WorkbookId,
    /// Whose figures it is filled with.
    pub organisation: OrganisationId,
    /// What people call it.
    pub title: String,
    /// What goes where.
    pub marks: Vec<Mark>,
    /// Who uploaded it.
    pub created_by: AccountId,
    /// When.
    pub created_at: Timestamp,
    /// Grows with every change of its marks.
    pub version: i64,
}

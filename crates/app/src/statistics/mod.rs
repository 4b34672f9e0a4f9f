//! Statistics: what every organisation and everything below it did, exact at any moment.
//!
//! ```text
//! business transaction ─► stat_delta ─drain (1 s)─► stat_own   of the organisation itself   ┐ by day and by month
//!                                              └──► stat_cell  of everything strictly below ┘
//! a read = own + cells (months remembered, [`cube`]) + deltas that still wait
//! a move ─► job statistics.refold, or whoever reads first ─► cells of the old and the new superiors, from that day on, summed anew
//! ```
//!
//! * A fact counts for whoever stood above its organisation at the **end of its day**, in the installation's zone (A3):
//!   see [`crate::organisations::DatedTree`].
//! * An organisation without subordinates has no cells, so that cells do not outnumber the facts. Held sessions and their people
//!   are kept in cells only, as a whole and by each trait; what an organisation itself held is read from the records.
//! * Seen through the tree of today ([`Lens::Now`]), the same cells serve wherever nobody ever moved ([`report_now`]).
//! * Different organisations and the coverage rate are sets, not sums ([`reach`]).
//! * One node folds at a time: it holds the row of `stat_state`.
//! * Every figure leads to the records behind it ([`records`]): as many of them, or with the same sum.
//! * A read costs a fixed number of statements, whatever the size of the tree.
//! * On paper and by mail, it is the same figures ([`reports`]).
//! * Not here: what counts when. The features post deltas ([`crate::deltas`]) and tell the same facts to a recount.

pub mod actions;
mod amounts;
pub mod api;
mod bands;
mod bits;
mod burden;
mod check;
mod choice;
mod crossing;
mod cube;
mod export;
mod figures;
mod fold;
mod indicator;
mod line;
mod now;
mod overview;
pub mod pages;
mod period;
mod reach;
mod read;
pub mod records;
mod recount;
mod refold;
pub mod reports;
pub mod rules;
mod silent;
mod sources;
mod store;
mod table;
mod views;
mod whole;
pub mod work;
pub mod workbooks;

pub use bits::{Numbers, number};
pub use check::{Comparison, Difference, compare_cells};
pub use choice::{Asked, Lens};
pub use cube::Cube;
pub use figures::{Figures, Reached};
pub use fold::drain;
pub use line::{reach_line, report_line};
pub use now::report_now;
pub use period::Period;
pub use reach::{Reach, reach};
pub use read::{Part, Report, report, totals};
pub use recount::Recount;
pub use refold::{catch_up, refold};
pub use whole::{Compared, compare, compare_resting, count_held, recount};

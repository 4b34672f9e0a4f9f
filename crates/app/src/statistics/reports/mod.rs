//! Reports: an organisation's statistics of one period on paper, and by mail to those who subscribed.
//!
//! ```text
//! overview + months + who held nothing ─words─► sheets (pure layout) ─typesetting─► PDF
//!
//! first of a month, 6 o'clock ─► report_run ─► job statistics.reports ─► report_made  once per organisation, period, language, format
//!                                                                   └──► report_posted + notice   once per subscription and period
//! ```
//!
//! * The report equals the screen: the same [`overview`](super::overview), the same table.
//! * A subscription gives no right: the subscriber's rights are looked at when the report is made, and again when it is sent.
//! * Only the newest period that is over is ever posted, however long the program stood still.
//! * Whoever sees an organisation without what is below it gets a report of that, made apart.
//! * Not here: the mail itself (`notices`).

pub mod actions;
mod interval;
mod made;
mod paper;
mod posting;
mod sheets;
mod store;
mod words;

pub use interval::Every;
pub use paper::{Gathered, gather, pdf};
pub use posting::{REPORTS, begin_due, post_job, still_wanted};
pub use store::{Format, Subscription, Subscriptions};

use kernel::{Id, Identified};

/// What a [`SubscriptionId`] names.
#[derive(Debug)]
pub struct SubscriptionRow;
impl Identified for SubscriptionRow {
    const PREFIX: &'static str = "sub";
}
/// Names a subscription.
pub type SubscriptionId = Id<SubscriptionRow>;

/// The kind of notice that carries a report.
pub const KIND: &str = "statistics.report";

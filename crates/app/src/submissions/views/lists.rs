//! Lists of submissions with their filters.

use super::{Choice, Empty, Said, WorkItem};
use crate::web::Page;
use askama::Template;

/// One filter of a list, kept in the address.
#[derive(Debug, Clone)]
pub struct FilterField {
    /// Name in the address.
    pub name: &'static str,
    /// What it narrows to.
    pub label: String,
    /// What it may be.
    pub options: Vec<Choice>,
}

/// A list: what I may see, what waits for a verdict, what waits for clearance.
#[derive(Debug, Template)]
#[template(path = "submissions/views/list.html")]
pub struct ListPage {
    /// The frame.
    pub p: Page,
    /// What was just done.
    pub said: Said,
    /// Address of the list.
    pub action: &'static str,
    /// The reader may register lessons.
    pub may_register: bool,
    /// The words searched for; none where lists are not searched.
    pub words: Option<String>,
    /// In the order in which people narrow down.
    pub filters: Vec<FilterField>,
    /// Some filter is set.
    pub filtered: bool,
    /// The order of recommendation can be set for what is shown: its address; empty otherwise.
    pub rank_href: String,
    /// One line each.
    pub items: Vec<WorkItem>,
    /// What stands there when there are none.
    pub empty: Empty,
    /// The first page; empty when this is it.
    pub first: String,
    /// The next page; empty on the last.
    pub next: String,
}

//! The benches, one a file. Each gives rows; what it cannot measure is a row too.

mod page;
mod view_batch;
mod view_http;

use crate::lab::{Lab, Row};

/// Every bench, in the order of the table.
pub const NAMES: [&str; 3] = ["view-http", "view-batch", "page"];

/// Runs one.
pub async fn run(name: &str, lab: &Lab) -> anyhow::Result<Vec<Row>> {
    match name {
        "view-http" => view_http::run(lab).await,
        "view-batch" => view_batch::run(lab).await,
        "page" => page::run(lab).await,
        other => anyhow::bail!("there is no bench {other}"),
    }
}

//! The benches, one a file. Each gives rows; what it cannot measure is a row too.

mod fanout;
mod glass;
mod import;
mod live;
mod media;
mod nation;
mod page;
mod register;
mod rollup;
mod starved;
mod submissions;
mod upload;
mod view_batch;
mod view_http;

use crate::lab::{Lab, Row};

/// Every bench, in the order of the table.
pub const NAMES: [&str; 20] = [
    "segment",
    "playlist",
    "held-reload",
    "live-viewers",
    "glass-to-glass",
    "starved",
    "fanout-10k",
    "fanout-5k",
    "fanout-memory",
    "view-http",
    "view-batch",
    "page",
    "submit",
    "verdict",
    "rollup",
    "nation-sqlite",
    "nation-postgres",
    "import",
    "register",
    "upload",
];

/// Runs one.
pub async fn run(name: &str, lab: &Lab) -> anyhow::Result<Vec<Row>> {
    match name {
        "segment" => media::segment(lab).await,
        "playlist" => media::playlist(lab).await,
        "held-reload" => live::held_reload(lab).await,
        "live-viewers" => live::viewers(lab).await,
        "glass-to-glass" => glass::run(lab).await,
        "starved" => starved::run(lab).await,
        "fanout-10k" => fanout::ten_thousand(lab).await,
        "fanout-5k" => fanout::five_thousand(lab).await,
        "fanout-memory" => fanout::memory(lab).await,
        "view-http" => view_http::run(lab).await,
        "view-batch" => view_batch::run(lab).await,
        "page" => page::run(lab).await,
        "submit" => submissions::submit(lab).await,
        "verdict" => submissions::verdict(lab).await,
        "rollup" => rollup::run(lab).await,
        "nation-sqlite" => nation::sqlite(lab).await,
        "nation-postgres" => nation::postgres(lab).await,
        "import" => import::run(lab).await,
        "register" => register::run(lab).await,
        "upload" => upload::run(lab).await,
        other => anyhow::bail!("there is no bench {other}"),
    }
}

//! `make bench`: what a unit of our work costs beside what it costs a peer, measured in the same run.
//!
//! ```text
//! bench/run ─► bench [NAME…] ─► rows/NAME ─┬─ peers/…  (nginx, Redis, Postgres, Django, openpyxl)
//!                                          └─ lab/…    (pinned servers, open loop, CPU of a tree, pairs, the table)
//! ```
//!
//! * Servers run on one core, this program, their client, on another; CPU is that of the server and all its children.
//! * Peer and ours take turns; the ratio of each pair counts, and the peer is also compared with itself (`aa`).
//! * What could not be measured is a row with the reason. The method is told in `bench/README.md`.

mod lab;
mod peers;
mod product;
mod rows;

use anyhow::{Context, bail};
use lab::{Lab, Row};
use std::process::ExitCode;

fn main() -> ExitCode {
    let wanted: Vec<String> = std::env::args().skip(1).collect();
    match measure(&wanted) {
        Ok(()) => ExitCode::SUCCESS,
        Err(cause) => {
            eprintln!("bench: {cause:#}");
            ExitCode::FAILURE
        }
    }
}

fn measure(wanted: &[String]) -> anyhow::Result<()> {
    if let Some(unknown) = wanted.iter().find(|name| !rows::NAMES.contains(&name.as_str())) {
        bail!("there is no bench {unknown}; there are: {}", rows::NAMES.join(", "));
    }
    let lab = Lab::open()?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let mut all: Vec<Row> = Vec::new();
    for name in rows::NAMES {
        if wanted.is_empty() || wanted.iter().any(|w| w == name) {
            eprintln!("{name} …");
            let rows = runtime.block_on(rows::run(name, &lab));
            all.extend(rows.unwrap_or_else(|cause| vec![Row::unmeasured(name, &format!("failed: {cause:#}"))]));
            lab.keep(&all).context("bench/results.json")?;
        }
    }
    lab::print_table(&all);
    Ok(())
}

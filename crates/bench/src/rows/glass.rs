//! `glass-to-glass`: how old the pictures are that a viewer sees, from the moment before they are encoded to the screen.
//!
//! Each picture carries the clock in black and white blocks; a page in headless Chromium reads it back from a canvas whenever the browser
//! presents one (`bench/browser/glass.mjs`).

use crate::lab::{Lab, Row};
use crate::product::OnAir;
use anyhow::{Context, ensure};
use serde::Deserialize;
use std::process::{Command, Stdio};

const NAME: &str = "glass-to-glass";
/// Seconds, in the median.
const TARGET_S: f64 = 2.0;
/// Fewer say nothing.
const LEAST: usize = 60;

/// What the page found.
#[derive(Debug, Deserialize)]
struct Seen {
    /// Ages of pictures, milliseconds, in the order in which they were shown.
    ages: Vec<f64>,
}

/// The median, beside the target; the 95th percentile stands in the note.
pub async fn run(lab: &Lab) -> anyhow::Result<Vec<Row>> {
    for needed in ["chromium", "e2e"] {
        if let Some(why) = lab.missing(needed) {
            return Ok(vec![Row::unmeasured(NAME, &why)]);
        }
    }
    let air = OnAir::serve(lab, NAME, 1).await?;
    let page = format!("http://{}/live/{}", air.ours.address, air.id);
    let mut seen = watch(lab, &air.rtmp, &page, lab.amount(600, LEAST)).await?.ages;
    ensure!(seen.len() >= LEAST, "only {} pictures could be read", seen.len());
    seen.sort_by(f64::total_cmp);
    let at = |share: f64| seen[((seen.len() - 1) as f64 * share).round() as usize] / 1e3;
    let row = Row::absolute(NAME, "s, median", at(0.5), TARGET_S, false);
    let told = format!("p95 {:.3} s, {:.3} to {:.3} s over {} pictures of 640×360", at(0.95), at(0.0), at(1.0), seen.len());
    Ok(vec![row.with(&told).with("encoder and browser share the machine with the server")])
}

/// An encoder and a browser, on every core: they stand for other people's machines.
async fn watch(lab: &Lab, rtmp: &str, page: &str, pictures: usize) -> anyhow::Result<Seen> {
    let script = lab.root.join("bench/browser/glass.mjs");
    let cores = format!("0-{}", std::env::var("BENCH_CORES").ok().and_then(|n| n.parse::<usize>().ok()).unwrap_or(1).saturating_sub(1));
    let mut command = Command::new("taskset");
    command.args(["-c", &cores, "node"]).arg(script).args([rtmp, page, &pictures.to_string()]);
    command.current_dir(lab.scratch.path()).stdin(Stdio::null()).stderr(Stdio::inherit());
    let done = tokio::task::spawn_blocking(move || command.output()).await?.context("node")?;
    ensure!(done.status.success(), "the browser saw nothing: {}", done.status);
    let last = String::from_utf8(done.stdout)?;
    serde_json::from_str(last.lines().last().unwrap_or_default()).context("what the browser saw")
}

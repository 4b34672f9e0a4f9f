//! `kaijiang recount`: are the figures what the records say, and if not, count them anew.

use super::{Place, build, print};
use crate::statistics::{self, Compared, Difference};
use anyhow::Context;
use clap::Args;
use kernel::SystemClock;
use std::process::ExitCode;
use std::sync::Arc;

pub(super) const EXAMPLES: &str = "\
Examples:
  kaijiang recount --data /srv/kaijiang --check     only compare
  kaijiang recount --data /srv/kaijiang             count anew, then compare

Stop the server first: only one program at a time holds the view ledger.
Exit codes: 0 the figures equal the records, 3 they differ (--check), 1 it can't be told.";

/// Differences that are told one by one.
const TOLD: usize = 20;

/// What was typed.
#[derive(Debug, Args)]
pub struct Counting {
    #[command(flatten)]
    place: Place,
    /// Change nothing
    #[arg(long)]
    check: bool,
}

pub(super) async fn run(typed: Counting) -> anyhow::Result<ExitCode> {
    let app = build(typed.place.config()?, Arc::new(SystemClock)).await.context("stop the server first if it runs")?;
    if !typed.check {
        statistics::recount(&app).await?;
    }
    let found = statistics::compare(&app).await?;
    tell(&found)?;
    if let Some(views) = &app.views {
        views.close().await?;
    }
    app.db.close().await;
    Ok(ExitCode::from(if found.count() == 0 { 0 } else { 3 }))
}

fn tell(found: &Compared) -> std::io::Result<()> {
    if found.count() == 0 {
        return print("every figure equals the records\n");
    }
    let head = format!("{} figures differ from the records, and the counts of {} lessons\n", found.figures.len(), found.lessons);
    let sets = match found.sets {
        0 => String::new(),
        sets => format!("who held a session differs from the records on {sets} days or months\n"),
    };
    let days = match found.days {
        0 => String::new(),
        days => format!("the views of lessons by day differ from the ledger on {days} days of organisations\n"),
    };
    let line = |one: &Difference| {
        let (metric, part) = (one.metric.code(), if one.dimension.is_empty() { "" } else { " " });
        format!("  {} {} {metric}{part}{}: {:+}\n", one.organisation, one.day, one.dimension, one.missing)
    };
    print(&[head, sets, days].into_iter().chain(found.figures.iter().take(TOLD).map(line)).collect::<String>())
}

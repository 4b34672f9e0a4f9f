//! `kaijiang demo --scale`: a made-up nation.

use super::{Place, build_tool, print};
use crate::demo::scale::{Scale, plant};
use anyhow::Context;
use clap::Args;
use kernel::SystemClock;
use std::process::ExitCode;
use std::sync::Arc;

pub(super) const EXAMPLES: &str = "\
Examples:
  kaijiang demo --scale --data /tmp/nation                                    150,000 organisations, 10 million held sessions
  kaijiang demo --scale --organisations 20000 --sessions 100000 --data /tmp/small
  kaijiang demo --scale --database postgres://kaijiang@db/nation --data /tmp/nation

Sign in as `scale` with the password of the demo accounts.";

/// What was typed.
#[derive(Debug, Args)]
pub struct Demo {
    #[command(flatten)]
    place: Place,
    /// The only demo so far that is not `serve --demo`
    #[arg(long, required = true)]
    scale: bool,
    /// Organisations in all
    #[arg(long, default_value_t = 150_000)]
    organisations: usize,
    /// Held sessions
    #[arg(long, default_value_t = 10_000_000)]
    sessions: usize,
    /// Days up to yesterday that they are spread over
    #[arg(long, default_value_t = 1_096, value_parser = clap::value_parser!(u16).range(1..))]
    days: u16,
}

pub(super) async fn run(typed: Demo) -> anyhow::Result<ExitCode> {
    let app = build_tool(typed.place.config()?, Arc::new(SystemClock)).await.context("stop the server first if it runs")?;
    let begin = app.clock.now();
    let seconds = || (app.clock.now().0 - begin.0) / 1_000;
    let tell = |what: &str| drop(print(&format!("{:>6} s  {what}\n", seconds())));
    let scale = Scale { organisations: typed.organisations, sessions: typed.sessions, days: typed.days.into() };
    plant(&app, scale, tell).await?;
    print(&format!("{} organisations, {} held sessions in {} s\n", scale.organisations, scale.sessions, seconds()))?;
    app.db.close().await;
    Ok(ExitCode::SUCCESS)
}

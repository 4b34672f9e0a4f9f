//! The program.

use clap::Parser;
use std::process::ExitCode;

#[tokio::main]
async fn main() -> ExitCode {
    app::commands::run(app::commands::Cli::parse()).await
}

//! Checks of this repository that no ready-made tool knows.
//!
//! ```text
//! cargo xtask rooms                   is every line in its room, does every import point left?
//! cargo xtask migrations [--lock]     are both engines in step, is applied text unchanged?
//! cargo xtask config-docs [--write]   does docs/configuration.md say what the program says?
//! ```
//!
//! Each prints `file:line: rule: what is wrong` and ends with code 1 when something must be repaired.
#![allow(clippy::print_stdout, reason = "a command line tool answers on standard output")]

mod config_docs;
mod finding;
mod migrations;
mod rooms;

use std::{
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::Context;

const USAGE: &str = "usage: cargo xtask rooms | migrations [--lock] | config-docs [--write]";

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match run(&words) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("xtask: {error:#}");
            ExitCode::from(2)
        }
    }
}

/// Runs one command; `Ok(false)` means that it found something to repair.
fn run(words: &[&str]) -> anyhow::Result<bool> {
    let root = repository()?;
    match words {
        ["rooms"] => rooms::check(&root),
        ["migrations"] => migrations::check(&root),
        ["migrations", "--lock"] => migrations::lock(&root),
        ["config-docs"] => config_docs::check(&root),
        ["config-docs", "--write"] => config_docs::write(&root),
        _ => anyhow::bail!("{USAGE}"),
    }
}

/// The folder of the workspace manifest, two above this crate.
fn repository() -> anyhow::Result<PathBuf> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(2).map(Path::to_path_buf).context("xtask does not lie in crates/xtask")
}

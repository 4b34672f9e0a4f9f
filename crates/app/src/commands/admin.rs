//! `kaijiang admin create`: the first person of an installation.

use super::{Place, build_tool};
use crate::accounts::actions::{self, NewAccount};
use anyhow::{Context, bail};
use clap::Subcommand;
use kernel::{Grant, Reach, Role, SystemClock};
use std::io::BufRead;
use std::process::ExitCode;
use std::sync::Arc;

#[derive(Debug, Subcommand)]
pub enum What {
    /// Create an administrator of the whole tree; the password is read from standard input
    Create {
        #[command(flatten)]
        place: Place,
        /// What the person types in to sign in
        #[arg(long)]
        login: String,
        /// What others see
        #[arg(long)]
        name: String,
        /// Code of the organisation; without it the root of the tree
        #[arg(long)]
        organisation: Option<String>,
    },
}

pub(super) async fn run(what: What) -> anyhow::Result<ExitCode> {
    let What::Create { place, login, name, organisation } = what;
    let app = build_tool(place.config()?, Arc::new(SystemClock)).await?;
    let tree = app.tree.load_full();
    let node = match &organisation {
        Some(code) => tree.roots().flat_map(|r| tree.subtree(r.id)).find(|n| n.code == *code),
        None => tree.roots().next(),
    };
    let Some(node) = node else { bail!("there is no such organisation; import the tree first: kaijiang import organisations FILE") };
    let mut password = String::new();
    std::io::stdin().lock().read_line(&mut password).context("the password is read from standard input")?;
    let grants = vec![Grant { organisation: node.id, role: Role::Administrator, reach: Reach::Subtree }];
    let new = NewAccount { login: login.clone(), name, password: password.trim_end_matches(['\r', '\n']).to_owned(), grants };
    match actions::create(&app, new, None).await {
        Ok(_) => {
            eprintln!("created {login}, administrator of {}", node.name);
            Ok(ExitCode::SUCCESS)
        }
        Err(problem) => {
            let words = app.words.texts(crate::i18n::Language::English);
            for fault in &problem.fields {
                let args = [("found", fault.found.clone()), ("wanted", fault.wanted.clone())];
                eprintln!("{}: {}", fault.field, words.args(&format!("rule-{}", fault.rule), &args));
            }
            bail!(words.args(&format!("problem-{}", problem.code), &problem.args))
        }
    }
}

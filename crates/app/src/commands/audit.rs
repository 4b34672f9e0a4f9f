//! `kaijiang audit`: is the trail whole, and what does it say.

use super::serve::open_existing;
use super::{Place, print};
use crate::audit::{self, Verified};
use crate::db::Db;
use clap::Subcommand;
use std::io::Write;
use std::process::ExitCode;

const EXAMPLES: &str = "\
Examples:
  kaijiang audit verify --data /srv/kaijiang
  kaijiang audit verify --head 5f0c…            the head that was published yesterday must still be in the chain

Exit codes: 0 the trail is whole, 3 it was tampered with (the first record that does not fit is named), 1 it can't be read.";

#[derive(Debug, Subcommand)]
pub enum What {
    /// Check the chain of audit records from the first to the last
    #[command(after_help = EXAMPLES)]
    Verify {
        #[command(flatten)]
        place: Place,
        /// A head that was published before: finds out whether records were cut off after it
        #[arg(long)]
        head: Option<String>,
    },
    /// Print every record, oldest first, as one JSON object a line
    #[command(after_help = "Example:\n  kaijiang audit export --data /srv/kaijiang | gzip > audit.jsonl.gz")]
    Export {
        #[command(flatten)]
        place: Place,
    },
}

pub(super) async fn run(what: What) -> anyhow::Result<ExitCode> {
    match what {
        What::Verify { place, head } => verify(&open_existing(&place.config()?).await?, head.as_deref()).await,
        What::Export { place } => export(&open_existing(&place.config()?).await?).await,
    }
}

/// Verifies and tells; 3 when something does not fit.
pub(super) async fn verify(db: &Db, published: Option<&str>) -> anyhow::Result<ExitCode> {
    let found = audit::verify(db).await?;
    let cut_off = match published {
        Some(head) => !audit::holds(&mut db.read().await?, head).await?,
        None => false,
    };
    let cut = "the published head is not in the chain: records were removed after it, or the chain was written anew\n";
    print(&format!("{}\n{}", words(&found), if cut_off { cut } else { "" }))?;
    Ok(ExitCode::from(if cut_off || found.broken.is_some() { 3 } else { 0 }))
}

fn words(found: &Verified) -> String {
    let whole = format!("{} audit records are whole, {} wait for their seal", found.records, found.unsealed);
    match &found.broken {
        None => format!("{whole}\nhead {}", found.head),
        Some(broken) => format!(
            "audit record {} does not fit: {}\n  id {}\n  time {}\nbefore it: {whole}\nhead {}",
            broken.seq, broken.reason, broken.id, broken.at, found.head
        ),
    }
}

async fn export(db: &Db) -> anyhow::Result<ExitCode> {
    let mut out = std::io::BufWriter::new(std::io::stdout());
    let mut tx = db.read().await?;
    let mut after = String::new();
    loop {
        let batch = audit::newer(&mut tx, &after, 1000).await?;
        let Some(last) = batch.last() else { break };
        after.clone_from(&last.id);
        for record in &batch {
            out.write_all(record.json_line()?.as_bytes())?;
        }
    }
    out.flush()?;
    Ok(ExitCode::SUCCESS)
}

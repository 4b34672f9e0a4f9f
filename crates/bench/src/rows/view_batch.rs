//! `view-batch`: the ledger alone, events handed over by 64, beside Redis with pipelines of 64 scripts.

use crate::lab::{Lab, Row, Side, finish, take_turns};
use crate::peers::redis::Redis;
use anyhow::{Context, ensure};

const NAME: &str = "view-batch";
const TARGET: f64 = 0.35;
const BATCH: usize = 64;
/// Appending tasks of ours, connections to Redis.
const PRODUCERS: usize = 64;
const LESSON: &str = "lesson";

pub async fn run(lab: &Lab) -> anyhow::Result<Vec<Row>> {
    let redis = match Redis::start(lab).await {
        Ok(redis) => redis,
        Err(cause) => return Ok(vec![Row::unmeasured(NAME, &format!("no peer: {cause:#}"))]),
    };
    let ours_events = lab.amount(1_000_000, 100_000);
    let batches = lab.amount(25, 5);
    let each_turn = batches * BATCH * PRODUCERS;
    let mut asked = 0;
    let pairs = take_turns(lab.pairs(), async |side| match side {
        Side::Ours => ours(lab, ours_events),
        Side::Peer => {
            let before = redis.server.cpu()?;
            let counted = redis.pipelined(LESSON, asked, batches, BATCH, PRODUCERS).await?;
            ensure!(counted == each_turn, "void: Redis counted {counted} of {each_turn}");
            asked += each_turn;
            Ok((redis.server.cpu()? - before) * 1e6 / each_turn as f64)
        }
    })
    .await?;
    let row = pairs.row(NAME, "µs CPU an event", "Redis, fsync always, script, pipelines of 64", TARGET);
    let kept = redis.views(LESSON).await?;
    let row = row.with("ours includes the producing tasks, in one process; acknowledged = kept");
    Ok(vec![if kept == asked { row } else { row.void(&format!("Redis kept {kept} of {asked}")) }])
}

/// The crate's own example checks that what was acknowledged is kept, or fails.
fn ours(lab: &Lab, events: usize) -> anyhow::Result<f64> {
    let folder = lab.folder("ledger")?;
    let example = lab.program("examples/ledger_bench");
    let words = [events, PRODUCERS, BATCH].map(|n| n.to_string().into());
    let command: Vec<_> = [example.into(), folder.into()].into_iter().chain(words).collect();
    let done = finish(lab, &command)?;
    let line = done.out.lines().find(|line| line.contains("\"ledger-append\"")).context("no figure of the ledger")?;
    let figures: serde_json::Value = serde_json::from_str(line)?;
    figures["cpu_us_per_event"].as_f64().context("no CPU of the ledger")
}

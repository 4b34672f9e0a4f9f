//! What one durable, deduplicated event costs: `ledger_bench DIR [EVENTS [PRODUCERS [BATCH]]]`.
//!
//! Prints one JSON object a line for each way of appending. CPU is user and system time of the whole process, producers
//! included. Every hundredth event is a repetition. A run counts only after its own check: acknowledged equals kept.

use kernel::Timestamp;
use ledger::{Appended, Event, Ledger, LedgerError, Offset, Options, Weight};
use rustix::time::{ClockId, clock_gettime};
use std::collections::{BTreeMap, HashSet};
use std::io::Write;
use std::path::PathBuf;
use std::sync::Arc;

const REPEAT_EVERY: u64 = 100;

type AnyError = Box<dyn std::error::Error + Send + Sync>;

fn main() -> Result<(), AnyError> {
    let mut args = std::env::args().skip(1);
    let dir = PathBuf::from(args.next().ok_or("usage: ledger_bench DIR [EVENTS [PRODUCERS [BATCH]]]")?);
    let events: u64 = args.next().map_or(Ok(1_000_000), |text| text.parse())?;
    let producers: u64 = args.next().map_or(Ok(64), |text| text.parse())?;
    let batches: Vec<u64> = args.next().map_or(Ok(vec![64, 1]), |text| text.parse().map(|batch| vec![batch]))?;
    for batch in batches {
        let dir = dir.join(format!("batch-{batch}"));
        let line = tokio::runtime::Runtime::new()?.block_on(append(dir.clone(), batch, events / producers, producers))?;
        writeln!(std::io::stdout(), "{line}")?;
        writeln!(std::io::stdout(), "{}", replay(&dir)?)?;
        std::fs::remove_dir_all(dir)?;
    }
    Ok(())
}

fn options() -> Options {
    Options { windows_ms: BTreeMap::from([(1, Timestamp::DAY_MS)]), ..Options::default() }
}

async fn append(dir: PathBuf, batch: u64, each: u64, producers: u64) -> Result<String, AnyError> {
    let ledger = Arc::new(Ledger::open(dir, &options())?);
    let (wall, cpu) = (seconds(ClockId::Monotonic), seconds(ClockId::ProcessCPUTime));
    let tasks = (0..producers).map(|producer| tokio::spawn(produce(Arc::clone(&ledger), batch, producer * each, each)));
    let mut fresh = 0;
    for task in tasks.collect::<Vec<_>>() {
        fresh += task.await??;
    }
    let (wall, cpu) = (seconds(ClockId::Monotonic) - wall, seconds(ClockId::ProcessCPUTime) - cpu);
    let kept: HashSet<u128> = ledger.events(Offset(0)).map(|event| event.map(|(_, event)| event.key)).collect::<Result<_, _>>()?;
    if kept.len() as u64 != fresh || ledger.head() != Offset(fresh) {
        return Err(format!("{fresh} acknowledged, {} kept, {} distinct", ledger.head().0, kept.len()).into());
    }
    let events = each * producers;
    Ok(format!(
        r#"{{"name":"ledger-append","batch":{batch},"producers":{producers},"events":{events},"fresh":{fresh},"events_per_s":{:.0},"cpu_us_per_event":{:.3}}}"#,
        events as f64 / wall,
        cpu * 1e6 / events as f64
    ))
}

/// Appends `each` events with keys from `first` on, and tells how many were new.
async fn produce(ledger: Arc<Ledger>, batch: u64, first: u64, each: u64) -> Result<u64, LedgerError> {
    let mut fresh = 0;
    let mut next = first;
    while next < first + each {
        let end = (next + batch).min(first + each);
        let answers = if batch == 1 {
            vec![ledger.append(event(next, first)).await?]
        } else {
            ledger.append_all((next..end).map(|n| event(n, first)).collect()).await?
        };
        fresh += answers.iter().filter(|answer| **answer != Appended::Duplicate).count() as u64;
        next = end;
    }
    Ok(fresh)
}

/// The `n`th event; every hundredth of a producer repeats the one before it.
fn event(n: u64, first: u64) -> Event {
    let n = if (n - first) % REPEAT_EVERY == REPEAT_EVERY - 1 { n - 1 } else { n };
    // Spread like the hashes that are used as keys.
    let key = u128::from(n).wrapping_mul(0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835);
    let at = Timestamp(1_800_000_000_000);
    Event { kind: 1, key, subject: 1, group: u128::from(n % 1000), at, amount: 1, weight: Weight::ONE, day: 20_261_123 }
}

/// How fast a start with a snapshot, a start without one, and a recount are.
fn replay(dir: &PathBuf) -> Result<String, AnyError> {
    let start = seconds(ClockId::Monotonic);
    let ledger = Ledger::open(dir, &options())?;
    let with_snapshot = seconds(ClockId::Monotonic) - start;
    drop(ledger);
    std::fs::remove_file(dir.join("seen.snapshot"))?;
    let start = seconds(ClockId::Monotonic);
    let ledger = Ledger::open(dir, &options())?;
    let opened = seconds(ClockId::Monotonic);
    let mut total = 0;
    for event in ledger.events(Offset(0)) {
        total += u64::from(event?.1.amount);
    }
    let read = seconds(ClockId::Monotonic);
    Ok(format!(
        r#"{{"name":"ledger-replay","events":{total},"open_with_snapshot_s":{with_snapshot:.3},"open_s":{:.3},"recount_events_per_s":{:.0}}}"#,
        opened - start,
        total as f64 / (read - opened)
    ))
}

fn seconds(clock: ClockId) -> f64 {
    let time = clock_gettime(clock);
    time.tv_sec as f64 + time.tv_nsec as f64 / 1e9
}

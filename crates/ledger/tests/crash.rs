//! `kill -9` at any moment: what was acknowledged is there, once.

#![allow(clippy::unwrap_used, reason = "test code outside #[test] functions")]

mod rig;

use ledger::{Appended, Ledger};
use rig::{all, event, helper, helper_dir, options, runtime};
use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

const TASKS: u64 = 24;
const SEGMENT_BYTES: u64 = 20_000;

/// Not a test of its own: the process that gets killed. Each task walks up the keys, two tasks sharing each key, and says
/// every key once its append has returned.
#[test]
#[ignore = "helper process of the test below"]
fn appends_until_killed() {
    let ledger = Arc::new(Ledger::open(helper_dir(), &options(SEGMENT_BYTES)).unwrap());
    let next = Arc::new(AtomicU64::new(0));
    runtime().block_on(async {
        let tasks = (0..TASKS).map(|_| {
            let (ledger, next) = (Arc::clone(&ledger), Arc::clone(&next));
            tokio::spawn(async move {
                loop {
                    let key = u128::from(next.fetch_add(1, Ordering::Relaxed) / 2);
                    let line = match ledger.append(event(key)).await.unwrap() {
                        Appended::Fresh { offset } => format!("\nkept {key} {}\n", offset.0),
                        Appended::Duplicate => format!("\nknown {key}\n"),
                    };
                    std::io::stdout().write_all(line.as_bytes()).unwrap();
                }
            })
        });
        // They never end by themselves.
        tasks.collect::<Vec<_>>().remove(0).await.unwrap();
    });
}

/// Lets a helper run until it has told `lines` lines, kills it, and adds what it told to `told` and `known`.
fn kill_after(lines: usize, dir: &Path, told: &mut BTreeMap<u128, u64>, known: &mut BTreeSet<u128>) {
    let mut child = helper("appends_until_killed", dir).spawn().unwrap();
    let mut output = BufReader::new(child.stdout.take().unwrap());
    let (mut line, mut seen) = (String::new(), 0);
    // After the kill the pipe still holds lines that were told before it: they count too.
    while output.read_line(&mut line).unwrap() > 0 {
        let complete = line.ends_with('\n');
        match line.split_whitespace().collect::<Vec<_>>()[..] {
            ["kept", key, offset] if complete => {
                let earlier = told.insert(key.parse().unwrap(), offset.parse().unwrap());
                assert_eq!(earlier, None, "key {key} was counted twice");
                seen += 1;
            }
            ["known", key] if complete => {
                known.insert(key.parse().unwrap());
                seen += 1;
            }
            _ => {}
        }
        if seen == lines {
            child.kill().unwrap();
            seen += 1;
        }
        line.clear();
    }
    child.wait().unwrap();
    assert!(seen > lines, "the helper ended by itself after {seen} lines");
}

#[test]
fn what_was_acknowledged_before_kill_9_is_there_exactly_once() {
    let dir = tempfile::tempdir().unwrap();
    let (mut told, mut known) = (BTreeMap::new(), BTreeSet::new());
    for round in 0..8 {
        // Each process first walks over the keys of those before it, then some random way beyond.
        let lines = 2 * told.len() + 1 + usize::from(u16::from_le_bytes(kernel::random::bytes())) % 800;
        kill_after(lines, dir.path(), &mut told, &mut known);
        let ledger = Ledger::open(dir.path(), &options(SEGMENT_BYTES)).unwrap();
        let kept = all(&ledger);
        let by_key: BTreeMap<u128, u64> = kept.iter().map(|(offset, event)| (event.key, offset.0)).collect();
        assert_eq!(by_key.len(), kept.len(), "round {round} after {lines} lines: a key stands there twice");
        for (key, offset) in &told {
            assert_eq!(by_key.get(key), Some(offset), "round {round} after {lines} lines: key {key}");
        }
        assert!(known.iter().all(|key| by_key.contains_key(key)), "round {round}: called known without being there");
        assert!(kept.iter().all(|(_, kept)| *kept == event(kept.key)), "round {round}: an event was changed");
        // The next one starts from the snapshot that the drop leaves, or by replay.
        drop(ledger);
        if round % 2 == 0 {
            std::fs::remove_file(dir.path().join("seen.snapshot")).unwrap();
        }
    }
    assert!(told.len() > 8 && !known.is_empty());
}

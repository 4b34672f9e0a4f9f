//! Many tasks at once: each event is kept once, each caller hears the truth.

mod rig;

use ledger::{Appended, Ledger, Offset};
use rig::{all, event, options};
use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

const TASKS: u128 = 200;
const EACH: u128 = 25;

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn distinct_keys_are_all_kept_at_the_offset_that_was_told() {
    let dir = tempfile::tempdir().unwrap();
    // Segments of some hundred events, and more tasks than places in the queue.
    let ledger = Arc::new(Ledger::open(dir.path(), &options(30_000)).unwrap());
    let tasks = (0..TASKS).map(|task| {
        let ledger = Arc::clone(&ledger);
        tokio::spawn(async move {
            let mut told = Vec::new();
            for key in task * EACH..(task + 1) * EACH {
                let Appended::Fresh { offset } = ledger.append(event(key)).await.unwrap() else { panic!("{key} is new") };
                assert!(ledger.head() > offset, "an answer comes after the event is durable and readable");
                told.push((offset, event(key)));
            }
            told
        })
    });
    let mut told = BTreeMap::new();
    for task in tasks.collect::<Vec<_>>() {
        told.extend(task.await.unwrap());
    }
    assert_eq!(all(&ledger), told.into_iter().collect::<Vec<_>>());
    assert_eq!(ledger.head(), Offset((TASKS * EACH) as u64));
    assert!(rig::segments(dir.path()).len() > 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn the_same_key_from_many_tasks_is_counted_once() {
    let dir = tempfile::tempdir().unwrap();
    let ledger = Arc::new(Ledger::open(dir.path(), &options(1 << 20)).unwrap());
    let tasks = (0..TASKS).map(|_| {
        let ledger = Arc::clone(&ledger);
        tokio::spawn(async move {
            let mut fresh = 0;
            for key in 0..EACH {
                match ledger.append(event(key)).await.unwrap() {
                    Appended::Fresh { .. } => fresh += 1,
                    Appended::Duplicate => {
                        // Told "duplicate" means that the twin is durable already.
                        assert!(all(&ledger).iter().any(|(_, kept)| kept.key == key));
                    }
                }
            }
            fresh
        })
    });
    let mut fresh = 0;
    for task in tasks.collect::<Vec<_>>() {
        fresh += task.await.unwrap();
    }
    assert_eq!(fresh, EACH);
    let kept: HashSet<u128> = all(&ledger).iter().map(|(_, event)| event.key).collect();
    assert_eq!((kept.len() as u128, all(&ledger).len() as u128), (EACH, EACH));
}

#[tokio::test]
async fn a_list_longer_than_a_request_is_answered_in_order() {
    let dir = tempfile::tempdir().unwrap();
    let ledger = Ledger::open(dir.path(), &options(100_000)).unwrap();
    let answers = ledger.append_all((0..5000).map(|n| event(n / 2)).collect()).await.unwrap();
    assert_eq!(answers.len(), 5000);
    for (n, answer) in answers.into_iter().enumerate() {
        let expected = if n % 2 == 0 { Appended::Fresh { offset: Offset(n as u64 / 2) } } else { Appended::Duplicate };
        assert_eq!(answer, expected, "event {n}");
    }
    assert!(ledger.append_all(Vec::new()).await.unwrap().is_empty());
}

#[tokio::test]
async fn dropping_the_ledger_keeps_what_was_queued() {
    let dir = tempfile::tempdir().unwrap();
    let ledger = Ledger::open(dir.path(), &options(1 << 20)).unwrap();
    {
        // One poll puts the request into the queue; then the caller goes away.
        let mut append = std::pin::pin!(ledger.append(event(1)));
        let mut context = std::task::Context::from_waker(std::task::Waker::noop());
        let _ = append.as_mut().poll(&mut context);
    }
    drop(ledger);
    assert_eq!(all(&Ledger::open(dir.path(), &options(1 << 20)).unwrap()), [(Offset(0), event(1))]);
}

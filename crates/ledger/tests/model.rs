//! The ledger against a few lines that say what it should do.

#![allow(clippy::unwrap_used, reason = "test code outside #[test] functions")]

mod rig;

use kernel::Timestamp;
use ledger::{Appended, Event, Ledger, Offset, Weight};
use proptest::prelude::*;
use rig::{DAILY, HEADER_BYTES, RECORD_BYTES, UNCHECKED, all, as_after_a_crash, options, runtime};
use std::collections::HashMap;

#[derive(Debug, Clone)]
enum Step {
    Append(Vec<Event>),
    CloseAndOpen,
    CrashAndOpen,
}

#[derive(Default)]
struct Model {
    kept: Vec<Event>,
    counted_at: HashMap<u128, i64>,
}

impl Model {
    fn append(&mut self, event: &Event) -> Appended {
        let known = self.counted_at.get(&event.key);
        if event.kind == DAILY && known.is_some_and(|at| event.at.0 - at < Timestamp::DAY_MS) {
            return Appended::Duplicate;
        }
        if event.kind == DAILY {
            self.counted_at.insert(event.key, event.at.0);
        }
        self.kept.push(*event);
        Appended::Fresh { offset: Offset(self.kept.len() as u64 - 1) }
    }
}

/// Events over five days that come up to an hour late; few keys, so that many repeat.
fn steps() -> impl Strategy<Value = Vec<Step>> {
    let event = (prop::sample::select(vec![DAILY, UNCHECKED]), 0..12_u128, 0..3_600_000_i64, any::<(u64, u32, i32)>());
    let event = event.prop_map(|(kind, key, late, (other, amount, day))| Event {
        kind,
        key,
        subject: other.into(),
        group: u128::MAX - u128::from(other),
        at: Timestamp(-late),
        amount,
        weight: Weight::at_least(u64::from(amount) % 15_000),
        day,
    });
    let step = prop_oneof![
        6 => prop::collection::vec(event, 1..6).prop_map(Step::Append),
        1 => Just(Step::CloseAndOpen),
        1 => Just(Step::CrashAndOpen),
    ];
    prop::collection::vec((step, 0..Timestamp::DAY_MS / 4), 1..40).prop_map(|steps| {
        let mut now = 1_800_000_000_000;
        let place = |(mut step, pause): (Step, i64)| {
            now += pause;
            if let Step::Append(events) = &mut step {
                for event in events {
                    event.at = event.at.plus_ms(now);
                }
            }
            step
        };
        steps.into_iter().map(place).collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_history_of_appends_closes_and_crashes_equals_the_model(steps in steps(), records_a_segment in 1..9_u64) {
        let options = options(HEADER_BYTES + records_a_segment * RECORD_BYTES);
        let mut dir = tempfile::tempdir().unwrap();
        let mut model = Model::default();
        runtime().block_on(async {
            let mut ledger = Ledger::open(dir.path(), &options).unwrap();
            for step in steps {
                match step {
                    Step::Append(events) => {
                        let expected: Vec<_> = events.iter().map(|event| model.append(event)).collect();
                        prop_assert_eq!(ledger.append_all(events).await.unwrap(), expected);
                    }
                    Step::CloseAndOpen => {
                        drop(ledger);
                        ledger = Ledger::open(dir.path(), &options).unwrap();
                    }
                    Step::CrashAndOpen => {
                        dir = as_after_a_crash(dir.path());
                        ledger = Ledger::open(dir.path(), &options).unwrap();
                    }
                }
                prop_assert_eq!(ledger.head(), Offset(model.kept.len() as u64));
            }
            let expected: Vec<_> = (0..).map(Offset).zip(model.kept.iter().copied()).collect();
            prop_assert_eq!(&all(&ledger), &expected);
            for from in 0..=expected.len() {
                let to = expected.len().min(from + 5);
                prop_assert_eq!(ledger.read(Offset(from as u64), 5).unwrap(), &expected[from..to]);
            }
            prop_assert!(ledger.read(Offset(u64::MAX), usize::MAX).unwrap().is_empty());
            Ok(())
        })?;
    }
}

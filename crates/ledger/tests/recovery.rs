//! What an open does with a folder that a crash, a power cut or a bad disk left behind.

#![allow(clippy::unwrap_used, reason = "test code outside #[test] functions")]

mod rig;

use ledger::{Appended, Event, Ledger, LedgerError, Offset, Weight};
use rig::{HEADER_BYTES, RECORD_BYTES, all, as_after_a_crash, event, options, segments};
use std::fs::{self, OpenOptions};
use std::os::unix::fs::FileExt;
use std::path::Path;

const BIG: u64 = 1 << 20;
const FIRST: u128 = 5;
const SECOND: u128 = 4;

/// A crashed folder with two batches: keys 0–4 and keys 5–8.
async fn two_batches() -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    let ledger = Ledger::open(dir.path(), &options(BIG)).unwrap();
    ledger.append_all((0..FIRST).map(event).collect()).await.unwrap();
    ledger.append_all((FIRST..FIRST + SECOND).map(event).collect()).await.unwrap();
    as_after_a_crash(dir.path())
}

fn write_at(file: &Path, byte: u64, bytes: &[u8]) {
    OpenOptions::new().write(true).open(file).unwrap().write_all_at(bytes, byte).unwrap();
}

fn flip(file: &Path, byte: u64) {
    let was = fs::read(file).unwrap()[byte as usize];
    write_at(file, byte, &[was ^ 0x40]);
}

fn keys(ledger: &Ledger) -> Vec<u128> {
    all(ledger).iter().map(|(_, event)| event.key).collect()
}

fn expect_corrupt(dir: &Path, file: &Path, byte: u64) {
    match Ledger::open(dir, &options(BIG)).map(|ledger| keys(&ledger)) {
        Err(LedgerError::Corrupt { file: found, byte: at, .. }) => assert_eq!((found.as_path(), at), (file, byte)),
        other => panic!("{other:?} although {} is broken at {byte}", file.display()),
    }
}

#[tokio::test]
async fn a_tail_torn_at_any_byte_costs_only_the_torn_batch() {
    let crashed = two_batches().await;
    let begin = HEADER_BYTES + FIRST as u64 * RECORD_BYTES;
    for cut in begin..begin + SECOND as u64 * RECORD_BYTES {
        let dir = as_after_a_crash(crashed.path());
        OpenOptions::new().write(true).open(&segments(dir.path())[0]).unwrap().set_len(cut).unwrap();
        let ledger = Ledger::open(dir.path(), &options(BIG)).unwrap();
        let whole = u128::from((cut - HEADER_BYTES) / RECORD_BYTES);
        assert_eq!(keys(&ledger), (0..whole).collect::<Vec<_>>(), "cut at {cut}");
        let answers = ledger.append_all((0..FIRST + SECOND).map(event).collect()).await.unwrap();
        assert_eq!(answers.iter().filter(|answer| **answer == Appended::Duplicate).count() as u128, whole, "cut at {cut}");
        assert_eq!(keys(&ledger), (0..FIRST + SECOND).collect::<Vec<_>>(), "cut at {cut}");
    }
}

#[tokio::test]
async fn a_last_batch_written_out_of_order_is_cut_at_its_first_hole() {
    // A power cut may keep the later pages of an unfinished write and lose the earlier ones.
    let dir = two_batches().await;
    let hole = HEADER_BYTES + (FIRST as u64 + 1) * RECORD_BYTES;
    write_at(&segments(dir.path())[0], hole, &[0; RECORD_BYTES as usize]);
    let ledger = Ledger::open(dir.path(), &options(BIG)).unwrap();
    assert_eq!(keys(&ledger), (0..=FIRST).collect::<Vec<_>>());
}

#[tokio::test]
async fn a_flipped_byte_before_the_last_batch_is_reported_with_file_and_place() {
    let crashed = two_batches().await;
    for byte in HEADER_BYTES..HEADER_BYTES + FIRST as u64 * RECORD_BYTES {
        let dir = as_after_a_crash(crashed.path());
        let file = segments(dir.path()).remove(0);
        flip(&file, byte);
        let record = HEADER_BYTES + (byte - HEADER_BYTES) / RECORD_BYTES * RECORD_BYTES;
        expect_corrupt(dir.path(), &file, record);
        assert_eq!(fs::metadata(&file).unwrap().len(), HEADER_BYTES + 9 * RECORD_BYTES, "nothing is cut from a damaged file");
    }
    let file = segments(crashed.path()).remove(0);
    flip(&file, 3);
    expect_corrupt(crashed.path(), &file, 0);
}

#[tokio::test]
async fn after_a_clean_close_even_a_missing_last_event_is_noticed() {
    let dir = two_batches().await;
    let ledger = Ledger::open(dir.path(), &options(BIG)).unwrap();
    ledger.close().await.unwrap();
    drop(ledger);
    let file = segments(dir.path()).remove(0);
    let cut = HEADER_BYTES + 8 * RECORD_BYTES;
    OpenOptions::new().write(true).open(&file).unwrap().set_len(cut).unwrap();
    expect_corrupt(dir.path(), &file, cut);
}

#[tokio::test]
async fn damage_in_an_old_segment_is_found_by_reading_although_the_snapshot_spared_it() {
    let dir = tempfile::tempdir().unwrap();
    let small = options(HEADER_BYTES + 4 * RECORD_BYTES);
    let ledger = Ledger::open(dir.path(), &small).unwrap();
    for key in 0..20 {
        assert_eq!(ledger.append(event(key)).await.unwrap(), Appended::Fresh { offset: Offset(key as u64) });
    }
    drop(ledger);
    assert_eq!(segments(dir.path()).len(), 5);
    let file = segments(dir.path()).remove(1);
    flip(&file, HEADER_BYTES + 2 * RECORD_BYTES + 7);
    let ledger = Ledger::open(dir.path(), &small).unwrap();
    let mut events = ledger.events(Offset(0));
    for _ in 0..6 {
        events.next().unwrap().unwrap();
    }
    assert!(matches!(events.next(), Some(Err(LedgerError::Corrupt { file: found, .. })) if found == file));
    assert!(events.next().is_none());
    assert_eq!(ledger.read(Offset(7), 100).unwrap().len(), 13, "what is behind the damage can still be read");
}

#[tokio::test]
async fn a_missing_segment_is_an_error_and_an_unfinished_one_is_not() {
    let dir = tempfile::tempdir().unwrap();
    let small = options(HEADER_BYTES + RECORD_BYTES);
    let ledger = Ledger::open(dir.path(), &small).unwrap();
    for key in 0..3 {
        ledger.append(event(key)).await.unwrap();
    }
    let crashed = as_after_a_crash(dir.path());
    for header_bytes in 0..=HEADER_BYTES as usize {
        let dir = as_after_a_crash(crashed.path());
        fs::write(dir.path().join(format!("{:020}.segment", 3)), vec![0; header_bytes]).unwrap();
        let ledger = Ledger::open(dir.path(), &small).unwrap();
        assert_eq!(ledger.append(event(3)).await.unwrap(), Appended::Fresh { offset: Offset(3) });
        assert_eq!(keys(&ledger), [0, 1, 2, 3]);
    }
    let files = segments(crashed.path());
    fs::remove_file(&files[1]).unwrap();
    expect_corrupt(crashed.path(), &files[2], 0);
}

#[tokio::test]
async fn a_snapshot_is_used_when_sound_and_replaced_by_replay_when_not() {
    let dir = two_batches().await;
    drop(Ledger::open(dir.path(), &options(BIG)).unwrap());
    let snapshot = dir.path().join("seen.snapshot");
    let sound = fs::read(&snapshot).unwrap();
    let mut other_windows = options(BIG);
    other_windows.windows_ms.insert(rig::DAILY, 2 * kernel::Timestamp::DAY_MS);
    for cut in 0..sound.len() {
        let dir = as_after_a_crash(dir.path());
        let mut broken = sound.clone();
        broken[cut] ^= 1;
        let broken = if cut % 2 == 0 { &broken } else { &sound[..cut] };
        fs::write(dir.path().join("seen.snapshot"), broken).unwrap();
        let ledger = Ledger::open(dir.path(), &options(BIG)).unwrap();
        assert_eq!(ledger.append(event(8)).await.unwrap(), Appended::Duplicate, "byte {cut}");
    }
    let ledger = Ledger::open(dir.path(), &other_windows).unwrap();
    let next_day = Event { at: event(8).at.plus_days(1), ..event(8) };
    assert_eq!(ledger.append(next_day).await.unwrap(), Appended::Duplicate, "the longer window counts");
}

#[tokio::test]
async fn one_folder_is_open_once() {
    let dir = tempfile::tempdir().unwrap();
    let ledger = Ledger::open(dir.path(), &options(BIG)).unwrap();
    assert!(matches!(Ledger::open(dir.path(), &options(BIG)), Err(LedgerError::Locked { .. })));
    ledger.append(event(1)).await.unwrap();
    ledger.close().await.unwrap();
    assert!(matches!(ledger.append(event(2)).await, Err(LedgerError::Closed)));
    assert!(matches!(ledger.close().await, Err(LedgerError::Closed)));
    let again = Ledger::open(dir.path(), &options(BIG)).unwrap();
    assert_eq!(keys(&again), [1]);
    assert_eq!(keys(&ledger), [1], "a closed ledger can still be read");
}

/// Makes a folder what the program before there were weights left: segments of version 1, whose byte for the weight is zero.
fn as_version_1(dir: &Path) {
    for file in segments(dir) {
        let mut bytes = fs::read(&file).unwrap();
        bytes[8] = 1;
        let crc = crc32fast::hash(&bytes[..28]);
        bytes[28..32].copy_from_slice(&crc.to_le_bytes());
        fs::write(&file, bytes).unwrap();
    }
}

fn unweighted(key: u128) -> Event {
    Event { weight: Weight::ONE, ..event(key) }
}

#[tokio::test]
async fn a_ledger_from_before_there_were_weights_opens_and_goes_on_in_a_segment_of_its_own() {
    for old in [0, 3] {
        let dir = tempfile::tempdir().unwrap();
        let ledger = Ledger::open(dir.path(), &options(BIG)).unwrap();
        ledger.append_all((0..old).map(unweighted).collect()).await.unwrap();
        let dir = as_after_a_crash(dir.path());
        as_version_1(dir.path());
        let before = fs::read(&segments(dir.path())[0]).unwrap();
        for _ in 0..2 {
            let ledger = Ledger::open(dir.path(), &options(BIG)).unwrap();
            let mut events: Vec<_> = (0..old).map(unweighted).collect();
            let again = ledger.append_all(events.clone()).await.unwrap();
            assert!(again.iter().all(|answer| *answer == Appended::Duplicate), "what was counted stays counted");
            let weighted = Event { weight: Weight::MOST, ..event(99) };
            ledger.append(weighted).await.unwrap();
            events.push(weighted);
            assert_eq!(all(&ledger).into_iter().map(|(_, event)| event).collect::<Vec<_>>(), events);
            ledger.close().await.unwrap();
        }
        let files = segments(dir.path());
        assert_eq!(files.len(), if old == 0 { 1 } else { 2 });
        assert_eq!(fs::read(&files[0]).unwrap() == before, old > 0, "nothing is added to the old segment");
    }
}

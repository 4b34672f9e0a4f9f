//! Events and folders for the tests of the ledger.
#![allow(dead_code, reason = "each test program uses a part of the rig")]
#![allow(clippy::unwrap_used, reason = "test code outside #[test] functions")]

use kernel::Timestamp;
use ledger::{Event, Ledger, LedgerError, Offset, Options, Weight};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// A kind whose window is one day.
pub const DAILY: u8 = 1;
/// A kind that is not deduplicated.
pub const UNCHECKED: u8 = 2;
pub const RECORD_BYTES: u64 = 72;
pub const HEADER_BYTES: u64 = 32;

pub fn options(segment_bytes: u64) -> Options {
    Options { segment_bytes, queue_requests: 64, windows_ms: BTreeMap::from([(DAILY, Timestamp::DAY_MS)]) }
}

/// A daily event; everything in it follows from its key, so that a mix-up shows.
pub fn event(key: u128) -> Event {
    Event {
        kind: DAILY,
        key,
        subject: key.wrapping_mul(3),
        group: !key,
        at: Timestamp(1_800_000_000_000 + key as i64 % 1000),
        amount: key as u32,
        weight: Weight::at_least(key as u64 % 12_000),
        day: 20_261_123,
    }
}

pub fn all(ledger: &Ledger) -> Vec<(Offset, Event)> {
    ledger.events(Offset(0)).collect::<Result<_, LedgerError>>().unwrap()
}

/// The ledger's folder as a crash at this moment would leave it.
pub fn as_after_a_crash(dir: &Path) -> tempfile::TempDir {
    let copy = tempfile::tempdir().unwrap();
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        fs::copy(&path, copy.path().join(path.file_name().unwrap())).unwrap();
    }
    copy
}

/// Segment files, oldest first.
pub fn segments(dir: &Path) -> Vec<PathBuf> {
    let paths = fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path());
    let mut paths: Vec<_> = paths.filter(|path| path.extension().is_some_and(|end| end == "segment")).collect();
    paths.sort();
    paths
}

pub fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).build().unwrap()
}

/// This test program again, running only `test` in the role of a helper process on the ledger in `dir`.
/// It runs under a shell that ignores SIGXFSZ, so that a file size limit is an error and not a death.
pub fn helper(test: &str, dir: &Path) -> Command {
    let mut command = Command::new("sh");
    command.args(["-c", r#"trap "" XFSZ; exec "$0" "$@""#]).arg(std::env::current_exe().unwrap());
    command.args(["--exact", test, "--nocapture", "--ignored"]);
    command.env("LEDGER_TEST_DIR", dir).stdout(Stdio::piped());
    command
}

/// The folder given to a helper process.
pub fn helper_dir() -> PathBuf {
    std::env::var_os("LEDGER_TEST_DIR").expect("started by another test, not by hand").into()
}

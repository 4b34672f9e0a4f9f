//! A disk that refuses to take more: an error for those who wait, nothing lost, and on again when there is room.

#![allow(clippy::unwrap_used, reason = "test code outside #[test] functions")]

mod rig;

use ledger::{Appended, Ledger, LedgerError, Offset};
use rig::{HEADER_BYTES, RECORD_BYTES, all, event, helper, helper_dir, options, runtime, segments};
use rustix::process::{Resource, Rlimit, setrlimit};
use std::path::Path;
use std::process::Command;
use std::{fs, io};

/// Appends pairs until it fails, checks that the failure left no trace, makes room, and goes on.
async fn fill_and_go_on(dir: &Path, segment_bytes: u64, make_room: impl FnOnce()) {
    let ledger = Ledger::open(dir, &options(segment_bytes)).unwrap();
    let mut pairs = 0;
    let error = loop {
        match ledger.append_all(vec![event(2 * pairs), event(2 * pairs + 1)]).await {
            Ok(_) => pairs += 1,
            Err(error) => break error,
        }
    };
    assert!(error.is_disk_full(), "{error}");
    let kept = 2 * pairs;
    assert!(kept > 10);
    // All waiters of a failing batch hear of it, known keys don't need the disk, and nothing of the failed pair counts.
    let (one, other) = tokio::join!(ledger.append_all(many(kept, 500)), ledger.append_all(many(kept, 500)));
    assert!(matches!((one, other), (Err(LedgerError::Io { .. }), Err(LedgerError::Io { .. }))));
    assert_eq!(ledger.append(event(0)).await.unwrap(), Appended::Duplicate);
    assert_eq!(ledger.head(), Offset(kept as u64));
    let bytes: u64 = segments(dir).iter().map(|file| fs::metadata(file).unwrap().len()).sum();
    assert_eq!((bytes - segments(dir).len() as u64 * HEADER_BYTES) / RECORD_BYTES, kept as u64, "a failed write stayed in the file");

    make_room();
    let answers = ledger.append_all(many(kept, 500)).await.unwrap();
    assert_eq!(answers[0], Appended::Fresh { offset: Offset(kept as u64) });
    drop(ledger);
    let ledger = Ledger::open(dir, &options(segment_bytes)).unwrap();
    let expected: Vec<_> = (0..kept + 500).map(|key| (Offset(key as u64), event(key))).collect();
    assert_eq!(all(&ledger), expected);
}

fn many(from: u128, count: u128) -> Vec<ledger::Event> {
    (from..from + count).map(event).collect()
}

/// Not a test of its own: runs in a process where files may not grow beyond a limit.
#[test]
#[ignore = "helper process of the test below"]
fn fills_up_to_a_file_size_limit() {
    // In the middle of a record, so that the failing write is a partial one.
    let limit = HEADER_BYTES + 41 * RECORD_BYTES + 30;
    let grow = |bytes| setrlimit(Resource::Fsize, Rlimit { current: bytes, maximum: None }).unwrap();
    grow(Some(limit));
    runtime().block_on(fill_and_go_on(&helper_dir(), 1 << 20, || grow(None)));
}

#[test]
fn a_write_cut_short_by_a_size_limit_is_taken_back() {
    let dir = tempfile::tempdir().unwrap();
    let output = helper("fills_up_to_a_file_size_limit", dir.path()).output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && said.contains("1 passed"), "{said}{}", String::from_utf8_lossy(&output.stderr));
}

/// A mounted file system of 256 KiB, gone at the end of the test.
struct SmallDisk(tempfile::TempDir);

impl SmallDisk {
    /// Needs the right to mount; the size limit above covers those who lack it.
    fn mount() -> io::Result<Self> {
        let dir = tempfile::tempdir()?;
        let mounted = Command::new("mount").args(["-t", "tmpfs", "-o", "size=256k", "none"]).arg(dir.path()).output()?;
        if mounted.status.success() { Ok(Self(dir)) } else { Err(io::Error::other(String::from_utf8_lossy(&mounted.stderr))) }
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let unmounted = Command::new("umount").arg(self.0.path()).status();
        assert!(unmounted.is_ok_and(|status| status.success()), "cannot unmount {}", self.0.path().display());
    }
}

#[test]
fn a_full_file_system_is_survived_also_while_a_segment_is_begun() {
    let disk = match SmallDisk::mount() {
        Ok(disk) => disk,
        Err(error) => return eprintln!("only the size limit was tested, mounting is not allowed here: {error}"),
    };
    let ballast = disk.0.path().join("ballast");
    fs::write(&ballast, vec![1; 200 << 10]).unwrap();
    // Segments smaller than a page: the disk fills up with beginnings of segments.
    runtime().block_on(fill_and_go_on(&disk.0.path().join("ledger"), 2000, || fs::remove_file(&ballast).unwrap()));
}

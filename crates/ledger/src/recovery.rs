//! From a folder, whatever a crash left in it, to what the writer needs.

use crate::Options;
use crate::dedup::Dedup;
use crate::error::LedgerError;
use crate::reader::{Durable, Events};
use crate::segment::{Segment, sync_dir};
use crate::snapshot;
use std::fs::{self, File, TryLockError};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

/// An open ledger folder, nobody else's while `lock` lives.
pub(crate) struct Recovered {
    pub(crate) lock: File,
    pub(crate) durable: Arc<Durable>,
    /// The segment to go on with.
    pub(crate) newest: Arc<Segment>,
    pub(crate) dedup: Dedup,
}

/// Opens the ledger in `dir`, making it if it is not there.
pub(crate) fn recover(dir: &Path, options: &Options) -> Result<Recovered, LedgerError> {
    fs::create_dir_all(dir).map_err(LedgerError::io("create", dir))?;
    let lock = lock(dir)?;
    let (segments, head) = open_segments(dir)?;
    let newest = Arc::clone(&segments[segments.len() - 1]);
    let durable = Arc::new(Durable::new(segments, head));
    let snapshot = snapshot::load(dir, &options.windows_ms);
    if let Some(snapshot) = &snapshot
        && snapshot.head > head
    {
        // A torn tail never reaches below what a clean close has seen.
        return Err(newest.corrupt_at_byte(newest.bytes()?, "more events, for the snapshot beside it knows of later ones"));
    }
    let (from, dedup) = match snapshot {
        Some(snapshot::Snapshot { head, dedup: Some(dedup) }) => (head, dedup),
        _ => (0, Dedup::new(&options.windows_ms)),
    };
    let dedup = replay(&durable, from, dedup)?;
    Ok(Recovered { lock, durable, newest, dedup })
}

/// A program that was killed a moment ago may leave a child that had not begun its own program yet, and holds what was open: it is gone
/// at once, so a restart waits for it instead of failing.
const LOOKS: u32 = 40;
const LOOK: Duration = Duration::from_millis(50);

fn lock(dir: &Path) -> Result<File, LedgerError> {
    let path = dir.join("lock");
    let file = File::options().write(true).create(true).truncate(false).open(&path).map_err(LedgerError::io("open", &path))?;
    for _ in 0..LOOKS {
        match file.try_lock() {
            Ok(()) => return Ok(file),
            Err(TryLockError::WouldBlock) => std::thread::sleep(LOOK),
            Err(TryLockError::Error(error)) => return Err(LedgerError::io("lock", &path)(error)),
        }
    }
    Err(LedgerError::Locked { dir: dir.to_owned() })
}

/// All segments, at least one, checked for gaps; and the offset after the last whole record.
fn open_segments(dir: &Path) -> Result<(Vec<Arc<Segment>>, u64), LedgerError> {
    let mut segments: Vec<Arc<Segment>> = Vec::new();
    let paths = Segment::list(dir)?;
    let last = paths.len().saturating_sub(1);
    let mut end = 0;
    for (n, path) in paths.into_iter().enumerate() {
        match Segment::open(path.clone())? {
            Some(segment) if segment.base == end => {
                end = segment.end_by_size()?;
                segments.push(Arc::new(segment));
            }
            Some(segment) => return Err(segment.corrupt_at_byte(0, "the event that follows the segment before it")),
            None if n == last => {
                fs::remove_file(&path).map_err(LedgerError::io("remove", &path))?;
                sync_dir(dir)?;
            }
            None => return Err(LedgerError::Corrupt { file: path, byte: 0, what: "a segment's header" }),
        }
    }
    let Some(newest) = segments.last() else {
        return Ok((vec![Arc::new(Segment::create(dir, 0)?)], 0));
    };
    let head = newest.recover_tail()?;
    if !newest.is_current {
        // An empty one is written over: two segments cannot begin with the same event.
        segments.retain(|segment| segment.base < head);
        segments.push(Arc::new(Segment::create(dir, head)?));
    }
    Ok((segments, head))
}

/// Learns the events from `from` on, newest segment first, until one lies wholly outside the longest window.
fn replay(durable: &Arc<Durable>, from: u64, mut dedup: Dedup) -> Result<Dedup, LedgerError> {
    let mut end = durable.head();
    for base in durable.bases().into_iter().rev() {
        let mut newest = i64::MIN;
        for event in Events::new(Arc::clone(durable), base.max(from), end) {
            let (_, event) = event?;
            newest = newest.max(event.at.0);
            dedup.learn(event.kind, event.key, event.at.0);
        }
        if base <= from || (base < end && newest <= dedup.horizon()) {
            break;
        }
        end = base;
    }
    Ok(dedup)
}

//! The memory of [`Dedup`] as a file, written when the ledger is closed, so that the next start need not replay.
//!
//! | size | field (little-endian) |
//! |---|---|
//! | 8 | magic `LEDGERSN` |
//! | 4 | version, 1 |
//! | 8 | head: the offset after the last event it knows |
//! | 1, then 9 each | windows: how many; kind and milliseconds of each |
//! | 8, then 25 each | entries: how many; kind, key, at of each |
//! | 4 | CRC-32 of all before |
//!
//! It's never needed: when it's missing, broken or made with other windows, the events are replayed.

use crate::dedup::Dedup;
use crate::error::LedgerError;
use crate::segment::sync_dir;
use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, BufReader, BufWriter, Read, Write};
use std::path::Path;

/// The file's name in the ledger's folder.
pub(crate) const FILE: &str = "seen.snapshot";

const MAGIC: &[u8; 8] = b"LEDGERSN";
const VERSION: u32 = 1;

/// What a snapshot tells.
pub(crate) struct Snapshot {
    /// Events before this offset were durable, and are in `dedup` as far as their window needs it.
    pub(crate) head: u64,
    /// Nothing if it was made with other windows.
    pub(crate) dedup: Option<Dedup>,
}

/// Replaces the snapshot in `dir`: whole or not at all.
pub(crate) fn save(dir: &Path, dedup: &Dedup, head: u64) -> Result<(), LedgerError> {
    let unfinished = dir.join("seen.unfinished");
    let written = File::create(&unfinished).and_then(|file| {
        let mut out = Summed { inner: BufWriter::new(file), crc: crc32fast::Hasher::new() };
        write(&mut out, dedup, head)?;
        let crc = out.crc.finalize();
        out.inner.write_all(&crc.to_le_bytes())?;
        out.inner.into_inner()?.sync_all()
    });
    written.map_err(LedgerError::io("write", &unfinished))?;
    fs::rename(&unfinished, dir.join(FILE)).map_err(LedgerError::io("rename", &unfinished))?;
    sync_dir(dir)
}

/// The snapshot in `dir`, or nothing if there is none that can be trusted.
pub(crate) fn load(dir: &Path, windows_ms: &BTreeMap<u8, i64>) -> Option<Snapshot> {
    let file = File::open(dir.join(FILE)).ok()?;
    let mut input = Summed { inner: BufReader::with_capacity(1 << 18, file), crc: crc32fast::Hasher::new() };
    match read(&mut input, windows_ms) {
        Ok(snapshot) => Some(snapshot),
        Err(error) => {
            tracing::warn!(file = %dir.join(FILE).display(), %error, "snapshot not usable, replaying events instead");
            None
        }
    }
}

fn write(out: &mut impl Write, dedup: &Dedup, head: u64) -> io::Result<()> {
    out.write_all(MAGIC)?;
    out.write_all(&VERSION.to_le_bytes())?;
    out.write_all(&head.to_le_bytes())?;
    out.write_all(&[dedup.windows().len() as u8])?;
    for (kind, window_ms) in dedup.windows() {
        out.write_all(&[kind])?;
        out.write_all(&window_ms.to_le_bytes())?;
    }
    out.write_all(&(dedup.len() as u64).to_le_bytes())?;
    for (kind, key, at) in dedup.entries() {
        let mut entry = [kind; 25];
        entry[1..17].copy_from_slice(&key.to_le_bytes());
        entry[17..25].copy_from_slice(&at.to_le_bytes());
        out.write_all(&entry)?;
    }
    Ok(())
}

fn read(input: &mut Summed<impl Read>, windows_ms: &BTreeMap<u8, i64>) -> io::Result<Snapshot> {
    if field::<8>(input)? != *MAGIC || u32::from_le_bytes(field(input)?) != VERSION {
        return Err(io::Error::new(io::ErrorKind::InvalidData, "not a version 1 snapshot"));
    }
    let head = u64::from_le_bytes(field(input)?);
    let mut dedup = Dedup::new(windows_ms);
    let [windows] = field(input)?;
    let mut same_windows = usize::from(windows) == dedup.windows().len();
    for n in 0..usize::from(windows) {
        let ([kind], window_ms) = (field(input)?, i64::from_le_bytes(field(input)?));
        same_windows &= dedup.windows().nth(n) == Some((kind, window_ms));
    }
    for _ in 0..u64::from_le_bytes(field(input)?) {
        let ([kind], key, at) = (field(input)?, u128::from_le_bytes(field(input)?), i64::from_le_bytes(field(input)?));
        dedup.learn(kind, key, at);
    }
    let found = std::mem::take(&mut input.crc).finalize();
    if u32::from_le_bytes(field(input)?) != found {
        return Err(io::Error::new(io::ErrorKind::InvalidData, "checksum does not match"));
    }
    Ok(Snapshot { head, dedup: same_windows.then_some(dedup) })
}

fn field<const N: usize>(input: &mut impl Read) -> io::Result<[u8; N]> {
    let mut bytes = [0; N];
    input.read_exact(&mut bytes)?;
    Ok(bytes)
}

/// Sums up what passes.
struct Summed<T> {
    inner: T,
    crc: crc32fast::Hasher,
}

impl<T: Write> Write for Summed<T> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.inner.write(bytes)?;
        self.crc.update(&bytes[..written]);
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

impl<T: Read> Read for Summed<T> {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(bytes)?;
        self.crc.update(&bytes[..read]);
        Ok(read)
    }
}

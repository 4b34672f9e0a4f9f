//! One segment file: created durably, opened with suspicion, its torn tail cut off.

use crate::error::LedgerError;
use crate::format::{self, HEADER_BYTES, RECORD_BYTES, UNWEIGHTED, VERSION};
use std::fs::{self, File, OpenOptions};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

const SUFFIX: &str = ".segment";
/// Records looked at in one piece while recovering.
const PIECE: u64 = 8192;

/// An open segment. Reading and writing go by position, so one file handle serves all threads.
#[derive(Debug)]
pub(crate) struct Segment {
    /// Offset of its first record.
    pub(crate) base: u64,
    pub(crate) path: PathBuf,
    pub(crate) file: File,
    /// It is of the version that is written, so records may be added.
    pub(crate) is_current: bool,
}

impl Segment {
    /// Makes an empty segment that will still be there after a power cut. On failure nothing stays behind.
    pub(crate) fn create(dir: &Path, base: u64) -> Result<Self, LedgerError> {
        let path = dir.join(format!("{base:020}{SUFFIX}"));
        let made = Self::write_header(&path, base).and_then(|file| sync_dir(dir).map(|()| file));
        match made {
            Ok(file) => Ok(Self { base, path, file, is_current: true }),
            Err(error) => {
                // What stays if this fails too is an empty segment: harmless, and overwritten by the next attempt.
                let _ = fs::remove_file(&path);
                Err(error)
            }
        }
    }

    fn write_header(path: &Path, base: u64) -> Result<File, LedgerError> {
        let file = OpenOptions::new().read(true).write(true).create(true).truncate(true).open(path);
        let file = file.map_err(LedgerError::io("create", path))?;
        file.write_all_at(&format::encode_header(VERSION, base), 0).map_err(LedgerError::io("write", path))?;
        file.sync_all().map_err(LedgerError::io("flush", path))?;
        Ok(file)
    }

    /// Opens an existing segment. `None` means that its creation was interrupted, so that no event can be in it.
    pub(crate) fn open(path: PathBuf) -> Result<Option<Self>, LedgerError> {
        let file = OpenOptions::new().read(true).write(true).open(&path).map_err(LedgerError::io("open", &path))?;
        let mut segment = Self { base: base_in_name(&path).unwrap_or_default(), path, file, is_current: true };
        let bytes = segment.bytes()?;
        let mut header = [0; HEADER_BYTES as usize];
        if bytes >= HEADER_BYTES {
            segment.read_at(&mut header, 0)?;
        }
        let is = |version| header == format::encode_header(version, segment.base);
        segment.is_current = is(VERSION);
        match (segment.is_current || is(UNWEIGHTED), bytes > HEADER_BYTES) {
            (true, _) => Ok(Some(segment)),
            (false, false) => Ok(None),
            (false, true) => Err(segment.corrupt_at_byte(0, "the header of a version 1 or 2 segment named after its first offset")),
        }
    }

    /// The paths of all segments in `dir`, oldest first.
    pub(crate) fn list(dir: &Path) -> Result<Vec<PathBuf>, LedgerError> {
        let failed = || LedgerError::io("list", dir);
        let mut paths = Vec::new();
        for entry in fs::read_dir(dir).map_err(failed())? {
            let path = entry.map_err(failed())?.path();
            if base_in_name(&path).is_some() {
                paths.push(path);
            }
        }
        // Names are zero-padded numbers, so they sort as numbers.
        paths.sort();
        Ok(paths)
    }

    /// Size of the file.
    pub(crate) fn bytes(&self) -> Result<u64, LedgerError> {
        Ok(self.file.metadata().map_err(LedgerError::io("look at", &self.path))?.len())
    }

    /// The offset after its last record, judged by the file's size alone.
    pub(crate) fn end_by_size(&self) -> Result<u64, LedgerError> {
        Ok(self.base + self.bytes()?.saturating_sub(HEADER_BYTES) / RECORD_BYTES as u64)
    }

    pub(crate) fn read_at(&self, bytes: &mut [u8], at: u64) -> Result<(), LedgerError> {
        self.file.read_exact_at(bytes, at).map_err(LedgerError::io("read", &self.path))
    }

    /// Cuts off what a crash left unfinished and returns the offset after the last whole record.
    ///
    /// # Errors
    ///
    /// [`LedgerError::Corrupt`] when a later batch follows the broken record: then it was whole once.
    pub(crate) fn recover_tail(&self) -> Result<u64, LedgerError> {
        let end = self.end_by_size()?;
        let mut broken = None;
        let torn = self.scan(end, |offset, record| {
            match (broken, record) {
                (None, None) => broken = Some(offset),
                (Some(first), Some(record)) => return offset.saturating_sub(record.batch_index.into()) <= first,
                _ => {}
            }
            true
        })?;
        if !torn {
            return Err(self.corrupt(broken.unwrap_or(self.base)));
        }
        let end = broken.unwrap_or(end);
        let (found, whole) = (self.bytes()?, format::byte_of(end, self.base));
        if found > whole {
            tracing::warn!(file = %self.path.display(), cut_bytes = found - whole, "cut off an unfinished write");
            self.cut(whole)?;
        }
        Ok(end)
    }

    /// Shortens the file to `bytes`, durably.
    pub(crate) fn cut(&self, bytes: u64) -> Result<(), LedgerError> {
        self.file.set_len(bytes).map_err(LedgerError::io("shorten", &self.path))?;
        self.file.sync_all().map_err(LedgerError::io("flush", &self.path))
    }

    /// Shows each record before `end` to `each` (`None` if broken) until it says false; tells whether it got to the end.
    fn scan(&self, end: u64, mut each: impl FnMut(u64, Option<format::Record>) -> bool) -> Result<bool, LedgerError> {
        let mut from = self.base;
        let mut bytes = Vec::new();
        while from < end {
            let records = (end - from).min(PIECE);
            bytes.resize(records as usize * RECORD_BYTES, 0);
            self.read_at(&mut bytes, format::byte_of(from, self.base))?;
            for (offset, record) in (from..).zip(bytes.as_chunks().0) {
                if !each(offset, format::decode(record, offset)) {
                    return Ok(false);
                }
            }
            from += records;
        }
        Ok(true)
    }

    /// The error for a broken record.
    pub(crate) fn corrupt(&self, offset: u64) -> LedgerError {
        self.corrupt_at_byte(format::byte_of(offset, self.base), "a record with its checksum")
    }

    /// The error for anything else that is not as it should be.
    pub(crate) fn corrupt_at_byte(&self, byte: u64, what: &'static str) -> LedgerError {
        LedgerError::Corrupt { file: self.path.clone(), byte, what }
    }
}

/// Makes created and renamed files in `dir` survive a power cut.
pub(crate) fn sync_dir(dir: &Path) -> Result<(), LedgerError> {
    File::open(dir).and_then(|dir| dir.sync_all()).map_err(LedgerError::io("flush", dir))
}

fn base_in_name(path: &Path) -> Option<u64> {
    path.file_name()?.to_str()?.strip_suffix(SUFFIX)?.parse().ok()
}

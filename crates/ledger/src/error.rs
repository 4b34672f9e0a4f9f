//! What can go wrong, for the operator to read.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Why a ledger could not be opened, read or appended to.
#[derive(Debug, Clone, thiserror::Error)]
pub enum LedgerError {
    /// Another process (or another `Ledger` in this one) has the folder open.
    #[error("the ledger in {} is already open", dir.display())]
    Locked {
        /// The ledger's folder.
        dir: PathBuf,
    },
    /// Bytes that were once durable are not what was written.
    #[error("{}: broken at byte {byte}: {what}", file.display())]
    Corrupt {
        /// The damaged file.
        file: PathBuf,
        /// Where the damage begins, in bytes from the start of the file.
        byte: u64,
        /// What was expected there.
        what: &'static str,
    },
    /// The operating system refused. Nothing of the request counts, and it may be repeated.
    #[error("cannot {doing} {}: {cause}", path.display())]
    Io {
        /// The act that failed, as a verb.
        doing: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// What the system said; shared by all who waited for the same batch.
        cause: Arc<io::Error>,
    },
    /// The ledger was closed.
    #[error("the ledger is closed")]
    Closed,
}

impl LedgerError {
    /// Whether freeing disk space (or raising a file size limit) would help.
    pub fn is_disk_full(&self) -> bool {
        use io::ErrorKind::{FileTooLarge, QuotaExceeded, StorageFull};
        matches!(self, Self::Io { cause, .. } if matches!(cause.kind(), StorageFull | QuotaExceeded | FileTooLarge))
    }

    /// An adapter for `map_err`: names the act and the file.
    pub(crate) fn io<'p>(doing: &'static str, path: &'p Path) -> impl FnOnce(io::Error) -> Self + 'p {
        move |cause| Self::Io { doing, path: path.to_owned(), cause: Arc::new(cause) }
    }
}

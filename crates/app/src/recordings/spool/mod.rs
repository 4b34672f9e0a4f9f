//! The spool: one file per upload, whose length is the upload's offset.
//!
//! * Bytes are synced before anybody is told of them.
//! * What arrived of a broken request stays, unless its sender promised a checksum that was not reached: such bytes
//!   are marked before they are written, and taken back even after `kill -9`.

mod writer;

use super::rules::Checksum;
use bytes::Bytes;
use futures_util::Stream;
use std::fs::{File, OpenOptions};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use tokio_util::sync::CancellationToken;
use writer::Writer;

/// How receiving ended.
#[derive(Debug)]
pub enum End {
    /// Everything sent is on the disk.
    Whole,
    /// The line broke; what arrived is on the disk.
    Broken,
    /// Another request for the same upload came; what arrived is on the disk.
    TakenOver,
    /// More than was declared: nothing of this request is kept.
    Overrun,
    /// Another checksum than promised: nothing of this request is kept.
    WrongChecksum,
    /// The disk is full; what fitted is on the disk.
    Full,
}

/// What one request brings.
#[derive(Debug)]
pub struct Chunk {
    /// Where it begins: the offset as it is.
    pub start: u64,
    /// The declared size of the file.
    pub length: u64,
    /// What the whole request must hash to.
    pub checksum: Option<Checksum>,
}

/// The file of one upload. Whoever changes it holds the upload's [`super::doors::Pass`].
#[derive(Debug, Clone)]
pub struct Spool(PathBuf);

/// Whether `error` says that there is no room left, for whatever reason.
pub fn is_full(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::StorageFull | ErrorKind::QuotaExceeded | ErrorKind::FileTooLarge)
}

/// Runs file work where it may block.
pub async fn blocking<T: Send + 'static>(work: impl FnOnce() -> io::Result<T> + Send + 'static) -> io::Result<T> {
    tokio::task::spawn_blocking(work).await.map_err(io::Error::other)?
}

/// Makes names in the folder of `path` durable.
pub fn sync_folder(path: &Path) -> io::Result<()> {
    File::open(path.parent().unwrap_or(path))?.sync_all()
}

fn remove_if_there(path: &Path) -> io::Result<()> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

impl Spool {
    /// The spool file at `path`.
    pub fn at(path: PathBuf) -> Self {
        Self(path)
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.0
    }

    fn mark(&self) -> PathBuf {
        self.0.with_extension("unverified")
    }

    /// An empty file that survives a power cut.
    pub async fn create(&self) -> io::Result<()> {
        let path = self.0.clone();
        blocking(move || {
            OpenOptions::new().write(true).create_new(true).open(&path)?.sync_all()?;
            sync_folder(&path)
        })
        .await
    }

    /// How many bytes are safely here; takes back what a promised checksum never confirmed.
    pub async fn offset(&self) -> io::Result<u64> {
        let (path, mark) = (self.0.clone(), self.mark());
        blocking(move || {
            let file = OpenOptions::new().write(true).open(&path)?;
            if let Ok(text) = std::fs::read_to_string(&mark) {
                // A mark without its end was never synced, so nothing was written behind it.
                if let Some(Ok(start)) = text.strip_suffix('\n').map(str::parse) {
                    roll_back(&file, start)?;
                }
                remove_if_there(&mark)?;
            }
            file.sync_data()?;
            Ok(file.metadata()?.len())
        })
        .await
    }

    /// How many bytes are here at this moment, without waiting for whoever writes.
    pub async fn glance(&self) -> u64 {
        tokio::fs::metadata(&self.0).await.map_or(0, |meta| meta.len())
    }

    /// Removes everything of this upload.
    pub async fn remove(&self) -> io::Result<()> {
        let (path, mark) = (self.0.clone(), self.mark());
        blocking(move || {
            remove_if_there(&mark)?;
            remove_if_there(&path)
        })
        .await
    }

    /// Writes the files of `parts` one after another into this new file.
    pub async fn join(&self, parts: Vec<Self>) -> io::Result<()> {
        let path = self.0.clone();
        blocking(move || {
            let mut whole = OpenOptions::new().write(true).create_new(true).open(&path)?;
            for part in parts {
                io::copy(&mut File::open(part.0)?, &mut whole)?;
            }
            whole.sync_all()?;
            sync_folder(&path)
        })
        .await
    }

    /// Writes what `bytes` brings from `chunk.start` on; the offset afterwards and how it ended.
    ///
    /// # Errors
    ///
    /// The disk failed for another reason than being full.
    pub async fn receive<E>(
        &self,
        chunk: &Chunk,
        bytes: impl Stream<Item = Result<Bytes, E>>,
        left: &CancellationToken,
    ) -> io::Result<(u64, End)> {
        let mut writer = Writer::open(self, chunk).await?;
        let mut end = match writer.take(bytes, chunk.length, left).await {
            Ok(end) => end,
            Err(error) if is_full(&error) => End::Full,
            Err(error) => return Err(error),
        };
        let confirmed = writer.fits(chunk.checksum.as_ref()).map(|fits| fits && matches!(end, End::Whole));
        if confirmed == Some(false) && matches!(end, End::Whole) {
            end = End::WrongChecksum;
        }
        let keep = confirmed.unwrap_or(true) && !matches!(end, End::Overrun);
        let offset = writer.close((!keep).then_some(chunk.start), self.mark()).await?;
        Ok((offset, end))
    }
}

fn roll_back(file: &File, to: u64) -> io::Result<()> {
    // Never longer: a mark says where unconfirmed bytes begin, not that there are any.
    if file.metadata()?.len() > to { file.set_len(to) } else { Ok(()) }
}

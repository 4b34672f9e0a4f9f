//! Writing what one request brings: in batches, one on its way to the disk while the next one arrives.
//!
//! No thread waits for a sender: thousands of slow lines would use up the threads that everybody's files need. A batch goes
//! to the disk when it is full or a second old, so that at most two batches, or two seconds of what the line brings, wait in
//! memory.

use super::{Chunk, End, Spool, blocking, remove_if_there, roll_back, sync_folder};
use crate::recordings::checksum::Hasher;
use crate::recordings::rules::Checksum;
use bytes::Bytes;
use futures_util::{Stream, StreamExt};
use std::fs::{File, OpenOptions};
use std::io;
use std::os::unix::fs::FileExt;
use std::path::PathBuf;
use std::pin::pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep_until, timeout};
use tokio_util::sync::CancellationToken;

/// Bytes that are written at once.
const BATCH: usize = 1 << 20;
/// How long a byte waits for its batch to fill.
const OLD: Duration = Duration::from_secs(1);
/// A sender that is silent for so long is gone.
const SILENCE: Duration = Duration::from_mins(1);

/// The file, and the hash of what was written to it if the sender promised one.
struct Disk {
    file: File,
    hasher: Mutex<Option<Hasher>>,
}

impl Disk {
    fn write(&self, batch: &[u8], at: u64) -> io::Result<()> {
        if let Some(hasher) = self.hasher.lock().unwrap_or_else(PoisonError::into_inner).as_mut() {
            hasher.update(batch);
        }
        self.file.write_all_at(batch, at)
    }
}

/// A file that is being written.
pub(super) struct Writer {
    disk: Arc<Disk>,
    /// Where the batch that arrives will stand.
    at: u64,
    arriving: Vec<u8>,
    /// When the batch that arrives goes to the disk, full or not.
    due: Option<Instant>,
    /// The batch on its way to the disk; comes back empty.
    leaving: Option<JoinHandle<(Vec<u8>, io::Result<()>)>>,
}

impl Writer {
    pub(super) async fn open(spool: &Spool, chunk: &Chunk) -> io::Result<Self> {
        let (path, mark, start, promised) = (spool.0.clone(), spool.mark(), chunk.start, chunk.checksum.is_some());
        let file = blocking(move || {
            if promised {
                std::fs::write(&mark, format!("{start}\n"))?;
                File::open(&mark)?.sync_all()?;
                sync_folder(&mark)?;
            }
            OpenOptions::new().write(true).open(path)
        })
        .await?;
        let hasher = Mutex::new(chunk.checksum.as_ref().map(|checksum| Hasher::new(checksum.algorithm)));
        Ok(Self { disk: Arc::new(Disk { file, hasher }), at: start, arriving: Vec::with_capacity(BATCH), due: None, leaving: None })
    }

    /// Takes bytes until they end, for whatever reason; nothing is on its way to the disk afterwards, not even after an error.
    pub(super) async fn take<E>(
        &mut self,
        bytes: impl Stream<Item = Result<Bytes, E>>,
        length: u64,
        left: &CancellationToken,
    ) -> io::Result<End> {
        let taken = self.receive(bytes, length, left).await;
        let written = self.settle().await;
        taken.and_then(|end| written.map(|_| end))
    }

    async fn receive<E>(&mut self, bytes: impl Stream<Item = Result<Bytes, E>>, length: u64, left: &CancellationToken) -> io::Result<End> {
        let mut bytes = pin!(bytes);
        let end = loop {
            let due = self.due;
            let next = tokio::select! {
                biased;
                () = left.cancelled() => break End::TakenOver,
                () = sleep_until(due.unwrap_or_else(Instant::now)), if due.is_some() => {
                    self.flush().await?;
                    continue;
                }
                next = timeout(SILENCE, bytes.next()) => next,
            };
            match next {
                Ok(Some(Ok(more))) if self.at + (self.arriving.len() + more.len()) as u64 > length => return Ok(End::Overrun),
                Ok(Some(Ok(more))) => self.push(&more).await?,
                Ok(None) => break End::Whole,
                Ok(Some(Err(_))) | Err(_) => break End::Broken,
            }
        };
        self.flush().await?;
        Ok(end)
    }

    async fn push(&mut self, mut more: &[u8]) -> io::Result<()> {
        while !more.is_empty() {
            let (fits, rest) = more.split_at(more.len().min(BATCH - self.arriving.len()));
            self.arriving.extend_from_slice(fits);
            self.due.get_or_insert_with(|| Instant::now() + OLD);
            more = rest;
            if self.arriving.len() == BATCH {
                self.flush().await?;
            }
        }
        Ok(())
    }

    /// Sends off what arrived, once the batch before it is on the disk: what is missing is always missing at the end.
    async fn flush(&mut self) -> io::Result<()> {
        let empty = self.settle().await?;
        self.due = None;
        if self.arriving.is_empty() {
            return Ok(());
        }
        let (disk, at, mut batch) = (self.disk.clone(), self.at, std::mem::replace(&mut self.arriving, empty));
        self.at += batch.len() as u64;
        self.leaving = Some(tokio::task::spawn_blocking(move || {
            let done = disk.write(&batch, at);
            batch.clear();
            (batch, done)
        }));
        Ok(())
    }

    /// Waits for the batch on its way; an empty one for the next.
    async fn settle(&mut self) -> io::Result<Vec<u8>> {
        let Some(leaving) = self.leaving.take() else { return Ok(Vec::with_capacity(BATCH)) };
        let (batch, done) = leaving.await.map_err(io::Error::other)?;
        done.map(|()| batch)
    }

    /// Whether what was written hashes to what was promised; none when nothing was.
    pub(super) fn fits(&self, promised: Option<&Checksum>) -> Option<bool> {
        let hasher = self.disk.hasher.lock().unwrap_or_else(PoisonError::into_inner).take();
        hasher.zip(promised).map(|(hasher, promised)| hasher.fits(promised))
    }

    /// Syncs what is to stay, after taking back everything from `back_to` on; the offset as it is now.
    pub(super) async fn close(self, back_to: Option<u64>, mark: PathBuf) -> io::Result<u64> {
        blocking(move || {
            let file = &self.disk.file;
            if let Some(start) = back_to {
                roll_back(file, start)?;
            }
            file.sync_data()?;
            remove_if_there(&mark)?;
            Ok(file.metadata()?.len())
        })
        .await
    }
}

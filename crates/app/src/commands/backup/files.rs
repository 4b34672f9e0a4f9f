//! Copying and hashing files.

use super::manifest::Entry;
use crate::hex::hex;
use anyhow::Context;
use sha2::{Digest, Sha256};
use std::fs::File;
use std::io::{ErrorKind, Read, Write};
use std::path::{Path, PathBuf};

const BUFFER: usize = 1 << 20;
const SPOOL: &str = "files/spool";
const LINKS: &str = ".unfinished";

/// Links every unfinished upload into a folder beside the copy, or copies it where links can't reach; the folder.
pub(super) fn link_unfinished(data: &Path, into: &Path) -> anyhow::Result<PathBuf> {
    let links = into.join(LINKS);
    std::fs::create_dir(&links)?;
    for path in children(&data.join(SPOOL))? {
        let Some(name) = path.file_name() else { continue };
        // Across file systems there are no links; the copy is as good, it only takes longer.
        match std::fs::hard_link(&path, links.join(name)).or_else(|_| std::fs::copy(&path, links.join(name)).map(drop)) {
            Err(cause) if cause.kind() != ErrorKind::NotFound => return Err(cause.into()),
            _ => {}
        }
    }
    Ok(links)
}

/// One run from a data folder into a backup, or back.
#[derive(Debug)]
pub(super) struct Copying<'a> {
    from: &'a Path,
    into: &'a Path,
}

impl<'a> Copying<'a> {
    pub(super) fn new(from: &'a Path, into: &'a Path) -> Self {
        Self { from, into }
    }

    /// Everything but the database; removes `links` afterwards.
    pub(super) fn everything(&self, links: &Path, with_renditions: bool) -> anyhow::Result<()> {
        self.file(Path::new("secret.key"))?;
        self.spool(links)?;
        self.folder(Path::new("files/originals"))?;
        self.folder(Path::new("files/reports"))?;
        if with_renditions {
            self.folder(Path::new("files/renditions"))?;
        }
        self.ledger()?;
        Ok(std::fs::remove_dir_all(links)?)
    }

    /// Marks before bytes: a mark says from where bytes are still unconfirmed, so bytes without their mark would pass
    /// for confirmed ones.
    fn spool(&self, links: &Path) -> anyhow::Result<()> {
        let target = self.into.join(SPOOL);
        std::fs::create_dir_all(&target)?;
        let (marks, uploads): (Vec<_>, Vec<_>) = children(&self.from.join(SPOOL))?.into_iter().partition(|p| p.extension().is_some());
        let linked = children(links)?.into_iter().filter(|p| p.extension().is_none());
        for path in marks.into_iter().chain(linked).chain(uploads) {
            let to = target.join(path.file_name().context("a name")?);
            if !to.exists() {
                copy(&path, &to)?;
            }
        }
        Ok(())
    }

    /// The snapshot of seen keys first, then the segments from the oldest to the newest, as the ledger asks.
    fn ledger(&self) -> anyhow::Result<()> {
        let mut segments = children(&self.from.join("ledger"))?;
        segments.retain(|path| path.extension().is_some_and(|e| e == "segment"));
        segments.sort();
        self.file(Path::new("ledger/seen.snapshot"))?;
        for path in segments {
            self.file(path.strip_prefix(self.from)?)?;
        }
        Ok(())
    }

    /// A folder with everything below it; files that vanish meanwhile were temporary.
    fn folder(&self, folder: &Path) -> anyhow::Result<()> {
        std::fs::create_dir_all(self.into.join(folder))?;
        for path in children(&self.from.join(folder))? {
            let below = path.strip_prefix(self.from)?;
            if path.is_dir() { self.folder(below)? } else { self.file(below)? }
        }
        Ok(())
    }

    /// One file, unless it is not there.
    pub(super) fn file(&self, path: &Path) -> anyhow::Result<()> {
        let to = self.into.join(path);
        std::fs::create_dir_all(to.parent().context("a file is in a folder")?)?;
        copy(&self.from.join(path), &to)
    }
}

/// Copies the bytes and who may read them, durably. A source that is gone is no error.
fn copy(from: &Path, to: &Path) -> anyhow::Result<()> {
    let copied = std::fs::copy(from, to).and_then(|_| File::open(to)?.sync_all());
    match copied {
        Err(cause) if cause.kind() == ErrorKind::NotFound => Ok(()),
        other => other.with_context(|| format!("copying {}", from.display())),
    }
}

/// What is in a folder, in no order; nothing when there is no such folder.
fn children(folder: &Path) -> std::io::Result<Vec<PathBuf>> {
    match std::fs::read_dir(folder) {
        Ok(entries) => entries.map(|entry| entry.map(|e| e.path())).collect(),
        Err(cause) if cause.kind() == ErrorKind::NotFound => Ok(Vec::new()),
        Err(cause) => Err(cause),
    }
}

/// Every file below `root` with its size and SHA-256, sorted by path.
pub(super) fn list(root: &Path) -> anyhow::Result<Vec<Entry>> {
    let mut found = Vec::new();
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        for path in children(&folder)? {
            if path.is_dir() {
                folders.push(path);
            } else {
                let (bytes, sha256) = hash(&path).with_context(|| format!("reading {}", path.display()))?;
                found.push(Entry { path: path.strip_prefix(root)?.to_string_lossy().into_owned(), bytes, sha256 });
            }
        }
    }
    found.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(found)
}

fn hash(path: &Path) -> std::io::Result<(u64, String)> {
    let (mut file, mut hash, mut buffer) = (File::open(path)?, Sha256::new(), vec![0; BUFFER]);
    let mut bytes = 0;
    loop {
        let read = file.read(&mut buffer)?;
        if read == 0 {
            return Ok((bytes, hex(&hash.finalize())));
        }
        bytes += read as u64;
        hash.update(&buffer[..read]);
    }
}

/// Writes a small file durably.
pub(super) fn write(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let mut file = File::create(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

/// Makes the names in a folder durable.
pub(super) fn sync_folder(folder: &Path) -> std::io::Result<()> {
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    File::open(folder)?.sync_all()
}

/// The same for every folder below `root` and `root` itself.
pub(super) fn sync_folders(root: &Path) -> std::io::Result<()> {
    for path in children(root)?.into_iter().filter(|path| path.is_dir()) {
        sync_folders(&path)?;
    }
    sync_folder(root)
}

//! Files that many players fetch, kept in memory up to a number of bytes.

use bytes::Bytes;
use quick_cache::Weighter;
use quick_cache::sync::Cache;
use std::io;
use std::path::Path;
use std::sync::Arc;

/// Larger files are streamed from the disk.
const LARGEST: u64 = 8 << 20;
/// What an entry costs beside its bytes.
const OVERHEAD: u64 = 512;

/// Memory for files, by least recent use.
#[derive(Debug)]
pub struct Shelf(Cache<String, Arc<Shelved>, ByBytes>);

/// A file in memory.
#[derive(Debug)]
pub struct Shelved {
    /// All of it.
    pub bytes: Bytes,
    /// Its validator, in quotation marks.
    pub tag: String,
}

#[derive(Debug, Clone)]
struct ByBytes;

impl Weighter<String, Arc<Shelved>> for ByBytes {
    fn weight(&self, name: &String, file: &Arc<Shelved>) -> u64 {
        OVERHEAD + (name.len() + file.bytes.len()) as u64
    }
}

impl Shelf {
    /// Room for so many MiB; with none, every file is streamed.
    pub fn new(mib: u64) -> Self {
        let bytes = mib << 20;
        Self(Cache::with_weighter((bytes >> 16).max(16) as usize, bytes, ByBytes))
    }

    /// The file at `path`, which `name` names; none when it is too large to be kept.
    ///
    /// The file's size and time of change are looked at each time: a file that was made anew is read anew, and one that
    /// is gone is not served. The look is made on the spot, since the system keeps what it tells in memory.
    ///
    /// # Errors
    ///
    /// Those of the disk; `NotFound` also for what is no file.
    pub async fn get(&self, name: &str, path: &Path) -> io::Result<Option<Arc<Shelved>>> {
        let meta = std::fs::metadata(path)?;
        if !meta.is_file() {
            return Err(io::ErrorKind::NotFound.into());
        }
        if meta.len() > LARGEST || meta.len() + OVERHEAD > self.0.capacity() {
            return Ok(None);
        }
        let tag = validator(&meta);
        if let Some(kept) = self.0.get(name).filter(|kept| kept.tag == tag) {
            return Ok(Some(kept));
        }
        let bytes = Bytes::from(tokio::fs::read(path).await?);
        let file = Arc::new(Shelved { bytes, tag });
        if file.bytes.len() as u64 == meta.len() {
            self.0.insert(name.to_owned(), file.clone());
        }
        Ok(Some(file))
    }
}

/// Size and time of the last change: files of ours change by being replaced.
pub fn validator(meta: &std::fs::Metadata) -> String {
    use std::os::unix::fs::MetadataExt;
    format!("\"{:x}-{:x}{:08x}\"", meta.len(), meta.mtime(), meta.mtime_nsec())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_file_is_read_once_and_again_when_it_was_replaced() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("s1.m4s");
        std::fs::write(&path, b"first").unwrap();
        let shelf = Shelf::new(1);
        let (one, two) = (shelf.get("s1", &path).await.unwrap().unwrap(), shelf.get("s1", &path).await.unwrap().unwrap());
        assert!(Arc::ptr_eq(&one, &two));
        std::fs::write(dir.path().join("new"), b"second, longer").unwrap();
        std::fs::rename(dir.path().join("new"), &path).unwrap();
        assert_eq!(&shelf.get("s1", &path).await.unwrap().unwrap().bytes[..], b"second, longer");
        std::fs::remove_file(&path).unwrap();
        assert_eq!(shelf.get("s1", &path).await.unwrap_err().kind(), io::ErrorKind::NotFound);
        assert_eq!(shelf.get("folder", dir.path()).await.unwrap_err().kind(), io::ErrorKind::NotFound);
    }

    #[tokio::test]
    async fn memory_stays_within_its_room() {
        let dir = tempfile::tempdir().unwrap();
        let shelf = Shelf::new(1);
        for n in 0..64 {
            let path = dir.path().join(n.to_string());
            std::fs::write(&path, vec![n; 100_000]).unwrap();
            assert_eq!(shelf.get(&n.to_string(), &path).await.unwrap().unwrap().bytes.len(), 100_000);
        }
        assert!(shelf.0.weight() <= 1 << 20, "{}", shelf.0.weight());
        let large = dir.path().join("large");
        std::fs::File::create(&large).unwrap().set_len(LARGEST + 1).unwrap();
        assert!(shelf.get("large", &large).await.unwrap().is_none());
    }
}

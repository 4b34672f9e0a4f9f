//! A folder that a file is made in.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::{fs, io};

/// An empty folder beside the place that the finished file will have; goes when we go, with what is left in it.
#[derive(Debug)]
pub(crate) struct Room(pub(crate) PathBuf);

impl Room {
    /// What an earlier, broken run left is cleared away.
    pub(crate) fn beside(to: &Path) -> io::Result<Self> {
        let mut name = to.file_name().unwrap_or_default().to_owned();
        name.push(".part");
        let folder = to.with_file_name(name);
        if folder.exists() {
            fs::remove_dir_all(&folder)?;
        }
        fs::create_dir_all(&folder)?;
        Ok(Self(folder.canonicalize()?))
    }

    /// An empty folder among the machine's temporary files, for what is not to be kept.
    pub(crate) fn temporary(purpose: &str) -> io::Result<Self> {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let name = format!("{purpose}-{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let folder = std::env::temp_dir().join(name);
        fs::create_dir(&folder)?;
        Ok(Self(folder.canonicalize()?))
    }
}

impl Drop for Room {
    fn drop(&mut self) {
        // What is left is replaced by the next run.
        let _ = fs::remove_dir_all(&self.0);
    }
}

//! Files of the data folder: the upload spool, originals, renditions.
//!
//! * A path is made of ids and of names that this program chose; no text of a reader ever becomes one (S3, S4).
//! * [`Objects::resolve`] is the only way from a URL's rest to a file.

use std::path::{Path, PathBuf};

/// The file store of one node.
#[derive(Debug, Clone)]
pub struct Objects {
    root: PathBuf,
}

impl Objects {
    /// Opens the store below `data`, creating its folders.
    pub fn open(data: &Path) -> std::io::Result<Self> {
        let root = data.join("files");
        for folder in ["spool", "originals", "renditions", "reports"] {
            std::fs::create_dir_all(root.join(folder))?;
        }
        Ok(Self { root })
    }

    /// Where everything lies, for backup.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The bytes of an unfinished upload.
    pub fn spool(&self, upload: &str) -> PathBuf {
        self.root.join("spool").join(upload)
    }

    /// An original as it was handed in.
    pub fn original(&self, material: &str) -> PathBuf {
        self.root.join("originals").join(material)
    }

    /// The folder of everything derived from an original.
    pub fn renditions(&self, material: &str) -> PathBuf {
        self.root.join("renditions").join(material)
    }

    /// A file made for one person, such as a workbook with an error column.
    pub fn report(&self, id: &str) -> PathBuf {
        self.root.join("reports").join(id)
    }

    /// The file that `rest` (segments parted by `/`) names below the renditions of `material`; none unless
    /// every segment is plain: letters, digits, `-`, `_`, and single dots between them.
    pub fn resolve(&self, material: &str, rest: &str) -> Option<PathBuf> {
        let plain = |segment: &str| {
            !segment.is_empty()
                && segment.len() <= 64
                && !segment.starts_with('.')
                && !segment.contains("..")
                && segment.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.'))
        };
        let segments: Vec<_> = rest.split('/').collect();
        (plain(material) && segments.len() <= 3 && segments.iter().all(|s| plain(s)))
            .then(|| segments.iter().fold(self.renditions(material), |path, segment| path.join(segment)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn store() -> (tempfile::TempDir, Objects) {
        let dir = tempfile::tempdir().unwrap();
        let objects = Objects::open(dir.path()).unwrap();
        (dir, objects)
    }

    #[test]
    fn s4_plain_names_resolve_and_traversal_does_not() {
        let (_dir, objects) = store();
        assert!(objects.resolve("mat_1", "v0/s00001.m4s").is_some());
        for bad in ["", "..", "../x", "v0/../../x", "v0//x", "/etc/passwd", "v0/.hidden", "v0\\x", "v0/%2e%2e", "a/b/c/d", "v0/x\0"] {
            assert!(objects.resolve("mat_1", bad).is_none(), "{bad}");
        }
        assert!(objects.resolve("../originals", "x").is_none());
    }

    proptest! {
        #[test]
        fn s4_whatever_resolves_stays_below_its_material(material in "\\PC{0,20}", rest in "[./\\\\%a-z0-9]{0,40}") {
            let (_dir, objects) = store();
            if let Some(path) = objects.resolve(&material, &rest) {
                prop_assert!(path.starts_with(objects.renditions(&material)));
                prop_assert!(path.components().all(|c| c != std::path::Component::ParentDir));
            }
        }
    }
}

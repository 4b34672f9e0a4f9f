//! What a backup says about itself.

use crate::db::{DbError, POSTGRES, Tx};
use crate::recordings::Recordings;
use anyhow::Context;
use kernel::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::Path;

/// Its file name.
pub(super) const MANIFEST: &str = "manifest.json";
const VERSION: u32 = 1;

/// One file of a backup.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Entry {
    /// Below the folder of the backup.
    pub path: String,
    pub bytes: u64,
    /// In lower-case hexadecimal digits.
    pub sha256: String,
}

/// The contents of a backup, to be compared before it is used.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Manifest {
    pub version: u32,
    /// RFC 3339, UTC.
    pub made_at: String,
    /// Version of the program that made it.
    pub program: String,
    pub with_renditions: bool,
    /// Rows of each table.
    pub tables: BTreeMap<String, i64>,
    /// Views, plays and steps of watch time.
    pub ledger_events: u64,
    /// Hash of each original as the database knows it.
    pub originals: BTreeMap<String, String>,
    pub files: Vec<Entry>,
    /// Originals that were damaged or missing already, in words.
    pub faults: Vec<String>,
}

/// The hash of every original that the records know to be good, by the id of its material.
pub(super) async fn originals(tx: &mut Tx) -> Result<BTreeMap<String, String>, DbError> {
    let known = Recordings(tx).hashes().await?;
    Ok(known.into_iter().map(|(material, sha256)| (material.to_string(), sha256)).collect())
}

impl Manifest {
    pub(super) fn new(made_at: Timestamp, with_renditions: bool) -> Self {
        Self {
            version: VERSION,
            made_at: made_at.to_string(),
            program: env!("CARGO_PKG_VERSION").to_owned(),
            with_renditions,
            tables: BTreeMap::new(),
            ledger_events: 0,
            originals: BTreeMap::new(),
            files: Vec::new(),
            faults: Vec::new(),
        }
    }

    /// Whether the records are in a copy of a Postgres database.
    pub(super) fn in_postgres(&self) -> bool {
        self.files.iter().any(|file| file.path == POSTGRES)
    }

    /// What differs between the rows that were copied and those `found`, in words.
    pub(super) fn table_differences(&self, found: &BTreeMap<String, i64>) -> Vec<String> {
        let wanted = self.tables.iter().filter(|(table, rows)| found.get(*table) != Some(rows));
        let words = |(table, rows): (&String, &i64)| {
            format!("table {table} has {} rows instead of {rows}", found.get(table).copied().unwrap_or_default())
        };
        wanted.map(words).collect()
    }

    /// Compares the copied originals with what the database knows of them.
    pub(super) fn compare_originals(&mut self) {
        let copied: BTreeMap<_, _> = self.files.iter().map(|file| (file.path.as_str(), file.sha256.as_str())).collect();
        let fault = |(material, sha256): (&String, &String)| match copied.get(format!("files/originals/{material}").as_str()) {
            None => Some(format!("the original {material} is missing")),
            Some(found) if found != sha256 => Some(format!("the original {material} is damaged: SHA-256 {found}, once {sha256}")),
            Some(_) => None,
        };
        self.faults = self.originals.iter().filter_map(fault).collect();
    }

    pub(super) fn write(&self, path: &Path) -> anyhow::Result<()> {
        Ok(super::files::write(path, &serde_json::to_vec_pretty(self)?)?)
    }

    pub(super) fn read(path: &Path) -> anyhow::Result<Self> {
        let text = std::fs::read(path).with_context(|| format!("{} is not there: this is no complete backup", path.display()))?;
        let manifest: Self = serde_json::from_slice(&text).with_context(|| format!("{} can't be understood", path.display()))?;
        anyhow::ensure!(manifest.version == VERSION, "backup version {} is not known to this program", manifest.version);
        Ok(manifest)
    }

    /// What differs between the files of the manifest and those `found`, in words.
    pub(super) fn differences(&self, found: &[Entry]) -> Vec<String> {
        let found: BTreeMap<_, _> = found.iter().map(|file| (&file.path, file)).collect();
        let wanted: BTreeMap<_, _> = self.files.iter().map(|file| (&file.path, file)).collect();
        let changed = wanted.iter().filter_map(|(path, file)| match found.get(path) {
            None => Some(format!("{path} is missing")),
            Some(other) if other.bytes != file.bytes => Some(format!("{path} has {} bytes instead of {}", other.bytes, file.bytes)),
            Some(other) if other.sha256 != file.sha256 => Some(format!("{path} was changed: its SHA-256 is {}", other.sha256)),
            Some(_) => None,
        });
        let added = found.keys().filter(|path| **path != MANIFEST && !wanted.contains_key(*path)).map(|path| format!("{path} was added"));
        changed.chain(added).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(path: &str, text: &str) -> Entry {
        Entry { path: path.into(), bytes: text.len() as u64, sha256: text.into() }
    }

    #[test]
    fn every_kind_of_difference_is_named() {
        let manifest = Manifest { files: vec![entry("a", "1"), entry("b", "2"), entry("c", "3")], ..Manifest::new(Timestamp(0), false) };
        assert!(manifest.differences(&[entry("a", "1"), entry("b", "2"), entry("c", "3"), entry(MANIFEST, "")]).is_empty());
        let found = manifest.differences(&[entry("a", "x"), entry("b", "22"), entry("d", "4")]);
        assert_eq!(found, ["a was changed: its SHA-256 is x", "b has 2 bytes instead of 1", "c is missing", "d was added"]);
    }

    #[test]
    fn a_missing_or_damaged_original_is_named() {
        let known = [("mat_1", "good"), ("mat_2", "good"), ("mat_3", "good")];
        let mut manifest = Manifest {
            files: vec![entry("files/originals/mat_1", "good"), entry("files/originals/mat_2", "rotten")],
            originals: known.map(|(m, h)| (m.to_owned(), h.to_owned())).into(),
            ..Manifest::new(Timestamp(0), false)
        };
        manifest.compare_originals();
        assert_eq!(manifest.faults.len(), 2);
        assert!(manifest.faults[0].contains("mat_2 is damaged") && manifest.faults[1].contains("mat_3 is missing"));
    }
}

//! `cargo xtask migrations`: both engines in step, applied text unchanged, every table somebody's.
//!
//! ```text
//! crates/app/migrations/sqlite/YYYYMMDDHHMM_subject_change.sql     the same names in both folders
//! crates/app/migrations/postgres/YYYYMMDDHHMM_subject_change.sql
//! crates/app/migrations/LOCK      SHA-256 of every migration, as `sha256sum` writes it
//! crates/app/migrations/TABLES    table = the feature it belongs to
//! ```

mod lock;
mod schema;

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use anyhow::Context;

use self::schema::Schema;
use crate::{
    finding::{Finding, tell},
    rooms::tables::{self, Owners},
};

const FOLDER: &str = "crates/app/migrations";
const ENGINES: [&str; 2] = ["sqlite", "postgres"];

/// Text of every migration by its path below the migrations folder: `sqlite/202611231500_lessons_create.sql`.
type Texts = BTreeMap<String, String>;

/// Checks the migrations below `root`; returns whether nothing must be repaired.
pub fn check(root: &Path) -> anyhow::Result<bool> {
    let folder = root.join(FOLDER);
    let texts = read(&folder)?;
    let locked = lock::parse(&optional(&folder.join("LOCK"))?)?;
    let owners = tables::owners(&optional(&folder.join("TABLES"))?)?;
    let mut faults = names(&texts);
    faults.extend(parity(&texts));
    faults.extend(lock::compare(&texts, &locked));
    faults.extend(ownerless(&texts, &owners));
    Ok(tell("migrations", Vec::new(), faults))
}

/// Adds migrations that are new to `LOCK`, leaves every other line as it is, and checks.
pub fn lock(root: &Path) -> anyhow::Result<bool> {
    let folder = root.join(FOLDER);
    let texts = read(&folder)?;
    let before = optional(&folder.join("LOCK"))?;
    let after = lock::extend(&before, &texts)?;
    if after != before {
        fs::write(folder.join("LOCK"), &after).context("cannot write LOCK")?;
    }
    println!("migrations: {} added to LOCK", after.lines().count() - before.lines().count());
    check(root)
}

fn read(folder: &Path) -> anyhow::Result<Texts> {
    let mut texts = Texts::new();
    for engine in ENGINES {
        let Ok(entries) = fs::read_dir(folder.join(engine)) else { continue };
        for entry in entries {
            let path = entry?.path();
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            let text = fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
            texts.insert(format!("{engine}/{name}"), text);
        }
    }
    Ok(texts)
}

fn optional(file: &Path) -> anyhow::Result<String> {
    match fs::read_to_string(file) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(String::new()),
        read => read.with_context(|| format!("cannot read {}", file.display())),
    }
}

fn fault(file: &str, rule: &'static str, text: impl Into<String>) -> Finding {
    Finding { file: PathBuf::from(FOLDER).join(file), line: 0, rule, text: text.into() }
}

/// Wrong names, and names that only one engine has.
fn names(texts: &Texts) -> Vec<Finding> {
    let mut faults = Vec::new();
    for path in texts.keys() {
        let Some((engine, name)) = path.split_once('/') else { continue };
        if !is_name(name) {
            faults.push(fault(path, "migration-name", "is not called YYYYMMDDHHMM_subject_change.sql"));
        }
        for other in ENGINES.iter().filter(|other| **other != engine) {
            if !texts.contains_key(&format!("{other}/{name}")) {
                faults.push(fault(path, "migration-parity", format!("{other} has no {name}")));
            }
        }
    }
    faults
}

fn is_name(name: &str) -> bool {
    let Some((time, words)) = name.strip_suffix(".sql").and_then(|stem| stem.split_once('_')) else { return false };
    let is_word = |word: &str| !word.is_empty() && word.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
    time.len() == 12 && time.bytes().all(|b| b.is_ascii_digit()) && words.contains('_') && words.split('_').all(is_word)
}

/// Tables and columns that one engine has and the other lacks, told at the migration that parted them.
fn parity(texts: &Texts) -> Vec<Finding> {
    let names: BTreeSet<&str> = texts.keys().filter_map(|path| Some(path.split_once('/')?.1)).collect();
    let mut engines = ENGINES.map(|engine| (engine, Schema::default()));
    let mut told = BTreeSet::new();
    let mut faults = Vec::new();
    for name in names {
        for (engine, schema) in &mut engines {
            schema.apply(texts.get(&format!("{engine}/{name}")).map_or("", String::as_str));
        }
        let [(one, left), (other, right)] = &engines;
        for (engine, lacks, missing) in [(other, one, left.missing_in(right)), (one, other, right.missing_in(left))] {
            for thing in missing.into_iter().filter(|thing| told.insert((*engine, thing.clone()))) {
                faults.push(fault(&format!("{engine}/{name}"), "migration-parity", format!("{thing} exists in {lacks} only")));
            }
        }
    }
    faults
}

/// Tables without an owner.
fn ownerless(texts: &Texts, owners: &Owners) -> Vec<Finding> {
    let mut schema = Schema::default();
    for text in texts.iter().filter(|(path, _)| path.starts_with("sqlite/")).map(|(_, text)| text) {
        schema.apply(text);
    }
    let nobodys = schema.tables().filter(|table| !owners.contains_key(*table));
    nobodys.map(|table| fault("TABLES", "table-owner", format!("`{table}` is nobody's: add `{table} = feature`"))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(pairs: &[(&str, &str)]) -> Texts {
        pairs.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect()
    }

    #[test]
    fn names_carry_time_subject_and_change() {
        let table = [
            ("202611231500_lessons_create.sql", true),
            ("202611231500_lessons_add_version2.sql", true),
            ("202611231500_lessons.sql", false),
            ("20261123_lessons_create.sql", false),
            ("202611231500_Lessons_create.sql", false),
            ("202611231500_lessons__create.sql", false),
            ("202611231500_lessons_create.txt", false),
        ];
        for (name, right) in table {
            assert_eq!(is_name(name), right, "{name}");
        }
    }

    #[test]
    fn a_migration_for_one_engine_only_is_told() {
        let found = names(&texts(&[("sqlite/202611231500_a_b.sql", "")]));
        assert_eq!(found.len(), 1);
        assert!(found[0].text.contains("postgres has no"), "{}", found[0]);
    }

    #[test]
    fn a_difference_is_told_once_where_it_began() {
        let found = parity(&texts(&[
            ("sqlite/202611231500_a_b.sql", "create table lesson (id text, title text);"),
            ("postgres/202611231500_a_b.sql", "create table lesson (id text);"),
            ("sqlite/202611231600_a_c.sql", "create table hop (id text);"),
            ("postgres/202611231600_a_c.sql", "create table hop (id text);"),
        ]));
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(
            found[0].to_string().ends_with("postgres/202611231500_a_b.sql: migration-parity: lesson.title exists in sqlite only"),
            "{}",
            found[0]
        );
    }

    #[test]
    fn types_may_differ_between_engines() {
        let found = parity(&texts(&[
            ("sqlite/202611231500_a_b.sql", "create table lesson (id text primary key, at integer) strict;"),
            ("postgres/202611231500_a_b.sql", "create table lesson (id text primary key, at bigint);"),
        ]));
        assert_eq!(found, []);
    }

    #[test]
    fn every_table_is_somebodys() {
        let texts = texts(&[("sqlite/202611231500_a_b.sql", "create table lesson (id text); create table hop (id text);")]);
        let owners = tables::owners("lesson = lessons").expect("the sample is right");
        let found: Vec<String> = ownerless(&texts, &owners).into_iter().map(|f| f.text).collect();
        assert_eq!(found, ["`hop` is nobody's: add `hop = feature`"]);
    }
}

//! `LOCK`: what was applied anywhere may never change, because nobody can apply it again.

use std::{collections::BTreeMap, fmt::Write as _};

use anyhow::Context;
use sha2::{Digest, Sha256};

use super::{Texts, fault};
use crate::finding::Finding;

/// Path → SHA-256 in hexadecimal.
pub type Locked = BTreeMap<String, String>;

/// Reads lines of `hash  path`, as `sha256sum` writes them.
///
/// # Errors
///
/// When a line has no two blanks.
pub fn parse(text: &str) -> anyhow::Result<Locked> {
    text.lines()
        .map(|line| {
            let (hash, path) = line.split_once("  ").with_context(|| format!("LOCK: `{line}` is not `hash  path`"))?;
            Ok((path.to_owned(), hash.to_owned()))
        })
        .collect()
}

/// Locked migrations that were changed or removed, and migrations that are not locked.
pub fn compare(texts: &Texts, locked: &Locked) -> Vec<Finding> {
    let mut faults = Vec::new();
    for (path, hash) in locked {
        match texts.get(path) {
            None => faults.push(fault(path, "migration-lock", "is in LOCK but gone; applied migrations stay")),
            Some(text) if digest(text) != *hash => {
                faults.push(fault(path, "migration-lock", "was changed after it was locked; write a new migration instead"));
            }
            Some(_) => {}
        }
    }
    let new = texts.keys().filter(|path| !locked.contains_key(*path));
    faults.extend(new.map(|path| fault(path, "migration-lock", "is not locked; run `cargo xtask migrations --lock`")));
    faults
}

/// `before` with a line for every migration it does not have; its own lines stay untouched.
///
/// # Errors
///
/// As [`parse`].
pub fn extend(before: &str, texts: &Texts) -> anyhow::Result<String> {
    let locked = parse(before)?;
    let mut after = before.to_owned();
    if !after.is_empty() && !after.ends_with('\n') {
        after.push('\n');
    }
    for (path, text) in texts.iter().filter(|(path, _)| !locked.contains_key(*path)) {
        writeln!(after, "{}  {path}", digest(text))?;
    }
    Ok(after)
}

fn digest(text: &str) -> String {
    Sha256::digest(text).iter().fold(String::new(), |mut hex, byte| {
        // Writing into a String cannot fail.
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(pairs: &[(&str, &str)]) -> Texts {
        pairs.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect()
    }

    #[test]
    fn the_hash_is_that_of_sha256sum() {
        assert_eq!(digest("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }

    #[test]
    fn what_was_locked_and_not_touched_is_fine() {
        let texts = texts(&[("sqlite/a.sql", "create table a (id text);")]);
        let lock = extend("", &texts).expect("an empty lock can be extended");
        assert_eq!(compare(&texts, &parse(&lock).expect("our own lock can be read")), []);
    }

    #[test]
    fn changed_removed_and_new_migrations_are_told() {
        let lock = extend("", &texts(&[("sqlite/a.sql", "one"), ("sqlite/b.sql", "two")])).expect("an empty lock can be extended");
        let now = texts(&[("sqlite/a.sql", "other"), ("sqlite/c.sql", "three")]);
        let found = compare(&now, &parse(&lock).expect("our own lock can be read"));
        let words: Vec<&str> = found.iter().map(|f| f.text.split(' ').next().unwrap_or_default()).collect();
        assert_eq!(found.len(), 3);
        assert_eq!(words, ["was", "is", "is"], "changed, gone, not locked");
    }

    #[test]
    fn locking_again_never_changes_a_line() {
        let before = extend("", &texts(&[("sqlite/a.sql", "one")])).expect("an empty lock can be extended");
        let after = extend(&before, &texts(&[("sqlite/a.sql", "changed"), ("sqlite/b.sql", "two")])).expect("a lock can be extended");
        assert!(after.starts_with(&before));
        assert_eq!(after.lines().count(), 2);
    }

    #[test]
    fn a_broken_lock_is_an_error() {
        assert!(parse("abc sqlite/a.sql").is_err());
    }
}

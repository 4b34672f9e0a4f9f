//! Whose table is it? A feature's SQL names only tables of that feature; `crates/app/migrations/TABLES` says whose is whose.

use std::collections::BTreeMap;

use anyhow::{Context, ensure};

/// Table → feature, or the part beside the features that owns it.
pub type Owners = BTreeMap<String, String>;

/// Reads lines of `table = owner`; empty lines and those that begin with `#` are skipped.
///
/// # Errors
///
/// When a line has no `=`, or a table stands there twice.
pub fn owners(text: &str) -> anyhow::Result<Owners> {
    let mut owners = Owners::new();
    for (number, line) in text.lines().enumerate() {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let (table, owner) = line.split_once('=').with_context(|| format!("TABLES line {}: no `=`", number + 1))?;
        let before = owners.insert(table.trim().to_owned(), owner.trim().to_owned());
        ensure!(before.is_none(), "TABLES line {}: {} stands there twice", number + 1, table.trim());
    }
    Ok(owners)
}

/// Tables that the SQL in `literal` names and that belong to somebody else than `part`, with their owner.
///
/// Words that are no known table (aliases, common table expressions) are nobody's.
pub fn foreign<'o>(literal: &str, part: &str, owners: &'o Owners) -> Vec<(&'o str, &'o str)> {
    let words: Vec<String> =
        literal.split(|c: char| !(c.is_alphanumeric() || c == '_')).filter(|word| !word.is_empty()).map(str::to_lowercase).collect();
    words
        .windows(2)
        .filter(|pair| ["from", "into", "join", "table", "update"].contains(&pair[0].as_str()))
        .filter_map(|pair| owners.get_key_value(&pair[1]))
        .filter(|(_, owner)| *owner != part)
        .map(|(table, owner)| (table.as_str(), owner.as_str()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_read() {
        let owners = owners("# whose is whose\n\nlesson = lessons\nhop=submissions\n").expect("the sample is right");
        assert_eq!(owners.get("hop").map(String::as_str), Some("submissions"));
        assert_eq!(owners.len(), 2);
    }

    #[test]
    fn a_wrong_list_is_refused() {
        assert!(owners("lesson lessons").is_err());
        assert!(owners("lesson = lessons\nlesson = judging").is_err());
    }

    #[test]
    fn only_tables_of_others_are_foreign() {
        let owners = owners("lesson = lessons\nhop = submissions\nquota = campaigns").expect("the sample is right");
        let sql = "select * from hop join LESSON l on l.id = hop.lesson where quota > 1";
        assert_eq!(foreign(sql, "submissions", &owners), [("lesson", "lessons")]);
        assert_eq!(foreign("update quota set used = 1", "submissions", &owners), [("quota", "campaigns")]);
        assert_eq!(foreign("insert into hop(id) values ($1)", "submissions", &owners), []);
        assert_eq!(foreign("words from somewhere", "submissions", &owners), []);
    }
}

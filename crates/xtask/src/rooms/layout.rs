//! Files, folders and crates: names that say something, sizes that fit a head, dependencies that go one way.

use std::path::Path;

use super::{
    house::{CRATES, EMPTY_NAMES, LONG_FILE, LONG_FUNCTION, TOO_LONG_FILE},
    scan::Function,
};
use crate::finding::Finding;

/// A folder or file called after nothing.
pub fn empty_name(file: &Path) -> Option<Finding> {
    let mut words = file.iter().filter_map(|part| part.to_str()).map(|part| part.split('.').next().unwrap_or(part));
    let word = words.find(|word| EMPTY_NAMES.contains(word))?;
    let text = format!("`{word}` says nothing: name it for what is inside");
    Some(Finding { file: file.into(), line: 0, rule: "empty-name", text })
}

/// How a file's length is judged.
#[derive(Debug, PartialEq, Eq)]
pub enum Length {
    Fits,
    Long(Finding),
    TooLong(Finding),
}

/// Judges the length of `file`, whose source is `text`.
pub fn length(file: &Path, text: &str) -> Length {
    let lines = text.lines().count();
    let finding = |limit| Finding { file: file.into(), line: 0, rule: "long-file", text: format!("{lines} lines, aim at {limit} at most") };
    match lines {
        0..=LONG_FILE => Length::Fits,
        _ if lines <= TOO_LONG_FILE => Length::Long(finding(LONG_FILE)),
        _ => Length::TooLong(finding(TOO_LONG_FILE)),
    }
}

/// A function that is longer than it should be.
pub fn long_function(file: &Path, function: &Function) -> Option<Finding> {
    let Function { name, line, lines } = function;
    let text = format!("`{name}` has {lines} lines, aim at {LONG_FUNCTION} at most");
    (*lines > LONG_FUNCTION).then(|| Finding { file: file.into(), line: *line, rule: "long-function", text })
}

/// Workspace crates that the manifest of crate `name` depends on although it may not.
///
/// # Errors
///
/// When `manifest` is not TOML.
pub fn wrong_dependencies(name: &str, file: &Path, manifest: &str) -> anyhow::Result<Vec<Finding>> {
    let manifest: toml::Table = manifest.parse()?;
    let Some((_, allowed)) = CRATES.iter().find(|(known, _)| *known == name) else {
        let text = format!("crate `{name}` is not on the map in crates/xtask/src/rooms/house.rs");
        return Ok(vec![Finding { file: file.into(), line: 0, rule: "crates", text }]);
    };
    let tables = ["dependencies", "dev-dependencies", "build-dependencies"];
    let dependencies = tables.iter().filter_map(|t| manifest.get(*t)?.as_table()).flat_map(toml::Table::keys);
    Ok(dependencies
        .filter(|d| CRATES.iter().any(|(known, _)| known == d) && !allowed.contains(&d.as_str()))
        .map(|d| Finding { file: file.into(), line: 0, rule: "crates", text: format!("`{name}` may not depend on `{d}`") })
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_must_say_something() {
        let table = [
            ("crates/app/src/utils.rs", true),
            ("crates/app/src/common/mod.rs", true),
            ("web/src/helpers.ts", true),
            ("crates/app/src/lessons/common_words.rs", false),
            ("crates/app/src/spreadsheets/cells.rs", false),
        ];
        for (file, bad) in table {
            assert_eq!(empty_name(Path::new(file)).is_some(), bad, "{file}");
        }
    }

    #[test]
    fn files_are_reported_over_300_and_refused_over_600_lines() {
        let judge = |lines: usize| length(Path::new("a.rs"), &"x\n".repeat(lines));
        assert_eq!(judge(300), Length::Fits);
        assert!(matches!(judge(301), Length::Long(_)));
        assert!(matches!(judge(600), Length::Long(_)));
        assert!(matches!(judge(601), Length::TooLong(_)));
    }

    #[test]
    fn functions_are_reported_over_40_lines() {
        let of = |lines| Function { name: "f".to_owned(), line: 7, lines };
        assert_eq!(long_function(Path::new("a.rs"), &of(40)), None);
        assert_eq!(long_function(Path::new("a.rs"), &of(41)).map(|f| f.line), Some(7));
    }

    #[test]
    fn crates_depend_one_way() {
        let wrong = |name, manifest| wrong_dependencies(name, Path::new("Cargo.toml"), manifest).expect("the sample is TOML").len();
        assert_eq!(wrong("media", "[dependencies]\nkernel.workspace = true\nbytes = \"1\""), 0);
        assert_eq!(wrong("media", "[dependencies]\nledger.workspace = true"), 1);
        assert_eq!(wrong("kernel", "[dev-dependencies]\napp = { path = \"../app\" }"), 1);
        assert_eq!(wrong("app", "[dependencies]\nkernel.workspace = true\nmedia.workspace = true"), 0);
        assert_eq!(wrong("unheard", "[dependencies]"), 1);
    }
}

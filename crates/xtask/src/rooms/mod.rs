//! `cargo xtask rooms`: every line in its room, every import leftwards.
//!
//! * [`house`] is the map: features in order, rooms, fences, sizes.
//! * [`scan`] turns a source into paths (whole ones, by [`names`]), functions and literals; [`imports`], [`layout`] and [`tables`] judge them.
//! * Whose SQL names whose tables is reported for now, not refused.

mod house;
mod imports;
mod layout;
mod names;
mod scan;
pub mod tables;

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::Context;

use self::{
    house::{ASSEMBLY, FEATURES},
    layout::Length,
    tables::Owners,
};
use crate::finding::{Finding, tell};

/// Endings of the files whose names and sizes are looked at.
const SOURCES: [&str; 6] = ["rs", "ts", "mjs", "js", "css", "html"];
/// Folders that hold what was built or installed, not what was written.
const NOT_OURS: [&str; 6] = [".cache", "data", "dist", "node_modules", "shots", "target"];

/// Checks the repository at `root`; returns whether nothing must be repaired.
pub fn check(root: &Path) -> anyhow::Result<bool> {
    let owners = match fs::read_to_string(root.join("crates/app/migrations/TABLES")) {
        Ok(text) => tables::owners(&text)?,
        Err(_) => Owners::new(),
    };
    let mut house = House { owners, ..House::default() };
    for top in ["crates", "web", "e2e", "bench"] {
        for file in files(&root.join(top))? {
            let text = fs::read_to_string(&file).with_context(|| format!("cannot read {}", file.display()))?;
            house.file(file.strip_prefix(root)?, &text)?;
        }
    }
    Ok(tell("rooms", house.reports, house.faults))
}

#[derive(Default)]
struct House {
    owners: Owners,
    reports: Vec<Finding>,
    faults: Vec<Finding>,
}

impl House {
    fn file(&mut self, file: &Path, text: &str) -> anyhow::Result<()> {
        self.faults.extend(layout::empty_name(file));
        if let Some(name) = manifest_of(file) {
            self.faults.extend(layout::wrong_dependencies(&name, file, text)?);
            return Ok(());
        }
        match layout::length(file, text) {
            Length::Fits => {}
            Length::Long(finding) => self.reports.push(finding),
            Length::TooLong(finding) => self.faults.push(finding),
        }
        if file.extension().is_some_and(|ending| ending == "rs") {
            self.rust(file, text)?;
        }
        Ok(())
    }

    fn rust(&mut self, file: &Path, text: &str) -> anyhow::Result<()> {
        let module = module_of(file);
        let source = scan::read(text, &module).with_context(|| file.display().to_string())?;
        self.reports.extend(source.functions.iter().filter_map(|f| layout::long_function(file, f)));
        if !file.starts_with("crates/app/src") || is_test(file) {
            return Ok(());
        }
        for named in &source.paths {
            if let Some((rule, text)) = imports::broken(&module, named) {
                self.faults.push(Finding { file: file.into(), line: named.line, rule, text });
            }
        }
        self.sql(file, &module, &source);
        Ok(())
    }

    fn sql(&mut self, file: &Path, module: &[String], source: &scan::Source) {
        let part = module.get(1).map_or("lib", String::as_str);
        if ASSEMBLY.contains(&part) || (!FEATURES.contains(&part) && !self.owners.values().any(|owner| owner == part)) {
            return;
        }
        for (literal, line) in &source.literals {
            for (table, owner) in tables::foreign(literal, part, &self.owners) {
                let text = format!("SQL of {part} names `{table}`, a table of {owner}: call a function of {owner}");
                self.reports.push(Finding { file: file.into(), line: *line, rule: "foreign-table", text });
            }
        }
    }
}

/// The crate whose manifest `file` is.
fn manifest_of(file: &Path) -> Option<String> {
    let name = file.file_name()?.to_str()?;
    let folder = file.parent()?;
    (name == "Cargo.toml").then(|| folder.file_name().map(|name| name.to_string_lossy().into_owned()))?
}

/// `crates/app/src/lessons/store.rs` is `crate::lessons::store`; `lib.rs` and `main.rs` are `crate`.
fn module_of(file: &Path) -> Vec<String> {
    let inside = file.iter().skip_while(|part| *part != "src").skip(1);
    let mut module = vec!["crate".to_owned()];
    module.extend(inside.map(|part| part.to_string_lossy().trim_end_matches(".rs").to_owned()));
    let is_root = |last: &str| last == "mod" || (["lib", "main"].contains(&last) && module.len() == 2);
    if module.last().is_some_and(|last| is_root(last)) {
        module.pop();
    }
    module
}

/// Tests may reach into any room.
fn is_test(file: &Path) -> bool {
    let stems = file.iter().filter_map(|part| part.to_str()).map(|part| part.trim_end_matches(".rs"));
    stems.into_iter().any(|stem| ["tests", "testing"].contains(&stem) || stem.ends_with("_tests"))
}

/// Sources and manifests below `folder`, sorted; none when the folder is missing.
fn files(folder: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    if !folder.is_dir() {
        return Ok(found);
    }
    for entry in fs::read_dir(folder).with_context(|| format!("cannot list {}", folder.display()))? {
        let entry = entry?;
        let path = entry.path();
        let name = entry.file_name();
        if entry.file_type()?.is_dir() {
            if !NOT_OURS.iter().any(|other| name == *other) {
                found.extend(files(&path)?);
            }
        } else if name == "Cargo.toml" || path.extension().is_some_and(|ending| SOURCES.iter().any(|ours| ending == *ours)) {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn findings(file: &str, text: &str) -> House {
        let owners = tables::owners("lesson = lessons\nhop = submissions").expect("the sample is right");
        let mut house = House { owners, ..House::default() };
        house.file(Path::new(file), text).expect("the sample can be read");
        house
    }

    #[test]
    fn a_forbidden_import_is_told_with_file_and_line() {
        let house = findings("crates/app/src/lessons/rules.rs", "use std::fmt;\nuse crate::db::Tx;\n");
        assert_eq!(house.faults.len(), 1);
        assert!(house.faults[0].to_string().starts_with("crates/app/src/lessons/rules.rs:2: rooms: "), "{}", house.faults[0]);
    }

    #[test]
    fn tests_may_reach_into_any_room() {
        assert!(findings("crates/app/src/lessons/tests.rs", "use crate::judging::store::X;").faults.is_empty());
        assert!(findings("crates/app/src/lessons/rules_tests.rs", "use crate::judging::store::X;").faults.is_empty());
        assert!(findings("crates/app/tests/story.rs", "use axum::Router;").faults.is_empty());
    }

    #[test]
    fn sql_on_the_table_of_another_feature_is_reported() {
        let house = findings("crates/app/src/submissions/store.rs", "fn f() { q(\"select 1 from hop join lesson\") }");
        assert_eq!(house.reports.len(), 1);
        assert!(house.reports[0].text.contains("`lesson`"), "{}", house.reports[0]);
        assert!(house.faults.is_empty());
    }

    #[test]
    fn manifests_are_judged_as_manifests() {
        assert_eq!(findings("crates/media/Cargo.toml", "[dependencies]\napp.workspace = true").faults.len(), 1);
    }

    #[test]
    fn files_are_modules() {
        assert_eq!(module_of(Path::new("crates/app/src/lessons/mod.rs")), ["crate", "lessons"]);
        assert_eq!(module_of(Path::new("crates/app/src/lessons/rules/dates.rs")), ["crate", "lessons", "rules", "dates"]);
        assert_eq!(module_of(Path::new("crates/app/src/main.rs")), ["crate"]);
    }

    #[test]
    fn built_and_installed_files_are_not_read() {
        let folder = tempfile::tempdir().expect("a folder");
        for file in ["src/a.ts", "node_modules/utils.ts", "bench/.cache/utils.ts", "src/b.png", "Cargo.toml"] {
            let path = folder.path().join(file);
            fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
            fs::write(path, "").expect("a file");
        }
        let found = files(folder.path()).expect("the folder can be listed");
        assert_eq!(found, [folder.path().join("Cargo.toml"), folder.path().join("src/a.ts")]);
    }
}

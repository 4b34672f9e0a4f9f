//! `docs/configuration.md` is printed by the program itself, so that it cannot say anything else than the code.

use std::{fs, path::Path, process::Command};

use anyhow::{Context, ensure};

use crate::finding::{Finding, tell};

const PAGE: &str = "docs/configuration.md";

/// Compares the page with what the program prints now.
pub fn check(root: &Path) -> anyhow::Result<bool> {
    let wanted = printed(root)?;
    let found = fs::read_to_string(root.join(PAGE)).unwrap_or_default();
    Ok(tell("config-docs", Vec::new(), compare(&found, &wanted).into_iter().collect()))
}

/// Replaces the page by what the program prints now.
pub fn write(root: &Path) -> anyhow::Result<bool> {
    let page = root.join(PAGE);
    fs::create_dir_all(root.join("docs"))?;
    fs::write(&page, printed(root)?).with_context(|| format!("cannot write {PAGE}"))?;
    println!("config-docs: wrote {PAGE}");
    Ok(true)
}

/// The first line in which the page differs.
fn compare(found: &str, wanted: &str) -> Option<Finding> {
    if found == wanted {
        return None;
    }
    let same = found.lines().zip(wanted.lines()).take_while(|(one, other)| one == other).count();
    let line_wanted = wanted.lines().nth(same).unwrap_or("(end of file)");
    let text = format!("the program now says `{line_wanted}`; run `cargo xtask config-docs --write`");
    Some(Finding { file: PAGE.into(), line: same + 1, rule: "config-docs", text })
}

fn printed(root: &Path) -> anyhow::Result<String> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let run = Command::new(cargo)
        .args(["run", "--quiet", "--package", "app", "--bin", "kaijiang", "--", "config-docs"])
        .current_dir(root)
        .output()
        .context("cannot start cargo")?;
    ensure!(run.status.success(), "`kaijiang config-docs` failed: {}", String::from_utf8_lossy(&run.stderr));
    ensure!(!run.stdout.is_empty(), "`kaijiang config-docs` printed nothing");
    String::from_utf8(run.stdout).context("`kaijiang config-docs` did not print UTF-8")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_pages_are_silent() {
        assert_eq!(compare("# a\nb\n", "# a\nb\n"), None);
    }

    #[test]
    fn the_first_differing_line_is_named() {
        let found = compare("# a\nold\n", "# a\nnew\n").expect("the pages differ");
        assert_eq!(found.line, 2);
        assert!(found.text.contains("`new`"), "{}", found.text);
    }

    #[test]
    fn a_missing_end_is_a_difference() {
        assert_eq!(compare("# a\nb\n", "# a\n").expect("the pages differ").line, 2);
    }
}

//! Every word that the program asks for exists in both languages (A11), and packs only give other words for the same keys (A10).

use app::i18n::{Language, Translations};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

const PACKS: [&str; 2] = ["generic", "lecture-opens"];

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, found);
        } else if path.extension().is_some_and(|e| e == "rs" || e == "html") {
            found.push(path);
        }
    }
}

/// Keys in `s("…")`, `with("…"` and `args("…"`; those put together at run time are not literals and have tests of their own.
fn asked(text: &str) -> BTreeSet<String> {
    let mut keys = BTreeSet::new();
    for call in [".s(\"", ".with(\"", ".args(\""] {
        for (at, _) in text.match_indices(call) {
            let rest = &text[at + call.len()..];
            let key: String = rest.chars().take_while(|c| *c != '"').collect();
            // `Problem::with("name", value)` and headers have the same look: a problem's argument is no key.
            let receiver = text[..at].trim_end();
            let words = call == ".s(\"" || receiver.ends_with("texts") || receiver.ends_with('p') || receiver.ends_with("words");
            if words && key.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-') {
                keys.insert(key);
            }
        }
    }
    keys
}

#[test]
fn a11_every_key_in_code_and_templates_has_words_in_both_languages() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut sources = Vec::new();
    files(&root, &mut sources);
    let mut missing: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut seen = 0;
    for pack in PACKS {
        for language in Language::ALL {
            let keys: BTreeSet<_> = Translations::keys(language, pack).into_iter().collect();
            for path in &sources {
                let wanted = asked(&std::fs::read_to_string(path).unwrap());
                seen += wanted.len();
                let lacking = wanted.difference(&keys).map(|key| format!("{key} ({}, {pack})", language.tag()));
                missing.entry(path.display().to_string()).or_default().extend(lacking);
            }
        }
    }
    missing.retain(|_, keys| !keys.is_empty());
    assert!(seen > 400, "the search for keys finds them");
    assert!(missing.is_empty(), "{missing:#?}");
}

#[test]
fn a10_languages_and_packs_have_the_same_keys() {
    let keys = |language, pack| Translations::keys(language, pack).into_iter().collect::<BTreeSet<_>>();
    let first = keys(Language::Chinese, PACKS[0]);
    for pack in PACKS {
        for language in Language::ALL {
            let these = keys(language, pack);
            let differ: Vec<_> = first.symmetric_difference(&these).collect();
            assert!(differ.is_empty(), "{} {pack}: {differ:?}", language.tag());
        }
    }
}

#[test]
fn a10_every_problem_and_rule_in_code_has_words() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut sources = Vec::new();
    files(&root, &mut sources);
    let keys: BTreeSet<_> = Translations::keys(Language::English, PACKS[0]).into_iter().collect();
    let mut missing = BTreeSet::new();
    for path in sources.iter().filter(|p| p.extension().is_some_and(|e| e == "rs") && !p.ends_with("tests.rs")) {
        let text = std::fs::read_to_string(path).unwrap();
        let text = text.split("#[cfg(test)]").next().unwrap();
        for call in ["Problem::conflict(\"", "Problem::too_many(\"", "Problem::unauthorized(\""] {
            for (at, _) in text.match_indices(call) {
                let code: String = text[at + call.len()..].chars().take_while(|c| *c != '"').collect();
                let key = format!("problem-{code}");
                if !keys.contains(&key) {
                    missing.insert(format!("{key} in {}", path.display()));
                }
            }
        }
    }
    assert!(missing.is_empty(), "{missing:#?}");
}

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

/// Codes that stand as literals behind `call`, however the formatter broke the line.
fn codes(text: &str, call: &str, argument: usize) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for (at, _) in text.match_indices(call) {
        let mut rest = text[at + call.len()..].trim_start();
        // Arguments before it are passed over; brackets and strings belong to them.
        for _ in 0..argument {
            let (mut depth, mut quoted, mut end) = (0, false, None);
            for (at, c) in rest.char_indices() {
                match c {
                    '"' => quoted = !quoted,
                    '(' | '[' | '{' if !quoted => depth += 1,
                    ')' | ']' | '}' if !quoted => depth -= 1,
                    ',' if !quoted && depth == 0 => {
                        end = Some(at);
                        break;
                    }
                    _ => {}
                }
            }
            rest = end.map_or("", |at| rest[at + 1..].trim_start());
        }
        if let Some(code) = rest.strip_prefix('"').and_then(|rest| rest.split('"').next()) {
            found.insert(code.to_owned());
        }
    }
    found
}

/// Answers below `/media`, where no language is known: players read the code, and our player has words of its own.
const CODE_ALONE: [&str; 3] = ["media-expired", "media-forged", "media-withdrawn"];

/// Constructor, which argument is the code, and what its words are called.
const CONSTRUCTORS: [(&str, usize, &str); 12] = [
    ("Problem::new(", 1, "problem"),
    ("Problem::conflict(", 0, "problem"),
    ("Problem::too_many(", 0, "problem"),
    ("Problem::unauthorized(", 0, "problem"),
    ("Problem::denied(", 0, "problem"),
    ("Problem::gone(", 0, "problem"),
    ("Problem::unprocessable(", 0, "problem"),
    ("Problem::bad_request(", 0, "problem"),
    ("Problem::too_large(", 0, "problem"),
    ("Problem::unavailable(", 0, "problem"),
    ("Problem::field(", 1, "rule"),
    ("FieldError::new(", 1, "rule"),
];

#[test]
fn a10_every_problem_and_rule_in_code_has_words() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut sources = Vec::new();
    files(&root, &mut sources);
    let own = std::fs::read_to_string(root.join("problem.rs")).unwrap();
    let constructors = own.match_indices("code: &'static str) -> Self").count();
    let named = CONSTRUCTORS
        .iter()
        .filter(|(call, _, kind)| *kind == "problem" && own.contains(&format!("fn {}code", call.trim_start_matches("Problem::"))));
    assert_eq!(constructors, named.count() + 1, "a new way to make a problem stands in the table; `new` takes a status first");
    let (mut missing, mut seen) = (BTreeSet::new(), 0);
    for language in Language::ALL {
        let keys: BTreeSet<_> = Translations::keys(language, PACKS[0]).into_iter().collect();
        let looked_at = |path: &&PathBuf| {
            let name = path.to_string_lossy();
            name.ends_with(".rs") && !name.ends_with("tests.rs")
        };
        for path in sources.iter().filter(looked_at) {
            let text = std::fs::read_to_string(path).unwrap();
            let text = text.split("#[cfg(test)]").next().unwrap();
            for (call, argument, kind) in CONSTRUCTORS {
                let codes = codes(text, call, argument);
                seen += codes.len();
                let lacking = codes
                    .iter()
                    .filter(|code| !CODE_ALONE.contains(&code.as_str()))
                    .map(|code| format!("{kind}-{code}"))
                    .filter(|key| !keys.contains(key));
                missing.extend(lacking.map(|key| format!("{key} ({}) in {}", language.tag(), path.display())));
            }
        }
    }
    assert!(seen > 300, "the search for codes finds them: {seen}");
    assert!(missing.is_empty(), "{missing:#?}");
}

#[test]
fn every_action_of_the_audit_trail_has_words() {
    const OBJECTS: [&str; 24] = [
        "account",
        "accounts",
        "audit",
        "broadcast",
        "campaign",
        "captions",
        "closed-month",
        "group",
        "held-session",
        "job",
        "lesson",
        "material",
        "notice",
        "organisation",
        "organisations",
        "question",
        "report",
        "request",
        "role",
        "room",
        "session-plan",
        "submission",
        "token",
        "words",
    ];
    /// Of the same look: files and kinds of work.
    const OTHERS: [&str; 4] = ["account.mail-check", "audit.csv", "audit.jsonl", "organisations.import"];
    let mut sources = Vec::new();
    files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut sources);
    let (mut missing, mut seen) = (BTreeSet::new(), 0);
    for path in sources.iter().filter(|p| p.extension().is_some_and(|e| e == "rs")) {
        let text = std::fs::read_to_string(path).unwrap();
        for literal in text.split('"') {
            let Some((object, verb)) = literal.split_once('.') else { continue };
            let word = |text: &str| !text.is_empty() && text.chars().all(|c| c.is_ascii_lowercase() || c == '-');
            if !OBJECTS.contains(&object) || !word(verb) || OTHERS.contains(&literal) {
                continue;
            }
            seen += 1;
            for language in Language::ALL {
                let key = format!("audit-{object}-{verb}");
                if !Translations::keys(language, PACKS[0]).contains(&key) {
                    missing.insert(format!("{key} ({})", language.tag()));
                }
            }
        }
    }
    assert!(seen > 60, "the search for actions finds them: {seen}");
    assert!(missing.is_empty(), "{missing:#?}");
}

/// Messages whose numbers are never one: bounds set in the program, and the ends of a range.
const NEVER_ONE: [&str; 16] = [
    "campaign-chars-between",
    "problem-too-many-records",
    "problem-too-many-requests",
    "problem-upload-form-too-large",
    "problem-upload-too-large",
    "rule-code",
    "rule-date-too-far",
    "rule-due-date",
    "rule-login",
    "rule-too-long-recording",
    "rule-too-many-files",
    "rule-too-many-pixels",
    "rule-varied",
    "script-between",
    "campaign-kbps-between",
    "campaign-seconds-between",
];

#[test]
fn a11_one_thing_is_not_called_several() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("locales/en");
    let mut names = BTreeSet::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let text = std::fs::read_to_string(&path).unwrap();
        names.extend(text.split('$').skip(1).map(|rest| rest.chars().take_while(char::is_ascii_alphanumeric).collect::<String>()));
    }
    let texts = Translations::load("generic", jiff::tz::TimeZone::UTC).unwrap().texts(Language::English);
    let one: Vec<_> = names.iter().map(|name| (name.as_str(), "1".to_owned())).collect();
    let mut wrong = Vec::new();
    for key in Translations::keys(Language::English, "generic").into_iter().filter(|key| !NEVER_ONE.contains(&key.as_str())) {
        let said = texts.args(&key, &one);
        let words: Vec<_> = said.split(|c: char| c.is_whitespace()).collect();
        let several = |word: &str| {
            let word = word.trim_end_matches(|c: char| !c.is_alphanumeric());
            let verb = ["wait", "stand", "fit"].contains(&word);
            let one = ["takes", "closes", "keeps", "less"].contains(&word);
            verb || (word.len() > 3 && word.ends_with('s') && word.chars().all(char::is_alphabetic) && !one)
        };
        let counted = |at: usize| {
            words[at] == "1"
                && words.get(at + 1).is_some_and(|w| several(w) || (*w == "different" && words.get(at + 2).is_some_and(|w| several(w))))
        };
        if (0..words.len()).any(counted) {
            wrong.push(format!("{key}: {said}"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn a11_plurals_follow_numbers_that_come_as_text() {
    let texts = Translations::load("generic", jiff::tz::TimeZone::UTC).unwrap().texts(Language::English);
    let faulty = |count: &str| texts.args("import-faulty", &[("file", "a.xlsx".to_owned()), ("count", count.to_owned())]);
    assert_eq!(faulty("1"), "a.xlsx has one fault. Nothing was changed.");
    assert_eq!(faulty("0"), "a.xlsx has 0 faults. Nothing was changed.");
    assert_eq!(faulty("1,234"), "a.xlsx has 1,234 faults. Nothing was changed.", "a number that is written for people is one too");
    assert_eq!(texts.with("batch-lead", "n", 1), "One submission. Confirm, and it happens.");
    assert_eq!(texts.with("batch-lead", "n", 2), "2 submissions. Confirm once, and all of it happens together.");
    assert_eq!(texts.with("standing-selected-text", "n", 1_i64), "It is published when one editor has approved it.");
    let too_short = |found: &str| texts.args("rule-too-short", &[("found", found.to_owned()), ("wanted", "2".to_owned())]);
    assert_eq!(too_short("1"), "has one character; at least 2 are needed");
}

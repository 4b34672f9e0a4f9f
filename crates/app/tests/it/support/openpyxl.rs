//! What openpyxl, a program of others, reads of workbooks.

use super::python::python;
use serde_json::Value;
use std::path::Path;
use std::process::Command;

/// Fills a blank workbook of held sessions with two rows and tells their titles; see `tests/xlsx/fill.py`.
pub fn fill(blank: &[u8]) -> (Vec<u8>, Vec<String>) {
    let folder = tempfile::tempdir().expect("a folder");
    let [before, after] = ["blank.xlsx", "filled.xlsx"].map(|name| folder.path().join(name));
    std::fs::write(&before, blank).expect("it is written");
    let titles = run("fill.py", &before, &after);
    (std::fs::read(&after).expect("it is there"), serde_json::from_value(titles).expect("titles"))
}

/// Reads `filled` beside the `blank` it was made from; see `tests/xlsx/read.py`.
pub fn read(blank: &Path, filled: &Path) -> Value {
    run("read.py", blank, filled)
}

fn run(program: &str, blank: &Path, filled: &Path) -> Value {
    let here = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/xlsx");
    let told = Command::new(python("xlsx")).arg(here.join(program)).args([blank, filled]).output().expect("Python starts");
    assert!(told.status.success(), "{}", String::from_utf8_lossy(&told.stderr));
    serde_json::from_slice(&told.stdout).expect("JSON")
}

//! What openpyxl, a program of others, reads of workbooks.

use super::python::python;
use serde_json::Value;
use std::path::Path;
use std::process::Command;

/// Reads `filled` beside the `blank` it was made from; see `tests/xlsx/read.py`.
pub fn read(blank: &Path, filled: &Path) -> Value {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let told = Command::new(python("xlsx")).arg(here.join("tests/xlsx/read.py")).args([blank, filled]).output().expect("Python starts");
    assert!(told.status.success(), "{}", String::from_utf8_lossy(&told.stderr));
    serde_json::from_slice(&told.stdout).expect("JSON")
}

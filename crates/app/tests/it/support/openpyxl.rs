//! What openpyxl, a program of others, reads of workbooks.

use serde_json::Value;
use std::path::Path;
use std::process::Command;

/// Reads `filled` beside the `blank` it was made from; see `tests/xlsx/read.py`. The environment is made by `scripts/python-env` the first
/// time.
pub fn read(blank: &Path, filled: &Path) -> Value {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("openpyxl");
    // Tests run side by side, and the environment is made once.
    let lock = std::fs::File::create(Path::new(env!("CARGO_TARGET_TMPDIR")).join("openpyxl.lock")).expect("a lock");
    lock.lock().expect("it is locked");
    let made = Command::new(here.join("../../scripts/python-env")).arg(&folder).arg(here.join("tests/xlsx/requirements.txt")).output();
    let made = made.expect("scripts/python-env starts");
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    lock.unlock().expect("it is unlocked");
    let told =
        Command::new(folder.join("bin/python")).arg(here.join("tests/xlsx/read.py")).args([blank, filled]).output().expect("Python starts");
    assert!(told.status.success(), "{}", String::from_utf8_lossy(&told.stderr));
    serde_json::from_slice(&told.stdout).expect("JSON")
}

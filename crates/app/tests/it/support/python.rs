//! Programs of others in Python, each folder of them with an environment of its own.

use std::path::{Path, PathBuf};
use std::process::Command;

/// The Python that has what `tests/FOLDER/requirements.txt` names; made by `scripts/python-env` the first time.
pub fn python(folder: &str) -> PathBuf {
    let (here, scratch) = (Path::new(env!("CARGO_MANIFEST_DIR")), Path::new(env!("CARGO_TARGET_TMPDIR")));
    // Tests run side by side, and the environment is made once.
    let lock = std::fs::File::create(scratch.join(format!("{folder}.lock"))).expect("a lock");
    lock.lock().expect("it is locked");
    let environment = scratch.join(folder);
    let requirements = here.join("tests").join(folder).join("requirements.txt");
    let made = Command::new(here.join("../../scripts/python-env")).arg(&environment).arg(requirements).output();
    let made = made.expect("scripts/python-env starts");
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    environment.join("bin/python")
}

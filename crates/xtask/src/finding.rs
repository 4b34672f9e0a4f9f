//! What a check found, and how it is told.

use std::{fmt, path::PathBuf};

/// One thing to repair (or, in a report, to look at).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Finding {
    /// Relative to the repository.
    pub file: PathBuf,
    /// Counted from 1; 0 when the whole file is meant.
    pub line: usize,
    /// Short name of the broken rule, as CONTRIBUTING.md lists it.
    pub rule: &'static str,
    /// What was found and what is wanted.
    pub text: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.file.display())?;
        if self.line > 0 {
            write!(f, ":{}", self.line)?;
        }
        write!(f, ": {}: {}", self.rule, self.text)
    }
}

/// Prints what must be repaired after what is only reported. Returns whether nothing must be repaired.
pub fn tell(command: &str, mut reports: Vec<Finding>, mut faults: Vec<Finding>) -> bool {
    for findings in [&mut reports, &mut faults] {
        findings.sort();
        findings.dedup();
    }
    for report in &reports {
        println!("report {report}");
    }
    for fault in &faults {
        println!("error  {fault}");
    }
    println!("{command}: {} to repair, {} reported", faults.len(), reports.len());
    faults.is_empty()
}

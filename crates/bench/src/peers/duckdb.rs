//! DuckDB from PyPI: the analytical database that scans such facts fastest.

use crate::lab::Lab;
use anyhow::{Context, ensure};
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

/// A process that keeps the facts and answers one question.
#[derive(Debug)]
pub struct DuckDb {
    child: Child,
    asked: ChildStdin,
    said: BufReader<ChildStdout>,
}

impl DuckDb {
    /// Starts it on every core and makes its table by `create`.
    pub fn start(lab: &Lab, create: &str, question: &str) -> anyhow::Result<Self> {
        let program = lab.python("python");
        ensure!(program.is_file() && lab.missing("python").is_none(), super::absent(lab, "python"));
        let cores = std::env::var("BENCH_CORES").ok().and_then(|n| n.parse::<usize>().ok()).unwrap_or(1);
        let mut child = Command::new("taskset")
            .args(["-c", &format!("0-{}", cores - 1)])
            .arg(program)
            .arg(lab.peer_file("duck.py"))
            .args([create, question])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .context("DuckDB")?;
        let (asked, said) = (child.stdin.take().context("stdin")?, child.stdout.take().context("stdout")?);
        let mut found = Self { child, asked, said: BufReader::new(said) };
        ensure!(found.line()?.trim() == "ready", "DuckDB could not make its table");
        Ok(found)
    }

    /// What it answers.
    pub fn answer(&mut self) -> anyhow::Result<Vec<(i64, i64, String, i64)>> {
        writeln!(self.asked, "answer")?;
        Ok(serde_json::from_str(&self.line()?)?)
    }

    /// Milliseconds for one of `reads` answers.
    pub fn time(&mut self, reads: usize) -> anyhow::Result<f64> {
        writeln!(self.asked, "{reads}")?;
        Ok(self.line()?.trim().parse()?)
    }

    fn line(&mut self) -> anyhow::Result<String> {
        let mut line = String::new();
        ensure!(self.said.read_line(&mut line)? > 0, "DuckDB ended");
        Ok(line)
    }
}

impl Drop for DuckDb {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

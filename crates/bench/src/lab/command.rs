//! A program that runs to its end: its output, CPU and largest memory.

use super::Lab;
use anyhow::{Context, bail};
use nix::sys::resource::{UsageWho, getrusage};
use nix::sys::time::TimeValLike;
use std::ffi::OsString;
use std::process::{Command, Stdio};
use std::time::Duration;

/// What a finished program printed and used.
#[derive(Debug)]
pub struct Finished {
    /// Standard output.
    pub out: String,
    /// User and system seconds, children included.
    pub cpu_s: f64,
    /// Largest resident size seen, in MiB: looked at every few milliseconds through the kernel's own high-water mark.
    pub peak_mib: f64,
}

/// Runs `command` on the server's core; fails when it does.
pub fn finish(lab: &Lab, command: &[OsString]) -> anyhow::Result<Finished> {
    let words: Vec<OsString> = match lab.server_core {
        Some(core) => ["taskset", "-c", &core.to_string()].map(OsString::from).into_iter().chain(command.iter().cloned()).collect(),
        None => command.to_vec(),
    };
    let before = children_cpu()?;
    let (out, err) = (lab.scratch.path().join("finish.out"), lab.scratch.path().join("finish.err"));
    let mut child = Command::new(&words[0])
        .args(&words[1..])
        .current_dir(lab.scratch.path())
        .stdin(Stdio::null())
        .stdout(std::fs::File::create(&out)?)
        .stderr(std::fs::File::create(&err)?)
        .spawn()
        .with_context(|| format!("{}", command[0].display()))?;
    let mut peak_mib: f64 = 0.0;
    let status = loop {
        peak_mib = peak_mib.max(high_water_mib(child.id()));
        if let Some(status) = child.try_wait()? {
            break status;
        }
        std::thread::sleep(Duration::from_millis(5));
    };
    if !status.success() {
        let told = std::fs::read_to_string(&err).unwrap_or_default();
        bail!("{}: {status}: {}", command[0].display(), told.lines().last().unwrap_or_default());
    }
    Ok(Finished { out: std::fs::read_to_string(out)?, cpu_s: children_cpu()? - before, peak_mib })
}

/// Of all children that have ended; servers that still run don't disturb it.
fn children_cpu() -> anyhow::Result<f64> {
    let used = getrusage(UsageWho::RUSAGE_CHILDREN)?;
    Ok((used.user_time().num_microseconds() + used.system_time().num_microseconds()) as f64 / 1e6)
}

/// What the kernel noted as the largest resident size of a process.
pub fn high_water_mib(id: u32) -> f64 {
    let status = std::fs::read_to_string(format!("/proc/{id}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|rest| rest.trim().trim_end_matches(" kB").parse::<f64>().ok()).map_or(0.0, |kib| kib / 1024.0)
}

//! CPU and memory of a process and everything it started.

use anyhow::Context;
use nix::time::ClockId;
use nix::unistd::{Pid, SysconfVar, sysconf};
use std::collections::HashMap;

/// User and system seconds that `root`, its living descendants and those already waited for have used.
///
/// A living process is read from its own CPU clock (nanoseconds, ended threads included), the ended ones from
/// `/proc/PID/stat` of their parent (clock ticks).
pub fn tree_cpu(root: u32) -> anyhow::Result<f64> {
    let ticks = sysconf(SysconfVar::CLK_TCK)?.context("the machine names no clock tick")? as f64;
    let all = processes()?;
    anyhow::ensure!(all.contains_key(&root), "process {root} has ended");
    let mut total = 0.0;
    let mut waiting = vec![root];
    while let Some(id) = waiting.pop() {
        total += all[&id].reaped_ticks as f64 / ticks + own(id);
        waiting.extend(all.iter().filter(|(_, p)| p.parent == id).map(|(child, _)| *child));
    }
    Ok(total)
}

/// Bytes in memory that `root` and its living descendants hold for themselves: no files, but what they share among each other.
pub fn tree_memory(root: u32) -> anyhow::Result<u64> {
    let all = processes()?;
    anyhow::ensure!(all.contains_key(&root), "process {root} has ended");
    let (mut total, mut waiting) = (0, vec![root]);
    while let Some(id) = waiting.pop() {
        let status = std::fs::read_to_string(format!("/proc/{id}/status")).unwrap_or_default();
        total += held(&status);
        waiting.extend(all.iter().filter(|(_, p)| p.parent == id).map(|(child, _)| *child));
    }
    Ok(total)
}

/// `RssAnon:    1234 kB` and `RssShmem:` of `/proc/PID/status`, in bytes.
fn held(status: &str) -> u64 {
    let of = |line: &str| line.split_whitespace().nth(1)?.parse::<u64>().ok();
    let lines = status.lines().filter(|line| line.starts_with("RssAnon:") || line.starts_with("RssShmem:"));
    lines.filter_map(of).sum::<u64>() * 1_024
}

/// Zero for a process that ended a moment ago: its parent's line will hold its time.
fn own(id: u32) -> f64 {
    let clock = i32::try_from(id).ok().and_then(|id| ClockId::pid_cpu_clock_id(Pid::from_raw(id)).ok());
    clock.and_then(|clock| clock.now().ok()).map_or(0.0, |t| t.tv_sec() as f64 + t.tv_nsec() as f64 / 1e9)
}

struct Process {
    parent: u32,
    reaped_ticks: u64,
}

fn processes() -> anyhow::Result<HashMap<u32, Process>> {
    let mut all = HashMap::new();
    for entry in std::fs::read_dir("/proc")? {
        let Some(id) = entry?.file_name().to_str().and_then(|name| name.parse().ok()) else { continue };
        if let Some(process) = std::fs::read_to_string(format!("/proc/{id}/stat")).ok().and_then(|stat| parse(&stat)) {
            all.insert(id, process);
        }
    }
    Ok(all)
}

/// Fields after the name, which may itself hold blanks and brackets: state, ppid, …, cutime (14th), cstime (15th).
fn parse(stat: &str) -> Option<Process> {
    let fields: Vec<&str> = stat.rsplit_once(')')?.1.split_whitespace().collect();
    let number = |at: usize| fields.get(at)?.parse::<u64>().ok();
    Some(Process { parent: fields.get(1)?.parse().ok()?, reaped_ticks: number(13)? + number(14)? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_with_brackets_moves_no_field() {
        let line = "7 (a) b) (c) S 3 7 7 0 -1 4194560 1 2 3 4 50 60 70 80 20 0 1 0 100 1 1";
        let process = parse(line).expect("a line of /proc");
        assert_eq!((process.parent, process.reaped_ticks), (3, 150));
    }

    #[test]
    fn memory_is_read_from_the_lines_that_count() {
        assert_eq!(held("VmRSS: 9 kB\nRssAnon:\t    100 kB\nRssFile:\t 70 kB\nRssShmem:\t      2 kB\n"), 102 * 1_024);
        assert!(tree_memory(std::process::id()).expect("this process") > 100_000);
    }

    #[test]
    fn work_of_a_child_counts_for_its_parent_while_it_lives_and_afterwards() {
        let before = tree_cpu(std::process::id()).expect("this process");
        let mut child = std::process::Command::new("sh")
            .args(["-c", "i=0; while [ $i -lt 200000 ]; do i=$((i+1)); done; read x"])
            .stdin(std::process::Stdio::piped())
            .spawn()
            .expect("a shell");
        let used = || tree_cpu(std::process::id()).expect("this process") - before;
        while used() < 0.03 {
            std::thread::yield_now();
        }
        drop(child.stdin.take());
        child.wait().expect("it ends");
        assert!(used() >= 0.03);
    }
}

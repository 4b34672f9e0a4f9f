//! The machine that this node runs on: how busy it is, what has to wait for what, and what is given up when it is short of itself.
//!
//! ```text
//! source of a broadcast ─before─► its lower qualities (nice 5) ─before─► encoding of recordings (nice 15, and not begun when starved)
//! ```

mod governor;
mod stages;

pub use governor::{Load, MOST};
pub use stages::LoadStage;

use crate::state::App;
use governor::Governor;
use stages::Stages;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;
use tokio::sync::watch;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

/// How often it is looked whether the server comes to its turn.
const BEAT: Duration = Duration::from_millis(100);
/// Beats between two looks at the processor: a second.
const BEATS: u32 = 10;

/// What is known of the machine.
#[derive(Debug)]
pub struct Machine {
    on_air: AtomicUsize,
    starved: AtomicBool,
    allowed: watch::Sender<usize>,
    stage: watch::Sender<LoadStage>,
}

impl Default for Machine {
    fn default() -> Self {
        Self {
            on_air: AtomicUsize::new(0),
            starved: AtomicBool::new(false),
            allowed: watch::Sender::new(0),
            stage: watch::Sender::default(),
        }
    }
}

/// A broadcast on air, counted until this is dropped.
pub struct OnAir(App);

impl Drop for OnAir {
    fn drop(&mut self) {
        self.0.machine.on_air.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Machine {
    /// How many lower qualities each broadcast may have, the smallest first.
    pub fn allowed(&self) -> watch::Receiver<usize> {
        self.allowed.subscribe()
    }

    /// How much is given up now.
    pub fn stage(&self) -> LoadStage {
        *self.stage.borrow()
    }

    /// The same, for whoever wants to hear of changes.
    pub fn stages(&self) -> watch::Receiver<LoadStage> {
        self.stage.subscribe()
    }

    /// Broadcasts need everything there is: work that can wait is not begun.
    pub fn is_starved(&self) -> bool {
        self.starved.load(Ordering::Relaxed)
    }
}

/// Counts a broadcast as on air.
pub fn on_air(app: &App) -> OnAir {
    app.machine.on_air.fetch_add(1, Ordering::Relaxed);
    OnAir(app.clone())
}

/// Measures and decides, once a second, until `stop` fires.
pub async fn watch(app: App, stop: CancellationToken) {
    let (mut watcher, mut before) = (Watcher::default(), ticks());
    while !stop.is_cancelled() {
        let late_ms = tokio::select! { () = stop.cancelled() => return, late = lateness() => late.as_millis() as u64 };
        let now = ticks();
        let (cores, urgent) = between(&before, &now);
        before = now;
        watcher.heed(&app, &Load { cores, urgent, late_ms, on_air: app.machine.on_air.load(Ordering::Relaxed) });
    }
}

/// What is made of the load, second by second.
#[derive(Debug, Default)]
pub struct Watcher {
    governor: Governor,
    stages: Stages,
}

impl Watcher {
    /// Decides after a second of this load, and lets everybody know.
    pub fn heed(&mut self, app: &App, load: &Load) {
        let (machine, decided, stage) = (&app.machine, self.governor.tick(load), self.stages.tick(load));
        let allowed = match app.config.live_rungs.as_str() {
            "off" => 0,
            "on" => MOST,
            _ => decided,
        };
        let gave_up = load.on_air > 0 && stage != LoadStage::Normal;
        machine.starved.store(gave_up || self.governor.is_starved(load), Ordering::Relaxed);
        app.metrics.late_ms.set(load.late_ms as i64);
        app.metrics.rungs_allowed.set(allowed as i64);
        app.metrics.stage.set(stage as i64);
        let (urgent, late_ms, on_air) = (load.urgent, load.late_ms, load.on_air);
        if machine.allowed.send_if_modified(|known| std::mem::replace(known, allowed) != allowed) {
            tracing::info!(allowed, urgent_cores = urgent, late_ms, on_air, "lower qualities of broadcasts");
        }
        if machine.stage.send_if_modified(|known| std::mem::replace(known, stage) != stage) {
            app.metrics.stage_changes.with_label_values(&[stage.code()]).inc();
            tracing::warn!(stage = stage.code(), urgent_cores = urgent, late_ms, on_air, "the machine gives up more, or less");
        }
    }
}

/// For a second: the longest that a timer was overdue.
async fn lateness() -> Duration {
    let mut longest = Duration::ZERO;
    for _ in 0..BEATS {
        let due = Instant::now() + BEAT;
        tokio::time::sleep_until(due).await;
        longest = longest.max(due.elapsed());
    }
    longest
}

/// Ticks of all processors since the start: (of ordinary priority, all), and how many processors.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Ticks {
    urgent: u64,
    all: u64,
    cores: usize,
}

/// As the kernel counts; without `/proc` everything counts as free, and only lateness is heard.
fn ticks() -> Ticks {
    std::fs::read_to_string("/proc/stat").ok().and_then(|text| read(&text)).unwrap_or(Ticks { urgent: 0, all: 0, cores: 0 })
}

/// `cpu  user nice system idle iowait irq softirq steal …`
fn read(text: &str) -> Option<Ticks> {
    let first = text.lines().next()?.strip_prefix("cpu ")?;
    let numbers: Vec<u64> = first.split_whitespace().take(8).filter_map(|word| word.parse().ok()).collect();
    let [user, nice, system, idle, waiting, irq, soft, stolen] = numbers[..] else { return None };
    let urgent = user + system + irq + soft + stolen;
    let cores = text.lines().skip(1).take_while(|line| line.starts_with("cpu")).count();
    Some(Ticks { urgent, all: urgent + nice + idle + waiting, cores })
}

/// Cores, and how many of them were in use at ordinary priority.
fn between(before: &Ticks, now: &Ticks) -> (f64, f64) {
    let cores = if now.cores > 0 { now.cores } else { std::thread::available_parallelism().map_or(1, std::num::NonZero::get) } as f64;
    let all = now.all.saturating_sub(before.all);
    let share = if all > 0 { now.urgent.saturating_sub(before.urgent) as f64 / all as f64 } else { 0.0 };
    (cores, cores * share)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stepped_back_counts_as_free() {
        let text = |user, nice, idle| format!("cpu  {user} {nice} 10 {idle} 0 0 0 0 0 0\ncpu0 1 2\ncpu1 1 2\nintr 5\n");
        let (before, now) = (read(&text(100, 0, 500)).unwrap(), read(&text(150, 100, 550)).unwrap());
        assert_eq!(before, Ticks { urgent: 110, all: 610, cores: 2 });
        assert_eq!(between(&before, &now), (2.0, 0.5));
        assert_eq!(between(&now, &now), (2.0, 0.0), "no time passed");
        assert_eq!(read("intr 5\n"), None);
    }
}

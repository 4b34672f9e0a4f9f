//! How many lower qualities of each broadcast this machine can make. Decides, and neither measures nor waits.
//!
//! The least valuable goes first: the largest, since whose line carries it can mostly take the source.

/// Cores that one broadcast needs for its smallest lower qualities, by their number: measured on 1080p30 and rounded up (decision 0013).
const COST: [f64; 3] = [0.0, 0.4, 0.8];
/// Most lower qualities of a broadcast.
pub const MOST: usize = COST.len() - 1;
/// Share of the cores that may be spoken for.
const FULL: f64 = 0.9;
/// The server answers this late: it has less than it needs, milliseconds.
pub(super) const LATE_MS: u64 = 200;
/// Seconds of trouble after which something has to go.
const TROUBLE_S: u32 = 10;
/// Seconds of calm before something comes back; doubled each time that it had to go again.
const CALM_S: u32 = 15;
/// The longest that something stays away in calm.
const LONGEST_CALM_S: u32 = 480;

/// What was measured in the last second.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Load {
    /// Processor cores.
    pub cores: f64,
    /// Cores used by what runs at ordinary priority: the server, and whatever else there is. Our encoders step back for it.
    pub urgent: f64,
    /// The longest that something waited in the server after its time had come, milliseconds.
    pub late_ms: u64,
    /// Broadcasts on air here.
    pub on_air: usize,
}

/// Watches the load, once a second.
#[derive(Debug)]
pub struct Governor {
    allowed: Option<usize>,
    /// The most that there was room for so far.
    best: usize,
    trouble_s: u32,
    calm_s: u32,
    calm_needed_s: u32,
}

impl Default for Governor {
    fn default() -> Self {
        Self { allowed: None, best: 0, trouble_s: 0, calm_s: 0, calm_needed_s: CALM_S }
    }
}

impl Governor {
    /// How many each broadcast may have after another second of this load.
    pub fn tick(&mut self, load: &Load) -> usize {
        let Some(allowed) = self.allowed else {
            let most = (0..=MOST).rev().find(|count| fits(*count, load)).unwrap_or(0);
            self.best = most;
            return *self.allowed.insert(most);
        };
        let trouble = load.late_ms > LATE_MS || !fits(allowed, load);
        let calm = load.late_ms * 2 < LATE_MS && allowed < MOST && fits(allowed + 1, load);
        self.trouble_s = if trouble { self.trouble_s + 1 } else { 0 };
        self.calm_s = if calm { self.calm_s + 1 } else { 0 };
        if self.trouble_s >= TROUBLE_S && allowed > 0 {
            self.change(allowed - 1);
            self.calm_needed_s = (self.calm_needed_s * 2).min(LONGEST_CALM_S);
        } else if self.calm_s >= self.calm_needed_s {
            self.change(allowed + 1);
        }
        self.allowed.unwrap_or(0)
    }

    /// What can wait has to wait: broadcasts do not have what they need, or had to give something up.
    pub fn is_starved(&self, load: &Load) -> bool {
        load.on_air > 0 && (self.trouble_s > 0 || self.allowed.is_some_and(|allowed| allowed < self.best))
    }

    fn change(&mut self, allowed: usize) {
        (self.allowed, self.trouble_s, self.calm_s) = (Some(allowed), 0, 0);
        self.best = self.best.max(allowed);
    }
}

fn fits(count: usize, load: &Load) -> bool {
    let ours = COST.get(count).copied().unwrap_or(f64::INFINITY) * load.on_air.max(1) as f64;
    // Nothing of ours always fits: what else there is cannot be helped by us.
    count == 0 || load.urgent + ours <= load.cores * FULL
}

#[cfg(test)]
mod tests {
    use super::*;

    const QUIET: Load = Load { cores: 2.0, urgent: 0.2, late_ms: 2, on_air: 1 };

    fn after(governor: &mut Governor, seconds: u32, load: &Load) -> usize {
        (0..seconds).map(|_| governor.tick(load)).last().expect("some seconds")
    }

    #[test]
    fn at_first_there_is_what_fits() {
        let table =
            [(2.0, 0.2, 1, 2), (2.0, 1.2, 1, 1), (2.0, 1.9, 1, 0), (1.0, 0.2, 1, 1), (2.0, 0.2, 3, 1), (2.0, 0.2, 9, 0), (16.0, 1.0, 9, 2)];
        for (cores, urgent, on_air, want) in table {
            let load = Load { cores, urgent, on_air, ..QUIET };
            assert_eq!(Governor::default().tick(&load), want, "{load:?}");
        }
    }

    #[test]
    fn ten_seconds_of_trouble_take_one_away_and_calm_brings_it_back_later_each_time() {
        let mut governor = Governor::default();
        assert_eq!(governor.tick(&QUIET), 2);
        for (name, trouble) in [("late", Load { late_ms: 400, ..QUIET }), ("full", Load { urgent: 1.5, ..QUIET })] {
            assert_eq!(after(&mut governor, 9, &trouble), 2, "{name}: a moment is borne");
            assert!(governor.is_starved(&trouble));
            assert_eq!(after(&mut governor, 1, &trouble), 1, "{name}");
            let wait = governor.calm_needed_s;
            assert_eq!(after(&mut governor, wait - 1, &QUIET), 1, "{name}");
            assert_eq!(after(&mut governor, 1, &QUIET), 2, "{name}: it comes back by itself");
            assert!(!governor.is_starved(&QUIET));
        }
        assert_eq!(governor.calm_needed_s, 60, "twice shed");
        assert_eq!(after(&mut governor, 40, &Load { late_ms: 900, ..QUIET }), 0);
        assert!(!governor.is_starved(&Load { on_air: 0, ..QUIET }), "nobody is on air");
    }

    #[test]
    fn a_small_machine_is_not_starved_by_being_small() {
        let small = Load { cores: 1.0, ..QUIET };
        let mut governor = Governor::default();
        assert_eq!(after(&mut governor, 60, &small), 1);
        assert!(!governor.is_starved(&small));
        after(&mut governor, 10, &Load { late_ms: 400, ..small });
        assert!(governor.is_starved(&small));
    }

    #[test]
    fn trouble_that_comes_and_goes_is_none() {
        let mut governor = Governor::default();
        governor.tick(&QUIET);
        for _ in 0..20 {
            after(&mut governor, 8, &Load { late_ms: 400, ..QUIET });
            assert_eq!(after(&mut governor, 1, &QUIET), 2);
        }
    }
}

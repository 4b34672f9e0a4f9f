//! What is given up when this machine is short of itself, in which order, and when it comes back (G9). Decides, and neither
//! measures nor waits.
//!
//! ```text
//! normal ─10 s of trouble─► chat slows ─10 s─► source only ─10 s─► static page
//!    ▲                           │ ▲                │ ▲                 │
//!    └────────── calm ───────────┘ └──── calm ──────┘ └───── calm ──────┘   longer each time that it had to go again
//! ```
//!
//! The picture stays in every stage.

use super::governor::{LATE_MS, Load};
use serde::{Deserialize, Serialize};

/// Seconds of trouble after which the next thing goes.
const TROUBLE_S: u32 = 10;
/// Seconds of calm before something comes back; doubled each time that it had to go again.
const CALM_S: u32 = 15;
/// The longest that something stays away in calm, seconds.
const LONGEST_CALM_S: u32 = 240;
/// After so long in the normal stage earlier trouble is forgotten, seconds.
const FORGOTTEN_S: u32 = 900;
/// Share of the cores above which nothing is left.
const SPENT: f64 = 0.95;
/// With every core in use the server is late by this much before it is trouble, milliseconds: a full machine that answers in time is none.
const FELT_MS: u64 = 50;

/// How much is given up, each stage with what the ones before give up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum LoadStage {
    /// Nothing.
    #[default]
    Normal,
    /// Talk comes in batches, claps are sampled.
    ChatSlows,
    /// Lower qualities that this machine makes are gone, everybody gets the source; of a showing, whose qualities cost nothing to make, the
    /// best one is gone.
    SourceOnly,
    /// Pages show the picture alone, in whole segments that caches keep.
    Static,
}

impl LoadStage {
    /// All of them, from the least.
    pub const ALL: [Self; 4] = [Self::Normal, Self::ChatSlows, Self::SourceOnly, Self::Static];

    /// Stored code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Normal => "normal",
            Self::ChatSlows => "chat-slows",
            Self::SourceOnly => "source-only",
            Self::Static => "static",
        }
    }

    /// Reads [`LoadStage::code`].
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|stage| stage.code() == code)
    }

    /// How long talk is gathered before it is sent, milliseconds; 0 sends it with the next tick.
    pub const fn pace_ms(self) -> i64 {
        match self {
            Self::Normal => 0,
            Self::ChatSlows => 1_000,
            Self::SourceOnly => 2_000,
            Self::Static => 5_000,
        }
    }

    /// One of so many claps is sent, and counts for all of them.
    pub const fn claps_one_in(self) -> u32 {
        match self {
            Self::Normal => 1,
            Self::ChatSlows => 4,
            Self::SourceOnly | Self::Static => 16,
        }
    }

    /// Whether the lower qualities that this machine makes are gone, and of showings the best.
    pub fn sheds_rungs(self) -> bool {
        self >= Self::SourceOnly
    }

    /// Whether pages show the picture alone.
    pub fn is_static(self) -> bool {
        self == Self::Static
    }

    fn worse(self) -> Self {
        Self::ALL[(self as usize + 1).min(Self::ALL.len() - 1)]
    }

    fn better(self) -> Self {
        Self::ALL[(self as usize).saturating_sub(1)]
    }
}

/// Watches the load, once a second.
#[derive(Debug)]
pub struct Stages {
    at: LoadStage,
    trouble_s: u32,
    calm_s: u32,
    calm_needed_s: u32,
}

impl Default for Stages {
    fn default() -> Self {
        Self { at: LoadStage::Normal, trouble_s: 0, calm_s: 0, calm_needed_s: CALM_S }
    }
}

impl Stages {
    /// The stage after another second of this load.
    pub fn tick(&mut self, load: &Load) -> LoadStage {
        let trouble = is_trouble(self.at, load);
        // Slower talk is no sign of calm while the machine is as full as when it slowed.
        let calm = !is_trouble(LoadStage::Normal, load) && load.late_ms * 2 < LATE_MS;
        self.trouble_s = if trouble { self.trouble_s + 1 } else { 0 };
        self.calm_s = if calm { self.calm_s + 1 } else { 0 };
        if self.trouble_s >= TROUBLE_S && self.at != LoadStage::Static {
            self.change(self.at.worse());
            self.calm_needed_s = (self.calm_needed_s * 2).min(LONGEST_CALM_S);
        } else if self.at != LoadStage::Normal && self.calm_s >= self.calm_needed_s {
            self.change(self.at.better());
        } else if self.at == LoadStage::Normal && self.calm_s >= FORGOTTEN_S {
            self.calm_needed_s = CALM_S;
        }
        self.at
    }

    fn change(&mut self, to: LoadStage) {
        (self.at, self.trouble_s, self.calm_s) = (to, 0, 0);
    }
}

/// Lateness is felt by everybody. A machine that is only full gives up no more than the pace of talk.
fn is_trouble(at: LoadStage, load: &Load) -> bool {
    let full = load.urgent >= load.cores * SPENT && load.late_ms > FELT_MS;
    load.late_ms > LATE_MS || (full && at == LoadStage::Normal)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const QUIET: Load = Load { cores: 2.0, urgent: 0.2, late_ms: 2, on_air: 1 };
    const LATE: Load = Load { late_ms: 400, ..QUIET };
    const FULL: Load = Load { urgent: 1.95, late_ms: 80, ..QUIET };

    fn after(stages: &mut Stages, seconds: u32, load: &Load) -> LoadStage {
        (0..seconds).map(|_| stages.tick(load)).last().expect("some seconds")
    }

    /// Seconds of a load, and the stage after them.
    type Step = (u32, &'static Load, LoadStage);

    #[test]
    fn g9_stages_follow_the_table() {
        use LoadStage::{ChatSlows, Normal, SourceOnly, Static};
        let table: &[(&str, &[Step])] = &[
            ("quiet stays normal", &[(3_600, &QUIET, Normal)]),
            ("a moment is borne", &[(9, &LATE, Normal), (1, &QUIET, Normal), (9, &LATE, Normal)]),
            (
                "trouble goes on, stage by stage, and no further than the picture",
                &[(10, &LATE, ChatSlows), (9, &LATE, ChatSlows), (1, &LATE, SourceOnly), (10, &LATE, Static), (600, &LATE, Static)],
            ),
            ("it recovers by itself", &[(10, &LATE, ChatSlows), (29, &QUIET, ChatSlows), (1, &QUIET, Normal)]),
            (
                "and stage by stage",
                &[(30, &LATE, Static), (119, &QUIET, Static), (1, &QUIET, SourceOnly), (120, &QUIET, ChatSlows), (120, &QUIET, Normal)],
            ),
            ("a full machine gives up the pace of talk and nothing else", &[(10, &FULL, ChatSlows), (600, &FULL, ChatSlows)]),
            ("neither calm nor trouble changes nothing", &[(10, &LATE, ChatSlows), (600, &Load { late_ms: 150, ..QUIET }, ChatSlows)]),
            (
                "old trouble is forgotten",
                &[(10, &LATE, ChatSlows), (30 + 900, &QUIET, Normal), (10, &LATE, ChatSlows), (29, &QUIET, ChatSlows), (1, &QUIET, Normal)],
            ),
        ];
        for (name, steps) in table {
            let mut stages = Stages::default();
            for (n, (seconds, load, want)) in steps.iter().enumerate() {
                assert_eq!(after(&mut stages, *seconds, load), *want, "{name}, step {n}");
            }
        }
    }

    #[test]
    fn each_stage_gives_up_what_the_one_before_does_and_more() {
        for pair in LoadStage::ALL.windows(2) {
            assert!(pair[0].pace_ms() < pair[1].pace_ms() && pair[0].claps_one_in() <= pair[1].claps_one_in());
            assert!(pair[0].sheds_rungs() <= pair[1].sheds_rungs() && pair[0].is_static() <= pair[1].is_static());
        }
        for stage in LoadStage::ALL {
            assert_eq!(LoadStage::from_code(stage.code()), Some(stage));
        }
    }

    proptest! {
        /// Whatever the machine goes through: one stage at a time, never faster than ten seconds, and calm always leads back to normal.
        #[test]
        fn no_load_makes_it_jump_and_calm_always_heals(loads in prop::collection::vec((0_u64..600, 0.0_f64..2.0), 1..400)) {
            let (mut stages, mut before, mut since) = (Stages::default(), LoadStage::Normal, 0_u32);
            for (late_ms, urgent) in loads {
                let now = stages.tick(&Load { urgent, late_ms, ..QUIET });
                since += 1;
                if now != before {
                    prop_assert_eq!((now as i32 - before as i32).abs(), 1);
                    prop_assert!(since >= TROUBLE_S, "after {since} s");
                    (before, since) = (now, 0);
                }
            }
            prop_assert_eq!(after(&mut stages, 3 * LONGEST_CALM_S, &QUIET), LoadStage::Normal);
        }
    }
}

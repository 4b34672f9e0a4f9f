//! Who of a crowd reports, and how many of it (decision 0019).
//!
//! ```text
//! seed of a viewer (keyed, from the token's page) + broadcast ─► lot, even over 0 … 2³²−1 ─► in the sample while lot × N < 2³²
//! ```
//!
//! * The same viewer has the same lot in one broadcast and another in the next; who is in a coarser sample is in each finer one.
//! * A rate holds for a period. What was played in it counts with its weight, whenever the report comes.

use kernel::Timestamp;
use ledger::Weight;
use serde::{Deserialize, Serialize};

/// Reports of a period that ended are still taken for so long: players hear of its end late, and report at most every two minutes.
pub const GRACE_MS: i64 = 180_000;
/// What was played so long after the end of a period may still be told for it: a player hears of the next one with its next look at the
/// state, at the latest after 36 seconds.
pub const HEARD_LATE_MS: i64 = 45_000;
/// Viewers who report while a sample is taken: their number is known to about one percent.
const SAMPLED: u64 = 12_000;
/// The same while the machine is short of itself.
const SAMPLED_IN_TROUBLE: u64 = 3_000;
/// Reports a second that a broadcast may bring; the pause between two of one viewer follows from it.
const REPORTS: u64 = 100;
/// Reports a second of all broadcasts above which samples become coarser whatever their size.
const REPORTS_OF_ALL: u64 = 1_000;
/// Samples smaller than this are left alone then.
const WORTH_THINNING: u64 = 1_000;
/// A sample is made finer only so long after its last change.
const CALM_MS: i64 = 120_000;
/// And is made coarser because of the load no sooner than so long after it: those who went must be seen to be gone.
const SETTLE_MS: i64 = 10_000;
/// Shortest and longest pauses between two reports of one viewer, seconds of play.
const PAUSES: [u32; 3] = [30, 60, 120];

/// A stretch of a broadcast in which one of so many viewers reports.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Period {
    /// From 1; what comes before any of them is 0, and everybody reports.
    pub number: i64,
    /// One of so many reports.
    pub one_in: Weight,
    /// Since when.
    pub from: Timestamp,
}

impl Period {
    /// Before anything was announced.
    pub const FIRST: Self = Self { number: 0, one_in: Weight::ONE, from: Timestamp(0) };
}

/// What players are told: the same for everybody.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Rate {
    /// Reports name it.
    pub period: i64,
    /// Only viewers whose lot × this is below 2³² report, and each counts for so many.
    pub one_in: u32,
    /// Report after so many seconds of play.
    pub interval_s: u32,
}

/// The lot of a viewer in a broadcast: FNV-1a over `seed:broadcast`, then murmur's finish, so that a player needs no library.
///
/// Nobody can choose it: the seed is keyed, and another seed costs another visit of another device.
pub fn lot(seed: &str, broadcast: &str) -> u32 {
    let byte = |hash: u32, byte: u8| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193);
    let hash = seed.bytes().chain([b':']).chain(broadcast.bytes()).fold(0x811c_9dc5, byte);
    let hash = (hash ^ (hash >> 16)).wrapping_mul(0x85eb_ca6b);
    let hash = (hash ^ (hash >> 13)).wrapping_mul(0xc2b2_ae35);
    hash ^ (hash >> 16)
}

/// Whether a viewer with this lot is in a sample.
pub fn is_in(lot: u32, one_in: Weight) -> bool {
    u64::from(lot) * u64::from(one_in.get()) < 1 << 32
}

/// What is known of the crowd when the sample is chosen.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Crowd {
    /// Caches stand before the server: only then players read what is announced.
    pub mass: bool,
    /// The machine is short of itself.
    pub in_trouble: bool,
    /// How many watch, as estimated.
    pub viewers: u64,
    /// Reports a second that reach this node, of all broadcasts.
    pub reports: u64,
    /// Since the last change, milliseconds.
    pub unchanged_ms: i64,
}

/// One of how many reports from now on: coarser as soon as it must be, finer only in calm and with room to spare.
pub fn one_in(now: Weight, crowd: &Crowd) -> Weight {
    if !crowd.mass {
        return Weight::ONE;
    }
    let most = if crowd.in_trouble { SAMPLED_IN_TROUBLE } else { SAMPLED };
    let wanted = Weight::at_least(crowd.viewers.div_ceil(most));
    let sampled = crowd.viewers / u64::from(now.get());
    let flooded = crowd.reports > REPORTS_OF_ALL && sampled > WORTH_THINNING && crowd.unchanged_ms >= SETTLE_MS;
    if wanted > now {
        wanted
    } else if flooded {
        now.heavier()
    } else if wanted < now && crowd.unchanged_ms >= CALM_MS && crowd.viewers * 2 <= most * u64::from(now.lighter().get()) {
        now.lighter()
    } else {
        now
    }
}

/// Seconds of play between two reports of one viewer, when so many are in the sample.
pub fn interval_s(sampled: u64) -> u32 {
    PAUSES.into_iter().find(|pause| sampled <= REPORTS * u64::from(*pause)).unwrap_or(PAUSES[2])
}

#[cfg(test)]
#[path = "sampling_tests.rs"]
mod tests;

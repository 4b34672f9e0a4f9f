//! Instants in milliseconds UTC, and where they come from.

use serde::{Deserialize, Serialize};
use std::sync::atomic::{AtomicI64, Ordering};
use std::{fmt, ops};

/// An instant: whole milliseconds since 1970-01-01T00:00:00Z, as it's stored in every table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Timestamp(pub i64);

impl Timestamp {
    /// Milliseconds in a day of 24 hours.
    pub const DAY_MS: i64 = 86_400_000;

    /// This instant moved by `ms` milliseconds; stays at the ends of time rather than wrapping.
    #[must_use]
    pub fn plus_ms(self, ms: i64) -> Self {
        Self(self.0.saturating_add(ms))
    }

    /// This instant moved by whole 24-hour days.
    #[must_use]
    pub fn plus_days(self, days: i64) -> Self {
        self.plus_ms(days.saturating_mul(Self::DAY_MS))
    }

    /// Milliseconds from `earlier` to this instant; negative when `earlier` is later.
    pub fn since(self, earlier: Self) -> i64 {
        self.0.saturating_sub(earlier.0)
    }

    /// The same instant for calendar work. Out-of-range values become the nearest that jiff can hold.
    pub fn to_jiff(self) -> jiff::Timestamp {
        jiff::Timestamp::from_millisecond(self.0).unwrap_or(if self.0 < 0 { jiff::Timestamp::MIN } else { jiff::Timestamp::MAX })
    }
}

impl ops::Sub for Timestamp {
    type Output = i64;
    fn sub(self, earlier: Self) -> i64 {
        self.since(earlier)
    }
}

impl fmt::Display for Timestamp {
    /// RFC 3339 in UTC.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.to_jiff())
    }
}

/// Where "now" comes from.
pub trait Clock: Send + Sync + 'static {
    /// The present instant.
    fn now(&self) -> Timestamp;
}

/// The machine's clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[allow(clippy::disallowed_methods, reason = "this is the door the lint points to")]
    fn now(&self) -> Timestamp {
        Timestamp(jiff::Timestamp::now().as_millisecond())
    }
}

/// A clock for tests: stands still until it's told to move.
#[derive(Debug, Default)]
pub struct ManualClock(AtomicI64);

impl ManualClock {
    /// A clock that stands at `at`.
    pub fn at(at: Timestamp) -> Self {
        Self(AtomicI64::new(at.0))
    }

    /// Moves the clock by `ms` milliseconds, backwards when negative.
    pub fn advance_ms(&self, ms: i64) {
        self.0.fetch_add(ms, Ordering::SeqCst);
    }

    /// Sets the clock to `at`.
    pub fn set(&self, at: Timestamp) {
        self.0.store(at.0, Ordering::SeqCst);
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Timestamp {
        Timestamp(self.0.load(Ordering::SeqCst))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_timestamp_reads_as_rfc_3339_and_never_wraps() {
        assert_eq!(Timestamp(0).to_string(), "1970-01-01T00:00:00Z");
        assert_eq!(Timestamp(i64::MAX).plus_days(1), Timestamp(i64::MAX));
        assert_eq!(Timestamp(5_000).since(Timestamp(2_000)), 3_000);
        assert!(!Timestamp(i64::MAX).to_string().is_empty());
    }

    #[test]
    fn a_manual_clock_moves_only_when_told() {
        let clock = ManualClock::at(Timestamp(10));
        assert_eq!(clock.now(), Timestamp(10));
        clock.advance_ms(5);
        assert_eq!(clock.now(), Timestamp(15));
    }
}

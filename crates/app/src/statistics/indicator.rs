//! The columns of statistics: metrics that are added up, and numbers that cannot be.

use super::figures::Figures;
use super::rules::bands::Per;
use crate::deltas::Metric;

/// What a tile, a column or a chart shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Indicator {
    /// Amounts.
    Of(Metric),
    /// Different organisations that held a session.
    Organisations,
    /// Of the organisations without subordinates, the percentage that held one.
    Coverage,
}

/// What its numbers are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// Things.
    Count,
    /// Whole minutes.
    Minutes,
    /// Whole percents.
    Percent,
}

impl Indicator {
    /// All of them, in the order in which pages show them.
    pub const ALL: [Self; 12] = [
        Self::Of(Metric::Sessions),
        Self::Of(Metric::Attendances),
        Self::Organisations,
        Self::Coverage,
        Self::Of(Metric::Lessons),
        Self::Of(Metric::Submissions),
        Self::Of(Metric::Recommendations),
        Self::Of(Metric::Awards),
        Self::Of(Metric::Published),
        Self::Of(Metric::Views),
        Self::Of(Metric::WatchSeconds),
        Self::Of(Metric::Questions),
    ];

    /// Its code in addresses, in the API and in the keys of its words.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Of(metric) => metric.code(),
            Self::Organisations => "organisations",
            Self::Coverage => "coverage",
        }
    }

    /// Reads [`Indicator::code`].
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|indicator| indicator.code() == code)
    }

    /// The metric whose records are behind it.
    pub const fn metric(self) -> Option<Metric> {
        match self {
            Self::Of(metric) => Some(metric),
            Self::Organisations | Self::Coverage => None,
        }
    }

    /// What its numbers are.
    pub const fn unit(self) -> Unit {
        match self {
            Self::Of(Metric::WatchSeconds) => Unit::Minutes,
            Self::Coverage => Unit::Percent,
            _ => Unit::Count,
        }
    }

    /// Its number in the unit that people read. `kept` narrows metrics with traits to one of them, as `form:lecture`; empty: all.
    pub fn number(self, figures: &Figures, kept: &str) -> i64 {
        match self {
            Self::Of(metric) if metric.has_traits() => figures.get(metric, kept),
            Self::Of(Metric::WatchSeconds) => (figures.total(Metric::WatchSeconds) + 30).div_euclid(60),
            Self::Of(metric) => figures.total(metric),
            Self::Organisations => figures.reach.organisations,
            Self::Coverage => figures.reach.percent(),
        }
    }

    /// What its number is compared with where organisations of different size stand side by side.
    pub const fn per(self) -> Per {
        match self {
            Self::Coverage | Self::Organisations => Per::Hundred,
            Self::Of(Metric::Attendances) => Per::ThousandMembers,
            Self::Of(_) => Per::Organisation,
        }
    }

    /// Its number for [`Self::per`], in hundredths: `members` are those of the organisation with everything below it.
    pub fn rate(self, figures: &Figures, kept: &str, members: i64) -> Option<i64> {
        let of = if self.per() == Per::ThousandMembers { members } else { figures.reach.of };
        let amount = if self.per() == Per::Hundred { figures.reach.grassroots } else { self.number(figures, kept) };
        self.per().rate(amount, of)
    }
}

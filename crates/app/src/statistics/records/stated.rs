//! The part of a metric that a record belongs to.

use crate::deltas::Metric;
use crate::problem::Problem;
use crate::submissions::{AwardLevel, State};
use serde::Serialize;

/// The state that a submission is in now, or the level of an award.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, utoipa::ToSchema)]
#[serde(untagged)]
pub enum Stated {
    /// Of [`Metric::Submissions`].
    State(State),
    /// Of [`Metric::Awards`].
    Award(AwardLevel),
}

impl Stated {
    /// Whether the records of a metric have one.
    pub fn is_of(metric: Metric) -> bool {
        matches!(metric, Metric::Submissions | Metric::Awards)
    }

    /// Reads [`Stated::code`].
    pub fn from_code(metric: Metric, code: &str) -> Option<Self> {
        match metric {
            Metric::Submissions => State::from_code(code).map(Self::State),
            Metric::Awards => AwardLevel::from_code(code).map(Self::Award),
            _ => None,
        }
    }

    /// What an address names, if it names something.
    pub fn read(metric: Metric, code: &str) -> Result<Option<Self>, Problem> {
        (!code.is_empty()).then(|| Self::from_code(metric, code).ok_or_else(Problem::not_found)).transpose()
    }

    /// The dimension of its figures.
    pub const fn code(self) -> &'static str {
        match self {
            Self::State(state) => state.code(),
            Self::Award(level) => level.code(),
        }
    }

    /// The key of its words.
    pub fn key(self) -> String {
        match self {
            Self::State(state) => state.key(),
            Self::Award(level) => level.key(),
        }
    }

    /// The look of its badge.
    pub const fn look(self) -> &'static str {
        match self {
            Self::State(state) => state.code(),
            Self::Award(_) => "award",
        }
    }
}

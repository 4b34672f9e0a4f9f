//! Statistics deltas: written by every business transaction, folded by `statistics` a second later.
//!
//! A correction posts to the day of what it corrects, never to today.

use crate::db::{DbError, Tx, args};
use kernel::{Clock, Id, Identified, OrganisationId, Timestamp};

/// What is counted. The code is what the tables and the API call it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Metric {
    /// Lessons registered, on the day of registration.
    Lessons,
    /// Submissions, on the day they were first submitted; the dimension is the state they are in now.
    Submissions,
    /// Recommendations that hold, on the day they were given, counted for the organisation of the lesson.
    Recommendations,
    /// Lessons in the public library, on the day of publication.
    Published,
    /// Views as defined in G8, on the day they were seen.
    Views,
    /// Seconds really played.
    WatchSeconds,
}

impl Metric {
    /// All of them, in the order in which pages show them.
    pub const ALL: [Self; 6] = [Self::Lessons, Self::Submissions, Self::Recommendations, Self::Published, Self::Views, Self::WatchSeconds];

    /// The stable code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Lessons => "lessons",
            Self::Submissions => "submissions",
            Self::Recommendations => "recommendations",
            Self::Published => "published",
            Self::Views => "views",
            Self::WatchSeconds => "watch-seconds",
        }
    }

    /// Reads [`Metric::code`].
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|m| m.code() == code)
    }
}

struct Delta;
impl Identified for Delta {
    const PREFIX: &'static str = "dlt";
}

/// A calendar day as `yyyymmdd`, in the time zone of the installation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(pub i32);

impl Day {
    /// The day that `at` falls on in `zone`.
    pub fn of(at: Timestamp, zone: &jiff::tz::TimeZone) -> Self {
        let date = jiff::ZonedDateTime::new(at.to_jiff(), zone.clone()).date();
        Self(i32::from(date.year()) * 10_000 + i32::from(date.month()) * 100 + i32::from(date.day()))
    }
}

/// Adds `amount` (negative to take back) to one figure of `organisation`. `dimension` may be empty.
pub async fn post(
    tx: &mut Tx,
    clock: &dyn Clock,
    organisation: OrganisationId,
    day: Day,
    metric: Metric,
    dimension: &str,
    amount: i64,
) -> Result<(), DbError> {
    tx.execute(
        "insert into stat_delta (id, organisation, day, metric, dimension, amount) values ($1, $2, $3, $4, $5, $6)",
        args![Id::<Delta>::new(clock), organisation, day.0, metric.code(), dimension, amount],
    )
    .await?;
    Ok(())
}

//! Statistics deltas: written by every business transaction, folded by `statistics` a second later.
//!
//! A correction posts to the day of what it corrects, never to today.

mod search;

pub use search::Search;

use crate::db::{DbError, Row, RowError, Tx, Value, args, assembled};
use jiff::{ToSpan, civil::Date};
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
    /// Held sessions that count, on the day they were held; the dimension is [`Traits::dimension`].
    Sessions,
    /// People counted in held sessions, likewise.
    Attendances,
    /// Questions to lecturers that moderators let through, on the day they were asked, counted for the organisation of the lesson.
    Questions,
    /// Awards that hold, on the day they were given, counted for the organisation of the lesson; the dimension is the level.
    Awards,
}

impl Metric {
    /// All of them, in the order in which pages show them.
    pub const ALL: [Self; 10] = [
        Self::Sessions,
        Self::Attendances,
        Self::Lessons,
        Self::Submissions,
        Self::Recommendations,
        Self::Awards,
        Self::Published,
        Self::Views,
        Self::WatchSeconds,
        Self::Questions,
    ];

    /// The stable code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Lessons => "lessons",
            Self::Submissions => "submissions",
            Self::Recommendations => "recommendations",
            Self::Published => "published",
            Self::Views => "views",
            Self::WatchSeconds => "watch-seconds",
            Self::Sessions => "sessions",
            Self::Attendances => "attendances",
            Self::Questions => "questions",
            Self::Awards => "awards",
        }
    }

    /// Reads [`Metric::code`].
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|m| m.code() == code)
    }

    /// Its facts carry [`Traits`]: figures are kept in whole and by each trait, and an organisation's own figures are
    /// read from the records instead of being kept beside them.
    pub const fn has_traits(self) -> bool {
        matches!(self, Self::Sessions | Self::Attendances)
    }
}

/// What a held session is counted by: codes of the vocabulary pack; any may be empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Traits<'a> {
    /// How it was told.
    pub form: &'a str,
    /// Who spoke.
    pub lecturer: &'a str,
    /// Where it was.
    pub venue: &'a str,
    /// What it was about.
    pub topic: &'a str,
}

impl Traits<'_> {
    /// Kinds of trait, in the order of [`Traits::dimension`].
    pub const KINDS: [&'static str; 4] = ["form", "lecturer", "venue", "topic"];

    /// What a fact of it carries: `lecture|teacher|hall|history`.
    pub fn dimension(self) -> String {
        [self.form, self.lecturer, self.venue, self.topic].join("|")
    }
}

/// The dimensions under which an amount with [`Traits`] is kept: the empty one for the whole, and `form:lecture` and so on.
pub fn kept_under(dimension: &str) -> impl Iterator<Item = String> + '_ {
    let traits = Traits::KINDS.iter().zip(dimension.split('|')).filter(|(_, code)| !code.is_empty());
    std::iter::once(String::new()).chain(traits.map(|(kind, code)| format!("{kind}:{code}")))
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
        Self::from(date)
    }

    /// The same day for calendar work; none for a number that is no day.
    pub fn date(self) -> Option<Date> {
        Date::new(i16::try_from(self.0 / 10_000).ok()?, (self.0 / 100 % 100) as i8, (self.0 % 100) as i8).ok()
    }

    /// `days` later, or earlier when negative; the day itself at the ends of the calendar.
    #[must_use]
    pub fn plus(self, days: i64) -> Self {
        self.date().and_then(|date| date.checked_add(days.days()).ok()).map_or(self, Self::from)
    }

    /// Its first millisecond in `zone`.
    pub fn start(self, zone: &jiff::tz::TimeZone) -> Timestamp {
        Timestamp(self.plus(-1).end(zone).0 + 1)
    }

    /// Its last millisecond in `zone`.
    pub fn end(self, zone: &jiff::tz::TimeZone) -> Timestamp {
        let next = self.plus(1).date().and_then(|date| date.to_zoned_datetime(zone.clone()).ok());
        next.map_or(Timestamp(i64::MAX), |start| Timestamp(start.timestamp().as_millisecond() - 1))
    }

    /// Its month as `yyyymm`.
    pub const fn month(self) -> i32 {
        self.0 / 100
    }
}

impl From<Date> for Day {
    fn from(date: Date) -> Self {
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

/// Posts each row that `select` gives: id, organisation, day, metric, dimension, amount. For changes of more figures than should pass
/// through memory; `select` is a text of this code base, whose values are bound.
pub async fn post_selected(tx: &mut Tx, select: &'static str, values: Vec<Value>) -> Result<(), DbError> {
    let sql = format!("insert into stat_delta (id, organisation, day, metric, dimension, amount) {select}");
    tx.execute(assembled(sql), values).await.map(drop)
}

/// Something that counts: what a delta says, and what a recount reads from the records.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fact {
    /// For whom it counts.
    pub organisation: OrganisationId,
    /// The day it counts for.
    pub day: Day,
    /// What is counted.
    pub metric: Metric,
    /// A part of the metric, such as the state of a submission; may be empty.
    pub dimension: String,
    /// How much.
    pub amount: i64,
}

impl Fact {
    fn read(row: &Row) -> Result<Self, DbError> {
        Ok(Self {
            organisation: row.id("organisation")?,
            day: day(row)?,
            metric: row.code("metric", Metric::from_code)?,
            dimension: row.text("dimension")?,
            amount: row.int("amount")?,
        })
    }
}

/// The column `day` of a row.
pub fn day(row: &Row) -> Result<Day, RowError> {
    i32::try_from(row.int("day")?).map(Day).map_err(|_| RowError { column: "day".into(), expected: "a day" })
}

/// Deltas that wait to be folded, at most `most`, with the ids to [`forget`] them by.
pub async fn take(tx: &mut Tx, most: usize) -> Result<(Vec<String>, Vec<Fact>), DbError> {
    let rows = tx.fetch_all("select * from stat_delta order by id limit $1", args![most]).await?;
    let ids = rows.iter().map(|row| row.text("id")).collect::<Result<_, _>>()?;
    Ok((ids, rows.iter().map(Fact::read).collect::<Result<_, _>>()?))
}

/// Deletes deltas that were folded in the same transaction.
pub async fn forget(tx: &mut Tx, ids: &[String]) -> Result<(), DbError> {
    for some in ids.chunks(1_000) {
        let sql = format!("delete from stat_delta where id in ({})", crate::db::places(1, some.len()));
        tx.execute(assembled(sql), some.iter().map(Value::from).collect()).await?;
    }
    Ok(())
}

/// Whether any delta waits.
pub async fn any(tx: &mut Tx) -> Result<bool, DbError> {
    Ok(tx.fetch_optional("select 1 as one from stat_delta limit 1", vec![]).await?.is_some())
}

/// The first day that a waiting delta counts for.
pub async fn first_day(tx: &mut Tx) -> Result<Option<Day>, DbError> {
    let first = tx.fetch_optional("select min(day) as day from stat_delta", vec![]).await?;
    Ok(first.map_or(Ok(None), |row| row.opt_int("day"))?.map(|day| Day(day as i32)))
}

/// What waits for the days from `first` to `last`, summed up by organisation, day, metric and dimension.
pub async fn waiting(tx: &mut Tx, first: Day, last: Day) -> Result<Vec<Fact>, DbError> {
    let sql = "select organisation, day, metric, dimension, cast(sum(amount) as bigint) as amount from stat_delta
               where day between $1 and $2 group by organisation, day, metric, dimension";
    tx.fetch_all(sql, args![first.0, last.0]).await?.iter().map(Fact::read).collect()
}

/// Holds off whoever posts until the end of the transaction, after waiting for those who did.
pub async fn hold_off(tx: &mut Tx) -> Result<(), DbError> {
    tx.lock_table("stat_delta").await
}

/// Forgets every delta: only while everything is counted anew.
pub async fn clear(tx: &mut Tx) -> Result<(), DbError> {
    tx.execute("delete from stat_delta", vec![]).await.map(drop)
}

//! What statistics read here: the sessions that count, summed up or one by one. Every statement names `counted = 1`, so that the index
//! of what counts answers it alone.

use super::crossed::Has;
use crate::db::{DbError, Row, Tx, Value, args, assembled, tuples};
use crate::deltas::{self, Day, Fact, Metric, Search, Traits};
use kernel::OrganisationId;
use std::collections::HashSet;

/// Organisations in one statement.
const SOME: usize = 1_000;

/// Sessions of one organisation that share a day or a bucket and their traits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CountedSum {
    /// Whose.
    pub organisation: OrganisationId,
    /// The bucket that was asked for, or the day.
    pub at: i64,
    /// [`Traits::dimension`].
    pub dimension: String,
    /// How many.
    pub sessions: i64,
    /// People in them.
    pub people: i64,
}

impl CountedSum {
    /// Both metrics with their amounts.
    pub const fn amounts(&self) -> [(Metric, i64); 2] {
        [(Metric::Sessions, self.sessions), (Metric::Attendances, self.people)]
    }
}

/// A session behind a figure.
#[derive(Debug, Clone)]
pub struct CountedSession {
    /// Its id.
    pub id: String,
    /// When it was held, milliseconds.
    pub held_at: i64,
    /// What it was called.
    pub title: String,
    /// Who spoke.
    pub lecturer: String,
    /// People in it.
    pub people: i64,
    /// For whom and for which day it counts.
    pub fact: Fact,
}

/// Some days of an organisation: number of the spans that hold for it.
pub type Whose = (OrganisationId, usize);
/// Number, bucket, first and last day as `yyyymmdd`.
pub type Days = (usize, usize, (i32, i32));

/// SQL over an open transaction.
#[derive(Debug)]
pub struct Counted<'t>(pub &'t mut Tx);

const TRAITS: &str = "s.form, s.lecturer_kind, s.venue_kind, s.topic";

impl Counted<'_> {
    /// Sums of organisations over the spans of their number, by bucket and traits.
    pub async fn sums(&mut self, who: &[Whose], spans: &[Days]) -> Result<Vec<CountedSum>, DbError> {
        let mut sums = Vec::new();
        for some in who.chunks(SOME) {
            let numbers: HashSet<_> = some.iter().map(|(_, number)| *number).collect();
            let spans: Vec<_> = spans.iter().filter(|(number, ..)| numbers.contains(number)).collect();
            if spans.is_empty() {
                continue;
            }
            let sql = format!(
                "with who (organisation, number) as (values {}), part (number, bucket, first, last) as (values {})
                 select s.organisation, p.bucket as at, {TRAITS}, count(*) as sessions, cast(sum(s.people) as bigint) as people
                 from who w join part p on p.number = w.number
                 join held_session s on s.organisation = w.organisation and s.counted = 1 and s.day between p.first and p.last
                 group by s.organisation, p.bucket, {TRAITS}",
                tuples(1, some.len(), 2),
                tuples(1 + some.len() * 2, spans.len(), 4)
            );
            let mut args: Vec<Value> = some.iter().flat_map(|(organisation, number)| args![*organisation, *number]).collect();
            args.extend(spans.iter().flat_map(|(number, bucket, (first, last))| args![*number, *bucket, *first, *last]));
            sums.extend(self.0.fetch_all(assembled(sql), args).await?.iter().map(sum).collect::<Result<Vec<_>, _>>()?);
        }
        Ok(sums)
    }

    /// Sums of each of the organisations on each day from `first` to `last`.
    pub async fn by_day(&mut self, organisations: &[OrganisationId], (first, last): (i32, i32)) -> Result<Vec<CountedSum>, DbError> {
        let mut sums = Vec::new();
        for some in organisations.chunks(SOME) {
            let sql = format!(
                "select s.organisation, s.day as at, {TRAITS}, count(*) as sessions, cast(sum(s.people) as bigint) as people
                 from held_session s where s.organisation in ({}) and s.counted = 1 and s.day between $1 and $2
                 group by s.organisation, s.day, {TRAITS}",
                crate::db::places(3, some.len())
            );
            let mut args = args![first, last];
            args.extend(some.iter().map(|id| Value::from(*id)));
            sums.extend(self.0.fetch_all(assembled(sql), args).await?.iter().map(sum).collect::<Result<Vec<_>, _>>()?);
        }
        Ok(sums)
    }

    /// On which of the days from `first` to `last` each of `organisations` held a session.
    pub async fn active(
        &mut self,
        organisations: &[OrganisationId],
        (first, last): (i32, i32),
    ) -> Result<Vec<(OrganisationId, Day)>, DbError> {
        let mut found = Vec::new();
        for some in organisations.chunks(SOME) {
            let sql = format!(
                "select distinct organisation, day from held_session where organisation in ({}) and counted = 1 and day between $1 and $2",
                crate::db::places(3, some.len())
            );
            let mut args = args![first, last];
            args.extend(some.iter().map(|id| Value::from(*id)));
            let rows = self.0.fetch_all(assembled(sql), args).await?;
            found.extend(rows.iter().map(|row| Ok((row.id("organisation")?, deltas::day(row)?))).collect::<Result<Vec<_>, DbError>>()?);
        }
        Ok(found)
    }

    /// The first day on which `organisation` held one.
    pub async fn first_day(&mut self, organisation: OrganisationId) -> Result<Option<Day>, DbError> {
        let sql = "select min(day) as day from held_session where organisation = $1 and counted = 1";
        let row = self.0.fetch_optional(sql, args![organisation]).await?;
        Ok(row.map_or(Ok(None), |row| row.opt_int("day"))?.map(|day| Day(day as i32)))
    }

    /// Facts of the `most` sessions whose ids follow `after`, those of one session under its id.
    pub async fn facts(&mut self, after: &str, most: usize) -> Result<Vec<(String, [Fact; 2])>, DbError> {
        let sql = "select * from held_session where id > $1 and counted = 1 order by id limit $2";
        let rows = self.0.fetch_all(sql, args![after, most]).await?;
        rows.iter().map(|row| Ok((row.text("id")?, [fact(row, Metric::Sessions)?, fact(row, Metric::Attendances)?]))).collect()
    }

    /// Who held sessions on which days: everybody between `after` and whoever holds the `most`-th session behind it. By the index that
    /// answers alone.
    pub async fn days_behind(&mut self, after: &str, most: usize) -> Result<Vec<(OrganisationId, Day)>, DbError> {
        let sql = "select max(organisation) as last from
                   (select organisation from held_session where counted = 1 and organisation > $1 order by organisation limit $2) as picked";
        let found = self.0.fetch_optional(sql, args![after, most]).await?;
        let Some(last) = found.map(|row| row.opt_text("last")).transpose()?.flatten() else { return Ok(Vec::new()) };
        let sql = "select distinct organisation, day from held_session where counted = 1 and organisation > $1 and organisation <= $2
                   order by organisation, day";
        let rows = self.0.fetch_all(sql, args![after, last]).await?;
        rows.iter().map(|row| Ok((row.id("organisation")?, Day(row.int("day")? as i32)))).collect()
    }

    /// Sessions that fit and have all these traits, the latest first.
    pub async fn held_in(&mut self, search: &Search, metric: Metric, having: &[Has]) -> Result<Vec<CountedSession>, DbError> {
        let (clause, mut values) = search.clause("held_at", "id", "organisation");
        let condition = |(kind, code): &Has| {
            values.push(Value::from(code));
            format!("{} = ${} and ", kind.column(), values.len())
        };
        let narrowed = having.iter().map(condition).collect::<Vec<_>>().concat();
        let sql = format!("select * from held_session where counted = 1 and {narrowed}{clause}");
        let rows = self.0.fetch_all(assembled(sql), values).await?;
        rows.iter().map(|row| session(row, metric)).collect()
    }
}

fn dimension(row: &Row) -> Result<String, DbError> {
    let (form, lecturer, venue, topic) = (row.text("form")?, row.text("lecturer_kind")?, row.text("venue_kind")?, row.text("topic")?);
    Ok(Traits { form: &form, lecturer: &lecturer, venue: &venue, topic: &topic }.dimension())
}

fn sum(row: &Row) -> Result<CountedSum, DbError> {
    Ok(CountedSum {
        organisation: row.id("organisation")?,
        at: row.int("at")?,
        dimension: dimension(row)?,
        sessions: row.int("sessions")?,
        people: row.int("people")?,
    })
}

fn fact(row: &Row, metric: Metric) -> Result<Fact, DbError> {
    let amount = if metric == Metric::Sessions { 1 } else { row.int("people")? };
    Ok(Fact { organisation: row.id("organisation")?, day: deltas::day(row)?, metric, dimension: dimension(row)?, amount })
}

fn session(row: &Row, metric: Metric) -> Result<CountedSession, DbError> {
    Ok(CountedSession {
        id: row.text("id")?,
        held_at: row.int("held_at")?,
        title: row.text("title")?,
        lecturer: row.text("lecturer")?,
        people: row.int("people")?,
        fact: fact(row, metric)?,
    })
}

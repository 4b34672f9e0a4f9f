//! What statistics read here: sums by traits, facts for a recount, and the records behind a figure.

use super::{HeldSession, HeldSessionId, HeldSessions, store};
use crate::db::{DbError, Row, Value, args, assembled, places};
use crate::deltas::{Day, Fact, Metric, Search, Traits};
use kernel::OrganisationId;

/// Organisations of one statement.
const BATCH: usize = 500;
/// Spans of one statement.
const SPANS: usize = 50;
/// The columns of [`Traits`], in their order.
const TRAITS: &str = "form, lecturer_kind, venue_kind, topic";

/// Held sessions of one organisation that count, in one span or on one day, with the same traits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sum {
    /// Who held them.
    pub organisation: OrganisationId,
    /// Number of the span, or the day as `yyyymmdd`.
    pub at: i64,
    /// Code of how they were told.
    pub form: String,
    /// Code of who spoke.
    pub lecturer_kind: String,
    /// Code of where.
    pub venue_kind: String,
    /// Code of what about.
    pub topic: String,
    /// How many.
    pub sessions: i64,
    /// People counted in them.
    pub people: i64,
}

impl Sum {
    fn read(row: &Row) -> Result<Self, DbError> {
        Ok(Self {
            organisation: row.id("organisation")?,
            at: row.int("at")?,
            form: row.text("form")?,
            lecturer_kind: row.text("lecturer_kind")?,
            venue_kind: row.text("venue_kind")?,
            topic: row.text("topic")?,
            sessions: row.int("sessions")?,
            people: row.int("people")?,
        })
    }

    /// What they are counted by.
    pub fn traits(&self) -> Traits<'_> {
        Traits { form: &self.form, lecturer: &self.lecturer_kind, venue: &self.venue_kind, topic: &self.topic }
    }
}

/// One trait of the records behind a figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TraitFilter<'a> {
    /// One of [`Traits::KINDS`].
    pub kind: &'a str,
    /// Its code.
    pub code: &'a str,
}

impl TraitFilter<'_> {
    /// The column of its kind; none for a kind that there is not.
    fn column(self) -> Option<&'static str> {
        Traits::KINDS.iter().position(|kind| *kind == self.kind).and_then(|at| TRAITS.split(", ").nth(at))
    }
}

/// One span: its rows read from the covering index alone.
fn one_span(n: usize, first: usize, chosen: &str) -> String {
    format!(
        "select organisation, {n} as at, {TRAITS}, count(*) as sessions, cast(sum(people) as bigint) as people from held_session
         where counted = 1 and organisation in ({chosen}) and day between ${first} and ${last} group by organisation, {TRAITS}",
        last = first + 1
    )
}

impl HeldSessions<'_> {
    /// Held sessions that count in each of the spans of days (both ends included), by organisation, span and traits. Spans may
    /// overlap; nothing held gives no row.
    pub async fn sums(&mut self, organisations: &[OrganisationId], spans: &[(Day, Day)]) -> Result<Vec<Sum>, DbError> {
        let mut found = Vec::new();
        for some in organisations.chunks(BATCH) {
            for (chunk, spans) in spans.chunks(SPANS).enumerate() {
                let chosen = places(1, some.len());
                let mut values: Vec<Value> = some.iter().map(|id| (*id).into()).collect();
                let mut parts = Vec::new();
                for (n, (first, last)) in spans.iter().enumerate() {
                    parts.push(one_span(chunk * SPANS + n, values.len() + 1, &chosen));
                    values.extend(args![first.0, last.0]);
                }
                let rows = self.0.fetch_all(assembled(parts.join(" union all ")), values).await?;
                found.extend(rows.iter().map(Sum::read).collect::<Result<Vec<_>, _>>()?);
            }
        }
        Ok(found)
    }

    /// The same for the days from `first` to `last`, by organisation, day and traits.
    pub async fn sums_by_day(&mut self, organisations: &[OrganisationId], first: Day, last: Day) -> Result<Vec<Sum>, DbError> {
        let mut found = Vec::new();
        for some in organisations.chunks(BATCH) {
            let mut values = args![first.0, last.0];
            values.extend(some.iter().map(|id| Value::from(*id)));
            let sql = format!(
                "select organisation, day as at, {TRAITS}, count(*) as sessions, cast(sum(people) as bigint) as people from held_session
                 where counted = 1 and organisation in ({}) and day between $1 and $2 group by organisation, day, {TRAITS}",
                places(3, some.len())
            );
            let rows = self.0.fetch_all(assembled(sql), values).await?;
            found.extend(rows.iter().map(Sum::read).collect::<Result<Vec<_>, _>>()?);
        }
        Ok(found)
    }

    /// The days from `first` to `last` on which each of `organisations` held something that counts.
    pub async fn active(&mut self, organisations: &[OrganisationId], first: Day, last: Day) -> Result<Vec<(OrganisationId, Day)>, DbError> {
        let mut found = Vec::new();
        for some in organisations.chunks(BATCH) {
            let mut values = args![first.0, last.0];
            values.extend(some.iter().map(|id| Value::from(*id)));
            let sql = format!(
                "select distinct organisation, day from held_session where counted = 1 and organisation in ({}) and day between $1 and $2",
                places(3, some.len())
            );
            let rows = self.0.fetch_all(assembled(sql), values).await?;
            let read = |row: &Row| Ok::<_, DbError>((row.id("organisation")?, crate::deltas::day(row)?));
            found.extend(rows.iter().map(read).collect::<Result<Vec<_>, _>>()?);
        }
        Ok(found)
    }

    /// The first day on which `organisation` itself held something that counts.
    pub async fn first_day(&mut self, organisation: OrganisationId) -> Result<Option<Day>, DbError> {
        let sql = "select min(day) as day from held_session where counted = 1 and organisation = $1";
        let row = self.0.fetch_optional(sql, args![organisation]).await?;
        Ok(row.map_or(Ok(None), |row| row.opt_int("day"))?.map(|day| Day(day as i32)))
    }

    /// Two facts of each of the `most` held sessions that count and whose ids follow `after`: one session, and its people.
    pub async fn facts(&mut self, after: &str, most: usize) -> Result<Vec<(String, Fact)>, DbError> {
        let sql = "select * from held_session where id > $1 and counted = 1 order by id limit $2";
        let rows = self.0.fetch_all(sql, args![after, most]).await?;
        let mut found = Vec::with_capacity(rows.len() * 2);
        for row in &rows {
            let one = store::held_session(row)?;
            found.extend([Metric::Sessions, Metric::Attendances].map(|metric| (one.id.to_string(), fact(&one, metric))));
        }
        Ok(found)
    }

    /// Those behind a figure of `metric` that fit, the latest first.
    pub async fn sessions_in(
        &mut self,
        search: &Search,
        metric: Metric,
        only: Option<TraitFilter<'_>>,
    ) -> Result<Vec<(HeldSessionId, i64, Fact)>, DbError> {
        let (clause, mut values) = search.clause("held_at", "id", "organisation");
        let mut condition = String::new();
        if let Some(filter) = only {
            let Some(column) = filter.column() else { return Ok(Vec::new()) };
            values.push(filter.code.into());
            condition = format!("{column} = ${} and ", values.len());
        }
        let sql = format!("select * from held_session where counted = 1 and {condition}{clause}");
        let rows = self.0.fetch_all(assembled(sql), values).await?;
        let read = |row: &Row| {
            let one = store::held_session(row)?;
            Ok((one.id, one.told.held_at.0, fact(&one, metric)))
        };
        rows.iter().map(read).collect()
    }
}

/// What it says under `metric`: one session, or its people.
fn fact(one: &HeldSession, metric: Metric) -> Fact {
    let amount = if metric == Metric::Attendances { one.told.people } else { 1 };
    Fact { organisation: one.organisation, day: one.day, metric, dimension: one.told.traits().dimension(), amount }
}

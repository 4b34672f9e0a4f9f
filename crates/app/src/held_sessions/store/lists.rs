//! SQL for lists of held sessions.

use super::{HeldSessions, held_session};
use crate::db::{DbError, Value, args, assembled, places};
use crate::deltas::Day;
use crate::held_sessions::{HeldSession, State};
use crate::lecturers::LecturerId;
use kernel::OrganisationId;

/// What a list is narrowed to; a part that is none narrows nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ListFilter {
    /// One state.
    pub state: Option<State>,
    /// The first day.
    pub from: Option<Day>,
    /// The last day, included.
    pub to: Option<Day>,
    /// Id of a campaign.
    pub campaign: Option<String>,
    /// Id of a lecturer, or the exact name.
    pub lecturer: Option<String>,
    /// Code.
    pub lecturer_kind: Option<String>,
    /// Code.
    pub form: Option<String>,
    /// Code.
    pub venue_kind: Option<String>,
    /// Code.
    pub topic: Option<String>,
    /// Only what carries out no plan.
    pub unplanned: bool,
}

impl ListFilter {
    /// Conditions on the row, each behind the last, with their values.
    fn conditions(&self, values: &mut Vec<Value>) -> Vec<String> {
        let texts = [
            ("campaign = ", self.campaign.clone()),
            ("lecturer_kind = ", self.lecturer_kind.clone()),
            ("form = ", self.form.clone()),
            ("venue_kind = ", self.venue_kind.clone()),
            ("topic = ", self.topic.clone()),
        ];
        let mut found = Vec::new();
        if let Some(state) = self.state {
            // A literal, so that what waits is found by its own index however much is verified.
            found.push(format!("state = '{}'", state.code()));
        }
        if self.unplanned {
            found.push("plan is null and state <> 'void'".to_owned());
        }
        for (condition, value) in texts.into_iter().filter_map(|(condition, value)| Some((condition, value?))) {
            values.push(value.into());
            found.push(format!("{condition}${}", values.len()));
        }
        for (condition, day) in [("day >= ", self.from), ("day <= ", self.to)].into_iter().filter_map(|(c, day)| Some((c, day?))) {
            values.push(day.0.into());
            found.push(format!("{condition}${}", values.len()));
        }
        if let Some(lecturer) = &self.lecturer {
            values.push(lecturer.into());
            found.push(format!("(lecturer_id = ${n} or lecturer = ${n})", n = values.len()));
        }
        found
    }
}

impl HeldSessions<'_> {
    /// When the first of all was held, milliseconds; 0 when there is none.
    pub async fn oldest(&mut self) -> Result<i64, DbError> {
        self.0.fetch_int("select min(held_at) from held_session", vec![]).await
    }

    /// The `most` that fit and were held before the position (`at`, `id`), the latest first: of these organisations or, for
    /// none, of all.
    pub async fn before(
        &mut self,
        organisations: Option<&[OrganisationId]>,
        filter: &ListFilter,
        (at, id): &(i64, String),
        most: usize,
    ) -> Result<Vec<HeldSession>, DbError> {
        let mut values = args![*at, id, most];
        let mut conditions = vec!["(held_at < $1 or (held_at = $1 and id < $2))".to_owned()];
        conditions.extend(filter.conditions(&mut values));
        if let Some(chosen) = organisations {
            conditions.push(format!("organisation in ({})", places(values.len() + 1, chosen.len())));
            values.extend(chosen.iter().map(|id| Value::from(*id)));
        }
        let sql = format!("select * from held_session where {} order by held_at desc, id desc limit $3", conditions.join(" and "));
        self.0.fetch_all(assembled(sql), values).await?.iter().map(held_session).collect()
    }

    /// The latest `most` that count and name one of `lecturers`; only verified ones, if that is wanted.
    pub async fn of_lecturers(&mut self, lecturers: &[LecturerId], verified: bool, most: usize) -> Result<Vec<HeldSession>, DbError> {
        if lecturers.is_empty() {
            return Ok(Vec::new());
        }
        let (whose, mut values) = (of(lecturers, verified), lecturers.iter().map(|id| Value::from(*id)).collect::<Vec<_>>());
        values.push(most.into());
        let sql = format!("select * from held_session where {whose} order by held_at desc, id desc limit ${}", values.len());
        self.0.fetch_all(assembled(sql), values).await?.iter().map(held_session).collect()
    }

    /// How many there are of those, and how many people came to all of them.
    pub async fn numbers_of_lecturers(&mut self, lecturers: &[LecturerId], verified: bool) -> Result<(i64, i64), DbError> {
        if lecturers.is_empty() {
            return Ok((0, 0));
        }
        let whose = of(lecturers, verified);
        let sql = format!("select count(*) as n, cast(coalesce(sum(people), 0) as bigint) as people from held_session where {whose}");
        let row = self.0.fetch_optional(assembled(sql), lecturers.iter().map(|id| Value::from(*id)).collect()).await?;
        row.map_or(Ok((0, 0)), |row| Ok((row.int("n")?, row.int("people")?)))
    }
}

/// What counts and names one of `lecturers`, whose ids are bound first.
fn of(lecturers: &[LecturerId], verified: bool) -> String {
    let state = if verified { "state = 'verified' and " } else { "" };
    format!("{state}counted = 1 and lecturer_id in ({})", places(1, lecturers.len()))
}

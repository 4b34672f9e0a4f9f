//! What statistics read here, all for a recount or some behind a figure: the same facts as the deltas that asking and moderating post.

use super::{Question, QuestionId, QuestionState, Questions};
use crate::db::{DbError, Row, Tx, args, assembled};
use crate::deltas::{self, Day, Fact, Metric, Search};
use crate::lessons::LessonId;
use crate::state::App;
use jiff::tz::TimeZone;
use kernel::OrganisationId;

/// A question behind a figure.
#[derive(Debug, Clone)]
pub struct AskedQuestion {
    /// Its id.
    pub id: QuestionId,
    /// To which lesson.
    pub lesson: LessonId,
    /// When it was asked, milliseconds.
    pub at: i64,
    /// What was asked.
    pub text: String,
    /// For whom and for which day it counts.
    pub fact: Fact,
}

const COLUMNS: &str = "q.id, q.lesson, q.text, q.asked_at, l.organisation";

/// The states that [`QuestionState::counts`], for a statement.
fn counted() -> String {
    let codes: Vec<_> = QuestionState::ALL.iter().filter(|state| state.counts()).map(|state| format!("'{}'", state.code())).collect();
    format!("q.state in ({})", codes.join(", "))
}

impl AskedQuestion {
    fn read(row: &Row, zone: &TimeZone) -> Result<Self, DbError> {
        let day = Day::of(row.time("asked_at")?, zone);
        let fact = Fact { organisation: row.id("organisation")?, day, metric: Metric::Questions, dimension: String::new(), amount: 1 };
        Ok(Self { id: row.id("id")?, lesson: row.id("lesson")?, at: row.int("asked_at")?, text: row.text("text")?, fact })
    }
}

impl Questions<'_> {
    /// Questions that count and fit, the latest first.
    pub async fn asked_in(&mut self, search: &Search) -> Result<Vec<AskedQuestion>, DbError> {
        let (clause, values) = search.clause("q.asked_at", "q.id", "l.organisation");
        let sql = format!("select {COLUMNS} from question q join lesson l on l.id = q.lesson where {} and {clause}", counted());
        self.0.fetch_all(assembled(sql), values).await?.iter().map(|row| AskedQuestion::read(row, &search.zone)).collect()
    }

    /// Facts of the `most` questions whose ids follow `after`.
    pub async fn facts(&mut self, zone: &TimeZone, after: &str, most: usize) -> Result<Vec<(String, Fact)>, DbError> {
        let sql = format!(
            "select {COLUMNS} from question q join lesson l on l.id = q.lesson where q.id > $1 and {} order by q.id limit $2",
            counted()
        );
        let rows = self.0.fetch_all(assembled(sql), args![after, most]).await?;
        rows.iter().map(|row| AskedQuestion::read(row, zone).map(|one| (one.id.to_string(), one.fact))).collect()
    }
}

/// Posts what a step of a question changes in the figures of `organisation`, whose lesson it is about.
pub(super) async fn post(
    app: &App,
    tx: &mut Tx,
    organisation: OrganisationId,
    was: Option<&Question>,
    is: &Question,
) -> Result<(), DbError> {
    let change = i64::from(is.state.counts()) - i64::from(was.is_some_and(|was| was.state.counts()));
    if change == 0 {
        return Ok(());
    }
    let day = Day::of(is.asked_at, &app.zone);
    deltas::post(tx, app.clock.as_ref(), organisation, day, Metric::Questions, "", change).await
}

//! `/api/v1/statistics/records`: the records behind a figure.

use crate::lessons::LessonId;
use crate::organisations::OrganisationId;
use crate::problem::Problem;
use crate::rooms::QuestionId;
use crate::state::App;
use crate::statistics::choice::{Asked, iso};
use crate::statistics::records::{self, Narrowed, Record, Stated};
use crate::submissions::SubmissionId;
use crate::web::{Cursor, SignedIn};
use axum::Json;
use axum::extract::{Query, State as Shared};
use serde::Serialize;
use utoipa::ToSchema;

/// One record. All but `amount` is null for what belongs to an organisation that is not the reader's today.
#[derive(Debug, Default, Serialize, ToSchema)]
pub struct RecordBody {
    /// What it counts: one, the people of a held session, or the lesson's views or seconds in the period.
    amount: i64,
    #[schema(value_type = Option<String>)]
    lesson: Option<LessonId>,
    held_session: Option<String>,
    #[schema(value_type = Option<String>)]
    question: Option<QuestionId>,
    /// Of a question, what was asked.
    title: Option<String>,
    lecturer: Option<String>,
    #[schema(value_type = Option<String>)]
    submission: Option<SubmissionId>,
    /// Of a submission, now; of an award, its level.
    state: Option<Stated>,
    #[schema(value_type = Option<String>)]
    organisation: Option<OrganisationId>,
    organisation_name: Option<String>,
    /// The day for which it counts; null for views.
    day: Option<String>,
}

impl From<Record> for RecordBody {
    fn from(record: Record) -> Self {
        let amount = record.amount;
        record.shown.map_or(Self { amount, ..Self::default() }, |shown| Self {
            amount,
            lesson: shown.lesson,
            held_session: shown.held_session,
            question: shown.question,
            title: Some(shown.title),
            lecturer: Some(shown.lecturer),
            submission: shown.submission,
            state: shown.state,
            organisation: Some(shown.organisation),
            organisation_name: Some(shown.organisation_name),
            day: shown.day.map(iso),
        })
    }
}

/// A figure and a page of its records: together, the pages make up the figure.
#[derive(Debug, Serialize, ToSchema)]
pub struct RecordPage {
    #[schema(value_type = String)]
    organisation: OrganisationId,
    /// Empty: everything below too; `itself`; or the id of a child.
    part: String,
    name: String,
    metric: &'static str,
    state: Option<Stated>,
    from: String,
    to: String,
    /// Watch time in seconds.
    figure: i64,
    items: Vec<RecordBody>,
    /// Pass as `after`; null on the last page.
    next: Option<String>,
}

/// `GET /api/v1/statistics/records`: the records behind the figure `metric`.
#[utoipa::path(get, path = "/api/v1/statistics/records", tag = "statistics", operation_id = "statistics_records", params(Asked, Narrowed, ("after" = Option<String>, Query)), responses((status = 200, body = RecordPage), (status = 403), (status = 404)))]
pub async fn get(
    Shared(app): Shared<App>,
    me: SignedIn,
    Query(asked): Query<Asked>,
    Query(narrowed): Query<Narrowed>,
    Query(cursor): Query<Cursor>,
) -> Result<Json<RecordPage>, Problem> {
    let found = records::page(&app, &me, &asked, &narrowed, &cursor).await?;
    Ok(Json(RecordPage {
        organisation: found.choice.organisation,
        part: found.part.code(),
        name: found.name,
        metric: found.metric.code(),
        state: found.state,
        from: iso(found.choice.period.first),
        to: iso(found.choice.period.last),
        figure: found.figure,
        items: found.page.items.into_iter().map(RecordBody::from).collect(),
        next: found.page.next,
    }))
}

//! The ledger to take along: text at once, a workbook once it is written.

use crate::held_sessions::actions::exporting;
use crate::held_sessions::filters::SessionFilter;
use crate::held_sessions::views::ExportPage;
use crate::jobs::{JobId, JobState};
use crate::problem::Problem;
use crate::spreadsheets::XLSX;
use crate::state::App;
use crate::web::{SignedIn, Visit, html};
use axum::body::Body;
use axum::extract::{Form, Path, Query, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_TYPE};
use axum::response::{IntoResponse, Redirect, Response};
use futures_util::TryStreamExt;
use tokio_util::io::ReaderStream;

/// The ledger as text: what the filter lets through and the reader may see.
#[utoipa::path(get, path = "/api/v1/held-sessions/export.csv", tag = "held-sessions", params(SessionFilter), responses((status = 200, description = "Comma-separated values, UTF-8"), (status = 403)))]
pub async fn csv(State(app): State<App>, visit: Visit, me: SignedIn, Query(filter): Query<SessionFilter>) -> Result<Response, Problem> {
    let lines = exporting::text(&app, &me, &filter, &visit.texts).await?;
    // A failure after the first line can only break the download off; its cause is in the log.
    let body = Body::from_stream(lines.map_err(|problem| std::io::Error::other(problem.code)));
    Ok((saved_as("text/csv; charset=utf-8", "held-sessions.csv"), body).into_response())
}

fn saved_as(kind: &str, name: &str) -> [(axum::http::HeaderName, String); 3] {
    [
        (CONTENT_TYPE, kind.to_owned()),
        (CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")),
        (CACHE_CONTROL, "private, no-store".to_owned()),
    ]
}

/// `POST /held-sessions/exports`: orders a workbook of what the filter lets through.
pub async fn order(State(app): State<App>, visit: Visit, me: SignedIn, Form(filter): Form<SessionFilter>) -> Result<Redirect, Problem> {
    let id = exporting::order(&app, &me, filter, visit.texts.language).await?;
    Ok(Redirect::to(&format!("/held-sessions/exports/{id}")))
}

/// `GET /held-sessions/exports/{id}`: how far it is.
pub async fn show(State(app): State<App>, visit: Visit, me: SignedIn, Path(id): Path<JobId>) -> Result<Response, Problem> {
    let followed = exporting::follow(&app, &me, id).await?;
    html(&ExportPage {
        p: visit.page(&app, visit.texts.s("held-export-title")),
        id: id.to_string(),
        percent: followed.job.percent,
        running: matches!(followed.job.state, JobState::Queued | JobState::Running),
        cancelled: followed.job.state == JobState::Cancelled,
        ready: followed.ready,
        failed: followed.job.state == JobState::Parked,
    })
}

/// `POST /held-sessions/exports/{id}/cancel`
pub async fn cancel(State(app): State<App>, me: SignedIn, Path(id): Path<JobId>) -> Result<Redirect, Problem> {
    exporting::cancel(&app, &me, id).await?;
    Ok(Redirect::to(&format!("/held-sessions/exports/{id}")))
}

/// The finished workbook.
#[utoipa::path(get, path = "/api/v1/held-sessions/exports/{id}/file", tag = "held-sessions", params(("id" = String, Path)), responses((status = 200, description = "A workbook"), (status = 404)))]
pub async fn file(State(app): State<App>, me: SignedIn, Path(id): Path<JobId>) -> Result<Response, Problem> {
    if !exporting::follow(&app, &me, id).await?.ready {
        return Err(Problem::not_found());
    }
    let file = tokio::fs::File::open(exporting::file(&app, id)).await.map_err(|_| Problem::not_found())?;
    let length = file.metadata().await.map_err(Problem::internal)?.len();
    let head = saved_as(XLSX, "held-sessions.xlsx");
    Ok((head, [(CONTENT_LENGTH, length.to_string())], Body::from_stream(ReaderStream::new(file))).into_response())
}

//! The page of the records behind a figure, and its exports.

use super::{text, workbook};
use crate::problem::Problem;
use crate::state::App;
use crate::statistics::choice::Asked;
use crate::statistics::records::{self, Narrowed};
use crate::statistics::views::records::{RecordsPage, sheet};
use crate::web::{Cursor, SignedIn, Visit, html};
use axum::extract::{Query, State};
use axum::response::Response;

/// `GET /statistics/records`
pub async fn page(
    State(app): State<App>,
    visit: Visit,
    me: SignedIn,
    Query(asked): Query<Asked>,
    Query(narrowed): Query<Narrowed>,
    Query(cursor): Query<Cursor>,
) -> Result<Response, Problem> {
    let found = records::page(&app, &me, &asked, &narrowed, &cursor).await?;
    let title = visit.texts.s(&format!("metric-{}-short", found.metric.code()));
    html(&RecordsPage::new(visit.page(&app, title), &found, !cursor.after.is_empty()))
}

/// `GET /statistics/records.xlsx`, also below `/api/v1`: all records behind a figure as a workbook.
#[utoipa::path(get, path = "/api/v1/statistics/records.xlsx", tag = "statistics", operation_id = "statistics_records_xlsx", params(Asked, Narrowed), responses((status = 200, description = "A workbook"), (status = 422)))]
pub async fn xlsx(
    State(app): State<App>,
    visit: Visit,
    me: SignedIn,
    Query(asked): Query<Asked>,
    Query(narrowed): Query<Narrowed>,
) -> Result<Response, Problem> {
    let (head, rows) = sheet(&records::all(&app, &me, &asked, &narrowed).await?, &visit.texts);
    workbook("records.xlsx", &visit.texts.s("nav-statistics"), &head, &rows)
}

/// `GET /statistics/records.csv`, also below `/api/v1`: all records behind a figure as text.
#[utoipa::path(get, path = "/api/v1/statistics/records.csv", tag = "statistics", operation_id = "statistics_records_csv", params(Asked, Narrowed), responses((status = 200, description = "Comma-separated values, UTF-8"), (status = 422)))]
pub async fn csv(
    State(app): State<App>,
    visit: Visit,
    me: SignedIn,
    Query(asked): Query<Asked>,
    Query(narrowed): Query<Narrowed>,
) -> Result<Response, Problem> {
    let (head, rows) = sheet(&records::all(&app, &me, &asked, &narrowed).await?, &visit.texts);
    text("records.csv", &head, &rows)
}

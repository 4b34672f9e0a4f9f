//! The statistics page and its exports.

pub mod bands;
pub mod burden;
pub mod crossing;
pub mod records;
pub mod reports;
pub mod silent;
pub mod wall;
pub mod workbooks;

use super::choice::Asked;
use super::export::{self, Value};
use super::views::StatisticsPage;
use super::{overview, table};
use crate::organisations::{Action, may};
use crate::problem::Problem;
use crate::spreadsheets::XLSX;
use crate::state::App;
use crate::web::{SignedIn, Visit, html};
use axum::extract::{Query, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};

/// `GET /statistics`
pub async fn page(State(app): State<App>, visit: Visit, me: SignedIn, Query(asked): Query<Asked>) -> Result<Response, Problem> {
    let overview = overview::load(&app, &me, &asked).await?;
    let tree = app.tree.load_full();
    let p = visit.page(&app, visit.texts.s("nav-statistics"));
    let mut shown = StatisticsPage::new(p, &tree, &overview, app.clock.now(), |id| may(&tree, &me, Action::SeeStatistics, id));
    reports::offer(&app, &me, &mut shown.report).await?;
    html(&shown)
}

/// The table of the screen as a workbook.
#[utoipa::path(get, path = "/api/v1/statistics/export.xlsx", tag = "statistics", params(Asked), responses((status = 200, description = "A workbook")))]
pub async fn xlsx(State(app): State<App>, visit: Visit, me: SignedIn, Query(asked): Query<Asked>) -> Result<Response, Problem> {
    let overview = overview::load(&app, &me, &asked).await?;
    let table = table::of_children(&overview, &visit.texts);
    workbook("statistics.xlsx", &visit.texts.s("nav-statistics"), &table.head, &export::rows(&table))
}

/// The table of the screen as text.
#[utoipa::path(get, path = "/api/v1/statistics/export.csv", tag = "statistics", params(Asked), responses((status = 200, description = "Comma-separated values, UTF-8")))]
pub async fn csv(State(app): State<App>, visit: Visit, me: SignedIn, Query(asked): Query<Asked>) -> Result<Response, Problem> {
    let overview = overview::load(&app, &me, &asked).await?;
    let table = table::of_children(&overview, &visit.texts);
    text("statistics.csv", &table.head, &export::rows(&table))
}

/// The kind of a text file.
const CSV: &str = "text/csv; charset=utf-8";

/// A table as a workbook to save.
fn workbook(name: &str, title: &str, head: &[String], rows: &[Vec<Value>]) -> Result<Response, Problem> {
    Ok(file(XLSX, name, export::workbook(title, head, rows).map_err(Problem::internal)?))
}

/// A table as text to save.
fn text(name: &str, head: &[String], rows: &[Vec<Value>]) -> Result<Response, Problem> {
    Ok(file(CSV, name, export::text(head, rows).map_err(Problem::internal)?))
}

/// A file to save.
fn file(kind: &'static str, name: &str, bytes: Vec<u8>) -> Response {
    let saved_as = format!("attachment; filename=\"{name}\"");
    ([(CONTENT_TYPE, kind.to_owned()), (CONTENT_DISPOSITION, saved_as), (CACHE_CONTROL, "private, no-store".to_owned())], bytes)
        .into_response()
}

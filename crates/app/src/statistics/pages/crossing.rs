//! The page of two traits, and its exports.

use super::{text, workbook};
use crate::problem::Problem;
use crate::state::App;
use crate::statistics::choice::Asked;
use crate::statistics::crossing::{Traits, load};
use crate::statistics::views::crossing::{CrossingPage, sheet};
use crate::web::{SignedIn, Visit, html};
use axum::extract::{Query, State};
use axum::response::Response;

/// `GET /statistics/crossing`
pub async fn page(
    State(app): State<App>,
    visit: Visit,
    me: SignedIn,
    Query(asked): Query<Asked>,
    Query(traits): Query<Traits>,
) -> Result<Response, Problem> {
    let found = load(&app, &me, &asked, &traits).await?;
    html(&CrossingPage::new(visit.page(&app, visit.texts.s("crossing-title")), &found, app.clock.now()))
}

/// The table of the screen as a workbook.
#[utoipa::path(get, path = "/api/v1/statistics/crossing.xlsx", tag = "statistics", operation_id = "statistics_crossing_xlsx", params(Asked, Traits), responses((status = 200, description = "A workbook"), (status = 422)))]
pub async fn xlsx(
    State(app): State<App>,
    visit: Visit,
    me: SignedIn,
    Query(asked): Query<Asked>,
    Query(traits): Query<Traits>,
) -> Result<Response, Problem> {
    let (head, rows) = sheet(&load(&app, &me, &asked, &traits).await?, &visit.texts);
    workbook("crossing.xlsx", &visit.texts.s("crossing-title"), &head, &rows)
}

/// The table of the screen as text.
#[utoipa::path(get, path = "/api/v1/statistics/crossing.csv", tag = "statistics", operation_id = "statistics_crossing_csv", params(Asked, Traits), responses((status = 200, description = "Comma-separated values, UTF-8"), (status = 422)))]
pub async fn csv(
    State(app): State<App>,
    visit: Visit,
    me: SignedIn,
    Query(asked): Query<Asked>,
    Query(traits): Query<Traits>,
) -> Result<Response, Problem> {
    let (head, rows) = sheet(&load(&app, &me, &asked, &traits).await?, &visit.texts);
    text("crossing.csv", &head, &rows)
}

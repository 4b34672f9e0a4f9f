//! The page of the burden meter, and its exports.

use super::{text, workbook};
use crate::problem::Problem;
use crate::state::App;
use crate::statistics::burden::load;
use crate::statistics::choice::Asked;
use crate::statistics::views::burden::{BurdenPage, sheet};
use crate::web::{SignedIn, Visit, html};
use axum::extract::{Query, State};
use axum::response::Response;

/// `GET /statistics/burden`
pub async fn page(State(app): State<App>, visit: Visit, me: SignedIn, Query(asked): Query<Asked>) -> Result<Response, Problem> {
    let found = load(&app, &me, &asked).await?;
    html(&BurdenPage::new(visit.page(&app, visit.texts.s("burden-title")), &found, app.clock.now()))
}

/// The burden of the screen as a workbook.
#[utoipa::path(get, path = "/api/v1/statistics/burden.xlsx", tag = "statistics", operation_id = "statistics_burden_xlsx", params(Asked), responses((status = 200, description = "A workbook")))]
pub async fn xlsx(State(app): State<App>, visit: Visit, me: SignedIn, Query(asked): Query<Asked>) -> Result<Response, Problem> {
    let (head, rows) = sheet(&load(&app, &me, &asked).await?, &visit.texts);
    workbook("burden.xlsx", &visit.texts.s("burden-title"), &head, &rows)
}

/// The burden of the screen as text.
#[utoipa::path(get, path = "/api/v1/statistics/burden.csv", tag = "statistics", operation_id = "statistics_burden_csv", params(Asked), responses((status = 200, description = "Comma-separated values, UTF-8")))]
pub async fn csv(State(app): State<App>, visit: Visit, me: SignedIn, Query(asked): Query<Asked>) -> Result<Response, Problem> {
    let (head, rows) = sheet(&load(&app, &me, &asked).await?, &visit.texts);
    text("burden.csv", &head, &rows)
}

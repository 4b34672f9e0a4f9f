//! Who held nothing: the page, its text file and its API.

use super::text;
use crate::organisations::lines::OrganisationLine;
use crate::problem::Problem;
use crate::state::App;
use crate::statistics::choice::Asked;
use crate::statistics::export::Value;
use crate::statistics::silent::{self, PAGE};
use crate::statistics::views::silent::SilentPage;
use crate::web::{Cursor, SignedIn, Slice, Visit, html};
use axum::Json;
use axum::extract::{Query, State};
use axum::response::Response;

/// `GET /statistics/silent`
pub async fn page(
    State(app): State<App>,
    visit: Visit,
    me: SignedIn,
    Query(asked): Query<Asked>,
    Query(cursor): Query<Cursor>,
) -> Result<Response, Problem> {
    let found = silent::load(&app, &me, &asked, &cursor, PAGE).await?;
    html(&SilentPage::new(visit.page(&app, visit.texts.s("silent-title")), &found))
}

/// `GET /statistics/silent.csv`, also below `/api/v1`: all of them as text.
#[utoipa::path(get, path = "/api/v1/statistics/silent.csv", tag = "statistics", operation_id = "statistics_silent_csv", params(Asked), responses((status = 200, description = "Comma-separated values, UTF-8"), (status = 403)))]
pub async fn csv(State(app): State<App>, visit: Visit, me: SignedIn, Query(asked): Query<Asked>) -> Result<Response, Problem> {
    let found = silent::load(&app, &me, &asked, &Cursor::default(), usize::MAX).await?;
    let head = ["statistics-organisation", "silent-above", "field-code"].map(|key| visit.texts.s(key));
    let row = |one: &OrganisationLine| [&one.name, &one.path, &one.code].map(|text| Value::Text(text.clone())).to_vec();
    let rows: Vec<_> = found.page.items.iter().map(row).collect();
    text("silent.csv", &head, &rows)
}

/// `GET /api/v1/statistics/silent`: grassroots organisations that held no session in the period, in the order of the tree.
#[utoipa::path(get, path = "/api/v1/statistics/silent", tag = "statistics", operation_id = "statistics_silent", params(Asked, ("after" = Option<String>, Query)), responses((status = 200, body = Vec<OrganisationLine>), (status = 403)))]
pub async fn get(
    State(app): State<App>,
    me: SignedIn,
    Query(asked): Query<Asked>,
    Query(cursor): Query<Cursor>,
) -> Result<Json<Slice<OrganisationLine>>, Problem> {
    Ok(Json(silent::load(&app, &me, &asked, &cursor, PAGE).await?.page))
}

//! `/api/v1/statistics/crossing`: held sessions by two traits at once.

use crate::organisations::OrganisationId;
use crate::problem::Problem;
use crate::state::App;
use crate::statistics::choice::{Asked, iso};
use crate::statistics::crossing::{Cell, Traits, load};
use crate::web::SignedIn;
use axum::Json;
use axum::extract::{Query, State};
use serde::Serialize;
use utoipa::ToSchema;

/// One cell. Cells that are not told are zero.
#[derive(Debug, Serialize, ToSchema)]
pub struct CrossingCell {
    /// Code of the row; empty where nothing was said.
    row: String,
    /// Code of the column; empty where nothing was said.
    column: String,
    sessions: i64,
    people: i64,
}

/// A table of two traits.
#[derive(Debug, Serialize, ToSchema)]
pub struct CrossingBody {
    #[schema(value_type = String)]
    organisation: OrganisationId,
    name: String,
    from: String,
    to: String,
    /// Kind of trait of the rows: `form`, `lecturer`, `venue` or `topic`.
    rows: &'static str,
    /// Kind of trait of the columns.
    columns: &'static str,
    cells: Vec<CrossingCell>,
    /// Sessions of all cells together.
    sessions: i64,
    /// People of all cells together.
    people: i64,
}

/// `GET /api/v1/statistics/crossing`: held sessions, and the people in them, by two traits at once.
#[utoipa::path(get, path = "/api/v1/statistics/crossing", tag = "statistics", operation_id = "statistics_crossing", params(Asked, Traits), responses((status = 200, body = CrossingBody), (status = 403), (status = 404), (status = 422)))]
pub async fn get(
    State(app): State<App>,
    me: SignedIn,
    Query(asked): Query<Asked>,
    Query(traits): Query<Traits>,
) -> Result<Json<CrossingBody>, Problem> {
    let found = load(&app, &me, &asked, &traits).await?;
    let cell = |((row, column), cell): (&(String, String), &Cell)| CrossingCell {
        row: row.clone(),
        column: column.clone(),
        sessions: cell.sessions,
        people: cell.people,
    };
    Ok(Json(CrossingBody {
        organisation: found.choice.organisation,
        name: found.name,
        from: iso(found.choice.period.first),
        to: iso(found.choice.period.last),
        rows: found.kinds.0.code(),
        columns: found.kinds.1.code(),
        sessions: found.cells.values().map(|cell| cell.sessions).sum(),
        people: found.cells.values().map(|cell| cell.people).sum(),
        cells: found.cells.iter().map(cell).collect(),
    }))
}

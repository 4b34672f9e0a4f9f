//! Blank workbooks for programs: upload, look, say what goes where, fill, remove.

use crate::organisations::OrganisationId;
use crate::problem::Problem;
use crate::spreadsheets::given::Look;
use crate::state::App;
use crate::statistics::workbooks::{Mark, Workbook, WorkbookId, actions};
use crate::web::SignedIn;
use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use kernel::{AccountId, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A blank workbook.
#[derive(Debug, Serialize, ToSchema)]
pub struct StatisticsWorkbook {
    #[schema(value_type = String)]
    id: WorkbookId,
    /// Whose figures it is filled with.
    #[schema(value_type = String)]
    organisation: OrganisationId,
    title: String,
    marks: Vec<Mark>,
    #[schema(value_type = String)]
    created_by: AccountId,
    #[schema(value_type = i64)]
    created_at: Timestamp,
    version: i64,
}

impl From<Workbook> for StatisticsWorkbook {
    fn from(one: Workbook) -> Self {
        let Workbook { id, organisation, title, marks, created_by, created_at, version } = one;
        Self { id, organisation, title, marks, created_by, created_at, version }
    }
}

/// Whose it is and what it is called.
#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
pub struct Named {
    /// Id of the organisation whose figures it is filled with.
    pub organisation: String,
    /// 1 to 100 characters.
    pub title: String,
}

/// Which sheet.
#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
pub struct WhichSheet {
    /// Its name; the first without it.
    pub sheet: String,
}

/// A cell that shows something.
#[derive(Debug, Serialize, ToSchema)]
pub struct SheetCell {
    /// `B3`
    cell: String,
    text: String,
    /// It is computed, and can't be filled.
    formula: bool,
}

/// The upper left part of a sheet: 60 rows, 20 columns.
#[derive(Debug, Serialize, ToSchema)]
pub struct WorkbookSheet {
    /// Names of all sheets that are shown.
    sheets: Vec<String>,
    /// Its name.
    sheet: String,
    /// Cells that are not empty.
    cells: Vec<SheetCell>,
    /// There is more.
    more: bool,
}

impl From<Look> for WorkbookSheet {
    fn from(look: Look) -> Self {
        let cells = look.rows.into_iter().flat_map(|(_, cells)| cells).filter(|square| !square.text.is_empty());
        Self {
            sheets: look.sheets,
            sheet: look.sheet,
            cells: cells.map(|square| SheetCell { cell: square.reference, text: square.text, formula: square.formula }).collect(),
            more: look.more,
        }
    }
}

/// All marks of a workbook.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WorkbookMarks {
    /// At most 500.
    pub marks: Vec<Mark>,
}

/// Blank workbooks of the organisations of the reader's roles, the latest first, at most 200.
#[utoipa::path(get, path = "/api/v1/statistics/workbooks", tag = "statistics", operation_id = "list_workbooks", responses((status = 200, body = Vec<StatisticsWorkbook>), (status = 403)))]
pub async fn list(State(app): State<App>, me: SignedIn) -> Result<Json<Vec<StatisticsWorkbook>>, Problem> {
    Ok(Json(actions::list(&app, &me).await?.into_iter().map(StatisticsWorkbook::from).collect()))
}

/// Takes the blank workbook in the body.
#[utoipa::path(post, path = "/api/v1/statistics/workbooks", tag = "statistics", operation_id = "add_workbook", params(Named),
    request_body(content = Vec<u8>, description = ".xlsx, at most 8 MiB", content_type = "application/octet-stream"),
    responses((status = 201, body = StatisticsWorkbook), (status = 403), (status = 422)))]
pub async fn add(
    State(app): State<App>,
    me: SignedIn,
    Query(named): Query<Named>,
    bytes: Bytes,
) -> Result<(StatusCode, Json<StatisticsWorkbook>), Problem> {
    let organisation = named.organisation.parse().map_err(|_| Problem::not_found())?;
    let added = actions::add(&app, &me, organisation, &named.title, bytes.to_vec()).await?;
    Ok((StatusCode::CREATED, Json(added.into())))
}

/// One blank workbook with what goes where.
#[utoipa::path(get, path = "/api/v1/statistics/workbooks/{id}", tag = "statistics", operation_id = "get_workbook", params(("id" = String, Path)), responses((status = 200, body = StatisticsWorkbook), (status = 404)))]
pub async fn get(State(app): State<App>, me: SignedIn, Path(id): Path<WorkbookId>) -> Result<Json<StatisticsWorkbook>, Problem> {
    Ok(Json(actions::visible(&app, &me, id).await?.into()))
}

/// What one of its sheets shows.
#[utoipa::path(get, path = "/api/v1/statistics/workbooks/{id}/sheet", tag = "statistics", operation_id = "look_at_workbook", params(("id" = String, Path), WhichSheet), responses((status = 200, body = WorkbookSheet), (status = 404)))]
pub async fn sheet(
    State(app): State<App>,
    me: SignedIn,
    Path(id): Path<WorkbookId>,
    Query(which): Query<WhichSheet>,
) -> Result<Json<WorkbookSheet>, Problem> {
    let of = actions::visible(&app, &me, id).await?;
    Ok(Json(actions::look(&app, &of, &which.sheet).await?.into()))
}

/// Says what goes where: these marks and no others.
#[utoipa::path(put, path = "/api/v1/statistics/workbooks/{id}/marks", tag = "statistics", operation_id = "mark_workbook", params(("id" = String, Path)), request_body = WorkbookMarks, responses((status = 200, body = StatisticsWorkbook), (status = 403), (status = 404), (status = 422)))]
pub async fn mark(
    State(app): State<App>,
    me: SignedIn,
    Path(id): Path<WorkbookId>,
    Json(body): Json<WorkbookMarks>,
) -> Result<Json<StatisticsWorkbook>, Problem> {
    Ok(Json(actions::mark_all(&app, &me, id, body.marks).await?.into()))
}

/// Removes a blank workbook for good.
#[utoipa::path(delete, path = "/api/v1/statistics/workbooks/{id}", tag = "statistics", operation_id = "remove_workbook", params(("id" = String, Path)), responses((status = 204), (status = 403), (status = 404)))]
pub async fn remove(State(app): State<App>, me: SignedIn, Path(id): Path<WorkbookId>) -> Result<StatusCode, Problem> {
    actions::remove(&app, &me, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

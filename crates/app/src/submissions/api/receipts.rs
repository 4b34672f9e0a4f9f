//! Receipts, for everybody who has a number.

use crate::problem::Problem;
use crate::state::App;
use crate::submissions::{Receipt, receipt};
use axum::Json;
use axum::extract::{Path, State};

/// What a receipt stands for. Nobody needs to sign in.
#[utoipa::path(get, path = "/api/v1/receipts/{number}", tag = "receipts", params(("number" = String, Path)), responses((status = 200, body = Receipt), (status = 404)))]
pub async fn get(State(app): State<App>, Path(number): Path<String>) -> Result<Json<Receipt>, Problem> {
    Ok(Json(receipt(&app, &number).await?))
}

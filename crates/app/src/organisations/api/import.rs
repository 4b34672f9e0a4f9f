//! Imports for programs: send, follow, confirm, cancel.

use crate::jobs::{JobId, JobState};
use crate::organisations::actions::register::{self, Followed, Order};
use crate::organisations::arrival::{may_import, spooled};
use crate::organisations::import::{Fault, FaultGroup};
use crate::problem::Problem;
use crate::state::App;
use crate::web::{SignedIn, Visit};
use axum::Json;
use axum::body::Body;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Most faults of one answer; the workbook has them all.
const FAULTS_MOST: usize = 1_000;

/// How a file is called in reports.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Named {
    /// File name.
    #[serde(default)]
    name: String,
}

/// An import.
#[derive(Debug, Serialize, ToSchema)]
pub struct ImportBody {
    #[schema(value_type = String)]
    id: JobId,
    /// `queued`, `running`, `done`, `parked`, `cancelled`.
    #[schema(value_type = String)]
    state: JobState,
    /// 0 to 100.
    percent: i64,
    /// Whether it changes the tree, or only tells what would change.
    apply: bool,
    /// Code of the problem that refused the file as a whole.
    refused: Option<String>,
    added: usize,
    renamed: usize,
    moved: usize,
    corrected: usize,
    unchanged: usize,
    /// Faults by column and rule, in the reader's language.
    groups: Vec<FaultGroup>,
    /// Faults row by row, at most 1,000.
    #[schema(value_type = Vec<Object>)]
    faults: Vec<Fault>,
}

fn body(visit: &Visit, followed: &Followed) -> ImportBody {
    let report = followed.report.clone().unwrap_or_default();
    ImportBody {
        id: followed.job.id,
        state: followed.job.state,
        percent: followed.job.percent,
        apply: followed.order.apply,
        refused: report.refused.map(|(code, _)| code),
        added: report.changes.added,
        renamed: report.changes.renamed,
        moved: report.changes.moved,
        corrected: report.changes.corrected,
        unchanged: report.changes.unchanged,
        groups: followed.groups(&visit.texts),
        faults: report.changes.faults.into_iter().take(FAULTS_MOST).collect(),
    }
}

/// `POST /api/v1/organisations/imports`: checks the file in the body; nothing is changed.
#[utoipa::path(post, path = "/api/v1/organisations/imports", params(Named), tag = "organisations",
    request_body(content = Vec<u8>, description = ".xlsx or .csv, at most 64 MiB", content_type = "application/octet-stream"),
    responses((status = 202, body = ImportBody)))]
pub async fn check(
    State(app): State<App>,
    visit: Visit,
    me: SignedIn,
    Query(named): Query<Named>,
    file: Body,
) -> Result<(StatusCode, Json<ImportBody>), Problem> {
    may_import(&app, &me)?;
    let file = spooled(&app, file.into_data_stream()).await?;
    let name = named.name.chars().filter(|c| !c.is_control()).take(100).collect();
    let language = visit.texts.language.tag().to_owned();
    let id = register::enqueue(&app, &Order { file, name, account: me.account, apply: false, language }).await?;
    Ok((StatusCode::ACCEPTED, Json(body(&visit, &register::follow(&app, &me, id).await?))))
}

/// `GET /api/v1/organisations/imports/{id}`
#[utoipa::path(get, path = "/api/v1/organisations/imports/{id}", params(("id" = String, Path)), tag = "organisations",
    responses((status = 200, body = ImportBody)))]
pub async fn import_state(State(app): State<App>, visit: Visit, me: SignedIn, Path(id): Path<JobId>) -> Result<Json<ImportBody>, Problem> {
    Ok(Json(body(&visit, &register::follow(&app, &me, id).await?)))
}

/// `POST /api/v1/organisations/imports/{id}/apply`: imports what was checked.
#[utoipa::path(post, path = "/api/v1/organisations/imports/{id}/apply", params(("id" = String, Path)), tag = "organisations",
    responses((status = 202, body = ImportBody), (status = 409, description = "Not checked yet, or with faults")))]
pub async fn apply(
    State(app): State<App>,
    visit: Visit,
    me: SignedIn,
    Path(id): Path<JobId>,
) -> Result<(StatusCode, Json<ImportBody>), Problem> {
    may_import(&app, &me)?;
    let id = register::confirm(&app, &me, id).await?;
    Ok((StatusCode::ACCEPTED, Json(body(&visit, &register::follow(&app, &me, id).await?))))
}

/// `DELETE /api/v1/organisations/imports/{id}`: stops it; nothing is changed then.
#[utoipa::path(delete, path = "/api/v1/organisations/imports/{id}", params(("id" = String, Path)), tag = "organisations",
    responses((status = 204), (status = 409, description = "Finished already")))]
pub async fn cancel(State(app): State<App>, me: SignedIn, Path(id): Path<JobId>) -> Result<StatusCode, Problem> {
    register::cancel(&app, &me, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

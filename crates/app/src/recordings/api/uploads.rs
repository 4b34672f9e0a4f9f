//! What tus has no words for: the list of unfinished uploads, and what became of a complete one.

use crate::i18n::Texts;
use crate::jobs::{Job, JobState};
use crate::lessons::LessonId;
use crate::problem::Problem;
use crate::recordings::{Broken, Material, MaterialId, MaterialState, Upload, UploadId, UploadState, Variant, actions};
use crate::state::App;
use crate::web::{SignedIn, Visit};
use axum::Json;
use axum::extract::{Path, Query, State};
use serde::{Deserialize, Serialize};

/// Whose uploads.
#[derive(Debug, Deserialize)]
pub struct Asked {
    lesson: LessonId,
    slot: String,
    variant: Option<Variant>,
}

/// An upload that another device may continue.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Unfinished {
    /// Where it goes on.
    url: String,
    /// Bytes here.
    offset: u64,
    /// Bytes declared.
    length: i64,
    /// What its owner calls it.
    filename: String,
    /// Which making.
    variant: &'static str,
}

/// A broken rule in words.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Complaint {
    rule: String,
    found: String,
    wanted: String,
    /// In the reader's language.
    text: String,
}

/// How far a file is.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct UploadStatus {
    /// `uploading`, `checking`, `ready` or `refused`.
    state: &'static str,
    /// Of what is going on: bytes, then examining, then making it playable.
    percent: i64,
    /// Why it was refused.
    errors: Vec<Complaint>,
    /// The file it became.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    material: Option<MaterialId>,
    /// What it waits for, such as a missing ffmpeg.
    #[serde(skip_serializing_if = "Option::is_none")]
    waits_for: Option<String>,
}

/// Unfinished uploads of a slot, newest first.
#[utoipa::path(get, path = "/api/v1/uploads", tag = "uploads", params(("lesson" = String, Query), ("slot" = String, Query), ("variant" = Option<String>, Query)), responses((status = 200, body = [Unfinished]), (status = 404)))]
pub async fn list(
    State(app): State<App>,
    me: SignedIn,
    visit: Visit,
    Query(asked): Query<Asked>,
) -> Result<Json<Vec<Unfinished>>, Problem> {
    let found = actions::unfinished(&app, &me, asked.lesson, &asked.slot).await?;
    let shown = |(upload, offset): (Upload, u64)| Unfinished {
        url: format!("{}/{}", visit.route(), upload.id),
        offset,
        length: upload.length,
        filename: upload.filename,
        variant: upload.variant.code(),
    };
    let wanted = |(upload, _): &(Upload, u64)| asked.variant.is_none_or(|variant| variant == upload.variant);
    Ok(Json(found.into_iter().filter(wanted).map(shown).collect()))
}

/// What became of an upload.
#[utoipa::path(get, path = "/api/v1/uploads/{id}/status", tag = "uploads", params(("id" = String, Path)), responses((status = 200, body = UploadStatus), (status = 404), (status = 410)))]
pub async fn status(State(app): State<App>, visit: Visit, me: SignedIn, Path(id): Path<UploadId>) -> Result<Json<UploadStatus>, Problem> {
    let begun = actions::open(&app, &me, id).await?;
    let Some(material) = begun.upload.material else {
        let offset = begun.spool.glance().await.cast_signed();
        let percent = if begun.upload.state == UploadState::Open { offset * 100 / begun.upload.length.max(1) } else { 100 };
        return Ok(Json(UploadStatus { state: "uploading", percent, errors: Vec::new(), material: None, waits_for: None }));
    };
    let (material, job) = actions::status(&app, material).await?;
    let material = material.ok_or_else(Problem::not_found)?;
    Ok(Json(shown(&visit.texts, &material, job)))
}

fn shown(texts: &Texts, material: &Material, job: Option<Job>) -> UploadStatus {
    let parked = job.as_ref().is_some_and(|job| job.state == JobState::Parked);
    let given_up = Broken { rule: "not-examined".into(), found: String::new(), wanted: String::new() };
    let (state, problems) = match material.state {
        // The job died three times: nobody will examine it again by itself.
        MaterialState::Checking if parked => ("refused", vec![given_up]),
        MaterialState::Checking => ("checking", Vec::new()),
        MaterialState::Ready => ("ready", Vec::new()),
        MaterialState::Refused => ("refused", material.problems.clone()),
    };
    let errors = problems.into_iter().map(|problem| complaint(texts, problem)).collect();
    let percent = job.as_ref().map_or(100, |job| job.percent);
    UploadStatus { state, percent, errors, material: Some(material.id), waits_for: job.and_then(|job| job.note) }
}

/// A broken rule in the reader's words.
pub fn complaint(texts: &Texts, problem: Broken) -> Complaint {
    let text = texts.args(&format!("rule-{}", problem.rule), &[("found", problem.found.clone()), ("wanted", problem.wanted.clone())]);
    Complaint { rule: problem.rule, found: problem.found, wanted: problem.wanted, text }
}

//! One submission with all that belongs to it.

use crate::lessons::api::LessonBody;
use crate::problem::Problem;
use crate::recordings::{Addresses, Audience, MaterialId, Recordings, media_base};
use crate::state::App;
use crate::submissions::rules::{Checklist, Difference, Move};
use crate::submissions::{self, Approval, Award, Dossier, FileSeen, Hop, Revision, Submission, SubmissionId, Submissions, actions};
use crate::web::{SignedIn, etag};
use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::header::CACHE_CONTROL;
use axum::response::{IntoResponse, Response};
use kernel::{AccountId, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A revision without its answers.
#[derive(Debug, Serialize, ToSchema)]
pub struct RevisionHead {
    /// From 1.
    number: i64,
    /// Number of its receipt.
    receipt: String,
    /// When it was handed in.
    #[schema(value_type = i64)]
    created_at: Timestamp,
    /// By whom.
    #[schema(value_type = String)]
    created_by: AccountId,
    /// Its files.
    files: Vec<FileSeen>,
}

/// A submission as its reader sees it.
#[derive(Debug, Serialize, ToSchema)]
pub struct SubmissionBody {
    #[serde(flatten)]
    submission: Submission,
    lesson_now: LessonBody,
    checklist: Checklist,
    hops: Vec<Hop>,
    revisions: Vec<RevisionHead>,
    /// What the newest revision changed since the return.
    difference: Option<Difference>,
    approvals: Vec<Approval>,
    approvals_needed: i64,
    award: Option<Award>,
    /// The reader may change the work now.
    editable: bool,
    /// What the reader could do now.
    may: Vec<Move>,
}

impl From<Dossier> for SubmissionBody {
    fn from(d: Dossier) -> Self {
        let difference = d.difference();
        let head = |r: Revision| RevisionHead {
            number: r.number,
            receipt: r.receipt,
            created_at: r.created_at,
            created_by: r.created_by,
            files: r.files,
        };
        Self {
            submission: d.case.submission,
            lesson_now: d.lesson.into(),
            checklist: d.checklist,
            hops: d.case.hops,
            revisions: d.revisions.into_iter().map(head).collect(),
            difference,
            approvals: d.approvals,
            approvals_needed: d.case.call.campaign.approvals,
            award: d.award,
            editable: d.editable,
            may: d.options,
        }
    }
}

/// One submission: its journey, what is missing, what the reader could do now.
#[utoipa::path(get, path = "/api/v1/submissions/{id}", tag = "submissions", params(("id" = String, Path)), responses((status = 200, body = SubmissionBody), (status = 404)))]
pub async fn get(State(app): State<App>, me: SignedIn, Path(id): Path<SubmissionId>) -> Result<Response, Problem> {
    let found = submissions::dossier(&app, &me, id).await?;
    Ok((etag(found.case.submission.version), Json(SubmissionBody::from(found))).into_response())
}

/// What is still missing before it can be handed in.
#[utoipa::path(get, path = "/api/v1/submissions/{id}/checklist", tag = "submissions", params(("id" = String, Path)), responses((status = 200, body = Checklist), (status = 404)))]
pub async fn checklist(State(app): State<App>, me: SignedIn, Path(id): Path<SubmissionId>) -> Result<Json<Checklist>, Problem> {
    Ok(Json(submissions::dossier(&app, &me, id).await?.checklist))
}

/// One revision as it was handed in.
#[utoipa::path(get, path = "/api/v1/submissions/{id}/revisions/{number}", tag = "submissions", params(("id" = String, Path), ("number" = i64, Path)), responses((status = 200, body = Revision), (status = 404)))]
pub async fn revision(
    State(app): State<App>,
    me: SignedIn,
    Path((id, number)): Path<(SubmissionId, i64)>,
) -> Result<Json<Revision>, Problem> {
    let mut tx = app.db.read().await?;
    actions::by_id(&app, &mut tx, &me, id).await?;
    Ok(Json(Submissions(&mut tx).revision(id, number).await?.ok_or_else(Problem::not_found)?))
}

/// Two revisions.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Between {
    from: i64,
    to: i64,
}

/// What changed between two revisions, field by field and file by file.
#[utoipa::path(get, path = "/api/v1/submissions/{id}/difference", tag = "submissions", params(("id" = String, Path), Between), responses((status = 200, body = Difference), (status = 404)))]
pub async fn difference(
    State(app): State<App>,
    me: SignedIn,
    Path(id): Path<SubmissionId>,
    Query(between): Query<Between>,
) -> Result<Json<Difference>, Problem> {
    Ok(Json(submissions::difference(&app, &me, id, between.from, between.to).await?))
}

/// Which recording is to be played.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Played {
    /// Id of a file of the submission.
    #[param(value_type = String)]
    material: MaterialId,
}

/// Signed addresses of one of its recordings, as soon as that can be played.
#[utoipa::path(get, path = "/api/v1/submissions/{id}/addresses", tag = "submissions", params(("id" = String, Path), Played), responses((status = 200, body = Addresses), (status = 404, description = "None of its files, or not playable yet")))]
pub async fn addresses(
    State(app): State<App>,
    me: SignedIn,
    Path(id): Path<SubmissionId>,
    Query(Played { material }): Query<Played>,
) -> Result<Response, Problem> {
    let found = submissions::dossier(&app, &me, id).await?;
    let handed_in = || found.revisions.iter().any(|r| r.files.iter().any(|f| f.material == material));
    if !found.materials.iter().any(|m| m.id == material) && !handed_in() {
        return Err(Problem::not_found());
    }
    let made = Recordings(&mut app.db.read().await?).renditions(material).await?;
    if !made.iter().any(|rendition| rendition.kind == "master") {
        return Err(Problem::not_found());
    }
    let base = media_base(&app, Audience::Account(me.account), material, app.clock.now());
    Ok(([(CACHE_CONTROL, "no-store")], Json(Addresses::below(&base, &made))).into_response())
}

//! The owner's side: start, save, hand in, take back.

use super::{ReasonBody, Seen, SeenBody, standing};
use crate::campaigns::{CampaignId, CategoryId};
use crate::lessons::{LessonFields, LessonId};
use crate::problem::Problem;
use crate::state::App;
use crate::submissions::actions::{self, Draft};
use crate::submissions::{Receipt, SubmissionId, receipt};
use crate::web::{IfMatch, SignedIn};
use axum::Json;
use axum::extract::{Path, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What begins a journey.
#[derive(Debug, Deserialize, ToSchema)]
pub struct StartBody {
    /// The call.
    #[schema(value_type = String)]
    campaign: CampaignId,
    /// The track.
    #[schema(value_type = String)]
    category: CategoryId,
    /// The work.
    #[schema(value_type = String)]
    lesson: LessonId,
}

/// Starts the draft of a submission.
#[utoipa::path(post, path = "/api/v1/submissions", tag = "submissions", request_body = StartBody, responses((status = 201, body = super::StandingBody), (status = 403), (status = 404), (status = 409), (status = 422)))]
pub async fn start(State(app): State<App>, me: SignedIn, Json(new): Json<StartBody>) -> Result<Response, Problem> {
    let id = actions::start(&app, &me, new.campaign, new.category, new.lesson).await?;
    let place = HeaderValue::from_str(&format!("/api/v1/submissions/{id}")).map_err(Problem::internal)?;
    Ok((StatusCode::CREATED, [(header::LOCATION, place)], standing(&app, &me, id).await?).into_response())
}

/// What is saved of a draft, each part only when it is given.
#[derive(Debug, Deserialize, ToSchema)]
pub struct DraftBody {
    /// The version of the submission that the sender has seen.
    #[serde(default)]
    version: Option<i64>,
    /// The version of the lesson that the sender has seen; needed with `lesson`.
    #[serde(default)]
    lesson_version: Option<i64>,
    /// Fields of the lesson.
    #[serde(default)]
    lesson: Option<LessonFields>,
    /// Codes of all consents that are given now.
    #[serde(default)]
    consents: Option<Vec<String>>,
    /// Another track, as long as it was never handed in.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    category: Option<CategoryId>,
}

/// Saves a draft.
#[utoipa::path(patch, path = "/api/v1/submissions/{id}", tag = "submissions", params(("id" = String, Path)), request_body = DraftBody, responses((status = 200, body = super::StandingBody), (status = 403), (status = 404), (status = 409), (status = 412), (status = 422)))]
pub async fn save(
    State(app): State<App>,
    me: SignedIn,
    Path(id): Path<SubmissionId>,
    seen: IfMatch,
    Json(body): Json<DraftBody>,
) -> Result<Response, Problem> {
    let seen = Seen::of(seen, body.version)?;
    let lesson = match (body.lesson, body.lesson_version) {
        (Some(fields), Some(version)) => Some((version, fields)),
        (Some(_), None) => return Err(Problem::field("lesson_version", "required", "", "")),
        (None, _) => None,
    };
    let draft = Draft { lesson, consents: body.consents, category: body.category };
    actions::autosave(&app, &me, id, seen.version, draft).await.map_err(|p| seen.told(p))?;
    standing(&app, &me, id).await
}

/// Hands a draft in, or a returned submission in again. The answer is the receipt.
#[utoipa::path(post, path = "/api/v1/submissions/{id}/revisions", tag = "submissions", params(("id" = String, Path)), request_body = SeenBody, responses((status = 201, body = Receipt), (status = 403), (status = 404), (status = 409), (status = 412), (status = 422)))]
pub async fn submit(
    State(app): State<App>,
    me: SignedIn,
    Path(id): Path<SubmissionId>,
    seen: IfMatch,
    Json(body): Json<SeenBody>,
) -> Result<Response, Problem> {
    let seen = Seen::of(seen, body.version)?;
    let made = actions::submit(&app, &me, id, seen.version).await.map_err(|p| seen.told(p))?;
    let place = HeaderValue::from_str(&format!("/api/v1/receipts/{}", made.receipt)).map_err(Problem::internal)?;
    Ok((StatusCode::CREATED, [(header::LOCATION, place)], Json(receipt(&app, &made.receipt).await?)).into_response())
}

/// Takes a submission back from the desk where the sender put it, while nobody has opened it there.
#[utoipa::path(post, path = "/api/v1/submissions/{id}/pull-back", tag = "submissions", params(("id" = String, Path)), request_body = SeenBody, responses((status = 200, body = super::StandingBody), (status = 403), (status = 404), (status = 409), (status = 412)))]
pub async fn pull_back(
    State(app): State<App>,
    me: SignedIn,
    Path(id): Path<SubmissionId>,
    seen: IfMatch,
    Json(body): Json<SeenBody>,
) -> Result<Response, Problem> {
    let seen = Seen::of(seen, body.version)?;
    actions::pull_back(&app, &me, id, seen.version).await.map_err(|p| seen.told(p))?;
    standing(&app, &me, id).await
}

/// Gives a submission up for good.
#[utoipa::path(post, path = "/api/v1/submissions/{id}/withdrawal", tag = "submissions", params(("id" = String, Path)), request_body = ReasonBody, responses((status = 200, body = super::StandingBody), (status = 403), (status = 404), (status = 409), (status = 412), (status = 422)))]
pub async fn withdraw(
    State(app): State<App>,
    me: SignedIn,
    Path(id): Path<SubmissionId>,
    seen: IfMatch,
    Json(body): Json<ReasonBody>,
) -> Result<Response, Problem> {
    let seen = Seen::of(seen, body.version)?;
    actions::withdraw(&app, &me, id, seen.version, &body.reason).await.map_err(|p| seen.told(p))?;
    standing(&app, &me, id).await
}

/// Who else has the editor open.
#[derive(Debug, Serialize, ToSchema)]
pub struct Presence {
    /// Their names.
    others: Vec<String>,
}

/// Says that the sender has the editor open, and learns who else has.
#[utoipa::path(post, path = "/api/v1/submissions/{id}/presence", tag = "submissions", params(("id" = String, Path)), responses((status = 200, body = Presence), (status = 403), (status = 404)))]
pub async fn presence(State(app): State<App>, me: SignedIn, Path(id): Path<SubmissionId>) -> Result<Json<Presence>, Problem> {
    Ok(Json(Presence { others: actions::presence(&app, &me, id).await? }))
}

//! One verdict for many.

use crate::problem::Problem;
use crate::state::App;
use crate::submissions::actions::{self, PreviewItem};
use crate::submissions::rules::Ruling;
use crate::submissions::{SubmissionId, actions::Preview};
use crate::web::{SignedIn, Visit};
use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A verdict, and for whom.
#[derive(Debug, Deserialize, ToSchema)]
pub struct BatchBody {
    /// At most 200.
    #[schema(value_type = Vec<String>)]
    submissions: Vec<SubmissionId>,
    #[serde(flatten)]
    ruling: Ruling,
}

/// What would happen to one of them.
#[derive(Debug, Serialize, ToSchema)]
pub struct BatchItem {
    #[schema(value_type = String)]
    submission: SubmissionId,
    version: i64,
    possible: bool,
    /// Code of the refusal.
    problem: Option<&'static str>,
    /// The refusal in words.
    text: Option<String>,
}

/// What a batch would do.
#[derive(Debug, Serialize, ToSchema)]
pub struct BatchPreview {
    /// Send it back to confirm.
    token: String,
    /// Every one of them is possible.
    possible: bool,
    items: Vec<BatchItem>,
}

fn item(visit: &Visit, item: PreviewItem) -> BatchItem {
    let text = item.problem.as_ref().map(|p| visit.texts.args(&format!("problem-{}", p.code), &p.args));
    let problem = item.problem.map(|p| p.code);
    BatchItem { submission: item.submission, version: item.version, possible: problem.is_none(), problem, text }
}

/// Tries one verdict on many submissions and changes nothing.
#[utoipa::path(post, path = "/api/v1/submissions/batches/preview", tag = "submissions", request_body = BatchBody, responses((status = 200, body = BatchPreview), (status = 404), (status = 422)))]
pub async fn preview(
    State(app): State<App>,
    me: SignedIn,
    visit: Visit,
    Json(body): Json<BatchBody>,
) -> Result<Json<BatchPreview>, Problem> {
    let Preview { token, items } = actions::preview(&app, &me, &body.submissions, &body.ruling).await?;
    let items: Vec<_> = items.into_iter().map(|one| item(&visit, one)).collect();
    Ok(Json(BatchPreview { token, possible: items.iter().all(|i| i.possible), items }))
}

/// The confirmation of a preview, with the same verdict.
#[derive(Debug, Deserialize, ToSchema)]
pub struct ConfirmBody {
    token: String,
    #[serde(flatten)]
    ruling: Ruling,
}

/// What was done.
#[derive(Debug, Serialize, ToSchema)]
pub struct Confirmed {
    #[schema(value_type = Vec<String>)]
    submissions: Vec<SubmissionId>,
}

/// Gives the verdict that was previewed: all of it, or nothing and the reasons.
#[utoipa::path(post, path = "/api/v1/submissions/batches", tag = "submissions", request_body = ConfirmBody, responses((status = 200, body = Confirmed), (status = 409), (status = 422)))]
pub async fn confirm(State(app): State<App>, me: SignedIn, Json(body): Json<ConfirmBody>) -> Result<Json<Confirmed>, Problem> {
    Ok(Json(Confirmed { submissions: actions::confirm(&app, &me, &body.token, &body.ruling).await? }))
}

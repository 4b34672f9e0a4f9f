//! `/api/v1/submissions` and `/api/v1/receipts`.

pub mod awards;
pub mod batches;
pub mod clearance;
pub mod drafts;
pub mod lists;
pub mod receipts;
pub mod show;
pub mod verdicts;

use super::rules::Move;
use super::{SubmissionId, actions, model};
use crate::problem::Problem;
use crate::state::App;
use crate::web::{IfMatch, etag};
use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use kernel::{Actor, OrganisationId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A write that says nothing but the version it saw; `If-Match` may say it instead.
#[derive(Debug, Default, Deserialize, ToSchema)]
pub struct SeenBody {
    /// The version that the sender has seen.
    #[serde(default)]
    pub version: Option<i64>,
}

/// A write with a reason in words.
#[derive(Debug, Deserialize, ToSchema)]
pub struct ReasonBody {
    /// The version that the sender has seen.
    #[serde(default)]
    pub version: Option<i64>,
    /// Why.
    pub reason: String,
}

/// Where a submission stands after a write.
#[derive(Debug, Serialize, ToSchema)]
pub struct StandingBody {
    /// Which.
    #[schema(value_type = String)]
    pub id: SubmissionId,
    /// Its state.
    pub state: model::State,
    /// On whose desk.
    #[schema(value_type = String)]
    pub holder: OrganisationId,
    /// Number of its newest revision.
    pub revision: i64,
    /// The version that the next write names.
    pub version: i64,
    /// What the reader could do now.
    pub may: Vec<Move>,
}

/// The version that a request says it saw, and in which way.
#[derive(Debug, Clone, Copy)]
struct Seen {
    version: i64,
    by_header: bool,
}

impl Seen {
    /// `If-Match` wins over the body; one of them is needed.
    fn of(IfMatch(header): IfMatch, body: Option<i64>) -> Result<Self, Problem> {
        let version = header.or(body).ok_or_else(|| Problem::field("version", "required", "", ""))?;
        Ok(Self { version, by_header: header.is_some() })
    }

    /// The refusal in the way the request asked: a header that did not match is 412, a body 409.
    fn told(self, problem: Problem) -> Problem {
        let failed = self.by_header && problem.code == "moved-meanwhile";
        if failed { Problem { status: StatusCode::PRECONDITION_FAILED, code: "stale", ..problem } } else { problem }
    }
}

/// Where `id` stands now, as answer to a write.
async fn standing(app: &App, actor: &Actor, id: SubmissionId) -> Result<Response, Problem> {
    let case = actions::read(app, &mut app.db.read().await?, actor, id).await?;
    let now = &case.submission;
    let may = case.standing().options(actor);
    let body = StandingBody { id, state: now.state, holder: now.holder, revision: now.revision, version: now.version, may };
    Ok((etag(now.version), Json(body)).into_response())
}

//! The award on the page of clearance.

use super::clearance::again;
use super::{Sent, mendable};
use crate::problem::Problem;
use crate::state::App;
use crate::submissions::{AwardLevel, SubmissionId, actions};
use crate::web::{SignedIn, Visit};
use axum::extract::{Form, Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use kernel::Actor;

/// `POST /clearance/{id}/award`
pub async fn give_award(
    State(app): State<App>,
    visit: Visit,
    me: SignedIn,
    Path(id): Path<SubmissionId>,
    Form(sent): Form<Sent>,
) -> Result<Response, Problem> {
    match mendable(give(&app, &me, id, &sent).await)? {
        Ok(()) => Ok(Redirect::to(&format!("/clearance/{id}?done=awarded")).into_response()),
        Err(problem) => again(&app, &visit, &me, id, &problem).await,
    }
}

async fn give(app: &App, me: &Actor, id: SubmissionId, sent: &Sent) -> Result<(), Problem> {
    let level = sent.get("level");
    let level = AwardLevel::from_code(level).ok_or_else(|| Problem::field("level", "one-of", level, ""))?;
    actions::give_award(app, me, id, sent.version(), level).await
}

/// `POST /clearance/{id}/award/removal`
pub async fn take_award_back(
    State(app): State<App>,
    visit: Visit,
    me: SignedIn,
    Path(id): Path<SubmissionId>,
    Form(sent): Form<Sent>,
) -> Result<Response, Problem> {
    match mendable(actions::take_award_back(&app, &me, id, sent.version(), sent.get("reason")).await)? {
        Ok(()) => Ok(Redirect::to(&format!("/clearance/{id}?done=award-taken-back")).into_response()),
        Err(problem) => again(&app, &visit, &me, id, &problem).await,
    }
}

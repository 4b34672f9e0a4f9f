//! `/rooms`: what browsers listen to and send, and the same for programs under `/api/v1`.

pub mod board;
pub mod files;
pub mod groups;
pub mod lessons;
pub mod live;
pub mod poll;
pub mod stay;
pub mod talk;
pub mod wire;
pub mod words;

use crate::broadcasts::BroadcastId;
use crate::problem::Problem;
use crate::rooms::actions;
use crate::rooms::hub::Room;
use crate::rooms::reading::Reader;
use crate::state::App;
use crate::web::Visit;
use axum::http::header::RETRY_AFTER;
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use std::sync::Arc;

/// From where on, and for whom.
#[derive(Debug, Clone, Copy, Default, Deserialize, utoipa::IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
pub struct AskedFor {
    /// The last number that was heard; without it the last 50 messages and open questions come first.
    pub after: i64,
    /// 1 for what moderators see.
    pub board: u8,
}

/// Lets a reader in who asked for this.
async fn let_in(app: &App, visit: &Visit, id: BroadcastId, asked: AskedFor) -> Result<(Arc<Room>, Reader), Problem> {
    let room = actions::enter(app, id, visit.actor.as_ref()).await?;
    let board = asked.board == 1;
    if board && !actions::moderates(app, visit.signed_in()?, &room.broadcast()) {
        return Err(Problem::forbidden());
    }
    Ok((room, Reader { after: asked.after, account: visit.actor.as_ref().map(|a| a.account), board }))
}

/// A refusal that says when to come again.
fn later(problem: Problem) -> Response {
    let seconds = problem.args.iter().find(|(name, _)| *name == "seconds").and_then(|(_, n)| HeaderValue::from_str(n).ok());
    let too_many = problem.status == StatusCode::TOO_MANY_REQUESTS;
    let mut response = problem.into_response();
    if let Some(seconds) = seconds.filter(|_| too_many) {
        response.headers_mut().insert(RETRY_AFTER, seconds);
    }
    response
}
